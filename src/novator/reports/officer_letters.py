"""A citizen's report: letters to those who work on it; the sender's contact stands in none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from novator.accounts.models import User
from novator.accounts.queries import roles_on
from novator.cities.models import Municipality
from novator.mail.operations import queue_letter
from novator.reports.deadlines import working_days_of
from novator.reports.models import Channel, Connection, Report, ReportUpdate
from novator.reports.permissions import OFFICERS
from novator.reports.states import OPEN
from novator.reports.worklist import MOST_COUNTED, Rows, counted, rows_of_tab

HOURS = range(7, 11)
"""Of the morning in the city in which the daily letter goes; later hours make up for a rest."""
MOST_AT_ONCE = 20
OLDEST = timedelta(days=2)
"""A danger that came longer ago is imported, or known: no letter at once."""


def tell_of_danger(*, report: Report, now: datetime) -> int:
    """
    Write to every officer of the city, and to the body, at once; once for a report.

    Of more than `MOST_AT_ONCE` within an hour officers get one letter that names their list:
    whoever floods the form does not bury the true one.
    """
    if not report.is_danger or report.status not in OPEN or now - report.arrived_at > OLDEST:
        return 0
    city = report.municipality
    if _dangers_before(report) >= MOST_AT_ONCE:
        return _tell_of_many(city, report.arrived_at, now=now)
    for user in officers_to_tell(city, now=now):
        with override(user.language):
            subject = _("Danger to life: report %(number)s") % {"number": report.number}
            parts = [*_facts(report), page_of(report)]
        _write(user.email, "report_danger", subject, parts, user.language, f"{report.pk}:{user.pk}")
    body = report.department
    if body is not None and body.email:
        with override("ru"):
            subject = _("Danger to life: report %(number)s") % {"number": report.number}
            parts = [*_facts(report), report.text]
        _write(body.email, "report_danger", subject, parts, "ru", f"{report.pk}:body{body.pk}")
    return 1


def _dangers_before(report: Report) -> int:
    """How many dangers of the city came in the hour before, as far as it matters."""
    rows = Report.objects.filter(municipality=report.municipality_id, is_danger=True)
    since = report.arrived_at - timedelta(hours=1)
    earlier = rows.filter(pk__lt=report.pk, arrived_at__gte=since).order_by("-pk")
    return earlier[:MOST_AT_ONCE].count()


def _tell_of_many(city: Municipality, moment: datetime, *, now: datetime) -> int:
    page = f"{settings.SITE_ADDRESS}{reverse('work_list', args=[city.slug])}"
    for user in officers_to_tell(city, now=now):
        with override(user.language):
            subject = _("Many reports of danger to life in %(city)s") % {"city": city.name}
            words = _("More than %(most)s came within an hour: look at the list.")
            parts = [words % {"most": MOST_AT_ONCE}, page]
        key = f"many:{city.pk}:{user.pk}:{moment:%Y%m%d%H}"
        _write(user.email, "report_danger", subject, parts, user.language, key)
    return 1


def tell_body(*, update: ReportUpdate) -> bool:
    """Write to the body that a report was given to it, unless its own system is told."""
    body, report = update.department, update.report
    if body is None or not body.email or report.status not in OPEN:
        return False
    if Connection.objects.filter(department=body, is_active=True).exists():
        return False
    with override("ru"):
        subject = _("Report %(number)s is given to you: %(category)s") % {
            "number": report.number,
            "category": report.category or "—",
        }
        parts = [*_facts(report), report.text, update.text]
    _write(body.email, "report_given", subject, parts, "ru", f"{update.pk}")
    return True


def tell_of_handover(*, update: ReportUpdate) -> bool:
    """Write to the colleague to whom a report was handed over, with the note."""
    user = User.objects.filter(pk=update.details.get("to"), is_active=True).first()
    if user is None or user.pk == update.made_by_id:
        return False
    with override(user.language):
        subject = _("Report %(number)s is handed over to you") % {"number": update.report.number}
        parts = [*_facts(update.report), update.text, page_of(update.report)]
    _write(user.email, "report_work", subject, parts, user.language, f"handover:{update.pk}")
    return True


def write_duty_letters(*, now: datetime) -> int:
    """
    Tell officers every working morning what is late and what is due, a letter a person and city.

    Run every hour: each city has its own morning; the key keeps it to one letter a day.
    """
    letters = 0
    for channel in Channel.objects.filter(is_open=True).select_related("municipality"):
        local = now.astimezone(ZoneInfo(channel.time_zone))
        if local.hour not in HOURS or not working_days_of(channel.municipality)(local.date()):
            continue
        for user in officers_to_tell(channel.municipality, now=now):
            letters += _duty_letter(channel.municipality, user, local)
    return letters


def officers_to_tell(city: Municipality, *, now: datetime) -> list[User]:
    """Reports officers of a city on that day; its head only where there is no officer."""
    roles = roles_on(now.date()).filter(municipality=city, kind__in=OFFICERS)
    found = list(roles.filter(user__is_active=True).select_related("user").order_by("user"))
    officers = [role for role in found if role.kind == "reports_officer"] or found
    return list({role.user_id: role.user for role in officers}.values())


def page_of(report: Report) -> str:
    """Full address of the staff's page of a report."""
    path = reverse("work_report", args=[report.municipality.slug, report.number])
    return f"{settings.SITE_ADDRESS}{path}"


