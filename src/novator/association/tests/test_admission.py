"""A city is admitted on its council's decision, once."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from novator.accounts.erasure import erase_person
from novator.accounts.models import User
from novator.accounts.own_data import own_data_of
from novator.accounts.testing import make_role, make_user
from novator.association.admission import (
    CannotApply,
    admit,
    answer_checks,
    begin_application,
    return_application,
    submit_application,
    write_application,
)
from novator.association.changing_standing import CannotChange, change_standing
from novator.association.checks import checks_of
from novator.association.mandates import CannotAct, acting_as, is_active, representatives_on
from novator.association.models import Application, Member, MemberStep
from novator.association.representing import (
    CannotName,
    end_representative,
    name_representative,
    name_substitute,
)
from novator.association.testing import (
    make_application,
    make_joining_decision,
    make_mandate_to,
    make_member,
    make_representative,
    make_representing_person,
)
from novator.cities.models import Municipality
from novator.cities.testing import make_city
from novator.council.models import Decision, Mandate, Person
from novator.files.operations import keep_file
from novator.files.testing import PDF, upload
from novator.mail.models import Letter

TODAY = date(2026, 11, 20)


def make_zarechny() -> Municipality:
    return make_city("Zarechny", oktmo="94730000")


def decision_with_mandate(city: Municipality, **facts: Any) -> Decision:
    decision = make_joining_decision(city, **facts)
    make_mandate_to(make_representing_person(city), decision)
    return decision


@pytest.mark.django_db
def test_a_city_goes_from_its_decision_to_an_active_member() -> None:
    zarechny = make_zarechny()
    head, office = make_user("head@zarechny.example"), make_role("office").user
    make_role("head", user=head, city=zarechny)
    decision = decision_with_mandate(zarechny)

    application = begin_application(municipality=zarechny, by=head)
    with pytest.raises(CannotApply):
        submit_application(application=application, by=head, now=timezone.now(), on=TODAY)
    application.decision = decision
    application.save()
    submit_application(application=application, by=head, now=timezone.now(), on=TODAY)
    return_application(
        application=application, remarks="Кто?", by=office, now=timezone.now(), on=TODAY
    )
    submit_application(application=application, by=head, now=timezone.now(), on=TODAY)
    member = admit(application=application, by=office, now=timezone.now(), on=TODAY)

    assert (member.standing, member.decision, member.admitted_on) == ("admitted", decision, TODAY)
    assert is_active(member, on=TODAY)
    assert Letter.objects.filter(kind="association", to_email=head.email).count() == 2
    assert Letter.objects.filter(kind="association", to_email=office.email).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"state": "repealed"}, "carried"),
        ({"state": "adopted", "number": ""}, "number_and_date"),
        ({"text": ""}, "text"),
        ({"initiated_as": ""}, "initiative"),
    ],
)
def test_what_the_decision_lacks_stands_in_the_way(facts: dict[str, Any], code: str) -> None:
    zarechny = make_zarechny()
    application = make_application(zarechny, decision=decision_with_mandate(zarechny, **facts))

    unmet = {one.check.code for one in checks_of(application, on=TODAY) if not one.is_met}
    with pytest.raises(CannotApply):
        admit(application=application, by=application.made_by, now=timezone.now(), on=TODAY)

    assert code in unmet
    assert not Member.objects.exists()


@pytest.mark.django_db
def test_a_heading_of_the_classifier_and_a_mandate_of_earlier_are_refused() -> None:
    heading = make_city("Zarechny", oktmo="94700000")
    decision = make_joining_decision(heading)
    earlier = make_joining_decision(heading, adopted_on=date(2019, 1, 1))
    make_mandate_to(make_representing_person(heading), earlier)

    found = checks_of(make_application(heading, decision=decision), on=TODAY)

    assert {one.check.code for one in found if not one.is_met} == {"municipality", "representative"}


SEEN = dict.fromkeys(("own_council", "carried", "text", "initiative", "representative"), "yes")


def on_paper(city: Municipality, by: User, number: str, on: date, named: str) -> Application:
    """An application handed in on the paper of a council that is not kept here."""
    application = begin_application(municipality=city, by=by)
    paper = {
        "document_number": number,
        "document_on": on,
        "document_body": "Собрание представителей",
        "document": keep_file(upload=upload(PDF, "решение.pdf")),
        "representative_name": named,
    }
    write_application(application=application, values=paper, revision=application.revision)
    return submit_application(application=application, by=by, now=timezone.now(), on=TODAY)


@pytest.mark.django_db
def test_after_leaving_and_coming_back_only_the_new_paper_counts() -> None:
    zarechny, office = make_zarechny(), make_user("office@association.example")
    for number, day, named in (
        ("3", date(2026, 3, 1), "Олег Представителев"),
        ("8", date(2026, 8, 1), "Анна Новикова"),
        ("9", date(2026, 9, 1), "Анна Новикова"),
    ):
        Member.objects.update(standing="left", ended_on=day)
        application = on_paper(zarechny, office, number, day, named)
        answer_checks(application=application, answers=SEEN)
        member = admit(application=application, by=office, now=timezone.now(), on=TODAY)

    [acting] = {one.mandate: one for one in representatives_on(member, on=TODAY)}.values()
    assert "№ 9" in acting.mandate.document
    assert str(acting.person) == "Анна Новикова"
    assert Person.objects.filter(name="Анна Новикова").count() == 1


@pytest.mark.django_db
def test_a_council_outside_is_admitted_on_its_paper_that_the_office_looked_at() -> None:
    zarechny, office = make_zarechny(), make_user("office@association.example")
    application = on_paper(zarechny, office, "25/114", date(2026, 10, 1), "Олег Представителев")

    with pytest.raises(CannotApply):
        admit(application=application, by=office, now=timezone.now(), on=TODAY)
    answer_checks(application=application, answers=SEEN)
    member = admit(application=application, by=office, now=timezone.now(), on=TODAY)

    mandate = Mandate.objects.get()
    assert (str(mandate.holder), mandate.decision) == ("Олег Представителев", None)
    assert "25/114" in mandate.document
    assert is_active(member, on=TODAY)


@pytest.mark.django_db
def test_whoever_erases_the_account_represents_nobody_any_more() -> None:
    glazov, head = make_member("Glazov"), make_user("head@glazov.example")
    row = make_representative(glazov, head)

    told = own_data_of(head)["association_representations"]
    erase_person(user=head, at=timezone.now())

    row.refresh_from_db()
    assert [one["municipality"] for one in told] == ["glazov"]
    assert row.ended_because


@pytest.mark.django_db(transaction=True)
def test_of_two_offices_that_admit_at_once_one_is_refused() -> None:
    zarechny = make_zarechny()
    application = make_application(zarechny, decision=decision_with_mandate(zarechny))
    together, refused = Barrier(2), []

    def admit_it() -> None:
        together.wait()
        try:
            admit(
                application=Application.objects.get(),
                by=application.made_by,
                now=timezone.now(),
                on=TODAY,
            )
        except CannotApply as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    offices = [Thread(target=admit_it) for _number in range(2)]
    for one in offices:
        one.start()
    for one in offices:
        one.join()

    assert len(refused) == 1
    assert (Member.objects.count(), MemberStep.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_steps_are_added_and_follow_each_other() -> None:
    glazov, office = make_member("Glazov"), make_user("office@association.example")

    def step(standing: str, day: date, reason: str = "Взнос не уплачен") -> None:
        change_standing(
            member=glazov, standing=standing, step_on=day, reason=reason, by=office, on=TODAY
        )

    step("suspended", date(2026, 3, 1))
    for standing, day, reason in [
        ("admitted", date(2026, 2, 1), "раньше прошлого шага"),
        ("admitted", date(2026, 12, 1), "в будущем"),
        ("left", date(2026, 4, 1), " "),
        ("suspended", date(2026, 4, 1), "ещё раз"),
    ]:
        with pytest.raises(CannotChange):
            step(standing, day, reason)
    step("left", date(2026, 4, 1), "Решение Думы № 5 от 25.03.2026")
    with pytest.raises(CannotChange):
        step("admitted", date(2026, 5, 1))

    assert [row.standing for row in glazov.steps.all()] == ["admitted", "suspended", "left"]
    assert not is_active(glazov, on=TODAY)


@pytest.mark.django_db
def test_a_naming_ends_at_once_and_takes_its_substitute_with_it() -> None:
    glazov = make_member("Glazov", may_substitute=True)
    head, deputy = make_user("head@glazov.example"), make_user("deputy@glazov.example")
    mandate = Mandate.objects.get()

    row = name_representative(member=glazov, mandate=mandate, user=head, by=head, on=TODAY)
    with pytest.raises(CannotName):
        name_representative(member=glazov, mandate=mandate, user=head, by=head, on=TODAY)
    name_substitute(principal=row, user=deputy, by=head, on=TODAY)
    assert acting_as(deputy, glazov, on=TODAY, act="vote").is_substitute

    end_representative(row=row, because="Другой представитель", on=TODAY)

    for person in (head, deputy):
        with pytest.raises(CannotAct):
            acting_as(person, glazov, on=TODAY, act="vote")
