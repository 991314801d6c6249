"""Who decides: what is said of a question: who brought it, who spoke on it, its papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from novator.core.once import saying_exactly
from novator.core.partial_dates import UNKNOWN, Partial
from novator.council.models import AgendaItem, Paper, Person, Speech
from novator.council.refusals import must_say
from novator.council.seen import mark_of, must_be_as_seen
from novator.council.session_hold import hold_session, touch
from novator.files.models import StoredFile

_TOLD = (
    "title",
    "title_en",
    "is_closed",
    "initiated_as",
    "initiated_as_en",
    "outcome",
    "outcome_en",
)


@transaction.atomic
def change_item(*, item: AgendaItem, facts: Mapping[str, Any], seen: str | None = None) -> None:
    """
    Say anew what a question is and who brought it; `facts` by field, absent ones stay.

    :raises CannotRecord: the session is signed, or somebody else changed the question meanwhile
    """
    session = hold_session(item.session)
    row = AgendaItem.objects.get(pk=item.pk)
    must_be_as_seen(mark_of_item(row), seen)
    for name in (*_TOLD, "initiated_by"):
        if name in facts:
            setattr(row, name, facts[name])
    row.title = must_say(row.title, most=600, what=_("The title of the question"))
    row.save()
    touch(session)


@transaction.atomic
def add_speech(
    *,
    item: AgendaItem,
    speaker: str,
    person: Person | None = None,
    capacity: str = "",
    stance: str = "neutral",
    text: str = "",
    is_in_session: bool = True,
) -> Speech:
    """
    Record who spoke on a question and what was argued.

    :raises CannotRecord: the session is signed, or nobody is named
    """
    session = hold_session(item.session)
    name = must_say(speaker, most=200, what=_("The name of the speaker"))
    facts: dict[str, Any] = {
        "person": person,
        "speaker": "" if person else name,
        "capacity": " ".join(capacity.split()),
        "stance": stance,
        "text": text.strip(),
        "is_in_session": is_in_session,
    }
    if (known := item.speeches.filter(**facts).first()) is not None:
        return known  # the same form sent twice
    last = item.speeches.aggregate(last=Max("position"))["last"]
    speech = Speech.objects.create(item=item, position=1 + (last or 0), **facts)
    touch(session)
    return speech


@transaction.atomic
def remove_speech(*, speech: Speech) -> None:
    """
    Take a speech out that was entered by mistake.

    :raises CannotRecord: the session is signed
    """
    session = hold_session(speech.item.session)
    speech.delete()
    touch(session)


@transaction.atomic
def add_paper(
    *, item: AgendaItem, title: str, file: StoredFile | None, dated: Partial = UNKNOWN, **facts: Any
) -> Paper:
    """
    Add a paper to a question. `facts`: kind, number, url, is_public.

    :raises CannotRecord: the session is signed, or the paper has no title
    """
    session = hold_session(item.session)
    facts |= {
        "title": must_say(title, most=600, what=_("The title of the paper")),
        "dated_from": dated.earliest,
        "dated_to": dated.latest,
    }
    digest = file.digest if file else None
    if known := saying_exactly(item.papers.all(), file__digest=digest, **facts).first():
        return known  # the same form sent twice
    paper = Paper.objects.create(council=session.council, file=file, **facts)
    paper.items.add(item)
    touch(session)
    return paper


@transaction.atomic
def link_paper(*, item: AgendaItem, paper: Paper) -> None:
    """
    Lay a paper that is there already before another question too.

    :raises CannotRecord: the session is signed
    """
    session = hold_session(item.session)
    paper.items.add(item)
    touch(session)


@transaction.atomic
def remove_paper(*, item: AgendaItem, paper: Paper) -> None:
    """
    Take a paper from a question; without any question left it goes altogether.

    :raises CannotRecord: the session is signed
    """
    session = hold_session(item.session)
    paper.items.remove(item)
    if not paper.items.exists():
        paper.delete()
    touch(session)


def mark_of_item(item: AgendaItem) -> str:
    """Tell how a question stands; no query."""
    return mark_of([getattr(item, name) for name in _TOLD], item.initiated_by_id)
