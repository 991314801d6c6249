"""Who decides: a decision's life, its effects and mandates keep to the rules (K3, K6, K7)."""

from __future__ import annotations

from datetime import date

import pytest

from novator.cities.testing import make_city
from novator.core.partial_dates import Partial, read_partial
from novator.council.deciding import (
    Acted,
    CannotDecide,
    add_effect,
    draft_decision,
    revise_decision,
    take_step,
)
from novator.council.giving_mandates import Powers, give_mandate, withdraw_mandate
from novator.council.mandates import holders_of, mandates_on
from novator.council.models import Decision, Mandate, Source
from novator.council.seen import ChangedMeanwhile
from novator.council.testing import (
    PEOPLE,
    make_council,
    make_decision,
    make_deputies,
    make_item,
    make_mandate,
    make_membership,
    make_person,
    make_post,
    make_session,
    make_vote_event,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 1)


def _on(text: str, note: str = "", **more: object) -> Acted:
    return Acted(read_partial(text), note, **more)  # type: ignore[arg-type]


def _step(decision: Decision, state: str, acted: Acted) -> None:
    take_step(decision=decision, state=state, acted=acted, today=TODAY)


def _draft(**facts: object) -> Decision:
    make_deputies()
    item = make_item(make_session(), title="О вступлении", initiated_as="Глава города")
    event = make_vote_event(item)
    return draft_decision(
        council=item.session.council,
        title="О вступлении",
        event=event,
        values={"number": "12-р", **facts},
    )


def test_a_decision_lives_step_by_step():
    decision = _draft()

    _step(decision, "adopted", _on("2026-03-04"))
    _step(decision, "returned", _on("2026-03-05", "не указан срок"))
    _step(decision, "adopted", _on("2026-03-06"))
    _step(decision, "signed", _on("2026-03-07"))
    _step(decision, "published", _on("2026-03-08", "Красное знамя"))
    _step(decision, "in_force", _on("2026-05-01"))

    decision.refresh_from_db()
    assert decision.state == "in_force"
    assert decision.adopted_to == date(2026, 3, 4)
    assert decision.is_carried
    assert decision.initiated_as == "Глава города"
    states = list(decision.steps.order_by("id").values_list("state", flat=True))
    assert states == ["adopted", "returned", "adopted", "signed", "published", "in_force"]


@pytest.mark.parametrize(
    ("state", "acted", "rule"),
    [
        ("published", _on("2026-03-05", "газета"), "K7.transition"),
        ("adopted", _on("2026-03-03"), "K7.dates"),
        ("adopted", _on("2026-12-31"), "K7.dates"),
        ("lost", _on("2026-03-04"), "K3.vote"),
    ],
)
def test_refuses_steps_that_do_not_follow(state: str, acted: Acted, rule: str):
    decision = _draft()

    with pytest.raises(CannotDecide) as refused:
        _step(decision, state, acted)

    assert refused.value.rule == rule
    assert not decision.steps.exists()


def test_refuses_a_published_decision_without_number():
    decision = _draft(number="")
    _step(decision, "adopted", _on("2026-03-04"))

    with pytest.raises(CannotDecide) as refused:
        _step(decision, "published", _on("2026-03-05", "газета"))

    assert refused.value.rule == "K7.number"


def test_refuses_a_decision_the_council_lost():
    deputies = make_deputies()
    item = make_item(make_session())
    event = make_vote_event(item, voices=dict.fromkeys(deputies, "no"))
    lost = draft_decision(council=item.session.council, title="О вступлении", event=event)

    with pytest.raises(CannotDecide) as refused:
        _step(lost, "adopted", _on("2026-03-04"))

    assert refused.value.rule == "K3.vote"
    assert not Decision.objects.carried().exists()


def test_an_outside_paper_needs_its_document():
    council = make_council()
    known = Source.objects.create(title="Официальный портал города Глазова")
    bare = draft_decision(council=council, title="О бюджете")
    stated = draft_decision(
        council=council, title="О вступлении", source=known, values={"is_number_unstated": True}
    )

    with pytest.raises(CannotDecide):
        _step(bare, "adopted", _on("2016-04-28"))
    _step(stated, "adopted", Acted(read_partial("../2016-05-05")))
    _step(stated, "published", _on("2016-05-05", "портал"))

    assert stated.adopted_from is None
    assert stated.adopted_to == date(2016, 5, 5)


def test_refuses_a_number_that_is_taken_that_day():
    decision = make_decision(number="7", on=date(2026, 3, 4))

    with pytest.raises(CannotDecide) as refused:
        draft_decision(
            council=decision.council,
            title="Другое",
            adopted=Partial(date(2026, 3, 4), date(2026, 3, 4)),
            values={"number": "7"},
        )

    assert refused.value.rule == "K7.number"


