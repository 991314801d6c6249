"""The association: a city asks to join on its council's decision; the office admits (rule L3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.association.checks import checks_of, unmet
from novator.association.letters import tell_city, tell_office
from novator.association.models import (
    APPLICATION_STATES,
    APPLICATION_TRANSITIONS,
    Application,
    Member,
    MemberStep,
    Representative,
)
from novator.cities.models import Municipality
from novator.core.holding import hold
from novator.council.models import Mandate, Person
from novator.council.people import add_person
from novator.council.seen import mark_of, must_be_as_seen

WRITTEN = (
    *("decision", "document_number", "document_on", "document_body", "document"),
    *("representative_name", "representative_position", "words"),
)
OPEN = ("draft", "submitted", "returned")


class CannotApply(Exception):
    """The application cannot take this step; the message is fit to show."""


@transaction.atomic
def begin_application(*, municipality: Municipality, by: User) -> Application:
    """
    Open the application of a city, or go on with the one that is open.

    :raises CannotApply: it is no municipality, or a member already
    """
    if not municipality.is_municipal:
        raise CannotApply(_("Only a municipality becomes a member (rule L5)."))
    if Member.objects.filter(municipality=municipality, standing__in=("admitted", "suspended")):
        raise CannotApply(_("This city is a member already."))
    known = Application.objects.filter(municipality=municipality, state__in=OPEN)
    found = known.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Application.objects.create(municipality=municipality, made_by=by)
    except IntegrityError:
        return known.get()


@transaction.atomic
def write_application(
    *, application: Application, values: Mapping[str, Any], revision: int
) -> Application:
    """
    Keep what the city wrote.

    :raises CannotApply: it is with the office or decided, or somebody changed it meanwhile
    """
    held = _held(application)
    if held.state not in {"draft", "returned"}:
        raise CannotApply(_("The application is not with the city now: nothing can be changed."))
    if held.revision != revision:
        raise CannotApply(_("Somebody of your city changed the application meanwhile."))
    for name in WRITTEN:
        if name in values:
            setattr(held, name, values[name])
    held.revision += 1
    held.save()
    return held


@transaction.atomic
def submit_application(
    *, application: Application, by: User, now: datetime, on: date
) -> Application:
    """
    Hand it to the office.

    :raises CannotApply: no decision is attached, or it has been handed in or decided already
    """
    held = _stepped(application, "submitted")
    if held.decision is None and not _has_paper(held):
        raise CannotApply(
            _("Attach the council's decision: choose it, or give number, date, body and file.")
        )
    held.submitted_at, held.remarks = now, ""
    held.save()
    tell_office(held, by=by, on=on)
    return held


@transaction.atomic
def withdraw_application(*, application: Application, now: datetime) -> Application:
    """
    The city takes it back.

    :raises CannotApply: it is decided
    """
    held = _stepped(application, "withdrawn")
    held.decided_at = now
    held.save()
    return held


@transaction.atomic
def answer_checks(
    *, application: Application, answers: Mapping[str, str], seen: str | None = None
) -> Application:
    """
    Keep what the office saw for itself: "yes" or "no" by code of the check.

    `seen` is the mark of the answers that the page showed.

    :raises ChangedMeanwhile: somebody else answered after that
    :raises CannotApply: it does not wait for the office
    """
    held = _held(application)
    if held.state != "submitted":
        raise CannotApply(_("The application does not wait for the office."))
    must_be_as_seen(mark_of_checks(held), seen)
    held.checks = {code: said for code, said in answers.items() if said in {"yes", "no"}}
    held.save()
    return held


def mark_of_checks(application: Application) -> str:
    """Tell what the office has answered so far, and to which application."""
    return mark_of(application.revision, sorted(application.checks.items()))


@transaction.atomic
def return_application(
    *, application: Application, remarks: str, by: User, now: datetime, on: date
) -> Application:
    """
    Give it back with what is to be mended.

    :raises CannotApply: no remarks, or it does not wait for the office
    """
    return _turned_down(application, "returned", remarks, by, now, on)


@transaction.atomic
def refuse_application(
    *, application: Application, remarks: str, by: User, now: datetime, on: date
) -> Application:
    """
    Refuse it for good, with the reason; the city may apply anew.

    :raises CannotApply: no reason, or it does not wait for the office
    """
    return _turned_down(application, "refused", remarks, by, now, on)


@transaction.atomic
def admit(*, application: Application, by: User, now: datetime, on: date) -> Member:
    """
    Make the city a member; of two offices that do so at once the second is refused.

    :raises CannotApply: a check is not met, or it does not wait for the office any more
    """
    held = _stepped(application, "admitted")
    faults = unmet(checks_of(held, on=on))
    if faults:
        named = "; ".join(
            f"{one.check.name}: {one.reason}" if one.reason else one.check.name for one in faults
        )
        raise CannotApply(_("Not all checks are met: %(checks)s") % {"checks": named})
    held.decided_at, held.decided_by, held.remarks = now, by, ""
    held.save()
    member = _member_of(held, on=on)
    MemberStep.objects.create(
        member=member, standing="admitted", on=on, decision=held.decision, made_by=by
    )
    if held.decision is None:
        _give_named_mandate(member, held, by=by, on=on)
    tell_city(held, on=on)
    return member


def _member_of(application: Application, *, on: date) -> Member:
    facts = {
        "application": application,
        "decision": application.decision,
        "standing": "admitted",
        "admitted_on": on,
        "ended_on": None,
    }
    return Member.objects.update_or_create(municipality=application.municipality, defaults=facts)[0]


def _give_named_mandate(member: Member, application: Application, *, by: User, on: date) -> None:
    """A council outside: its paper gives the mandate to whom the application names."""
    day = application.document_on
    assert day is not None
    # Both are contents of the register, in the language of its papers.
    position = application.representative_position
    person = _named_before(application) or add_person(name=application.representative_name)
    paper = (
        f"{application.document_body}, решение № {application.document_number} от {day:%d.%m.%Y}"
    )
    subject = "Представлять город в Ассоциации новаторских городов"
    mandate, _is_new = Mandate.objects.get_or_create(
        municipality=application.municipality,
        document=paper[:300],
        holder=person,
        is_towards_association=True,
        starts_on=day,
        withdrawn_on=None,
        defaults={
            "subject": f"{subject} ({position})" if position else subject,
            "subject_en": "To represent the city in the Association of Innovator Cities",
        },
    )
    if not any(row.counts_on(on) for row in mandate.representatives.filter(person=person)):
        Representative.objects.create(
            member=member, mandate=mandate, person=person, starts_on=on, named_by=by
        )


def _named_before(application: Application) -> Person | None:
    """Whoever an earlier paper of this city named by the same name: the same person."""
    name = " ".join(application.representative_name.split())
    mandates = Mandate.objects.filter(
        municipality=application.municipality, decision=None, holder__name=name
    )
    known = mandates.select_related("holder").order_by("-pk").first()
    return known.holder if known else None


def _turned_down(
    application: Application, state: str, remarks: str, by: User, now: datetime, on: date
) -> Application:
    said = remarks.strip()
    if not said:
        raise CannotApply(_("Say what is to be mended, or why it is refused."))
    held = _stepped(application, state)
    held.remarks, held.decided_by = said, by
    held.decided_at = now if state == "refused" else None
    held.save()
    tell_city(held, on=on)
    return held


def _stepped(application: Application, state: str) -> Application:
    held = _held(application)
    if state not in APPLICATION_TRANSITIONS[held.state]:
        raise CannotApply(
            _("The application is in the state “%(state)s”: this step is not possible.")
            % {"state": APPLICATION_STATES[held.state]}
        )
    held.state = state
    held.revision += 1
    return held


def _held(application: Application) -> Application:
    rows = Application.objects.select_related(
        "municipality__region", "decision__council", "document", "made_by"
    )
    return hold(rows, application.pk)


def _has_paper(application: Application) -> bool:
    return bool(
        application.document_number
        and application.document_on
        and application.document_body
        and application.document_id
    )
