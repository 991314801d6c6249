"""A citizen's report: who follows one report, a street, a circle or a category by letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.mail.operations import address_digest as letter_digest
from novator.mail.operations import queue_letter, resume_letters
from novator.reports.asking import AskedTooOften, count_letter, leads_away
from novator.reports.contacts import ContactDetails, digest_of, opened, seal
from novator.reports.models import Category, Report, Subscription
from novator.text.words import fold

RADII = (250, 500, 1000, 2000)
"""Metres that are offered around a pin."""
MOST_OF_ONE = 50
CONFIRMED_WITHIN = timedelta(days=3)
_SALT = "novator.reports.subscription"


class CannotSubscribe(Exception):
    """This cannot be followed; the message is fit to show."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to follow; what does not belong to the kind is empty. Degrees, metres."""

    kind: str
    report: Report | None = None
    street: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius: int | None = None
    category: Category | None = None


@transaction.atomic
def subscribe(
    *,
    municipality: Municipality,
    wish: Wish,
    now: datetime,
    user: User | None = None,
    email: str = "",
    language: str = "ru",
    is_support: bool = False,
) -> Subscription:
    """
    Follow something, at once with an account, else once the letter to the address is answered.

    Asking again for the same gives what is there. `is_support`: answering the letter says "me
    too" as well.

    :raises CannotSubscribe: no such thing, no address, or too many already
    """
    _refuse(municipality, wish)
    digest = "" if user else _checked(email)
    mine = Subscription.objects.filter(ended_at=None)
    mine = mine.filter(user=user) if user else mine.filter(digest=digest)
    facts = _facts(municipality, wish)
    known = mine.filter(**facts).first()
    if known is None and mine.count() >= MOST_OF_ONE:
        raise CannotSubscribe(
            _("This address follows %(most)s things already. End one of them first.")
            % {"most": MOST_OF_ONE}
        )
    subscription = known or Subscription.objects.create(
        **facts,
        street_name=" ".join(wish.street.split())[:200] if wish.kind == "street" else "",
        user=user,
        sealed=None if user else seal(ContactDetails(email=email.strip())),
        digest=digest,
        language=user.language if user else language,
        confirmed_at=now if user else None,
        told_until=now,
        made_at=now,
    )
    if user is None and (subscription.confirmed_at is None or is_support):
        try:
            count_letter(email=email, now=now)
        except AskedTooOften as refusal:
            raise CannotSubscribe(str(refusal)) from refusal
        _ask_to_confirm(subscription, now=now, is_support=is_support)
    return subscription


@transaction.atomic
def confirm_subscription(*, subscription: Subscription, now: datetime) -> bool:
    """Begin to tell the owner of an address; False where that was so already."""
    held = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if held.confirmed_at is not None and held.ended_at is None:
        return False
    Subscription.objects.filter(pk=held.pk).update(confirmed_at=now, ended_at=None, told_until=now)
    subscription.refresh_from_db()
    if subscription.sealed is not None:
        address = opened(subscription.sealed).email
        resume_letters(digest=letter_digest(address), kind="report_news")
    return True


def end_subscription(*, subscription: Subscription, now: datetime) -> None:
    """Tell no more; the address is deleted with it."""
    Subscription.objects.filter(pk=subscription.pk, ended_at=None).update(
        ended_at=now, sealed=None, digest=""
    )
    subscription.refresh_from_db()


def forget_unconfirmed(*, now: datetime) -> int:
    """Delete what was never confirmed and, with their addresses, what ended."""
    old = Subscription.objects.filter(made_at__lt=now - CONFIRMED_WITHIN)
    removed, _each = old.filter(confirmed_at=None).delete()
    ended, _each = Subscription.objects.filter(ended_at__lt=now - CONFIRMED_WITHIN).delete()
    return removed + ended


def confirm_token(subscription: Subscription, *, is_support: bool = False) -> str:
    """Return what the link of the letter holds: a number and a signature, no address."""
    return _signer(is_support).sign(subscription.public_id.hex)


def subscription_of(token: str) -> tuple[Subscription, bool] | None:
    """Return the subscription a link confirms, and whether it says "me too"; None if it is void."""
    for is_support in (False, True):
        try:
            public_id = _signer(is_support).unsign(token[:200], max_age=CONFIRMED_WITHIN)
        except BadSignature:
            continue
        known = Subscription.objects.select_related("report", "municipality", "category")
        found = known.filter(public_id=public_id, ended_at=None).first()
        return (found, is_support) if found else None
    return None


