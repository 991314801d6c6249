"""The association: votes of members, from the office's plan to the recount."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from novator.accounts.testing import make_role, make_user
from novator.association import poll_closing
from novator.association.ballots import (
    CannotVote,
    cast_open,
    cast_secret,
    standings,
    take_right,
    votes_waiting,
)
from novator.association.mandates import acting_for
from novator.association.models import (
    Entitlement,
    OpenBallot,
    Poll,
    Position,
    SealedToken,
    SecretBallot,
    VotingRight,
    VotingToken,
)
from novator.association.poll_closing import close_due_polls, close_poll, recount
from novator.association.poll_letters import tell_about, tell_of_ends
from novator.association.poll_words import reasons_in_words, rules_in_words, verdict_words
from novator.association.polls import (
    CannotPoll,
    Plan,
    cancel_poll,
    change_poll,
    extend_poll,
    open_poll,
)
from novator.association.secret_ballots import clean_tables, has_token, written
from novator.association.testing import make_member, make_poll
from novator.cities.testing import make_city
from novator.council.models import Mandate
from novator.mail.models import Letter

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def _voters(number, **facts):
    found = []
    for place in range(1, number + 1):
        user = make_user(f"head@city{place}.example")
        found.append((make_member(make_city(f"City {place}", **facts), user=user), user))
    return found


def _option(poll, code="for"):
    return poll.options.get(code=code)


def _vote(poll, voter, code="for", *, now=None):
    member, user = voter
    return cast_open(
        poll=poll, member=member, option=_option(poll, code), by=user, now=now or timezone.now()
    )


def _vote_in_secret(poll, voter, code="for"):
    member, user = voter
    now = timezone.now()
    token = take_right(poll=poll, member=member, by=user, now=now)
    return cast_secret(poll=poll, code=token, option=_option(poll, code), now=now)


def _end(poll: Poll) -> datetime:
    assert poll.closes_at is not None
    return poll.closes_at


def _over(poll):
    return poll.closes_at + timedelta(seconds=1)


def _position(state="vote"):
    return Position.objects.create(
        kind="bill", title="О законопроекте", state=state, made_by=make_user("office@x.example")
    )


def test_who_may_vote_is_fixed_at_the_opening():
    first, second = _voters(2)
    make_member("Stary Bor", standing="suspended", user=make_user("head@bor.example"))
    poll = make_poll()
    late = make_user("late@city9.example")
    newcomer = make_member(make_city("City 9"), user=late)

    _vote(poll, first)
    with pytest.raises(CannotVote):
        _vote(poll, (newcomer, late))

    entitled = Entitlement.objects.filter(poll=poll).values_list("member", flat=True)
    assert set(entitled) == {first[0].pk, second[0].pk}
    ballot = OpenBallot.objects.get()
    assert ballot.mandate == Mandate.objects.get(holder__user=first[1])
    assert ballot.cast_by == first[1]


def test_strangers_expired_and_suspended_are_refused_with_the_reason():
    glazov, zarechny, _third = voters = _voters(3)
    poll, secret = make_poll(), make_poll(is_secret=True)
    stranger = make_role("head", city=make_city("Stary Bor")).user
    Mandate.objects.filter(holder__user=glazov[1]).update(ends_on=date(2026, 1, 31))
    zarechny[0].steps.create(standing="suspended", on=TODAY)
    zarechny[0].standing = "suspended"
    zarechny[0].save()

    for who in ((voters[2][0], stranger), glazov, zarechny):
        with pytest.raises(CannotVote):
            _vote(poll, who)
        with pytest.raises(CannotVote):
            take_right(poll=secret, member=who[0], by=who[1], now=timezone.now())

    assert not OpenBallot.objects.exists()
    assert not VotingRight.objects.exists()
    assert "2026" in standings(poll, glazov[1], on=TODAY)[0].reason
    assert not standings(poll, stranger, on=TODAY)


def test_a_vote_is_cast_once_and_only_while_the_poll_is_open():
    voter, other = _voters(2)
    poll, draft = make_poll(), make_poll(is_open=False)
    _vote(poll, voter)

    for who, where, now in (
        (voter, poll, None),
        (other, draft, None),
        (other, poll, _over(poll)),
    ):
        with pytest.raises(CannotVote):
            _vote(where, who, "against", now=now)
    with pytest.raises(CannotVote):
        cast_open(
            poll=poll,
            member=other[0],
            option=_option(draft),
            by=other[1],
            now=timezone.now(),
        )

    assert OpenBallot.objects.get().option.code == "for"


def test_only_the_office_runs_polls():
    _voters(1)
    poll = make_poll(is_open=False)
    stranger = make_role("head", city=make_city("Stary Bor")).user
    now = timezone.now()

    with pytest.raises(CannotPoll):
        open_poll(poll=poll, by=stranger, now=now)
    with pytest.raises(CannotPoll):
        cancel_poll(poll=poll, reason="Не нужно", by=stranger, now=now)
    with pytest.raises(CannotPoll):
        extend_poll(poll=poll, closes_at=now + timedelta(days=9), by=stranger, now=now)
    with pytest.raises(CannotPoll):
        make_poll(office=stranger)

    assert Poll.objects.get().state == "draft"


@pytest.mark.parametrize(
    "plan",
    [
        {"title": " "},
        {"codes": ["for", "abstain"]},
        {"codes": ["for", "for", "against"]},
        {"closes_at": timezone.now() + timedelta(minutes=5)},
        {"quorum": Fraction(3, 2)},
        {"weights": {"kind": "by_luck"}},
        {"most_extensions": 9},
    ],
)
def test_refuses_what_is_no_poll(plan):
    with pytest.raises(CannotPoll):
        make_poll(is_open=False, **plan)


def test_a_secret_poll_whose_weights_would_tell_a_city_is_refused():
    _voters(3, population=60_000)
    make_member(make_city("Kaluga", population=330_000), user=make_user("head@kaluga.example"))
    tiers = {"kind": "population", "tiers": [[0, 1], [100_000, 3]]}

    with pytest.raises(CannotPoll):
        make_poll(is_secret=True, weights=tiers)

    open_one = make_poll(weights=tiers)
    assert sorted(open_one.entitled.values_list("weight", flat=True)) == [1, 1, 1, 3]
    assert not VotingToken.objects.exists()


def test_result_is_written_at_the_closing_and_a_recount_reproduces_it():
    voters = _voters(5)
    poll = make_poll()
    for voter, code in zip(voters, ["for", "for", "against", "abstain"], strict=False):
        _vote(poll, voter, code)
    assert not close_poll(poll=poll, now=timezone.now())

    assert close_due_polls(now=_over(poll)) == 1
    assert close_due_polls(now=_over(poll)) == 0

    poll.refresh_from_db()
    assert (poll.state, poll.result["verdict"], poll.result["winner"]) == (
        "closed",
        "carried",
        "for",
    )
    assert poll.result["tallies"][0] == {"code": "for", "ballots": 2, "weight": 2, "share": "2/3"}
    assert recount(poll).agrees
    assert verdict_words(poll)
    assert len(reasons_in_words(poll)) == 4
    assert len(rules_in_words(poll)) == 7
    OpenBallot.objects.filter(member=voters[2][0]).update(option=_option(poll, "for"))
    assert not recount(poll).agrees


def test_a_missed_quorum_extends_once_then_nothing_is_decided():
    voters = _voters(4)
    poll = make_poll()
    end = _end(poll)
    _vote(poll, voters[0])

    close_due_polls(now=_over(poll))
    poll.refresh_from_db()
    assert (poll.state, poll.extensions, poll.result) == ("open", 1, {})
    assert _end(poll) > end + timedelta(days=6)
    close_due_polls(now=_over(poll))

    poll.refresh_from_db()
    assert (poll.state, poll.result["verdict"]) == ("closed", "no_quorum")


def test_a_closing_that_is_broken_off_leaves_the_poll_open(monkeypatch):
    voters = _voters(3)
    poll = make_poll(is_secret=True)
    for voter in voters:
        _vote_in_secret(poll, voter)
    before = set(SecretBallot.objects.values_list("pk", "option", "weight"))

    def killed(*args, **facts):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(poll_closing, "settle_position", killed)
        with pytest.raises(KeyboardInterrupt):
            close_due_polls(now=_over(poll))
    poll.refresh_from_db()
    assert (poll.state, poll.result) == ("open", {})
    assert set(SecretBallot.objects.values_list("pk", "option", "weight")) == before

    close_due_polls(now=_over(poll))
    poll.refresh_from_db()
    assert poll.result["verdict"] == "carried"


def test_a_poll_that_cannot_be_counted_keeps_no_other_open(monkeypatch):
    _voters(3)
    broken, sound = make_poll(quorum=Fraction(0)), make_poll(quorum=Fraction(0))
    usual = poll_closing.result_of

    def faulty(poll):
        if poll == broken:
            raise ZeroDivisionError
        return usual(poll)

    monkeypatch.setattr(poll_closing, "result_of", faulty)
    with pytest.raises(ZeroDivisionError):
        close_due_polls(now=_over(sound))

    assert {p.pk: p.state for p in Poll.objects.all()} == {broken.pk: "open", sound.pk: "closed"}


@pytest.mark.parametrize(("code", "state"), [("for", "adopted"), ("against", "lost")])
def test_a_position_follows_its_poll(code, state):
    voters = _voters(3)
    position = _position()
    poll = make_poll(position=position)
    with pytest.raises(CannotPoll):
        make_poll(position=position)
    for voter in voters:
        _vote(poll, voter, code)

    close_due_polls(now=_over(poll))

    position.refresh_from_db()
    assert position.state == state
    assert (position.adopted_on is not None) == (state == "adopted")


def test_a_position_that_is_not_at_its_vote_has_no_poll():
    _voters(3)

    with pytest.raises(CannotPoll):
        make_poll(position=_position("consultation"))


def test_a_draft_changes_an_open_poll_is_extended_or_cancelled_within_its_rules():
    voters = _voters(3)
    office = make_role("office").user
    draft = make_poll(is_open=False, codes=["a", "b"])
    poll, now = make_poll(is_secret=True), timezone.now()
    later = _end(poll) + timedelta(days=3)
    _vote_in_secret(poll, voters[0])

    extend_poll(poll=poll, closes_at=later, by=office, now=now)
    with pytest.raises(CannotPoll):
        extend_poll(poll=poll, closes_at=later + timedelta(days=1), by=office, now=now)
    with pytest.raises(CannotPoll):
        cancel_poll(poll=poll, reason=" ", by=office, now=now)
    cancel_poll(poll=poll, reason="Вопрос снят", by=office, now=now)
    with pytest.raises(CannotVote):
        _vote_in_secret(poll, voters[1])

    for table in (SecretBallot, VotingToken, SealedToken):
        assert not table.objects.exists()
    assert list(draft.options.values_list("code", flat=True)) == ["a", "b"]
    with pytest.raises(CannotPoll):
        change_poll(poll=poll, plan=Plan("Вопрос", later, []), by=voters[0][1], now=now)


def test_a_code_is_given_once_and_makes_one_ballot_however_it_is_typed():
    voters = _voters(3)
    poll, now = make_poll(is_secret=True), timezone.now()
    token = take_right(poll=poll, member=voters[0][0], by=voters[0][1], now=now)
    with pytest.raises(CannotVote):
        take_right(poll=poll, member=voters[0][0], by=voters[0][1], now=now)

    typed = token.lower().replace("-", " ").replace("0", "o")
    assert has_token(poll=poll, code=typed)
    receipt = cast_secret(poll=poll, code=typed, option=_option(poll), now=now)
    for again in (token, written("0" * 24), "", str(uuid4())):
        with pytest.raises(CannotVote):
            cast_secret(poll=poll, code=again, option=_option(poll, "against"), now=now)

    assert SecretBallot.objects.get().pk == receipt
    assert SecretBallot.objects.get().option.code == "for"
    assert VotingToken.objects.count() == 2


def test_ballots_without_rights_are_found_at_the_closing():
    voters = _voters(3)
    poll = make_poll(is_secret=True)
    for voter in voters[:2]:
        _vote_in_secret(poll, voter)
    SecretBallot.objects.create(poll=poll, option=_option(poll), weight=1)

    close_due_polls(now=_over(poll))

    poll.refresh_from_db()
    assert (poll.result["verdict"], poll.result["winner"]) == ("unsound", None)


def test_letters_go_to_those_who_may_vote_once():
    voters = _voters(3)
    stranger = make_role("head", city=make_city("Stary Bor")).user
    poll = make_poll()
    _vote(poll, voters[0])

    for _again in range(2):
        tell_about(poll, "opened", on=TODAY)
        tell_of_ends(now=_end(poll) - timedelta(hours=5))

    opened = Letter.objects.filter(kind="poll", key__contains="opened")
    soon = Letter.objects.filter(kind="poll", key__contains="soon")
    assert set(opened.values_list("to_email", flat=True)) == {user.email for _m, user in voters}
    assert set(soon.values_list("to_email", flat=True)) == {user.email for _m, user in voters[1:]}
    assert not Letter.objects.filter(to_email=stranger.email).exists()
    waiting = [
        votes_waiting(acting_for(user, on=TODAY)) for user in (voters[0][1], voters[1][1], stranger)
    ]
    assert waiting == [0, 1, 0]


def test_cleaning_writes_the_tables_into_new_files():
    with connection.cursor() as cursor:
        named = "SELECT pg_relation_filenode('association_secretballot')"
        cursor.execute(named)
        before = cursor.fetchone()

        clean_tables()

        cursor.execute(named)
        assert cursor.fetchone() != before
