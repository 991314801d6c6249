"""Who decides: a decision drafted from a vote, the steps of its life, its effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.core.holding import hold
from novator.core.once import saying_exactly
from novator.core.partial_dates import UNKNOWN, Partial
from novator.council.models import (
    EFFECTS,
    AgendaItem,
    Decision,
    DecisionEffect,
    DecisionFile,
    DecisionStep,
    Organization,
    Person,
    Source,
    VoteEvent,
)
from novator.council.models.decisions import STATES, TRANSITIONS
from novator.council.refusals import CannotRecord
from novator.council.seen import must_be_as_seen
from novator.files.models import StoredFile

WITHOUT_NUMBER = frozenset({"draft", "adopted", "returned", "lost"})
ASSOCIATION = "association"
_KEYED = frozenset({"adopt_practice", "join_association", "leave_association"})
_FREE = frozenset({"title_en", "summary", "summary_en", "legal_basis"})
"""What may be said better after a decision was adopted: it is not the decision itself."""
_BEFORE_SIGNING = frozenset({"number", "is_number_unstated"})


class CannotDecide(CannotRecord):
    """A decision, a step of its life or a mandate that the rules do not allow (K3, K6, K7)."""


@dataclass(frozen=True)
class Acted:
    """A step of a decision's life as it is recorded: when, by whom, in which words."""

    on: Partial
    note: str = ""
    person: Person | None = None
    by_decision: Decision | None = None


@transaction.atomic
def draft_decision(
    *,
    council: Organization,
    title: str,
    item: AgendaItem | None = None,
    event: VoteEvent | None = None,
    source: Source | None = None,
    adopted: Partial = UNKNOWN,
    initiated_by: Person | None = None,
    values: Mapping[str, object] | None = None,
) -> Decision:
    """
    Write down what a council is to decide, or decided; who brought the item brought it.

    `values`: number, is_number_unstated, title_en, text, summary, summary_en, initiated_as,
    initiated_as_en, legal_basis. A vote's item is the decision's item.

    :raises CannotDecide: item or vote are of another council, or the number is taken that day
    """
    if event is not None:
        item = _item_of(event, item)
    _refuse_other_council(council, item)
    stated = dict(values or {})
    if item is not None and initiated_by is None and not stated.get("initiated_as"):
        initiated_by = item.initiated_by
        stated["initiated_as"] = item.initiated_as
        stated["initiated_as_en"] = item.initiated_as_en
    if item is not None and adopted == UNKNOWN:
        adopted = Partial(item.session.held_from, item.session.held_to)
    decision = Decision(
        council=council,
        title=title,
        item=item,
        event=event,
        source=source,
        initiated_by=initiated_by,
        adopted_from=adopted.earliest,
        adopted_to=adopted.latest,
        **stated,
    )
    _refuse_taken_number(decision)
    if (known := _sent_twice(decision)) is not None:
        return known
    decision.save()
    return decision


def _sent_twice(decision: Decision) -> Decision | None:
    """The same form sent twice: a draft of the same words, on the same item, not touched since."""
    hold(Organization.objects.all(), decision.council_id)
    same = ("council", "item", "event", "number", "title", "text", "adopted_from", "adopted_to")
    facts = {name: getattr(decision, name) for name in same}
    return saying_exactly(Decision.objects.filter(state="draft", revision=1), **facts).first()


@transaction.atomic
def revise_decision(*, decision: Decision, values: Mapping[str, object], revision: int) -> Decision:
    """
    Say a decision otherwise: a draft wholly, later its number, then only what explains it.

    :raises ChangedMeanwhile: somebody else changed it after this revision
    :raises CannotDecide: it is adopted, or the number is taken
    """
    held = hold(Decision.objects.select_related("council"), decision.pk)
    must_be_as_seen(str(held.revision), str(revision))
    changed = {name for name, value in values.items() if getattr(held, name) != value}
    allowed = _FREE | (_BEFORE_SIGNING if held.state in WITHOUT_NUMBER else frozenset())
    if held.state != "draft" and changed - allowed:
        raise CannotDecide(
            "K7.fixed",
            _("An adopted decision is not rewritten."),
            _("Record another decision that amends or repeals it."),
        )
    for name in changed:
        setattr(held, name, values[name])
    _refuse_taken_number(held)
    held.revision += 1
    held.save()
    return held