def stop_link(subscription: Subscription) -> str:
    """Full address of the page with the one button that ends it."""
    path = reverse("stop_report_subscription", args=[subscription.public_id])
    return f"{settings.SITE_ADDRESS}{path}"


def street_key(street: str) -> str:
    """Fold the name of a street so that its spellings are one: no kind of street, no case."""
    words = [word.strip(".") for word in fold(street).replace(",", " ").split()]
    return " ".join(word for word in words if word not in _KINDS_OF_STREET)[:220]


_KINDS_OF_STREET = frozenset(
    (
        *("ул", "улица", "пер", "переулок", "пр", "проспект", "пр-т", "пр-кт", "просп", "проезд"),
        *("пр-д", "б-р", "бульвар", "пл", "площадь", "ш", "шоссе", "наб", "набережная", "тупик"),
        *("street", "st", "avenue", "ave", "road", "rd", "lane", "ln", "square"),
    )
)


def _refuse(municipality: Municipality, wish: Wish) -> None:
    is_whole = {
        "report": wish.report is not None,
        "street": bool(street_key(wish.street)) and not leads_away(wish.street),
        "radius": wish.latitude is not None
        and wish.longitude is not None
        and wish.radius in RADII
        and municipality.channel.contains(wish.latitude, wish.longitude),
        "category": wish.category is not None and wish.category.municipality_id == municipality.pk,
    }
    if not is_whole.get(wish.kind, False):
        raise CannotSubscribe(_("There is nothing here that can be followed."))


def _facts(municipality: Municipality, wish: Wish) -> dict[str, object]:
    is_circle = wish.kind == "radius"
    return {
        "municipality": municipality,
        "kind": wish.kind,
        "report": wish.report if wish.kind == "report" else None,
        "street_key": street_key(wish.street) if wish.kind == "street" else "",
        "latitude": wish.latitude if is_circle else None,
        "longitude": wish.longitude if is_circle else None,
        "radius": wish.radius if is_circle else None,
        "category": wish.category if wish.kind == "category" else None,
    }


def _checked(email: str) -> str:
    from django.core.exceptions import ValidationError

    try:
        validate_email(email.strip())
    except ValidationError as fault:
        raise CannotSubscribe(_("Enter an e-mail address.")) from fault
    return digest_of(email)


def _ask_to_confirm(subscription: Subscription, *, now: datetime, is_support: bool) -> None:
    """Write the letter of the double opt-in, at most one a day for the same wish."""
    assert subscription.sealed is not None
    token = confirm_token(subscription, is_support=is_support)
    with override(subscription.language):
        path = reverse("confirm_report_subscription", args=[token])
        address = f"{settings.SITE_ADDRESS}{path}"
        if is_support and subscription.report is not None:
            subject = _("Confirm your “me too”")
            said = _("Somebody, most likely you, said “me too” to report № %(number)s.") % {
                "number": subscription.report.number
            }
        else:
            subject = _("Confirm that you want these letters")
            said = _("Somebody, most likely you, wants letters about: %(what)s.") % {
                "what": name_of(subscription)
            }
        body = "\n\n".join(
            [
                said,
                _("If it was you, confirm it within three days: %(address)s")
                % {"address": address},
                _("If it was not you, do nothing: without the link nothing happens."),
            ]
        )
    queue_letter(
        to=opened(subscription.sealed).email,
        kind="report",
        subject=subject,
        body=body,
        language=subscription.language,
        key=f"report-subscription:{subscription.public_id}:{is_support}:{now.date()}",
    )


def name_of(subscription: Subscription) -> str:
    """Say in words what is followed, in the language now spoken."""
    city = subscription.municipality.name
    if subscription.kind == "report" and subscription.report is not None:
        return _("report № %(number)s") % {"number": subscription.report.number}
    if subscription.kind == "street":
        return f"{city}, {subscription.street_name}"
    if subscription.kind == "category" and subscription.category is not None:
        return f"{city}: {subscription.category.name}"
    return _("%(city)s: within %(radius)s m of a place") % {
        "city": city,
        "radius": subscription.radius,
    }


def _signer(is_support: bool) -> TimestampSigner:
    return TimestampSigner(salt=f"{_SALT}.{'support' if is_support else 'news'}", sep=".")