def _duty_letter(city: Municipality, user: User, local: datetime) -> bool:
    on = local.date()
    open_rows = Report.objects.filter(municipality=city, paused_on=None).open()
    overdue = rows_of_tab("overdue", city, user=user, on=on)
    due = open_rows.filter(due_on__range=(on, on + timedelta(days=1)))
    with override(user.language):
        lines = [
            _line(_("overdue: %(number)s"), overdue),
            _line(_("due today or tomorrow: %(number)s"), due),
            _line(_("to check: %(number)s"), rows_of_tab("check", city, user=user, on=on)),
            _line(_("refuted by the sender: %(number)s"), _refuted(city, user, local)),
            _line(_("assigned to you: %(number)s"), rows_of_tab("mine", city, user=user, on=on)),
        ]
        if not any(lines[:4]):
            return False
        list_page = f"{settings.SITE_ADDRESS}{reverse('work_list', args=[city.slug])}"
        numbers = _numbers(overdue)
        parts = ["\n".join(line for line in lines if line), numbers, list_page]
        subject = _("Reports of %(city)s today") % {"city": city.name}
    key = f"duty:{city.pk}:{user.pk}:{on:%Y%m%d}"
    _write(user.email, "report_work", subject, parts, user.language, key)
    return True


def _refuted(city: Municipality, user: User, local: datetime) -> Rows:
    return rows_of_tab("refuted", city, user=user, on=local.date())


def _line(words: str, rows: Rows) -> str:
    number = counted(rows)
    return (
        words % {"number": f"{MOST_COUNTED}+" if number > MOST_COUNTED else number}
        if number
        else ""
    )


def _numbers(rows: Rows) -> str:
    """The most pressing ones by number, so that the letter is of use without the page."""
    found = list(rows.select_related("category").order_by("-is_danger", "due_on", "pk")[:10])
    if not found:
        return ""
    lines = [
        f"{report.number} · {report.category or '—'} · {report.address or '—'} · "
        f"{date_format(report.due_on, 'SHORT_DATE_FORMAT') if report.due_on else '—'}"
        for report in found
    ]
    head = ngettext("The one that presses most:", "Those that press most:", len(lines))
    return "\n".join([head, *lines])


def _facts(report: Report) -> Iterable[str]:
    due = date_format(report.due_on, "DATE_FORMAT") if report.due_on else "—"
    place = report.address
    if report.has_place:
        place = f"{place} ({report.latitude:.5f}, {report.longitude:.5f})".strip()
    yield _("Category: %(category)s") % {"category": report.category or "—"}
    yield _("Where: %(place)s") % {"place": place or "—"}
    yield _("To be answered by: %(due)s") % {"due": due}


def _write(to: str, kind: str, subject: str, parts: Iterable[str], language: str, key: str) -> None:
    body = "\n\n".join(part for part in parts if part)
    queue_letter(
        to=to, kind=kind, subject=subject, body=body, language=language, key=f"{kind}:{key}"
    )
