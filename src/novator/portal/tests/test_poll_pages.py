"""Votes of members as people meet them: the office, representatives, strangers, readers."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone

from novator.accounts.own_data import own_data_of
from novator.accounts.testing import make_role, make_user, signed_in
from novator.association.ballots import cast_open
from novator.association.models import OpenBallot, Poll, SecretBallot, VotingRight
from novator.association.poll_closing import close_due_polls
from novator.association.polls import mark_of_poll
from novator.association.testing import make_member, make_poll
from novator.cities.testing import make_city
from novator.council.models import Mandate
from novator.portal import nameless

pytestmark = pytest.mark.django_db
CODE = re.compile(r'<p class="poll-code" tabindex="0">([^<]+)</p>')
RECEIPT = re.compile(r'poll-receipt" tabindex="0">([^<]+)</p>')


def _voters(number):
    found = []
    for place in range(1, number + 1):
        user = make_user(f"head@city{place}.example")
        found.append((make_member(make_city(f"City {place}"), user=user), user))
    return found


def _at(poll, part="", language="ru"):
    return f"/{language}/association/polls/{poll.public_id}/{part}"


def _close(poll):
    close_due_polls(now=poll.closes_at + timedelta(seconds=1))
    poll.refresh_from_db()


def _found(pattern, page):
    found = pattern.search(page.content.decode())
    assert found is not None
    return found[1]


def _right(poll, voter):
    member, user = voter
    asked = {"member": member.municipality.slug, "is_ready": "on"}
    page = signed_in(user).post(_at(poll, "right/"), asked)
    return _found(CODE, page)


def test_a_representative_votes_openly_after_confirming():
    voters = _voters(3)
    member, user = voters[0]
    poll, client = make_poll(), signed_in(user)
    slug = member.municipality.slug

    asks = client.post(_at(poll, "vote/"), {"member": slug, "option": "for"})
    assert not OpenBallot.objects.exists()
    done = client.post(_at(poll, "vote/"), {"member": slug, "option": "for", "sure": "1"})
    again = client.get(_at(poll, f"vote/?member={slug}"))

    assert 'name="sure"' in asks.content.decode()
    assert done.status_code == 302
    assert OpenBallot.objects.get().cast_by == user
    assert again.status_code == 403
    page = client.get(_at(poll)).content.decode()
    assert "1" in page
    assert "poll-bar" not in page


def test_a_secret_ballot_is_cast_by_its_code_without_an_account():
    voters = _voters(3)
    poll = make_poll(is_secret=True)
    member, user = voters[0]
    slug = member.municipality.slug
    client = signed_in(user)

    unready = client.post(_at(poll, "right/"), {"member": slug})
    shown = client.post(_at(poll, "right/"), {"member": slug, "is_ready": "on"})
    code = _found(CODE, shown)
    twice = client.post(_at(poll, "right/"), {"member": slug, "is_ready": "on"})
    asks = client.post(_at(poll, "cast/"), {"code": code.lower(), "option": "against"})
    assert not SecretBallot.objects.exists()
    cast = client.post(_at(poll, "cast/"), {"code": code, "option": "against", "sure": "1"})
    spent = client.post(_at(poll, "cast/"), {"code": code, "option": "for", "sure": "1"})

    assert unready.status_code == 200
    assert twice.status_code == 403
    assert "no-store" in shown["Cache-Control"]
    assert cast["Cache-Control"] == asks["Cache-Control"] == "no-store"
    assert "/account/login/" in cast.content.decode()  # nobody is signed in there
    assert "/account/login/" not in shown.content.decode()
    assert _found(RECEIPT, cast) == str(SecretBallot.objects.get().pk)
    assert "field-error" in spent.content.decode() or "error-summary" in spent.content.decode()
    assert own_data_of(user)["rights_to_vote"][0]["member"] == slug
    assert VotingRight.objects.get().mandate == Mandate.objects.get(holder__user=user)


def test_receipts_stand_on_the_page_after_the_closing_only():
    voters = _voters(3)
    poll = make_poll(is_secret=True)
    for voter in voters:
        code = _right(poll, voter)
        Client().post(_at(poll, "cast/"), {"code": code, "option": "for", "sure": "1"})
    receipts = [str(one.pk) for one in SecretBallot.objects.all()]
    reader = Client()

    assert reader.get(_at(poll, "ballots/")).status_code == 404
    assert reader.get(_at(poll, "ballots.csv")).status_code == 404
    assert reader.get(_at(poll, "protocol.pdf")).status_code == 404
    _close(poll)
    page = reader.get(_at(poll, f"ballots/?receipt={receipts[0]}")).content.decode()
    table = reader.get(_at(poll, "ballots.csv")).content.decode()

    assert all(receipt in page and receipt in table for receipt in receipts)
    assert poll.result["digest"] in page
    assert "note-bad" not in page
    SecretBallot.objects.filter(pk=receipts[0]).update(option=poll.options.get(code="against"))
    assert "note-bad" in reader.get(_at(poll, "ballots/")).content.decode()


def test_wrong_codes_are_counted_in_memory_only(monkeypatch):
    _voters(3)
    poll, client = make_poll(is_secret=True), Client()
    monkeypatch.setattr(nameless, "WRONG_CODES_AN_HOUR", 2)
    nameless._wrong.clear()

    asked = {"code": "0" * 24, "option": "for"}
    answers = [client.post(_at(poll, "cast/"), asked).status_code for _try in range(3)]

    assert answers == [200, 200, 429]
    nameless._wrong.clear()


def test_strangers_expired_and_suspended_are_told_why():
    glazov, zarechny, _third = _voters(3)
    poll, secret = make_poll(), make_poll(is_secret=True)
    stranger = make_role("head", city=make_city("Stary Bor")).user
    Mandate.objects.filter(holder__user=glazov[1]).update(
        ends_on=timezone.localdate() - timedelta(days=1)
    )
    zarechny[0].steps.create(standing="suspended", on=timezone.localdate())

    for user in (stranger, glazov[1], zarechny[1]):
        client = signed_in(user)
        assert client.post(_at(poll, "vote/"), {"option": "for", "sure": "1"}).status_code == 403
        assert client.post(_at(secret, "right/"), {"is_ready": "on"}).status_code == 403
    told = signed_in(glazov[1]).get(_at(poll)).content.decode()

    assert not OpenBallot.objects.exists()
    assert not VotingRight.objects.exists()
    assert str(glazov[0]) in told
    assert Client().post(_at(poll, "vote/"), {"option": "for"}).status_code == 403


def test_the_office_prepares_opens_extends_and_cancels():
    _voters(3)
    office = make_role("office").user
    client = signed_in(office)
    end = timezone.localtime() + timedelta(days=3)
    asked = {
        "title": "О девизе года",
        "options": "За | For\nПротив | Against\n- Воздержался",
        "closes_at": end.strftime("%Y-%m-%dT%H:%M"),
        "quorum": "1/2",
        "majority": "2/3",
        "needs": "least",
        "extension_days": "5",
        "most_extensions": "1",
        "weights": "",
        "is_secret": "",
    }
    later = (end + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")

    faulty = client.post("/ru/association/polls/new/", asked | {"quorum": "3/2"})
    made = client.post("/ru/association/polls/new/", asked)
    poll = Poll.objects.get()
    assert Client().get(_at(poll)).status_code == 404
    assert client.get(_at(poll, "edit/")).status_code == 200
    changed = {"title": "О девизе следующего года", "seen": mark_of_poll(poll)}
    client.post(_at(poll, "edit/"), asked | changed)
    assert client.get(_at(poll, "open/")).status_code == 200
    client.post(_at(poll, "open/"))
    client.post(_at(poll, "extend/"), {"closes_at": later})

    assert faulty.status_code == 200
    assert made.status_code == 302
    poll.refresh_from_db()
    assert (poll.state, poll.title, poll.extensions) == ("open", "О девизе следующего года", 1)
    assert (poll.majority_numerator, poll.is_over) == (2, False)
    assert [one.code for one in poll.options.all()] == ["for", "against", "abstain"]
    assert [one.is_abstention for one in poll.options.all()] == [False, False, True]
    client.post(_at(poll, "cancel/"), {"reason": "Вопрос снят"})
    assert "Вопрос снят" in Client().get(_at(poll)).content.decode()


def test_nobody_else_runs_polls():
    _voters(1)
    poll = make_poll(is_open=False)
    stranger = signed_in(make_role("head", city=make_city("Stary Bor")).user)

    for part in ("edit/", "open/", "extend/", "cancel/"):
        assert stranger.post(_at(poll, part), {"reason": "x"}).status_code == 403
    assert stranger.post("/ru/association/polls/new/", {}).status_code == 403
    assert stranger.get(_at(poll)).status_code == 404
    assert Poll.objects.get().state == "draft"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_pages_of_a_closed_poll(language):
    voters = _voters(3)
    poll = make_poll(
        question="Проводить ли встречу?",
        weights={"kind": "population", "tiers": [[0, 1], [50_000, 2]]},
    )
    for (member, user), code in zip(voters, ["for", "for", "abstain"], strict=True):
        cast_open(
            poll=poll,
            member=member,
            option=poll.options.get(code=code),
            by=user,
            now=timezone.now(),
        )
    _close(poll)

    page = Client().get(_at(poll, language=language)).content.decode()
    ballots = Client().get(_at(poll, "ballots/", language)).content.decode()
    pdf = Client().get(_at(poll, "protocol.pdf", language))
    word = Client().get(_at(poll, "protocol.docx", language))

    assert "poll-bars" in page
    assert all(str(member) in page and str(member) in ballots for member, _user in voters)
    assert not [user for _member, user in voters if user.email in page + ballots]
    from docx import Document
    from pypdf import PdfReader

    text = "".join(part.extract_text() for part in PdfReader(BytesIO(pdf.content)).pages)
    assert "2/1" in text or "1/1" in text
    tables = Document(BytesIO(word.content)).tables
    assert len(tables) == 3


def test_lists_are_read_in_a_fixed_number_of_queries(django_assert_num_queries):
    _voters(1)
    office = make_role("office").user
    for place in range(21):
        make_poll(office=office, title=f"О деле {place}", is_open=place > 0)
    client = Client()
    client.get("/ru/association/polls/")

    with django_assert_num_queries(1):
        first = client.get("/ru/association/polls/").content.decode()
    with django_assert_num_queries(1):
        table = client.get("/ru/association/polls/polls.csv").content.decode()
    feed = client.get("/en/feeds/polls.atom")
    narrowed = client.get("/en/association/polls/?state=closed&kind=secret")

    assert first.count("result-title") == 20
    assert "О деле 0" not in first + table
    assert table.count("\r\n") == 21
    assert feed.content.decode().count("<entry>") == 20
    assert narrowed.status_code == 200
    mine = signed_in(office)
    seen = mine.get("/ru/association/polls/").content.decode()
    more = re.findall(r"after=([0-9a-f-]{36})", seen)[0]
    assert "О деле 0" in mine.get(f"/ru/association/polls/?after={more}").content.decode()
