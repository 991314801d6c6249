"""A citizen's report: forwarded to another system, once; what is not known a person looks up."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from novator.reports.contacts import ContactUnreadable, opened
from novator.reports.exchange.client import (
    PAUSES,
    QUEUE,
    CannotAsk,
    System,
    post_form,
    read_rows,
    system_of,
)
from novator.reports.exchange.cursors import keep
from novator.reports.exchange.loops import via_of
from novator.reports.exchange.telling import tell_what_waited
from novator.reports.life import tell_of_update
from novator.reports.models import (
    Connection,
    Contact,
    Forwarding,
    Report,
    ReportConsent,
    ReportPhoto,
    ReportUpdate,
)

FORWARD = "novator.reports.forward"
LOST_AFTER = timedelta(minutes=5)
TOKEN_KEPT = timedelta(days=7)
ASKED_AFTER_UNKNOWN = timedelta(days=1)
SENT_AGAIN_WITHIN = timedelta(hours=6)
ANY_KIND = "*"


def ask_to_send(forwarding: Forwarding) -> None:
    """Queue the sending, in the caller's transaction."""
    _defer(forwarding.pk, attempt=1)


class ForwardingRefused(Exception):
    """The forwarding is not in a state in which a person may settle it; fit to show."""


@transaction.atomic
def send_again(*, forwarding: Forwarding, now: datetime) -> None:
    """
    Send once more what was refused, or of which a person found that it did not arrive.

    :raises ForwardingRefused: it is on its way or has arrived
    """
    _settle(forwarding, now=now, state="waiting", failure="")
    ask_to_send(forwarding)


@transaction.atomic
def found_there(*, forwarding: Forwarding, number: str, now: datetime) -> None:
    """
    Write down the number under which a person found the report in the other system.

    :raises ForwardingRefused: no number, or it is on its way or has arrived
    """
    if not number.strip() or len(number) > 120:
        raise ForwardingRefused(_("Give the number that the report has in the other system."))
    _settle(forwarding, now=now, state="unknown", failure="")
    if _sent(forwarding, number.strip()) != "sent":
        raise ForwardingRefused(_("Another report has this number there already."))


def _settle(forwarding: Forwarding, *, now: datetime, **facts: str) -> None:
    settled = Forwarding.objects.filter(pk=forwarding.pk, state__in=("refused", "unknown"))
    if not settled.update(changed_at=now, **facts):
        raise ForwardingRefused(_("This report is on its way there or has arrived."))


def send_forwarding(*, forwarding_id: int, attempt: int, now: datetime) -> str:
    """
    Send a report to another system; return the state in which that left it.

    It is claimed before it is sent, so that of two workers one sends. Where the answer is not
    known it is sent again by itself only to a system that takes a repeat for what it is.
    """
    claimed = Forwarding.objects.filter(pk=forwarding_id, state="waiting").update(
        state="sending", changed_at=now
    )
    if not claimed:
        return ""
    forwarding = Forwarding.objects.select_related(
        "connection", "report__category", "report__municipality"
    ).get(pk=forwarding_id)
    if reason := _not_wanted(forwarding):
        return _left(forwarding, "refused", failure=reason)
    try:
        system = system_of(forwarding.connection)
        rows = post_form(system, "requests", item="request", fields=fields_of(forwarding))
    except CannotAsk as refusal:
        return _not_taken(forwarding, refusal, attempt=attempt)
    Connection.objects.filter(pk=forwarding.connection_id).update(failed_at=None, failure="")
    row = rows[0] if rows else {}
    return _answered(forwarding, row.get("service_request_id", ""), row.get("token", ""))


def _not_wanted(forwarding: Forwarding) -> str:
    """Why it is not sent any more, though it waited for that; empty where it is."""
    report = forwarding.report
    if report.erased_at is not None:
        return _("This report was erased.")
    if report.status == "withdrawn":
        return _("The sender has withdrawn the report.")
    if not forwarding.connection.is_active:
        return _("The connection is out of use.")
    return ""


