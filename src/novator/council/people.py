"""Who decides: people of public office, lines of their life, what they said, and the sources."""

from __future__ import annotations

import re

import pghistory
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from novator.cities.romanise import slug_of
from novator.core.holding import hold
from novator.core.partial_dates import UNKNOWN, Partial
from novator.council.models import LifeEvent, Membership, Person, Source, Statement
from novator.council.refusals import CannotRecord, must_say
from novator.council.seen import mark_of_row, must_be_as_seen
from novator.text.words import fold

_FAMILY = re.compile(
    "(?:[оеё]ва?|[иы]на?|[иы]х|[сц]к(?:ий|ой|ая)|ко|[ую]к|ец|ян|дзе|швили)$", re.IGNORECASE
)
"""Endings that Russian family names have, and few given ones."""
_GIVEN = re.compile(
    "яков|лев|константин|валентин|мартин|августин|северин|севастьян|касьян|демьян|ева|инна|зина"
    "|нина|марина|ирина|галина|полина|алина|екатерина|кристина|антонина|валентина|регина|карина"
    "|ангелина|арина|дарина|элина|сабина|янина|альбина|фаина",
    re.IGNORECASE,
)
"""Given names that end as family names do."""
_PATRONYMIC = re.compile(r"(?:ич|ыч|вна|ична)$", re.IGNORECASE)
PRIVATE = re.compile(
    r"\bродил(?:ся|ась)\b|\bдат[аы] рождения|\bпроживает\b|\bзарегистрирован(?:а)? по адресу"
    r"|\bдомашний адрес|\bпаспорт\b|\b(?:was )?born (?:on|in)\b|\bdate of birth\b|\bhome address\b"
    r"|[\w.+-]+@[\w-]+\.\w|(?:\+7|\b8)[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}\b",
    re.IGNORECASE,
)


def cite_source(
    *, title: str, url: str = "", publisher: str = "", published: Partial = UNKNOWN
) -> Source:
    """
    A source, once: the same address and title give the row that is there.

    :raises CannotRecord: no title, or an address that is none of the web
    """
    said = must_say(title, most=400, what=_("The title of the source"))
    address = url.strip()
    if address and not re.match(r"https?://[^\s/]+\S*$", address):
        raise CannotRecord(
            "source_address",
            _("“%(url)s” is no web address.") % {"url": address[:80]},
            _("It starts with https:// or http://."),
        )
    facts = {
        "publisher": publisher.strip(),
        "published_from": published.earliest,
        "published_to": published.latest,
    }
    return Source.objects.get_or_create(url=address, title=said, defaults=facts)[0]


@transaction.atomic
def add_person(
    *,
    name: str,
    name_en: str = "",
    family_name: str = "",
    given_name: str = "",
    patronymic: str = "",
    source: Source | None = None,
) -> Person:
    """
    Add somebody who holds or held a public office; parts of the name are read from it if not given.

    :raises CannotRecord: no name
    """
    said = must_say(name, most=200, what=_("The name"))
    _refuse_private(said, name_en)
    family, given, middle = (family_name, given_name, patronymic)
    if not family:
        family, given, middle = parts_of_name(said)
    person = Person(
        name=said,
        name_en=" ".join(name_en.split())[:200],
        family_name=family.strip()[:100],
        given_name=given.strip()[:100],
        patronymic=middle.strip()[:100],
        source=source,
        slug=_free_slug(said),
    )
    person.keys = search_keys(person)
    person.save()
    return person


@transaction.atomic
def correct_person(*, person: Person, why: str, seen: str | None = None, **names: str) -> Person:
    """
    Put right how somebody is called; the address of the page stays.

    `seen` is the mark of the row that the page showed.

    :raises ChangedMeanwhile: somebody else changed it after that
    :raises CannotRecord: no reason or no name
    """
    reason = must_say(why, most=300, what=_("The reason of the correction"))
    held = hold(Person.objects.all(), person.pk)
    must_be_as_seen(mark_of_row(held), seen)
    for field, value in names.items():
        setattr(held, field, " ".join(value.split()))
    must_say(held.name, most=200, what=_("The name"))
    _refuse_private(held.name, held.name_en)
    held.keys = search_keys(held)
    with pghistory.context(reason=reason):
        held.save()
    return held


