"""Solutions discussed: who may ask, read, answer, hide; one function for each rule."""

from __future__ import annotations

from datetime import date

from novator.accounts.queries import AnyUser, holds
from novator.talk.models import Booking, Question, Request
from novator.talk.voices import ANSWERING, ANYBODY, ASKING, Voice, is_here, voices_of

OFFICE = frozenset({"office"})
MODERATORS = frozenset({"moderator"})
LOOKING_AFTER = OFFICE | MODERATORS


def voices_to_ask(user: AnyUser, question_of: int, *, on: date) -> list[Voice]:
    """
    In whose names the person may ask the author city `question_of` about its card.

    Any role in a city or in the association; nobody asks the own city.
    """
    found = voices_of(user, ANYBODY, on=on)
    return [voice for voice in found if voice.city is None or voice.city.pk != question_of]


def may_answer(user: AnyUser, question: Question, *, on: date) -> bool:
    """The head, an approver or an editor of the author city."""
    return holds(user, ANSWERING, municipality=question.practice.municipality, on=on)


def may_pass_on(user: AnyUser, question: Question, *, on: date) -> bool:
    """The office of the association, while nobody is there to answer for the author city."""
    is_office = holds(user, OFFICE, municipality=None, on=on)
    return is_office and not is_here(question.practice.municipality.slug, on=on)


def may_speak_for_asker(user: AnyUser, question: Question, *, on: date) -> bool:
    """Who asked, while a role there is held, and those who answer for the asking city."""
    city = question.written_for
    if city is None:
        return bool(user.pk == question.written_by_id and _is_of_association(user, on))
    is_asker = user.pk == question.written_by_id and holds(user, ASKING, municipality=city, on=on)
    return is_asker or holds(user, ANSWERING, municipality=city, on=on)


def may_read(user: AnyUser, question: Question, *, on: date) -> bool:
    """
    Everybody, if it is public; else the two cities, and the office where it has to pass it on.

    A hidden question is read by those two, and by moderators and the office if it was public.
    """
    if question.is_public and not question.is_hidden:
        return True
    if may_answer(user, question, on=on) or may_speak_for_asker(user, question, on=on):
        return True
    if question.is_public:
        return may_look_after(user, on=on)
    return may_pass_on(user, question, on=on)


def may_read_private(user: AnyUser, question: Question, *, on: date) -> bool:
    """Those who read the private replies too."""
    return (
        may_answer(user, question, on=on)
        or may_speak_for_asker(user, question, on=on)
        or may_pass_on(user, question, on=on)
    )


def may_open(user: AnyUser, question: Question, *, on: date) -> bool:
    """Only who asked lets everybody read the question, or no longer."""
    return user.pk == question.written_by_id and may_speak_for_asker(user, question, on=on)


def voices_to_reply(user: AnyUser, question: Question, *, on: date) -> list[tuple[str, Voice]]:
    """Sides of the thread on which the person may speak, each with the voice; mostly one."""
    found: list[tuple[str, Voice]] = []
    voices = {
        voice.city.pk if voice.city else None: voice for voice in voices_of(user, ANYBODY, on=on)
    }
    if may_answer(user, question, on=on):
        found.append(("author", voices[question.practice.municipality_id]))
    elif may_pass_on(user, question, on=on):
        found.append(("office", Voice(voices[None].user, None, "office")))
    if may_speak_for_asker(user, question, on=on):
        found.append(("asker", voices[question.written_for_id]))
    return found


def voices_to_ask_all(user: AnyUser, *, on: date) -> list[Voice]:
    """Cities in whose name the person may ask all others: any role there."""
    return voices_of(user, ASKING, on=on)


def voices_to_answer_all(user: AnyUser, request: Request, *, on: date) -> list[Voice]:
    """Other cities for which the person may answer a request: head, approver, editor."""
    found = voices_of(user, ANSWERING, on=on)
    return [voice for voice in found if voice.city and voice.city.pk != request.written_for_id]


def may_settle_request(user: AnyUser, request: Request, *, on: date) -> bool:
    """Who asked, while a role there is held, and those who answer for that city."""
    city = request.city
    is_asker = user.pk == request.written_by_id and holds(user, ASKING, municipality=city, on=on)
    return is_asker or holds(user, ANSWERING, municipality=city, on=on)


def may_read_request(user: AnyUser, request: Request, *, on: date) -> bool:
    """Everybody; a hidden one only its city and who looks after the talk."""
    if not request.is_hidden:
        return True
    return may_settle_request(user, request, on=on) or may_look_after(user, on=on)


def voices_to_book(user: AnyUser, author_city: int, *, on: date) -> list[Voice]:
    """Cities other than the author city in whose name the person may book its help: any role."""
    found = voices_of(user, ASKING, on=on)
    return [voice for voice in found if voice.city and voice.city.pk != author_city]


def may_decide_booking(user: AnyUser, booking: Booking, *, on: date) -> bool:
    """The head, an approver or an editor of the city that offers the help."""
    return holds(user, ANSWERING, municipality=booking.practice.municipality, on=on)


def may_speak_for_guest(user: AnyUser, booking: Booking, *, on: date) -> bool:
    """Who booked, while a role there is held, and those who answer for that city."""
    city = booking.city
    is_asker = user.pk == booking.written_by_id and holds(user, ASKING, municipality=city, on=on)
    return is_asker or holds(user, ANSWERING, municipality=city, on=on)


def may_read_booking(user: AnyUser, booking: Booking, *, on: date) -> bool:
    """The two cities alone."""
    return may_decide_booking(user, booking, on=on) or may_speak_for_guest(user, booking, on=on)


def may_hide(user: AnyUser, *, on: date) -> bool:
    """Moderators of the association; only what everybody can read."""
    return holds(user, MODERATORS, municipality=None, on=on)


def may_look_after(user: AnyUser, *, on: date) -> bool:
    """The office and the moderators see what is hidden and what waits."""
    return holds(user, LOOKING_AFTER, municipality=None, on=on)


def _is_of_association(user: AnyUser, on: date) -> bool:
    return any(voice.city is None for voice in voices_of(user, ANYBODY, on=on))