def fields_of(forwarding: Forwarding) -> list[tuple[str, str]]:
    """
    What is sent of a report: its contact only where the connection says so and the sender agreed.

    Beyond the standard, for another Novator: a key that makes sending again harmless, and the
    sites by which the report came.
    """
    report, connection = forwarding.report, forwarding.connection
    fields = {
        "service_code": service_code_of(connection, report),
        "lat": "" if report.latitude is None else str(report.latitude),
        "long": "" if report.longitude is None else str(report.longitude),
        "address_string": report.address,
        "description": report.text,
        "requested_datetime": report.requested_at.isoformat(timespec="seconds"),
        "publication_consent": "true" if report.may_publish else "",
        "submission_key": str(submission_key_of(forwarding)),
        "via": via_of(report),
        "attribute[asset_number]": report.asset_number,
    }
    answers = [
        (f"attribute[{code}]" + ("[]" if isinstance(value, list) else ""), str(each))
        for code, value in report.answers.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    photos = [("media_url", url) for url in _photos(report)]
    return [*fields.items(), *answers, *photos, *_contact(report, connection)]


def service_code_of(connection: Connection, report: Report) -> str:
    """Their code for our kind: as the connection maps it, else the one for all, else the same."""
    code = report.category.code if report.category else ""
    return str(connection.services.get(code) or connection.services.get(ANY_KIND) or code)


def submission_key_of(forwarding: Forwarding) -> UUID:
    """A key of this forwarding, always the same; who knows it gets the number, so it is secret."""
    digest = salted_hmac("novator.reports.forwarding", str(forwarding.pk), algorithm="sha256")
    return UUID(bytes=digest.digest()[:16], version=4)


def look_after_forwardings(*, connection: Connection, now: datetime) -> int:
    """
    Ask for numbers that are to come, mark what was lost on the way; return how many got a number.

    :raises CannotAsk: the other system cannot be asked
    """
    mine = Forwarding.objects.filter(connection=connection).select_related("report", "connection")
    _mark_lost(mine, now=now)
    tokens = list(mine.filter(state="token")[:50])
    unknown = list(mine.filter(state="unknown", changed_at__gte=now - ASKED_AFTER_UNKNOWN)[:50])
    if not tokens and not unknown:
        return 0
    system = system_of(connection)
    got = sum(bool(_asked_for_number(system, each, each.token)) for each in tokens)
    found = [_asked_for_number(system, each, str(submission_key_of(each))) for each in unknown]
    nowhere = [each for each, is_there in zip(unknown, found, strict=True) if is_there is None]
    if nowhere and _knows_our_keys(system, connection):
        _send_once_more(nowhere, now=now)
    return got + sum(map(bool, found))


def _mark_lost(mine: QuerySet[Forwarding], *, now: datetime) -> None:
    mine.filter(state="sending", changed_at__lt=now - LOST_AFTER).update(
        state="unknown", changed_at=now, failure=_("The sending was interrupted.")
    )
    mine.filter(state="token", changed_at__lt=now - TOKEN_KEPT).update(
        state="unknown", changed_at=now, failure=_("The other system gave no number in a week.")
    )
    for lost in mine.filter(state="waiting", changed_at__lt=now - timedelta(hours=26)):
        ask_to_send(lost)


@transaction.atomic
def _send_once_more(forwardings: list[Forwarding], *, now: datetime) -> None:
    """Send again what did not arrive; were it on its way still, the key makes one report of two."""
    for forwarding in forwardings:
        if forwarding.made_at >= now - SENT_AGAIN_WITHIN:
            send_again(forwarding=forwarding, now=now)


def _knows_our_keys(system: System, connection: Connection) -> bool:
    """
    Whether this system finds by our key what it took from us, as another Novator does.

    Asked once for each connection, of the last report that it took.
    """
    known = connection.cursor.get("knows_keys", {})
    if known.get("at") == connection.base_url:
        return bool(known["is_so"])
    taken = Forwarding.objects.filter(connection=connection, state="sent").first()
    if taken is None:
        return False
    try:
        is_so = _number_of(system, str(submission_key_of(taken))) == taken.external_id
    except CannotAsk as refusal:
        if refusal.kind != "refused":
            return False
        is_so = False
    keep(connection, {"knows_keys": {"at": connection.base_url, "is_so": is_so}})
    return is_so


def _asked_for_number(system: System, forwarding: Forwarding, token: str) -> bool | None:
    """Whether the number has come; None where there is no such token."""
    try:
        number = _number_of(system, token)
    except CannotAsk as refusal:
        if refusal.kind == "refused" or forwarding.state == "unknown":
            return None if refusal.status == 404 else False
        raise
    return bool(number) and _answered(forwarding, number, "") == "sent"


def _number_of(system: System, token: str) -> str:
    page = read_rows(system, f"tokens/{token}", item="request", query={}, form="xml")
    return next((row.get("service_request_id", "") for row in page.rows or []), "")


@transaction.atomic
def _answered(forwarding: Forwarding, number: str, token: str) -> str:
    if number:
        return _sent(forwarding, number[:120])
    if token:
        return _left(forwarding, "token", token=token[:200], failure="")
    return _left(forwarding, "unknown", failure=_("The other system answered without a number."))


def _sent(forwarding: Forwarding, number: str) -> str:
    try:
        with transaction.atomic():
            state = _left(forwarding, "sent", external_id=number, failure="")
    except IntegrityError:
        words = _("The other system gave the number %(number)s to another report already.")
        return _left(forwarding, "unknown", failure=words % {"number": number})
    report = forwarding.report
    with translation.override(report.language):
        words = _("%(name)s has taken the report over under the number %(number)s.")
        text = words % {"name": forwarding.connection.name, "number": number}
    now = timezone.now()
    update = ReportUpdate.objects.create(
        report=report,
        kind="update",
        text=text,
        is_public=True,
        details={"forwarding": forwarding.pk, "number": number},
        made_at=now,
    )
    Report.objects.filter(pk=report.pk).update(changed_at=now)
    tell_of_update(update)
    tell_what_waited(forwarding)
    return state


def _not_taken(forwarding: Forwarding, refusal: CannotAsk, *, attempt: int) -> str:
    """Try again later what surely was not taken; leave the rest to a person."""
    words = str(refusal)[:300]
    if refusal.kind == "unknown":
        return _left(forwarding, "unknown", failure=words)
    is_over = attempt > len(PAUSES)
    if refusal.kind not in {"busy", "away"} or is_over:
        return _left(forwarding, "refused", failure=words)
    with transaction.atomic():
        seconds = max(refusal.seconds, 60 * PAUSES[attempt - 1])
        _defer(forwarding.pk, attempt=attempt + 1, seconds=seconds)
        return _left(forwarding, "waiting", failure=words)


def _left(forwarding: Forwarding, state: str, **facts: str) -> str:
    changes = {"state": state, "changed_at": timezone.now(), **facts}
    Forwarding.objects.filter(pk=forwarding.pk).update(**changes)
    return state


def _photos(report: Report) -> list[str]:
    """Addresses of the photos that everybody may see; others cannot be fetched from here."""
    if report.is_hidden:
        return []
    rows = ReportPhoto.objects.filter(report=report, is_shown=True)
    files = [row.shown or row.original for row in rows.select_related("shown", "original")]
    places = [reverse("file", args=[file.public_id, file.name]) for file in files]
    return [f"{settings.SITE_ADDRESS}{place}" for place in places]


def _contact(report: Report, connection: Connection) -> list[tuple[str, str]]:
    agreed = ReportConsent.objects.filter(report=report, purpose="processing", withdrawn_at=None)
    if not connection.sends_contact or not agreed.exists():
        return []
    contact = Contact.objects.filter(report=report, confirmed_at__isnull=False).first()
    if contact is None:
        return []
    try:
        details = opened(contact.sealed)
    except ContactUnreadable:
        return []
    first, _space, last = details.name.partition(" ")
    named = [("first_name", first), ("last_name", last)]
    return [("email", details.email), ("phone", details.phone), *named]


def _defer(forwarding_id: int, *, attempt: int, seconds: int = 0) -> None:
    from procrastinate.contrib.django import app

    wait = {"seconds": seconds} if seconds else None
    task = app.configure_task(FORWARD, queue=QUEUE, schedule_in=wait)
    task.defer(forwarding_id=forwarding_id, attempt=attempt)