def add_life_event(
    *,
    person: Person,
    text: str,
    kind: str = "work",
    text_en: str = "",
    starts: Partial = UNKNOWN,
    ends: Partial = UNKNOWN,
    position: int | None = None,
    source: Source | None = None,
) -> LifeEvent:
    """
    Add a line to the life and career of somebody; only what concerns public life (rule P2).

    :raises CannotRecord: no text, an unknown kind, dates in the wrong order, or private data
    """
    said = must_say(text, most=400, what=_("The line"))
    _refuse_private(said, text_en)
    if kind not in LifeEvent.KINDS:
        raise CannotRecord("kind", _("There is no such kind of line."))
    if starts.earliest and ends.latest and starts.earliest > ends.latest:
        raise CannotRecord("K2.ends_before_it_starts", _("It ends before it starts."))
    place = person.life.count() + 1 if position is None else position
    return LifeEvent.objects.create(
        person=person,
        kind=kind,
        text=said,
        text_en=text_en.strip()[:400],
        starts_from=starts.earliest,
        starts_to=starts.latest,
        ends_from=ends.earliest,
        ends_to=ends.latest,
        position=place,
        source=source,
    )


def record_statement(
    *,
    person: Person,
    text: str,
    text_en: str = "",
    made: Partial = UNKNOWN,
    membership: Membership | None = None,
    source: Source | None = None,
) -> Statement:
    """
    Record what somebody said in public; `membership` is the office or seat it is about.

    :raises CannotRecord: no text, another person's membership, or private data
    """
    if not text.strip():
        raise CannotRecord("missing", _("%(what)s is missing.") % {"what": _("The statement")})
    if len(text) > 4000 or len(text_en) > 4000:
        raise CannotRecord("too_long", _("A statement has at most 4,000 characters."))
    _refuse_private(text, text_en)
    if membership is not None and membership.person_id != person.pk:
        raise CannotRecord(
            "K2.another_person",
            _("This membership is another person's."),
            _("Choose an office of this person."),
        )
    return Statement.objects.create(
        person=person,
        text=text.strip(),
        text_en=text_en.strip(),
        made_from=made.earliest,
        made_to=made.latest,
        membership=membership,
        source=source,
    )


def remove_line(*, row: LifeEvent | Statement, why: str) -> None:
    """
    Take out a line or a statement that was entered wrongly; the trail keeps it with the reason.

    :raises CannotRecord: no reason
    """
    reason = must_say(why, most=300, what=_("The reason of the correction"))
    with transaction.atomic(), pghistory.context(reason=reason):
        row.delete()


def parts_of_name(name: str) -> tuple[str, str, str]:
    """
    Family name, given name, patronymic, in whichever order a Russian name is written.

    Of two words the last one is the family name, but where only the first looks like one.
    """
    words = name.split()
    if len(words) == 1:
        return words[0], "", ""
    if len(words) == 2:
        is_family = [bool(_FAMILY.search(one) and not _GIVEN.fullmatch(one)) for one in words]
        first, last = words if is_family == [True, False] else reversed(words)
        return first, last, ""
    if _PATRONYMIC.search(words[-1]) and not _PATRONYMIC.search(words[-2]):
        return " ".join(words[:-2]), words[-2], words[-1]
    return words[-1], words[0], " ".join(words[1:-1])


def search_keys(person: Person) -> str:
    """Folded names by which people look for somebody, the family name first."""
    names = (
        f"{person.family_name} {person.given_name} {person.patronymic}",
        person.name,
        person.name_en,
    )
    return "|".join(dict.fromkeys(" ".join(fold(name).split()) for name in names if name.strip()))[
        :200
    ]


def search_people(asked: str, limit: int = 20) -> list[Person]:
    """People whose name has all these words, the family name first. One query."""
    wanted = Q()
    for word in fold(asked).split()[:6]:
        wanted &= Q(keys__contains=word)
    return list(Person.objects.filter(wanted)[:limit]) if wanted else []


def _free_slug(name: str) -> str:
    base = slug_of(name) or "person"
    taken = set(Person.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 2
    found = base
    while found in taken:
        found = f"{base}-{number}"
        number += 1
    return found


def _refuse_private(*texts: str) -> None:
    """Of people in office only what concerns the office is shown: no birthday, no home (P2)."""
    for text in texts:
        found = PRIVATE.search(text)
        if found:
            raise CannotRecord(
                "P2.private",
                _("“%(words)s” looks like private data.") % {"words": found.group()},
                _("Birthdays, homes and contacts of people are not recorded here."),
            )