@transaction.atomic
def take_step(
    *, decision: Decision, state: str, acted: Acted, today: date, by: User | None = None
) -> DecisionStep:
    """
    Record the next step of a decision's life; steps are added and never changed.

    :raises CannotDecide: the step does not follow from the last one, its vote, number or date
    """
    held = hold(Decision.objects.select_related("council", "event", "item__session"), decision.pk)
    if state not in TRANSITIONS[held.state]:
        raise CannotDecide(
            "K7.transition",
            _("After “%(last)s” cannot come “%(next)s”.")
            % {"last": STATES[held.state], "next": STATES.get(state, state)},
            _("Record the step that comes between."),
        )
    _refuse_wrong_date(held, state, acted.on, today)
    _refuse_what_the_step_needs(held, state, acted)
    step = DecisionStep.objects.create(
        decision=held,
        state=state,
        on_from=acted.on.earliest,
        on_to=acted.on.latest,
        note=acted.note,
        person=acted.person,
        by_decision=acted.by_decision,
        recorded_by=by,
    )
    was_draft, held.state = held.state == "draft", state
    if state == "adopted" and was_draft:
        held.adopted_from, held.adopted_to = acted.on
        _refuse_taken_number(held)
    held.revision += 1
    held.save()
    decision.refresh_from_db()
    return step


@transaction.atomic
def add_effect(
    *, decision: Decision, kind: str, key: str = "", text: str = "", text_en: str = ""
) -> DecisionEffect:
    """
    Say what a decision effects; a practice by its slug, which the caller has looked up.

    :raises CannotDecide: nothing says what it effects, it says so already, or it does not stand
    """
    held = hold(Decision.objects.all(), decision.pk)
    if held.state in {"lost", "repealed"}:
        raise CannotDecide("K7.effect", _("A decision that does not stand effects nothing."))
    if kind not in EFFECTS:
        raise CannotDecide("K7.effect", _("There is no such effect."))
    if kind in {"join_association", "leave_association"}:
        key = key or ASSOCIATION
    if not key and not text:
        raise CannotDecide("K7.effect", _("Say what the decision effects."))
    if kind in _KEYED and held.effects.filter(kind=kind, key=key).exists():
        raise CannotDecide("K7.effect", _("This effect is recorded already."))
    facts = {"kind": kind, "key": key, "text": text, "text_en": text_en}
    if (known := held.effects.filter(**facts).first()) is not None:
        return known  # the same form sent twice
    return DecisionEffect.objects.create(decision=held, **facts)


@transaction.atomic
def remove_effect(*, effect: DecisionEffect) -> None:
    """
    Take back an effect of a draft.

    :raises CannotDecide: the decision is adopted, or the effect is a mandate's
    """
    held = hold(Decision.objects.all(), effect.decision_id)
    if held.state != "draft" or effect.kind in {"give_mandate", "withdraw_mandate"}:
        raise CannotDecide(
            "K7.fixed",
            _("Effects of an adopted decision stay."),
            _("Record another decision that ends them."),
        )
    effect.delete()


@transaction.atomic
def attach_file(*, decision: Decision, file: StoredFile, title: str) -> DecisionFile:
    """Put a file to a decision: its signed text, an annex; the same one once."""
    held = hold(Decision.objects.all(), decision.pk)
    if (known := held.files.filter(file__digest=file.digest, title=title).first()) is not None:
        return known  # the same form sent twice
    position = held.files.count() + 1
    return DecisionFile.objects.create(decision=held, file=file, title=title, position=position)


def _item_of(event: VoteEvent, item: AgendaItem | None) -> AgendaItem:
    voted_on = event.motion.item
    if item is not None and item.pk != voted_on.pk:
        raise CannotDecide("K3.vote", _("This vote was taken on another item of the agenda."))
    return voted_on


