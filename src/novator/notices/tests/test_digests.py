"""Who follows something is told what is new in it, once, in the own language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from novator.accounts.models import User
from novator.accounts.testing import make_user
from novator.cities.testing import make_city
from novator.mail.models import Letter
from novator.mail.operations import address_digest, stop_letters
from novator.notices import digests
from novator.notices.changes import CannotSearch
from novator.notices.digests import write_digests
from novator.notices.testing import make_follow
from novator.practices.models import Practice, Version
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 11, 24, 5, 35, tzinfo=UTC)
MONDAY = TUESDAY - timedelta(days=1)
YESTERDAY = TUESDAY - timedelta(days=1)
LONG_AGO = TUESDAY - timedelta(days=60)


@pytest.fixture(autouse=True)
def _address(settings) -> None:
    settings.SITE_ADDRESS = "https://novator.example"


@pytest.fixture
def anna() -> User:
    return make_user("anna@zarechny.example")


def published(slug: str = "glazov-warm-stops", *, at: datetime = YESTERDAY, **facts) -> Practice:
    practice = make_practice(slug, **facts)
    Practice.objects.filter(pk=practice.pk).update(created_at=at, changed_at=at)
    return practice


def test_a_new_card_of_a_topic_is_told(anna: User) -> None:
    make_follow(anna, "topic", "transport", told_at=LONG_AGO, frequency="daily")
    published()

    assert write_digests(now=TUESDAY) == 1

    letter = Letter.objects.get()
    assert (letter.kind, letter.to_email) == ("digest", "anna@zarechny.example")
    assert "Тёплые остановки" in letter.body
    assert "https://novator.example/ru/practices/glazov-warm-stops/" in letter.body
    assert "https://novator.example/ru/following/" in letter.body


def test_is_written_in_the_language_of_the_reader() -> None:
    ben = make_user("ben@zarechny.example", language="en")
    make_follow(ben, told_at=LONG_AGO, frequency="daily")
    published()

    write_digests(now=TUESDAY)

    letter = Letter.objects.get()
    assert letter.language == "en"
    assert "Warm bus stops" in letter.body
    assert "/en/practices/" in letter.body
    assert letter.subject == "1 piece of news in what you follow"


@pytest.mark.parametrize(
    ("kind", "key"),
    [("city", "glazov"), ("card", "glazov-warm-stops"), ("region", "RU-UD")],
)
def test_follows_of_every_kind(anna: User, kind: str, key: str) -> None:
    glazov = make_city("Glazov")
    practice = published(city=glazov)
    make_follow(
        anna, kind, glazov.slug if kind == "city" else key, told_at=LONG_AGO, frequency="daily"
    )

    write_digests(now=TUESDAY)

    assert practice.slug in Letter.objects.get().body


def test_a_kept_search_tells_what_it_finds(anna: User) -> None:
    params = {"text": "", "filters": {"topic": "transport"}}
    make_follow(
        anna, "search", "topic=transport", params=params, told_at=LONG_AGO, frequency="daily"
    )
    published()
    published("glazov-benches", topic="education")

    write_digests(now=TUESDAY)

    assert "glazov-warm-stops" in Letter.objects.get().body
    assert "glazov-benches" not in Letter.objects.get().body


def test_while_nothing_can_be_searched_nothing_counts_as_told(anna: User, monkeypatch) -> None:
    own = make_follow(
        anna, "search", "q=x", params={"text": "x"}, told_at=LONG_AGO, frequency="daily"
    )
    published()

    def no_index(params: object) -> list[str]:
        raise CannotSearch

    monkeypatch.setattr("novator.notices.changes.found_by", no_index)

    assert write_digests(now=TUESDAY) == 0

    own.refresh_from_db()
    assert own.last_told_at == LONG_AGO


def test_a_card_that_says_something_new_is_told_as_renewed(anna: User) -> None:
    make_follow(anna, told_at=LONG_AGO + timedelta(days=40), frequency="daily")
    practice = published(at=LONG_AGO)
    Practice.objects.filter(pk=practice.pk).update(changed_at=YESTERDAY)
    for number, at in ((1, LONG_AGO), (2, YESTERDAY)):
        Version.objects.create(practice=practice, number=number, content={}, made_at=at)

    write_digests(now=TUESDAY)

    assert "обновл" in Letter.objects.get().body.lower() or "renewed" in Letter.objects.get().body


def test_that_a_source_was_asked_is_no_news(anna: User) -> None:
    make_follow(anna, told_at=LONG_AGO + timedelta(days=40), frequency="daily")
    practice = published(at=LONG_AGO)
    Practice.objects.filter(pk=practice.pk).update(changed_at=YESTERDAY)

    assert write_digests(now=TUESDAY) == 0

    assert not Letter.objects.exists()


def test_a_card_told_as_new_is_not_told_again_because_others_are_told_rarely(anna: User) -> None:
    make_follow(anna, told_at=LONG_AGO, frequency="daily")
    published()
    write_digests(now=TUESDAY)
    Practice.objects.update(changed_at=TUESDAY + timedelta(hours=2))
    make_follow(make_user("late@zarechny.example"), told_at=LONG_AGO, frequency="daily")

    assert write_digests(now=TUESDAY + timedelta(days=1)) == 1

    assert Letter.objects.filter(to_email=anna.email).count() == 1


def test_nothing_is_sent_when_nothing_is_new(anna: User) -> None:
    own = make_follow(anna, "topic", "education", told_at=LONG_AGO, frequency="daily")
    published()

    assert write_digests(now=TUESDAY) == 0

    own.refresh_from_db()
    assert not Letter.objects.exists()
    assert own.last_told_at == TUESDAY - digests.SETTLING


def test_is_told_once(anna: User) -> None:
    make_follow(anna, told_at=LONG_AGO, frequency="daily")
    published()

    letters = [write_digests(now=TUESDAY), write_digests(now=TUESDAY + timedelta(hours=1))]
    letters.append(write_digests(now=TUESDAY + timedelta(days=1)))

    assert letters == [1, 0, 0]
    assert Letter.objects.count() == 1


def test_what_two_follows_have_in_common_is_told_once(anna: User) -> None:
    make_follow(anna, "card", "glazov-warm-stops", told_at=LONG_AGO, frequency="daily")
    make_follow(anna, "topic", "transport", told_at=LONG_AGO, frequency="daily")
    published()

    write_digests(now=TUESDAY)

    assert Letter.objects.get().body.count("/practices/glazov-warm-stops/") == 1


def test_a_week_is_told_on_its_monday_or_as_soon_as_possible(anna: User) -> None:
    own = make_follow(anna, told_at=MONDAY - timedelta(days=7), frequency="weekly")
    published(at=MONDAY - timedelta(days=2))

    assert write_digests(now=MONDAY - timedelta(days=1)) == 0
    assert write_digests(now=TUESDAY) == 1

    own.refresh_from_db()
    assert write_digests(now=TUESDAY + timedelta(days=3)) == 0


def test_killed_between_two_people_the_rest_is_written_next_time(anna: User, monkeypatch) -> None:
    boris = make_user("boris@zarechny.example")
    for user in (anna, boris):
        make_follow(user, told_at=LONG_AGO, frequency="daily")
    published()
    written = digests._write_digest

    def killed_after_anna(user: User, *rest) -> bool:
        if user == boris:
            raise KeyboardInterrupt
        return written(user, *rest)

    monkeypatch.setattr(digests, "_write_digest", killed_after_anna)
    with pytest.raises(KeyboardInterrupt):
        write_digests(now=TUESDAY)
    monkeypatch.setattr(digests, "_write_digest", written)

    assert write_digests(now=TUESDAY) == 1

    addresses = Letter.objects.order_by("id").values_list("to_email", flat=True)
    assert list(addresses) == ["anna@zarechny.example", "boris@zarechny.example"]


def test_killed_before_the_note_nothing_is_written(anna: User, monkeypatch) -> None:
    own = make_follow(anna, told_at=LONG_AGO, frequency="daily")
    published()
    with monkeypatch.context() as patched:
        patched.setattr(digests, "_subject", lambda sections: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write_digests(now=TUESDAY)

    own.refresh_from_db()
    assert not Letter.objects.exists()
    assert own.last_told_at == LONG_AGO


def test_who_stopped_such_letters_gets_none(anna: User) -> None:
    make_follow(anna, told_at=LONG_AGO, frequency="daily")
    stop_letters(digest=address_digest(anna.email), kind="digest")
    published()

    write_digests(now=TUESDAY)

    assert not Letter.objects.exists()


def test_an_erased_person_gets_none(anna: User) -> None:
    make_follow(anna, told_at=LONG_AGO, frequency="daily")
    User.objects.filter(pk=anna.pk).update(is_active=False)
    published()

    assert write_digests(now=TUESDAY) == 0


def test_what_changed_just_now_waits(anna: User) -> None:
    make_follow(anna, told_at=LONG_AGO, frequency="daily")
    published(at=TUESDAY - timedelta(minutes=1))

    assert write_digests(now=TUESDAY) == 0
    assert write_digests(now=TUESDAY + timedelta(days=1)) == 1


def test_many_people_cost_few_queries_each(django_assert_max_num_queries) -> None:
    for number in range(20):
        make_follow(make_user(f"reader{number}@zarechny.example"), told_at=LONG_AGO)
    published(at=MONDAY - timedelta(days=2))

    with django_assert_max_num_queries(60 + 20 * 16):
        assert write_digests(now=TUESDAY) == 20
