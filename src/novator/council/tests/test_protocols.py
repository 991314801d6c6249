"""Who decides: protocols are signed in versions; of what is closed only results are told."""

from __future__ import annotations

import json
from datetime import date

import pytest

from novator.council.models import Session, VoteEvent
from novator.council.protocols import (
    CannotSign,
    begin_correction,
    content_of,
    correct_protocol,
    end_correction,
    latest_protocol,
    public_part,
    sign_protocol,
)
from novator.council.session_words import differences
from novator.council.testing import (
    make_council,
    make_decision,
    make_deputies,
    make_item,
    make_person,
    make_session,
    make_vote_event,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 6)


def _session(**facts: object) -> Session:
    make_deputies()
    session = make_session(**facts)  # type: ignore[arg-type]
    item = make_item(session, title="О бюджете города", initiated_as="Глава города")
    event = make_vote_event(item)
    make_decision(session.council, item=item, event=event)
    item.speeches.create(speaker="Иван Докладчик", text="Тайна бюджета", stance="reports")
    return session


def test_a_signed_session_is_corrected_only_as_the_next_version():
    session = _session()
    chair = make_person()
    first = sign_protocol(session=session, signed_on=DAY, signed_by=chair)

    with pytest.raises(CannotSign):
        sign_protocol(session=session, signed_on=DAY, signed_by=chair)
    with pytest.raises(CannotSign):
        correct_protocol(session=session, reason="ошибка", signed_on=DAY, signed_by=chair)

    def mend(held: Session) -> None:
        held.items.update(outcome="Принято")

    with pytest.raises(CannotSign) as refused:
        correct_protocol(session=session, reason=" ", signed_on=DAY, signed_by=chair, change=mend)
    assert refused.value.rule == "protocol.reason"
    second = correct_protocol(
        session=session, reason="Итог пропущен", signed_on=DAY, signed_by=chair, change=mend
    )

    session.refresh_from_db()
    first.refresh_from_db()
    assert session.is_signed
    assert (first.number, second.number) == (1, 2)
    assert [one.after for one in differences(first.content, second.content)] == ["Принято"]
    assert latest_protocol(session) == second


def test_a_correction_may_be_entered_in_between():
    session = _session()
    chair = make_person()
    sign_protocol(session=session, signed_on=DAY, signed_by=chair)

    begin_correction(session=session)
    end_correction(session=session)
    begin_correction(session=session)
    session.items.update(outcome="Принято")
    with pytest.raises(CannotSign):
        end_correction(session=session)
    made = correct_protocol(session=session, reason="Итог", signed_on=DAY, signed_by=chair)

    assert made.number == 2


def test_refuses_to_sign_what_breaks_k3():
    session = _session()
    VoteEvent.objects.update(result="lost")

    with pytest.raises(CannotSign) as refused:
        sign_protocol(session=session, signed_on=DAY, signed_by=make_person())

    assert refused.value.rule == "K3"
    assert not session.protocols.exists()


def test_refuses_to_sign_before_the_session_was_held():
    session = _session()
    Session.objects.update(state="invited")

    with pytest.raises(CannotSign):
        sign_protocol(session=session, signed_on=DAY, signed_by=make_person())


@pytest.mark.parametrize("what", ["session", "item"])
def test_of_what_is_closed_only_results_and_decisions_are_public(what: str):
    session = _session(is_closed=what == "session", closed_because="Гостайна")
    if what == "item":
        session.items.update(is_closed=True)

    told = public_part(content_of(session))

    written = json.dumps(told, ensure_ascii=False)
    for secret in ("Тайна бюджета", "О бюджете города", "Иван Докладчик", "Глава города"):
        assert secret not in written
    vote = told["items"][0]["motions"][0]["votes"][0]
    assert (vote["result"], vote["yes"], vote["voices"]) == ("carried", 9, [])
    assert told["items"][0]["decisions"][0]["number"]


def test_an_earlier_version_tells_nothing_that_was_closed_since():
    session = _session()
    made = sign_protocol(session=session, signed_on=DAY, signed_by=make_person())
    session.items.update(is_closed=True)

    assert "Тайна бюджета" in json.dumps(public_part(made.content), ensure_ascii=False)
    told = public_part(made.content, session=session)

    assert "Тайна бюджета" not in json.dumps(told, ensure_ascii=False)


def test_a_long_session_costs_a_fixed_number_of_queries(django_assert_max_num_queries):
    session = _session()
    for number in range(5):
        make_vote_event(make_item(session, title=f"Вопрос {number}"))

    with django_assert_max_num_queries(14):
        assert len(content_of(session)["items"]) == 6


def test_no_protocol_is_signed_in_days_to_come():
    session = make_session(make_council(), state="held")

    with pytest.raises(CannotSign):
        sign_protocol(session=session, signed_on=date(9999, 1, 1), signed_by=make_person())


def test_nobody_signs_what_was_changed_after_the_page_was_opened():
    session = make_session(make_council(), state="held")
    chair = make_person()
    read = session.revision

    with pytest.raises(CannotSign):
        sign_protocol(session=session, signed_on=DAY, signed_by=chair, revision=read - 1)
    sign_protocol(session=session, signed_on=DAY, signed_by=chair, revision=read)
