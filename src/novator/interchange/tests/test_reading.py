"""Reading another catalogue: what is taken, kept, refused, and what a second reading does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from novator.accounts.testing import make_role
from novator.cities.testing import make_city
from novator.interchange import operations
from novator.interchange.fetching import CannotRead, Fetched
from novator.interchange.models import Conflict, ForeignCard, Installation, Neighbour
from novator.interchange.operations import begin_anew, read_neighbour, take_passed_on
from novator.interchange.ordering import own_installation
from novator.interchange.settling import differing, settle_conflict, state_of
from novator.interchange.taking import PullReport
from novator.interchange.testing import (
    BEGAN,
    ELSEWHERE,
    THERE,
    OtherCatalogue,
    answer,
    card,
    entry,
    make_neighbour,
    tombstone,
)
from novator.practices.models import Practice
from novator.practices.rows import row_from
from novator.practices.testing import make_practice
from novator.practices.versions import Makers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_gazetteer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The towns of Russia are not needed here, and take a while."""
    monkeypatch.setattr(operations, "load_gazetteer", lambda: 0)


@pytest.fixture
def neighbour() -> Neighbour:
    make_city("Glazov")
    return make_neighbour()


def read(neighbour: Neighbour, *entries: Any, **options: Any) -> PullReport:
    neighbour.refresh_from_db()
    number = int(neighbour.cursor.removeprefix("c") or 0) + 1
    part = answer(entries, cursor=f"c{number}")
    return read_neighbour(neighbour=neighbour, read=OtherCatalogue([part]), **options)


def test_takes_a_card_with_where_it_is_from(neighbour: Neighbour):
    report = read(neighbour, entry(is_by_its_city=True, version=3))

    practice = Practice.objects.get(slug="votkinsk-lamps")
    assert report.new == 1
    assert practice.origin == "https://votkinsk.example"
    assert practice.origin_changed_at == BEGAN
    assert practice.is_by_its_city
    assert practice.municipality.slug == "glazov"
    assert not practice.is_starter
    assert practice.texts.get(language="ru").title == "Светильники по датчику"
    assert practice.foreign_card.version == 3
    assert practice.versions.get().note == "pulled from https://votkinsk.example"


def test_the_same_again_changes_nothing(neighbour: Neighbour):
    read(neighbour, entry())
    before = Practice.objects.values().get()

    report = read(neighbour, entry())

    assert report.counts == PullReport(unchanged=1, parts=1).counts
    assert Practice.objects.values().get() == before


def test_a_later_change_is_taken_and_an_older_one_is_not(neighbour: Neighbour):
    read(neighbour, entry(hours=2, card=card(title_ru="Второе название")))

    older = read(neighbour, entry(hours=1, card=card(title_ru="Первое название")))
    later = read(neighbour, entry(hours=3, card=card(title_ru="Третье название")))

    practice = Practice.objects.get()
    assert (older.unchanged, later.changed) == (1, 1)
    assert practice.texts.get().title == "Третье название"
    assert practice.versions.count() == 2


def test_our_own_cards_do_not_come_back(neighbour: Neighbour):
    ours = make_practice("glazov-warm-stops")
    own = str(own_installation().public_id)

    report = read(neighbour, entry("glazov-warm-stops", origin=own, hours=9))

    assert report.own == 1
    assert Practice.objects.get() == ours


def test_what_others_pass_on_is_taken_only_of_origins_that_the_office_names(neighbour: Neighbour):
    passed_on = entry("izhevsk-trams", origin=ELSEWHERE, address=None, page=None)
    also = entry("sarapul-port", origin=str(uuid4()), address="https://sarapul.example")

    refused = read(neighbour, passed_on, also)
    seen = {str(one): (one.cards, one.is_taken) for one in neighbour.passed_on.all()}
    take_passed_on(neighbour=neighbour, origins={UUID(ELSEWHERE)})
    taken = read(neighbour, passed_on, also)
    take_passed_on(neighbour=neighbour, origins=set())
    again = read(neighbour, entry("izhevsk-bus", origin=ELSEWHERE))

    assert (refused.not_taken, refused.new) == (2, 0)
    assert seen == {ELSEWHERE: (1, False), "https://sarapul.example": (1, False)}
    assert (taken.new, taken.not_taken) == (1, 1)
    assert Practice.objects.get().origin == neighbour.url
    assert (again.new, again.not_taken) == (0, 1)


