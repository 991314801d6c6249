"""Solutions discussed: a question on a card is asked, answered, passed on, opened to all."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.practices.models import Practice
from novator.talk.keeping import kept_once
from novator.talk.letters import Words, link, send_to, title_of
from novator.talk.models import Question, Reply
from novator.talk.voices import ANSWERING, Voice, is_here, office_people, people_of


class CannotAsk(Exception):
    """The question cannot be asked; the message is fit to show."""


class CannotReply(Exception):
    """The reply cannot be taken; the message is fit to show."""


@transaction.atomic
def ask_question(
    *,
    practice: Practice,
    voice: Voice,
    text: str,
    is_public: bool,
    token: UUID,
    at: datetime,
    on: date,
) -> Question:
    """
    Ask the author city of a card; its head, approvers and editors get a letter.

    While nobody is there to answer for that city, the office gets it.

    :raises CannotAsk: the card is the asker's own city's, or is no longer in the catalogue
    """
    if voice.city is not None and voice.city.pk == practice.municipality_id:
        raise CannotAsk(_("This card is of your own city."))
    if practice.withdrawn_at is not None:
        raise CannotAsk(_("This card was taken out of the catalogue."))
    asked = Question(
        practice=practice,
        text=text.strip(),
        public_since=at if is_public else None,
        token=token,
        written_by=voice.user,
        written_for=voice.city,
        written_as=voice.role,
        written_at=at,
    )
    question, is_new = kept_once(asked)
    if is_new:
        tell_author_city(question, key=f"question:{question.public_id}", on=on)
    return question


@transaction.atomic
def write_reply(
    *,
    question: Question,
    side: str,
    voice: Voice,
    text: str,
    may_be_shown: bool,
    token: UUID,
    at: datetime,
    on: date,
    source: str = "",
) -> Reply:
    """
    Add a reply; several at once are all kept. The other side gets a letter.

    :raises CannotReply: the question is hidden, or the office does not say whose answer it is
    """
    question = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if question.is_hidden:
        raise CannotReply(_("A moderator has hidden this question; nothing can be added."))
    if side == "office" and not source.strip():
        raise CannotReply(_("Say whose answer this is and how it reached the office."))
    written = Reply(
        question=question,
        side=side,
        text=text.strip(),
        may_be_shown=may_be_shown,
        source=source.strip() if side == "office" else "",
        token=token,
        written_by=voice.user,
        written_for=voice.city,
        written_as=voice.role,
        written_at=at,
    )
    reply, is_new = kept_once(written)
    if is_new:
        if side != "asker":
            Question.objects.filter(pk=question.pk, answered_at=None).update(answered_at=at)
        _tell_of_reply(reply, on=on)
    return reply


@transaction.atomic
def open_question(*, question: Question, is_public: bool, at: datetime) -> Question:
    """Let everybody read the question and what its answerers let be shown, or no longer."""
    question = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if question.is_public != is_public:
        question.public_since = at if is_public else None
        question.save(update_fields=["public_since"])
    return question


def tell_author_city(question: Question, *, key: str, on: date, is_reminder: bool = False) -> int:
    """Write to those who answer for the author city; to the office while there is nobody."""
    city = question.practice.municipality
    here = is_here(city.slug, on=on)

    def words(user: User) -> Words:
        facts = {
            "asker": question.place_name,
            "city": city.name,
            "title": title_of(question.practice),
            "link": link(question.get_absolute_url()),
        }
        if is_reminder:
            subject = _("A question to %(city)s waits: %(title)s") % facts
            first = _("%(asker)s asked about the practice “%(title)s” and has no answer yet.")
        else:
            subject = _("A question to %(city)s: %(title)s") % facts
            first = _("%(asker)s asks about the practice “%(title)s”.")
        parts = [first % facts, _shown_words(question.text, is_public=question.is_public)]
        if not here:
            parts.append(
                _("Nobody answers for %(city)s in Novator yet; the office may pass it on.") % facts
            )
        return subject, [*parts, _("Read and answer: %(link)s") % facts]

    if here:
        return send_to(people_of(city, ANSWERING, on=on), kind="question", key=key, words=words)
    return send_to(office_people(on=on), kind="office", key=key, words=words)


def _tell_of_reply(reply: Reply, *, on: date) -> None:
    question = reply.question
    city = question.practice.municipality
    from_asker = reply.side == "asker"

    def words(user: User) -> Words:
        facts = {
            "who": question.place_name if from_asker else city.name,
            "title": title_of(question.practice),
            "link": link(question.get_absolute_url()),
        }
        if from_asker:
            subject = _("%(who)s writes again: %(title)s") % facts
            first = _("%(who)s added something to its question about “%(title)s”.") % facts
        else:
            subject = _("An answer of %(who)s: %(title)s") % facts
            first = _("%(who)s answered your question about the practice “%(title)s”.") % facts
        shown = question.is_public and reply.may_be_shown
        parts = [first, _shown_words(reply.text, is_public=shown)]
        return subject, [*parts, _("Read and reply: %(link)s") % facts]

    key = f"reply:{reply.public_id}"
    if not from_asker:
        send_to(_askers(question, on=on), kind="answer", key=key, words=words)
    elif is_here(city.slug, on=on):
        send_to(people_of(city, ANSWERING, on=on), kind="question", key=key, words=words)
    else:
        send_to(office_people(on=on), kind="office", key=key, words=words)


def _askers(question: Question, *, on: date) -> list[User]:
    """Who asked; if that account is closed, those who answer for the asking city."""
    if question.written_by.is_active and question.written_by.erased_at is None:
        return [question.written_by]
    return people_of(question.written_for, ANSWERING, on=on) if question.written_for else []


def _shown_words(text: str, *, is_public: bool) -> str:
    """The words themselves if all may read them; private ones are read on the page only."""
    if is_public:
        return text
    return _("It was sent privately: the text is on the page, for which you sign in.")


def questions_to_remind(*, before: datetime) -> list[Question]:
    """Waiting questions that were asked before a moment and of which nobody was reminded."""
    waiting = Question.objects.waiting().filter(written_at__lte=before, reminded_at=None)
    rows = waiting.select_related("practice__municipality", "written_for")
    return list(rows.order_by("written_at", "id"))