def _refuse_other_council(council: Organization, item: AgendaItem | None) -> None:
    if council.kind != "council" or council.municipality_id is None:
        raise CannotDecide("K1.council", _("Only a representative body decides here."))
    if item is not None and item.session.council_id != council.pk:
        raise CannotDecide("K1.council", _("This item is of another council's agenda."))


def _refuse_taken_number(decision: Decision) -> None:
    """
    Two decisions of one number on one day; both dates unknown counts as one day too.

    The council is held meanwhile, so that two people cannot take one number at once.
    """
    if not decision.number:
        return
    hold(Organization.objects.all(), decision.council_id)
    same = Decision.objects.filter(
        council=decision.council_id, number=decision.number, adopted_from=decision.adopted_from
    )
    if decision.adopted_from is None:
        same = same.filter(adopted_to=decision.adopted_to)
    if same.exclude(pk=decision.pk).exists():
        raise CannotDecide(
            "K7.number",
            _("The council has a decision number %(number)s of that day already.")
            % {"number": decision.number},
            _("Mend the number or the date."),
        )


def _refuse_wrong_date(decision: Decision, state: str, on: Partial, today: date) -> None:
    is_later = on.earliest is not None and on.earliest > today
    if is_later and state != "in_force":
        raise CannotDecide("K7.dates", _("A step is recorded when it was taken, not before."))
    last = decision.steps.order_by("id").last()
    if last is not None and _is_before(on, Partial(last.on_from, last.on_to)):
        raise CannotDecide(
            "K7.dates",
            _("This day is before that of the last step."),
            _("Steps are recorded in the order of their dates."),
        )
    session = decision.item.session if decision.item else None
    if session is not None and _is_before(on, Partial(session.held_from, session.held_to)):
        raise CannotDecide("K7.dates", _("This day is before the session."), _("Mend the date."))


def _is_before(first: Partial, second: Partial) -> bool:
    if first.latest is None or second.earliest is None:
        return False
    return first.latest < second.earliest


def _refuse_what_the_step_needs(decision: Decision, state: str, acted: Acted) -> None:
    if state not in WITHOUT_NUMBER and not decision.number and not decision.is_number_unstated:
        raise CannotDecide(
            "K7.number",
            _("A signed or published decision has a number."),
            _("Give it, or say that the source does not state it."),
        )
    if state == "adopted":
        _refuse_not_carried(decision)
    elif state == "lost" and decision.event is not None and decision.event.is_carried:
        raise CannotDecide("K3.vote", _("The vote on this decision was carried."))
    elif state == "returned" and not acted.note:
        raise CannotDecide("K7.reason", _("Say why the head returned it."))
    elif state == "published" and not acted.note:
        raise CannotDecide("K7.reason", _("Say where it was published."))
    elif state in {"amended", "repealed"}:
        _refuse_wrong_change(decision, acted)


def _refuse_not_carried(decision: Decision) -> None:
    if decision.event is not None:
        if not decision.event.is_carried:
            raise CannotDecide(
                "K3.vote",
                _("The council did not carry this decision."),
                _("Record that it was not carried, or name the vote that carried it."),
            )
        return
    if decision.item is not None and _was_voted_on(decision.item):
        raise CannotDecide("K3.vote", _("Name the vote that carried it."))
    if decision.source is None and not decision.files.exists():
        raise CannotDecide(
            "K3.vote",
            _("A decision without a vote here needs its document."),
            _("Attach the file, or name the source."),
        )


def _was_voted_on(item: AgendaItem) -> bool:
    return VoteEvent.objects.filter(motion__item=item).exists()


def _refuse_wrong_change(decision: Decision, acted: Acted) -> None:
    changing = acted.by_decision
    if changing is None:
        if not acted.note:
            raise CannotDecide(
                "K7.reason", _("Name the decision, or in words the court, that changed it.")
            )
        return
    if changing.pk == decision.pk or changing.council_id != decision.council_id:
        raise CannotDecide(
            "K7.change", _("Another decision of the same council amends or repeals it.")
        )
    if not changing.is_carried:
        raise CannotDecide(
            "K7.change", _("The council did not carry the decision that changes it.")
        )