def test_an_adopted_decision_is_not_rewritten():
    decision = make_decision()

    with pytest.raises(CannotDecide):
        revise_decision(decision=decision, values={"text": "иначе"}, revision=decision.revision)
    revise_decision(decision=decision, values={"summary": "Кратко"}, revision=decision.revision)
    with pytest.raises(ChangedMeanwhile) as refused:
        revise_decision(decision=decision, values={"summary": "Ещё"}, revision=decision.revision)

    assert refused.value.rule == "changed_meanwhile"
    assert Decision.objects.get().summary == "Кратко"


def test_another_decision_repeals():
    first, later = make_decision(state="in_force"), make_decision()
    lost = make_decision(state="lost")

    with pytest.raises(CannotDecide):
        _step(first, "repealed", _on("2026-03-20", by_decision=lost))
    _step(first, "repealed", _on("2026-03-20", by_decision=later))

    first.refresh_from_db()
    assert not first.is_carried
    assert [step.decision for step in later.changes_made.all()] == [first]


def test_effects_are_recorded_once():
    decision = make_decision()

    made = add_effect(decision=decision, kind="join_association")

    assert made.key == "association"
    with pytest.raises(CannotDecide):
        add_effect(decision=decision, kind="join_association")
    with pytest.raises(CannotDecide):
        add_effect(decision=decision, kind="other")


def test_a_mandate_of_a_post_is_of_whoever_holds_it():
    council = make_council()
    post = make_post(council)
    make_membership(PEOPLE[0], council, post=post, role="head", ends="2026-06-30")
    make_membership(PEOPLE[1], council, post=post, role="head", starts="2026-07-01")
    decision = make_decision(council)

    mandate = give_mandate(
        decision=decision,
        powers=Powers("представлять город", is_towards_association=True),
        holder_post=post,
    )

    assert decision.effects.get().kind == "give_mandate"
    assert holders_of(mandate, day=date(2026, 6, 1)) == [make_person(PEOPLE[0])]
    assert holders_of(mandate, day=date(2026, 8, 1)) == [make_person(PEOPLE[1])]
    assert not holders_of(mandate, day=date(2019, 1, 1))


def test_refuses_a_mandate_of_another_citys_post():
    decision = make_decision()
    stranger = make_post(make_council(make_city("Stary Bor")))

    with pytest.raises(CannotDecide) as refused:
        give_mandate(decision=decision, powers=Powers("за город"), holder_post=stranger)

    assert refused.value.rule == "K6.holder"
    assert not Mandate.objects.exists()


def test_a_mandate_counts_from_its_decision_until_it_is_withdrawn_or_repealed():
    decision = make_decision(on=date(2026, 3, 4))
    city = decision.council.municipality
    assert city is not None
    withdrawn, repealed = make_mandate(decision, starts_on=None), make_mandate(make_decision())
    make_mandate(make_decision(state="lost"))
    make_mandate(make_decision(state="draft"))

    withdraw_mandate(mandate=withdrawn, decision=make_decision(), on=date(2026, 3, 20))
    assert repealed.decision is not None
    _step(repealed.decision, "signed", _on("2026-03-05"))
    _step(repealed.decision, "published", _on("2026-03-06", "газета"))
    _step(repealed.decision, "repealed", _on("2026-03", "решение суда"))

    assert mandates_on(city, day=date(2026, 3, 3)) == []
    assert mandates_on(city, day=date(2026, 3, 4)) == [repealed, withdrawn]
    assert mandates_on(city, day=date(2026, 3, 19)) == [withdrawn]
    assert mandates_on(city, day=date(2026, 3, 20)) == []


def test_mandates_of_a_city_cost_three_queries(django_assert_num_queries):
    for _number in range(20):
        make_mandate(make_decision())
    city = make_city()

    with django_assert_num_queries(2):
        assert len(mandates_on(city, day=date(2026, 5, 1))) == 20


def test_refuses_a_withdrawal_by_another_citys_council():
    mandate = make_mandate()
    stranger = make_decision(make_council(make_city("Stary Bor")))

    with pytest.raises(CannotDecide) as refused:
        withdraw_mandate(mandate=mandate, decision=stranger, on=TODAY)

    assert refused.value.rule == "K6.city"


def test_the_same_form_sent_twice_makes_one_draft_and_one_mandate():
    council = make_council()
    person = make_person()

    drafts = {draft_decision(council=council, title="О делегате").pk for _time in range(2)}
    decision = Decision.objects.get()
    given = {
        give_mandate(decision=decision, powers=Powers("Представлять город"), holder=person).pk
        for _time in range(2)
    }

    assert (len(drafts), len(given)) == (1, 1)
    assert decision.effects.count() == 1
