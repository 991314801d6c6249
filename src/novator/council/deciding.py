"""Who decides: a decision drafted from a vote, its life, its effects, the mandates it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.core.holding import hold
from novator.core.partial_dates import UNKNOWN, Partial
from novator.council.models import (
    EFFECTS,
    AgendaItem,
    Decision,
    DecisionEffect,
    DecisionFile,
    DecisionStep,
    Mandate,
    Organization,
    Person,
    Post,
    Source,
    VoteEvent,
)
from novator.council.models.decisions import STATES, TRANSITIONS
from novator.council.refusals import CannotRecord
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
    decision.save()
    return decision


@transaction.atomic
def revise_decision(*, decision: Decision, values: Mapping[str, object], revision: int) -> Decision:
    """
    Say a decision otherwise: a draft wholly, later its number, then only what explains it.

    :raises CannotDecide: somebody changed it meanwhile, it is adopted, or the number is taken
    """
    held = hold(Decision.objects.select_related("council"), decision.pk)
    if held.revision != revision:
        raise CannotDecide(
            "stale", _("Somebody changed this decision meanwhile."), _("Look at it again.")
        )
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
    return DecisionEffect.objects.create(
        decision=held, kind=kind, key=key, text=text, text_en=text_en
    )


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
    """Put a file to a decision: its signed text, an annex."""
    held = hold(Decision.objects.all(), decision.pk)
    position = held.files.count() + 1
    return DecisionFile.objects.create(decision=held, file=file, title=title, position=position)


@dataclass(frozen=True)
class Powers:
    """What a mandate is for: towards whom, from when until when, and what it lets one do."""

    subject: str
    subject_en: str = ""
    towards: str = ""
    towards_en: str = ""
    is_towards_association: bool = False
    may_vote: bool = True
    may_sign: bool = True
    may_substitute: bool = False
    starts_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def give_mandate(
    *,
    decision: Decision,
    powers: Powers,
    holder: Person | None = None,
    holder_post: Post | None = None,
    source: Source | None = None,
) -> Mandate:
    """
    Let a person, or whoever holds a post, act for the city; the decision is told that it does so.

    It counts from the decision's day on, however it is written. It may outlive the convocation.

    :raises CannotDecide: the dates are wrong, or nobody or somebody of another city would hold it
    """
    held = hold(Decision.objects.select_related("council__municipality"), decision.pk)
    city = held.council.municipality
    assert city is not None
    if held.state in {"lost", "repealed"}:
        raise CannotDecide("K6.decision", _("A decision that does not stand gives no mandate."))
    _refuse_wrong_holder(city, holder, holder_post)
    _refuse_wrong_powers(held, powers)
    mandate = Mandate.objects.create(
        municipality=city,
        decision=held,
        holder=holder,
        holder_post=holder_post,
        source=source,
        **{name: getattr(powers, name) for name in Powers.__dataclass_fields__},
    )
    DecisionEffect.objects.create(
        decision=held,
        kind="give_mandate",
        key=str(mandate.public_id),
        text=powers.subject,
        text_en=powers.subject_en,
    )
    return mandate


@transaction.atomic
def withdraw_mandate(
    *, mandate: Mandate, decision: Decision, on: date, because: str = ""
) -> Mandate:
    """
    End a mandate by a later decision of the same city's council, from a day on.

    :raises CannotDecide: it is withdrawn already, or the decision is another city's or not carried
    """
    held = hold(Mandate.objects.select_related("municipality"), mandate.pk)
    ending = hold(Decision.objects.select_related("council"), decision.pk)
    if held.withdrawn_on is not None:
        raise CannotDecide("K6.withdrawn", _("This mandate is withdrawn already."))
    if ending.council.municipality_id != held.municipality_id:
        raise CannotDecide("K6.city", _("A council withdraws only mandates of its own city."))
    if not ending.is_carried:
        raise CannotDecide("K6.decision", _("The council did not carry this decision."))
    if ending.adopted_from is not None and on < ending.adopted_from:
        raise CannotDecide("K6.dates", _("It cannot end before the decision that withdraws it."))
    held.withdrawn_on, held.withdrawn_by, held.withdrawn_because = on, ending, because
    held.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_because"])
    DecisionEffect.objects.create(
        decision=ending,
        kind="withdraw_mandate",
        key=str(held.public_id),
        text=held.subject,
        text_en=held.subject_en,
    )
    return held


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


def _refuse_wrong_holder(
    city: Municipality, holder: Person | None, holder_post: Post | None
) -> None:
    if (holder is None) == (holder_post is None):
        raise CannotDecide("K6.holder", _("A mandate is of one person or of one post."))
    if holder_post is not None and holder_post.organization.municipality_id != city.pk:
        raise CannotDecide("K6.holder", _("This post is of another city."))


def _refuse_wrong_powers(decision: Decision, powers: Powers) -> None:
    if not powers.subject.strip():
        raise CannotDecide("K6.subject", _("Say what the mandate is for."))
    starts, ends = powers.starts_on, powers.ends_on
    if starts is not None and ends is not None and ends < starts:
        raise CannotDecide("K6.dates", _("The mandate ends before it begins."))
    if starts and decision.adopted_from and starts < decision.adopted_from:
        raise CannotDecide("K6.dates", _("The mandate begins before the decision that gives it."))
