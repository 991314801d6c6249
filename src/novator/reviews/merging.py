"""Solutions judged: two cards of the same work are proposed to be one, and a moderator decides."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.accounts.models import User
from novator.core.holding import hold
from novator.practices.models import Practice
from novator.practices.publishing import CannotMerge, merge_cards
from novator.reviews.letters import tell
from novator.reviews.models import MERGE_OUTCOMES, MergeProposal
from novator.reviews.permissions import may_decide_merge, may_propose_merge


@transaction.atomic
def propose_merge(
    *, twin: Practice, into: Practice, reason: str, by: User, on: date
) -> MergeProposal:
    """
    Propose that readers of one card be led to another that tells of the same work.

    :raises CannotMerge: no such two cards in the catalogue, no reason, proposed already, no role
    """
    if not may_propose_merge(by, on=on):
        raise CannotMerge(_("Only editors of cities and moderators propose to merge cards."))
    if twin.pk == into.pk:
        raise CannotMerge(_("A card cannot be merged with itself."))
    if twin.withdrawn_at is not None or into.withdrawn_at is not None:
        raise CannotMerge(_("One of the two cards is not in the catalogue."))
    if not reason.strip():
        raise CannotMerge(_("Say why you think that both tell of the same work."))
    waiting = MergeProposal.objects.filter(outcome="", twin__in=[twin, into], into__in=[twin, into])
    if waiting.exists():
        raise CannotMerge(_("This was proposed already and waits for a moderator."))
    try:
        with transaction.atomic():
            return MergeProposal.objects.create(
                twin=twin,
                into=into,
                reason=reason.strip(),
                proposed_by=by,
                proposed_at=timezone.now(),
            )
    except IntegrityError:
        raise CannotMerge(_("This was proposed already and waits for a moderator.")) from None


@transaction.atomic
def accept_merge(*, proposal: MergeProposal, by: User, on: date, answer: str = "") -> MergeProposal:
    """
    Merge the two cards; readers of the twin are led to the other from now on.

    :raises CannotMerge: decided already, no right to decide, or a card left the catalogue
    """
    found = _to_decide(proposal, by, on=on)
    if found.twin.withdrawn_at is not None:
        raise CannotMerge(_("One of the two cards is not in the catalogue."))
    because = answer.strip() or found.reason
    merge_cards(twin=found.twin, into=found.into, because=because)
    return _decide(found, "merged", by, answer)


@transaction.atomic
def refuse_merge(*, proposal: MergeProposal, by: User, on: date, answer: str) -> MergeProposal:
    """
    Leave the two cards as they are; the one who proposed is told why.

    :raises CannotMerge: decided already, no right to decide, or no reason given
    """
    found = _to_decide(proposal, by, on=on)
    if not answer.strip():
        raise CannotMerge(_("Say why the cards stay apart."))
    return _decide(found, "refused", by, answer)


def _to_decide(proposal: MergeProposal, by: User, *, on: date) -> MergeProposal:
    rows = MergeProposal.objects.select_related(
        "twin__municipality", "into__municipality", "proposed_by"
    )
    found = hold(rows, proposal.pk)
    if found.outcome:
        words = _("%(who)s has decided already: %(outcome)s.")
        facts = {"who": found.decided_by, "outcome": found.get_outcome_display()}
        raise CannotMerge(words % facts)
    if not may_decide_merge(by, found.twin, found.into, on=on):
        raise CannotMerge(
            _("You hold or lately held a role in one of the municipalities: a colleague decides.")
        )
    return found


def _decide(proposal: MergeProposal, outcome: str, by: User, answer: str) -> MergeProposal:
    proposal.outcome = outcome
    proposal.answer = answer.strip()[:300]
    proposal.decided_by, proposal.decided_at = by, timezone.now()
    proposal.save()
    if proposal.proposed_by_id != by.pk:
        tell(
            [proposal.proposed_by],
            kind="review",
            subject=gettext_lazy("Two cards you named: %(outcome)s"),
            body=gettext_lazy(
                "You proposed to merge two cards. A moderator has decided: %(outcome)s. %(answer)s"
            ),
            facts={"outcome": MERGE_OUTCOMES[outcome], "answer": proposal.answer},
            address=lambda: reverse("practice", args=[proposal.into.slug]),
            key=f"merge-{proposal.pk}",
        )
    return proposal
