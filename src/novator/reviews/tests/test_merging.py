"""Two cards of the same work are proposed to be one, and a moderator decides."""

from __future__ import annotations

import pytest

from novator.accounts.testing import make_role, make_user
from novator.cities.testing import make_city
from novator.mail.models import Letter
from novator.practices.publishing import CannotMerge
from novator.practices.testing import make_practice
from novator.reviews.merging import accept_merge, propose_merge, refuse_merge
from novator.reviews.models import MergeProposal
from novator.reviews.permissions import may_decide_merge, may_propose_merge
from novator.reviews.testing import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal() -> MergeProposal:
    return propose_merge(
        twin=make_practice("glazov-warm-stops"),
        into=make_practice("glazov-stops"),
        reason="Одна и та же работа",
        by=make_role("editor", city=make_city("Zarechny")).user,
        on=TODAY,
    )


@pytest.fixture
def moderator():
    return make_role("moderator").user


def test_merging_leads_readers_to_the_other_card_and_tells_who_proposed(proposal, moderator):
    accept_merge(proposal=proposal, by=moderator, on=TODAY)

    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.decided_by) == ("merged", moderator)
    assert proposal.twin.merged_into == proposal.into
    assert proposal.twin.withdrawn_at is not None
    assert Letter.objects.get().to_email == proposal.proposed_by.email


def test_refusing_needs_a_reason_and_changes_no_card(proposal, moderator):
    with pytest.raises(CannotMerge):
        refuse_merge(proposal=proposal, by=moderator, on=TODAY, answer=" ")
    refuse_merge(proposal=proposal, by=moderator, on=TODAY, answer="Разные годы")

    proposal.refresh_from_db()
    assert proposal.outcome == "refused"
    assert proposal.twin.withdrawn_at is None


def test_a_proposal_is_decided_once(proposal, moderator):
    accept_merge(proposal=proposal, by=moderator, on=TODAY)
    second = make_role("moderator", user=make_user("second@association.example")).user

    with pytest.raises(CannotMerge, match=str(moderator)):
        refuse_merge(proposal=proposal, by=second, on=TODAY, answer="Нет")


def test_the_same_pair_is_proposed_once_in_either_order(proposal):
    with pytest.raises(CannotMerge):
        propose_merge(
            twin=proposal.into,
            into=proposal.twin,
            reason="Наоборот",
            by=proposal.proposed_by,
            on=TODAY,
        )

    assert MergeProposal.objects.count() == 1


def test_a_card_is_no_twin_of_itself(proposal):
    with pytest.raises(CannotMerge):
        propose_merge(
            twin=proposal.twin,
            into=proposal.twin,
            reason="x",
            by=proposal.proposed_by,
            on=TODAY,
        )


def test_a_moderator_of_the_city_does_not_decide(proposal, moderator):
    make_role("head", user=moderator, city=proposal.twin.municipality)

    assert not may_decide_merge(moderator, proposal.twin, proposal.into, on=TODAY)
    with pytest.raises(CannotMerge):
        accept_merge(proposal=proposal, by=moderator, on=TODAY)


def test_whoever_has_no_role_proposes_and_decides_nothing(proposal):
    stranger = make_user("stranger@stary-bor.example")
    editor = make_role("editor", city=make_city("Stary Bor")).user

    assert not may_propose_merge(stranger, on=TODAY)
    assert may_propose_merge(editor, on=TODAY)
    assert not may_decide_merge(editor, proposal.twin, proposal.into, on=TODAY)