def test_a_neighbour_cannot_fill_our_tables_with_origins(
    neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("novator.interchange.taking.MOST_ORIGINS", 3)

    read(neighbour, *(entry(f"card-{n}", origin=str(uuid4())) for n in range(9)))

    assert neighbour.passed_on.count() == 3
    assert Installation.objects.filter(is_own=False).count() <= 1


def test_a_namesake_stands_under_an_id_with_its_origin_and_keeps_it(neighbour: Neighbour):
    make_practice("votkinsk-lamps", title="Совсем другое")

    read(neighbour, entry())
    read(neighbour, entry(hours=1, card=card(title_ru="Новое название")))

    copy = ForeignCard.objects.get().practice
    assert copy.slug == "votkinsk-example-votkinsk-lamps"
    assert copy.texts.get().title == "Новое название"
    assert Practice.objects.get(slug="votkinsk-lamps").texts.get(language="ru").title == (
        "Совсем другое"
    )


def test_two_namesakes_of_one_part_both_find_a_place(neighbour: Neighbour):
    take_passed_on(neighbour=neighbour, origins={UUID(ELSEWHERE)})

    report = read(neighbour, entry(), entry(origin=ELSEWHERE, address="https://izhevsk.example"))

    assert report.new == 2
    assert set(Practice.objects.values_list("slug", flat=True)) == {
        "votkinsk-lamps",
        "izhevsk-example-votkinsk-lamps",
    }


def test_what_was_withdrawn_there_is_withdrawn_here_and_can_come_back(neighbour: Neighbour):
    read(neighbour, entry())

    gone = read(neighbour, tombstone(hours=1))
    practice = Practice.objects.get()
    assert gone.withdrawn == 1
    assert practice.withdrawn_at is not None
    assert practice.withdrawn_because == "больше не работает"

    back = read(neighbour, entry(hours=2, card=card(title_ru="Снова здесь")))
    practice.refresh_from_db()
    assert back.changed == 1
    assert practice.withdrawn_at is None


def test_a_late_change_does_not_undo_a_withdrawal(neighbour: Neighbour):
    read(neighbour, entry())
    read(neighbour, tombstone(hours=5))

    report = read(neighbour, entry(hours=4, card=card(title_ru="Поздно")))

    assert report.unchanged == 1
    assert Practice.objects.get().withdrawn_at is not None


def test_what_we_withdrew_ourselves_stays_withdrawn(neighbour: Neighbour):
    read(neighbour, entry())
    Practice.objects.update(withdrawn_at=timezone.now(), withdrawn_because="решение редакции")

    report = read(neighbour, entry(hours=1, card=card(title_ru="Новое")))

    assert report.kept == 1
    assert Practice.objects.get().withdrawn_because == "решение редакции"


def test_twins_that_were_merged_there_lead_on_here_whichever_comes_first(neighbour: Neighbour):
    read(neighbour, entry("old-lamps", card=card(title_ru="Старая карточка")))
    read(neighbour, tombstone("old-lamps", merged_into=f"{THERE}/new-lamps"))

    read(neighbour, entry("new-lamps", hours=3))

    old, new = Practice.objects.get(slug="old-lamps"), Practice.objects.get(slug="new-lamps")
    assert old.merged_into == new
    assert old.withdrawn_at is not None


def test_a_card_that_its_city_claimed_here_is_kept_and_the_office_asked(neighbour: Neighbour):
    from novator.practices.publishing import publish_card

    read(neighbour, entry())
    city = Practice.objects.get().municipality
    row = row_from(card(title_ru="Город пишет сам"))
    publish_card(row=row, municipality=city, makers=Makers(), on=timezone.localdate())

    changed = read(neighbour, entry(hours=1, card=card(title_ru="Изменено там")))
    again = read(neighbour, entry(hours=1, card=card(title_ru="Изменено там")))
    gone = read(neighbour, tombstone(hours=2))

    practice = Practice.objects.get()
    assert (changed.conflicts, again.conflicts, gone.conflicts) == (1, 0, 1)
    assert practice.texts.get(language="ru").title == "Город пишет сам"
    assert practice.withdrawn_at is None
    assert Conflict.objects.get().kind == "withdrawn"


def test_a_card_changed_here_and_there_is_kept_and_the_office_asked(neighbour: Neighbour):
    read(neighbour, entry())
    Practice.objects.get().texts.update(title="Исправлено файлом")

    report = read(neighbour, entry(hours=1, card=card(title_ru="Изменено там")))

    conflict = Conflict.objects.get()
    assert report.conflicts == 1
    assert conflict.kind == "both"
    assert conflict.theirs["title_ru"] == "Изменено там"
    assert Practice.objects.get().texts.get().title == "Исправлено файлом"


def test_a_city_that_gets_its_code_later_makes_no_conflict(neighbour: Neighbour):
    read(neighbour, entry())
    city = Practice.objects.get().municipality
    city.oktmo = "94720000"
    city.save()

    report = read(neighbour, entry(hours=1, card=card(title_ru="Изменено там")))

    assert (report.changed, report.conflicts) == (1, 0)


def test_a_card_of_the_package_gives_way_only_when_a_person_says_so(
    neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        "novator.interchange.deciding.starter_ids", lambda: frozenset({"votkinsk-lamps"})
    )
    starter = make_practice("votkinsk-lamps", is_starter=True)

    report = read(neighbour, entry(is_by_its_city=True))

    starter.refresh_from_db()
    assert (report.changed, report.conflicts) == (0, 1)
    assert not starter.is_by_its_city
    conflict = Conflict.objects.get()
    assert conflict.kind == "package"
    settle_conflict(
        conflict=conflict,
        theirs=[one.field for one in differing(conflict)],
        by=make_role("office").user,
        seen=state_of(conflict),
    )
    starter.refresh_from_db()
    assert starter.is_by_its_city
    assert starter.origin == "https://votkinsk.example"
    assert starter.versions.count() == 2


def test_a_card_of_the_package_that_two_cities_wrote_about_is_for_the_office(
    neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        "novator.interchange.deciding.starter_ids", lambda: frozenset({"votkinsk-lamps"})
    )
    make_practice("votkinsk-lamps", is_by_its_city=True)

    report = read(neighbour, entry(is_by_its_city=True))

    assert report.conflicts == 1
    assert Practice.objects.count() == 1


def test_a_card_of_ours_of_which_a_city_there_made_its_own_is_for_the_office(
    neighbour: Neighbour,
):
    ours = make_practice("glazov-warm-stops")
    formerly = f"{own_installation().public_id}/glazov-warm-stops"

    report = read(neighbour, entry("glazov-warm-stops", formerly=formerly, is_by_its_city=True))

    conflict = Conflict.objects.get()
    assert report.conflicts == 1
    assert (conflict.practice, conflict.kind) == (ours, "twin")
    assert Practice.objects.count() == 1


def test_good_entries_are_taken_and_bad_ones_named(neighbour: Neighbour):
    wild = card(topic="magic", cost_amount="many")

    report = read(
        neighbour,
        entry("bad-card", card=wild),
        entry(),
        entry("mad-card", changed_at="yesterday"),
        "nonsense",
    )

    neighbour.refresh_from_db()
    assert (report.new, report.bad) == (1, 3)
    assert {(fault.entry.rpartition("/")[2], fault.field) for fault in report.faults} == {
        ("bad-card", "topic"),
        ("bad-card", "cost_amount"),
        ("mad-card", "changed_at"),
        ("", ""),
    }
    assert neighbour.counts["bad"] == 3
    assert len(neighbour.faults) == 4


def test_a_municipality_that_nobody_knows_is_told(neighbour: Neighbour):
    there = card(municipality="посёлок Неведомый", region="Удмуртская Республика")

    report = read(neighbour, entry(card=there))

    assert report.unplaced == ["посёлок Неведомый (Удмуртская Республика, RU)"]


def test_goes_on_where_it_was_broken_off(neighbour: Neighbour):
    broken = OtherCatalogue(
        [
            answer([entry("first-card")], cursor="c1", remaining=1),
            CannotRead("unreachable", "no answer", "no answer"),
        ]
    )
    with pytest.raises(CannotRead):
        read_neighbour(neighbour=neighbour, read=broken)
    neighbour.refresh_from_db()
    assert (neighbour.cursor, neighbour.outcome, neighbour.failure) == (
        "c1",
        "failed",
        "unreachable",
    )

    healed = OtherCatalogue([answer([entry("second-card")], cursor="c2")])
    report = read_neighbour(neighbour=neighbour, read=healed)

    neighbour.refresh_from_db()
    assert healed.asked[0]["since"] == "c1"
    assert report.new == 1
    assert (neighbour.cursor, neighbour.outcome) == ("c2", "done")
    assert Practice.objects.count() == 2


def test_a_part_that_fails_leaves_nothing_of_itself(
    neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch
):
    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr("novator.interchange.taking.ask_for_fresh_index", broken)
    part = OtherCatalogue([answer([entry()])])

    with pytest.raises(RuntimeError):
        read_neighbour(neighbour=neighbour, read=part)

    neighbour.refresh_from_db()
    assert neighbour.cursor == ""
    assert not Practice.objects.exists()


def test_a_dry_run_tells_the_same_and_leaves_nothing(neighbour: Neighbour):
    report = read(neighbour, entry(), dry_run=True)

    neighbour.refresh_from_db()
    assert report.new == 1
    assert not Practice.objects.exists()
    assert (neighbour.cursor, neighbour.outcome) == ("", "")


def test_asks_cheaply_as_long_as_nothing_changes(neighbour: Neighbour):
    quiet = OtherCatalogue([Fetched(answer(cursor="c1"), 'W/"a"')])
    read_neighbour(neighbour=neighbour, read=quiet)
    neighbour.refresh_from_db()
    quiet = OtherCatalogue([Fetched(answer(cursor="c1"), 'W/"b"')])
    read_neighbour(neighbour=neighbour, read=quiet)
    neighbour.refresh_from_db()

    same = OtherCatalogue([Fetched(None, 'W/"b"')])
    read_neighbour(neighbour=neighbour, read=same)

    neighbour.refresh_from_db()
    assert same.asked == [{"site": neighbour.url, "since": "c1", "etag": 'W/"b"'}]
    assert neighbour.outcome == "done"


def test_another_installation_at_the_same_address_is_refused_until_the_office_agrees(
    neighbour: Neighbour,
):
    other = {"id": ELSEWHERE, "address": None}
    with pytest.raises(CannotRead) as refused:
        read_neighbour(
            neighbour=neighbour, read=OtherCatalogue([answer([entry()], installation=other)])
        )

    begin_anew(neighbour=neighbour)
    read_neighbour(neighbour=neighbour, read=OtherCatalogue([answer(installation=other)]))

    neighbour.refresh_from_db()
    assert refused.value.code == "another"
    assert not Practice.objects.exists()
    assert neighbour.installation is not None
    assert str(neighbour.installation.public_id) == ELSEWHERE


def test_nobody_speaks_as_a_catalogue_that_is_read_elsewhere(neighbour: Neighbour):
    read(neighbour, entry())
    impostor = Neighbour.objects.create(url="https://thief.example")

    with pytest.raises(CannotRead) as refused:
        read_neighbour(neighbour=impostor, read=OtherCatalogue([answer([tombstone(hours=9)])]))

    assert refused.value.code == "impostor"
    assert Practice.objects.published().count() == 1


def test_a_catalogue_that_is_read_itself_speaks_for_its_own_cards_alone(neighbour: Neighbour):
    read(neighbour, entry())
    elsewhere = Installation.objects.create(public_id=ELSEWHERE)
    passing_on = make_neighbour("https://thief.example", installation=elsewhere)
    take_passed_on(neighbour=passing_on, origins={UUID(THERE)})
    told = answer([tombstone(hours=9)], installation={"id": ELSEWHERE, "address": None})

    report = read_neighbour(neighbour=passing_on, read=OtherCatalogue([told]))

    assert (report.withdrawn, report.not_taken) == (0, 1)
    assert Practice.objects.published().count() == 1


def test_an_address_of_somebody_else_is_not_believed(neighbour: Neighbour):
    said = {"id": THERE, "address": "https://kremlin.example"}

    read_neighbour(neighbour=neighbour, read=OtherCatalogue([answer([entry()], installation=said)]))

    assert Practice.objects.get().origin == "https://votkinsk.example"


def test_nobody_elsewhere_says_what_a_city_wrote_that_is_here(
    neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        "novator.interchange.deciding.starter_ids", lambda: frozenset({"glazov-warm-stops"})
    )
    make_role("editor", city=make_city("Glazov"))
    starter = make_practice("glazov-warm-stops", is_starter=True)

    report = read(
        neighbour,
        entry(is_by_its_city=True),
        entry("glazov-warm-stops", is_by_its_city=True, card=card(id="glazov-warm-stops")),
    )

    starter.refresh_from_db()
    assert (report.new, report.conflicts) == (1, 1)
    assert not Practice.objects.get(slug="votkinsk-lamps").is_by_its_city
    assert starter.origin == ""


def test_a_catalogue_that_goes_round_in_circles_is_left(neighbour: Neighbour):
    turns = ["c1", "c2", "c1", "c2"]
    endless = OtherCatalogue([answer(cursor=turn, remaining=5) for turn in turns])

    with pytest.raises(CannotRead):
        read_neighbour(neighbour=neighbour, read=endless)

    assert len(endless.asked) == 3


def test_does_not_read_itself(neighbour: Neighbour):
    own = {"id": str(own_installation().public_id), "address": None}

    with pytest.raises(CannotRead) as refused:
        read_neighbour(neighbour=neighbour, read=OtherCatalogue([answer(installation=own)]))

    assert refused.value.code == "itself"


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"hello": "world"},
        answer(format_version=2),
        answer(cursor=""),
        answer(installation={"id": "me"}),
        answer(entries="none") | {"entries": "none"},
    ],
    ids=["list", "other", "version", "cursor", "installation", "entries"],
)
def test_refuses_what_is_no_catalogue(neighbour: Neighbour, wrong: Any):
    with pytest.raises(CannotRead) as refused:
        read_neighbour(neighbour=neighbour, read=OtherCatalogue([wrong]))

    assert refused.value.code == "format"


def test_an_endless_answer_ends(neighbour: Neighbour):
    endless = OtherCatalogue([answer(cursor="c1", remaining=5) for _number in range(3)])

    with pytest.raises(CannotRead):
        read_neighbour(neighbour=neighbour, read=endless)

    assert len(endless.asked) == 2


def test_a_part_costs_the_same_however_many_cards_it_has(
    neighbour: Neighbour, django_assert_max_num_queries
):
    many = [entry(f"card-{number}", card=card()) for number in range(20)]

    with django_assert_max_num_queries(110):
        read(neighbour, *many)

    assert Practice.objects.count() == 20
    assert Installation.objects.filter(is_own=False).count() == 1
    assert timezone.now() - Practice.objects.latest("changed_at").changed_at < timedelta(minutes=1)
