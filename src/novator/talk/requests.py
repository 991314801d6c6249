"""Solutions discussed: a city asks all who has solved this, and says what of the answers helped."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.practices.models import Practice
from novator.talk.keeping import kept_once
from novator.talk.letters import Words, link, send_to, title_of
from novator.talk.models import Request, RequestAnswer
from novator.talk.voices import ANSWERING, Voice, people_of

LONGEST_DAYS = 180


class CannotAskAll(Exception):
    """The request cannot be published; the message is fit to show."""


class CannotAnswerAll(Exception):
    """The answer cannot be taken; the message is fit to show."""


class CannotSettle(Exception):
    """The request cannot be settled so; the message is fit to show."""


@transaction.atomic
def ask_all(
    *,
    voice: Voice,
    title: str,
    text: str,
    topic: str,
    open_until: date,
    token: UUID,
    at: datetime,
    on: date,
) -> Request:
    """
    Publish a city's request; cities it fits get it in one letter a day, by a later job.

    :raises CannotAskAll: the last day is past or too far away
    """
    if not on <= open_until <= on + timedelta(days=LONGEST_DAYS):
        raise CannotAskAll(
            _("The last day lies between today and %(days)s days from now.")
            % {"days": LONGEST_DAYS}
        )
    asked = Request(
        title=" ".join(title.split()),
        text=text.strip(),
        topic=topic,
        open_until=open_until,
        token=token,
        written_by=voice.user,
        written_for=voice.city,
        written_as=voice.role,
        written_at=at,
    )
    return kept_once(asked)[0]


@transaction.atomic
def answer_request(
    *,
    request: Request,
    voice: Voice,
    text: str,
    practice: Practice | None,
    token: UUID,
    at: datetime,
    on: date,
) -> RequestAnswer:
    """
    Answer with a card, in words, or both; several cities at once are all kept.

    :raises CannotAnswerAll: no more answers are taken, or the answer is empty
    """
    written = RequestAnswer(
        request=request,
        practice=practice,
        text=text.strip(),
        token=token,
        written_by=voice.user,
        written_for=voice.city,
        written_as=voice.role,
        written_at=at,
    )
    if not request.is_open(on):
        raise CannotAnswerAll(_("This request is closed: no more answers are taken."))
    if practice is None and not written.text:
        raise CannotAnswerAll(_("Name a card or answer in words."))
    answer, is_new = kept_once(written)
    if is_new:
        _tell_asker(answer, on=on)
    return answer


@transaction.atomic
def mark_answer(*, answer: RequestAnswer, has_helped: bool, at: datetime) -> bool:
    """
    Store whether an answer helped the asking city.

    True, once for each answer, if its card is to be kept as a judgement of the search.
    """
    answer = RequestAnswer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    if has_helped != (answer.helped_at is not None):
        answer.helped_at = at if has_helped else None
    is_first = has_helped and answer.practice_id is not None and answer.judged_at is None
    if is_first:
        answer.judged_at = at
    answer.save(update_fields=["helped_at", "judged_at"])
    return is_first


@transaction.atomic
def close_request(*, request: Request, outcome: str, words: str, at: datetime) -> Request:
    """
    End a request with what came of it.

    :raises CannotSettle: it is closed already, or no answer is marked as the one that helped
    """
    request = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.closed_at is not None:
        raise CannotSettle(_("This request is closed already."))
    if outcome == "solved" and not request.answers.exclude(helped_at=None).exists():
        raise CannotSettle(_("First mark the answer that helped."))
    request.closed_at, request.outcome, request.outcome_words = at, outcome, words.strip()
    request.save(update_fields=["closed_at", "outcome", "outcome_words"])
    return request


def _tell_asker(answer: RequestAnswer, *, on: date) -> None:
    request = answer.request
    people = [request.written_by]
    if not request.written_by.is_active:
        people = people_of(request.city, ANSWERING, on=on)

    def words(user: User) -> Words:
        facts = {
            "city": answer.place_name,
            "title": request.title,
            "link": link(request.get_absolute_url()),
        }
        card = (
            _("With the practice: %(title)s") % {"title": title_of(answer.practice)}
            if (answer.practice)
            else ""
        )
        return _("%(city)s answers: %(title)s") % facts, [
            _("%(city)s answered your request “%(title)s”.") % facts,
            card,
            answer.text,
            _("Read it and say whether it helped: %(link)s") % facts,
        ]

    send_to(people, kind="answer", key=f"request-answer:{answer.public_id}", words=words)
