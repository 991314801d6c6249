"""The exchange: what waits for a person, counted over everything that this person may do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.accounts.queries import holds, municipalities_of, roles_of
from novator.association.ballots import votes_waiting
from novator.association.mandates import acting_for
from novator.association.models import Application, Invoice
from novator.association.permissions import cities_to_apply_for
from novator.association.position_waiting import consultations_waiting, letters_waiting_for
from novator.council.listing import decisions_in_work
from novator.council.permissions import KEEPERS
from novator.council.unfinished import unfinished_of
from novator.drafts.permissions import RELEASERS, WRITERS
from novator.drafts.queries import of_cities
from novator.portal.office import pages_of_office
from novator.practices.models import Practice
from novator.reports.models import Channel
from novator.reports.permissions import OFFICERS
from novator.reports.worklist import waiting_of
from novator.reviews.permissions import conflicted_places
from novator.reviews.queries import cards_to_review, scores_due
from novator.talk.queries import waiting_counts
from novator.talk.voices import ANSWERING, ASKING

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Waiting:
    """One kind of work that waits: what it is, how much of it, where it is done."""

    name: str | Promise
    number: int
    address: str


def work_of(user: User, *, on: date) -> list[Waiting]:
    """Everything that waits for the person that day; kinds without anything are left out."""
    found = [
        *_writing(user, on),
        *_reports(user, on),
        *_talk(user, on),
        *_judging(user, on),
        *_sessions(user, on),
        *_decisions(user, on),
        *_membership(user, on),
        *_votes(user, on),
        *_office(user, on),
    ]
    return [one for one in found if one.number]


def may_act(user: User, *, on: date) -> bool:
    """Whether the person holds any role, so that something may wait at all."""
    return bool(roles_of(user, on=on))


def _writing(user: User, on: date) -> Iterator[Waiting]:
    cities = municipalities_of(user, WRITERS, on=on)
    if not cities:
        return
    drafts = reverse("my_drafts")
    states = list(of_cities(cities).values_list("state", "municipality_id", "holder_id"))
    releasing = {city.pk for city in municipalities_of(user, RELEASERS, on=on)}
    waits = [one for one in states if one[0] == "awaiting_release" and one[1] in releasing]
    returned = [one for one in states if one[0] == "returned"]
    begun = [one for one in states if one[0] == "writing" and one[2] == user.pk]
    own = Practice.objects.published().filter(municipality__in=cities)
    own = own.filter(is_by_its_city=True, origin="")
    due = own.confirmed_no_later_than(on + SOON).count()
    yield Waiting(_("cards to release in the city’s name"), len(waits), drafts)
    yield Waiting(_("drafts returned with remarks"), len(returned), drafts)
    yield Waiting(_("drafts begun by you"), len(begun), drafts)
    yield Waiting(_("cards to confirm within a month"), due, reverse("my_cards"))


def _reports(user: User, on: date) -> Iterator[Waiting]:
    cities = municipalities_of(user, OFFICERS, on=on)
    taking = Channel.objects.filter(municipality__in=cities).select_related("municipality")
    names = {
        "mine": _("reports assigned to you: %(city)s"),
        "check": _("reports to check: %(city)s"),
        "overdue": _("overdue reports: %(city)s"),
    }
    for channel in taking if cities else ():
        city = channel.municipality
        work = reverse("work_list", args=[city.slug])
        for code, number in waiting_of(city, user=user, on=on).items():
            yield Waiting(names[code] % {"city": city.name}, number, f"{work}?tab={code}")


def _talk(user: User, on: date) -> Iterator[Waiting]:
    answering = municipalities_of(user, ANSWERING, on=on)
    asking = municipalities_of(user, ASKING, on=on)
    if not asking:
        return
    counts = waiting_counts(answering, guests=asking)
    talk = reverse("my_talk")
    yield Waiting(_("questions to answer"), counts["questions"], talk)
    yield Waiting(_("wishes for help to answer"), counts["bookings"], talk)
    yield Waiting(_("dates of help proposed to your city"), counts["proposals"], talk)


def _sessions(user: User, on: date) -> Iterator[Waiting]:
    cities = municipalities_of(user, KEEPERS, on=on)
    waiting = unfinished_of(cities) if cities else {}
    for city in cities:
        bare, unsigned = waiting.get(city.pk, (0, 0))
        desk = reverse("council_desk", args=[city.slug])
        facts = {"city": city.name}
        yield Waiting(_("planned sessions without an agenda: %(city)s") % facts, bare, desk)
        yield Waiting(_("sessions held without a protocol: %(city)s") % facts, unsigned, desk)


def _decisions(user: User, on: date) -> Iterator[Waiting]:
    cities = municipalities_of(user, KEEPERS, on=on)
    waiting = decisions_in_work(cities) if cities else {}
    for city in cities:
        drafts, unsigned = waiting.get(city.pk, (0, 0))
        page = reverse("council_decisions", args=[city.slug])
        facts = {"city": city.name}
        yield Waiting(_("drafts of decisions: %(city)s") % facts, drafts, page)
        address = f"{page}?state=adopted"
        yield Waiting(_("decisions to sign or return: %(city)s") % facts, unsigned, address)


def _judging(user: User, on: date) -> Iterator[Waiting]:
    is_expert = holds(user, {"expert"}, municipality=None, on=on)
    due = scores_due(user, on=on)
    places = conflicted_places(user, on=on) if is_expert or due else set()
    if is_expert:
        cards = len(cards_to_review(user, places=places))
        yield Waiting(_("cards without your review"), cards, reverse("my_reviews"))
    for contest, entries in due:
        left = sum(1 for place in entries if place not in places)
        words = _("entries to score: %(contest)s") % {"contest": contest.title}
        yield Waiting(words, left, reverse("jury", args=[contest.slug]))


def _membership(user: User, on: date) -> Iterator[Waiting]:
    """Applications that came back to a city, invoices that it has not paid."""
    cities = cities_to_apply_for(user, on=on)
    if not cities:
        return
    returned = Application.objects.filter(municipality__in=cities, state="returned")
    address = reverse("join_association")
    yield Waiting(_("applications to join returned with remarks"), returned.count(), address)
    unpaid = Invoice.objects.filter(member__municipality__in=cities, state="issued")
    for slug, number in unpaid.values_list("member__municipality__slug").annotate(n=Count("pk")):
        address = reverse("member_fees", args=[slug])
        yield Waiting(_("membership fees to be paid"), number, address)


def _votes(user: User, on: date) -> Iterator[Waiting]:
    actings, now = acting_for(user, on=on), timezone.now()
    waiting = votes_waiting(actings)
    yield Waiting(_("votes of members without your city’s voice"), waiting, reverse("polls"))
    consultations = consultations_waiting(actings, now=now)
    page = f"{reverse('positions')}?state=consultation"
    yield Waiting(_("consultations without your city’s remark"), consultations, page)
    letters = letters_waiting_for(actings, now=now)
    page = f"{reverse('positions')}?kind=letter"
    yield Waiting(_("joint letters without your city’s signature"), letters, page)


def _office(user: User, on: date) -> Iterator[Waiting]:
    for page in pages_of_office(user, on=on):
        if page.waiting:
            yield Waiting(page.name, page.waiting(), page.address)
