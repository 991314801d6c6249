"""Solutions discussed: once a day, who is reminded of what, and who hears of a city's request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from novator.accounts.models import User
from novator.accounts.queries import roles_on
from novator.cities.models import Municipality
from novator.cities.queries import peers
from novator.core.topics import TOPIC_BY_CODE
from novator.mail.operations import address_digest, is_stopped
from novator.practices.models import Practice
from novator.talk.booking_letters import ask_whether_done, remind_of_booking, remind_of_meeting
from novator.talk.letters import Words, link, send_to
from novator.talk.models import Booking, Question, Request, Told
from novator.talk.questions import questions_to_remind, tell_author_city
from novator.talk.voices import ANSWERING, cities_here

DAYS_FOR_AN_ANSWER = 10
DAYS_FOR_A_BOOKING = 5
DAYS_A_REQUEST_IS_NEW = 14
MOST_PEOPLE_A_DAY = 200
MOST_IN_A_LETTER = 5
PEERS_ASKED = 20
_REQUEST = "request"


@transaction.atomic
def remind_author_cities(*, now: datetime, on: date) -> int:
    """Remind each author city once of a question that waits; those not here are the office's."""
    count = 0
    here = cities_here(on=on)
    for question in questions_to_remind(before=now - timedelta(days=DAYS_FOR_AN_ANSWER)):
        if question.practice.municipality_id not in here:
            continue
        key = f"question-waits:{question.public_id}"
        count += tell_author_city(question, key=key, on=on, is_reminder=True)
        Question.objects.filter(pk=question.pk, reminded_at=None).update(reminded_at=now)
    return count


@transaction.atomic
def remind_of_bookings(*, now: datetime, on: date) -> int:
    """Remind of bookings without an answer, of what is agreed for tomorrow, of what is past."""
    rows = Booking.objects.select_related("practice__municipality", "written_for", "written_by")
    waiting = rows.filter(
        state="asked", reminded_at=None, moved_at__lte=now - timedelta(days=DAYS_FOR_A_BOOKING)
    )
    count = 0
    for booking in waiting.order_by("id"):
        count += remind_of_booking(booking, on=on)
        Booking.objects.filter(pk=booking.pk).update(reminded_at=now)
    agreed = rows.filter(state="accepted").order_by("id")
    for booking in agreed.filter(meeting_on=on + timedelta(days=1)):
        count += remind_of_meeting(booking, on=on)
    for booking in agreed.filter(meeting_on=on - timedelta(days=1)):
        count += ask_whether_done(booking, on=on)
    return count


@transaction.atomic
def tell_of_requests(*, now: datetime, on: date) -> int:
    """
    Send each fitting official at most one letter a day about new requests of other cities.

    Fitting are those who answer for a city with a card in the topic or for one of the cities most
    like the asking one. Bounded a day; the rest get theirs on the next days. Nobody is told of a
    request twice, and nobody who stopped such letters is counted.
    """
    since = now - timedelta(days=DAYS_A_REQUEST_IS_NEW)
    fresh = Request.objects.shown().filter(
        closed_at=None, written_at__gte=since, open_until__gte=on
    )
    people = _people_by_city(on)
    wanted: dict[User, list[Request]] = defaultdict(list)
    told = set(Told.objects.filter(request__in=fresh).values_list("request", "user"))
    for request in fresh.select_related("written_for").order_by("written_at", "id"):
        for city in _fitting_cities(request, among=people.keys()):
            for user in people[city]:
                if (request.pk, user.pk) not in told and request not in wanted[user]:
                    wanted[user].append(request)
    has_letter = set(Told.objects.filter(told_on=on).values_list("user", flat=True))
    count = 0
    for user, requests in wanted.items():
        if count >= MOST_PEOPLE_A_DAY:
            break
        if requests and user.pk not in has_letter and not _has_stopped(user):
            count += _tell(user, requests[:MOST_IN_A_LETTER], on=on)
    return count


def _tell(user: User, requests: list[Request], *, on: date) -> int:
    Told.objects.bulk_create(
        [Told(request=request, user=user, told_on=on) for request in requests],
        ignore_conflicts=True,
    )

    def words(_user: User) -> Words:
        subject = ngettext(
            "A city asks: %(title)s", "%(number)s cities ask for a solution", len(requests)
        ) % {"title": requests[0].title, "number": len(requests)}
        parts = [_("Has your city solved this? A card or a few words help.")]
        return subject, [*parts, *(_request_words(request) for request in requests)]

    return send_to([user], kind=_REQUEST, key=f"requests:{on.isoformat()}", words=words)


def _request_words(request: Request) -> str:
    facts = {
        "city": request.city.name,
        "title": request.title,
        "topic": str(TOPIC_BY_CODE[request.topic].name),
        "link": link(request.get_absolute_url()),
    }
    return "\n".join([_("%(city)s asks (%(topic)s): %(title)s") % facts, facts["link"]])


def _has_stopped(user: User) -> bool:
    return is_stopped(digest=address_digest(user.email), kind=_REQUEST)


def _people_by_city(on: date) -> dict[int, list[User]]:
    roles = roles_on(on).filter(municipality__isnull=False, kind__in=ANSWERING)
    roles = roles.filter(user__is_active=True, user__erased_at=None)
    found: dict[int, list[User]] = defaultdict(list)
    for role in roles.select_related("user").order_by("user_id"):
        if role.municipality_id and role.user not in found[role.municipality_id]:
            found[role.municipality_id].append(role.user)
    return found


def _fitting_cities(request: Request, *, among: Iterable[int]) -> list[int]:
    """Cities with a card in the topic, then those most like the asking one; never itself."""
    here = set(among) - {request.city.pk}
    cards = Practice.objects.published().filter(topic=request.topic, municipality__in=here)
    fitting = list(
        dict.fromkeys(cards.order_by("municipality").values_list("municipality", flat=True))
    )
    rows = Municipality.objects.filter(pk__in=here)
    keys = dict(rows.values_list("slug", "pk"))
    alike = peers(request.city, PEERS_ASKED, among=keys)
    return list(dict.fromkeys([*fitting, *(keys[peer.city.slug] for peer in alike)]))
