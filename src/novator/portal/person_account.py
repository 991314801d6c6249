"""Who decides: a person of public office and the account here: asked, confirmed, ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from novator.cities.models import Municipality
from novator.core.languages import reader_language
from novator.council.models import Person
from novator.council.offices import office_told, offices_of, said_office
from novator.council.person_accounts import (
    CannotLink,
    LinkIsVoid,
    ask_for_account,
    deny_question,
    end_link,
    leave_person,
    letter_holds_until,
    link_account,
    person_of,
    question_of,
    take_question_back,
)
from novator.council.refusals import CannotRecord
from novator.portal.bodies_forms import WhyForm
from novator.portal.bodies_guard import city_called, entry_crumbs, own_person
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today

LETTERS_AN_HOUR = 60
ANSWERS_AN_HOUR = 60


class AskForm(forms.Form):
    """To which address the question goes."""

    examples = {"email": "deputy@glazov.example"}

    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the person"),
        help_text=gettext_lazy(
            "A letter asks its owner. Only the account that has confirmed this very address can "
            "answer; whoever has none opens one first."
        ),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class EndForm(WhyForm):
    """Why a link is ended; the owner of the account reads it too."""

    why = forms.CharField(
        label=gettext_lazy("Why the link ends"),
        max_length=300,
        help_text=gettext_lazy("Kept in the trail, and told to the owner of the account."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("person_account", per_hour=LETTERS_AN_HOUR)
def person_account(request: HttpRequest, slug: str, person: str) -> HttpResponse:
    """Ask by a letter whether the owner of an address is this person."""
    city = city_called(request, slug)
    row = own_person(city, person)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_account(
                person=row,
                municipality=city,
                email=form.cleaned_data["email"],
                now=timezone.now(),
                on=today(),
                language=reader_language(),
            )
        except CannotLink as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The letter is on its way. The person answers by its link.")
            )
            return redirect("person_entry", slug, person)
    return render(request, "portal/council/bodies/account.html", _desk(city, row, form=form))


@require_POST
@sign_in_needed
@limited("person_account", per_hour=LETTERS_AN_HOUR)
def person_account_withdraw(request: HttpRequest, slug: str, person: str) -> HttpResponse:
    """Take the question back: the link of the letter leads nowhere."""
    row = own_person(city_called(request, slug), person)
    take_question_back(person=row)
    messages.success(request, _("Taken back: the link of the letter leads nowhere now."))
    return redirect("person_entry", slug, person)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("person_account", per_hour=LETTERS_AN_HOUR)
def person_account_end(request: HttpRequest, slug: str, person: str) -> HttpResponse:
    """End the link of a person to an account; the reason is kept."""
    city = city_called(request, slug)
    row = own_person(city, person)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_link(person=row, why=form.cleaned_data["why"], now=timezone.now())
        except (CannotLink, CannotRecord) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The link has ended; a letter tells the person."))
            return redirect("person_entry", slug, person)
    return render(request, "portal/council/bodies/account_end.html", _desk(city, row, form=form))


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("person_account_answer", per_hour=ANSWERS_AN_HOUR)
def person_account_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the owner of the account whether he is the person, and link the two on Yes."""
    user = reader(request)
    try:
        if request.method == "POST" and request.POST.get("answer") == "yes":
            link_account(token=token, user=user, on=today())
            messages.success(request, _("Your account is linked. You can end it below."))
            return redirect(f"{reverse('my_account')}#person")
        if request.method == "POST" and request.POST.get("answer") == "no":
            deny_question(token=token, user=user)
            messages.success(request, _("Nothing is linked; the link of the letter is void now."))
            return redirect("my_account")
        question = question_of(token, user)
    except CannotLink as refusal:
        status = 404 if isinstance(refusal, LinkIsVoid) else 403
        return _answer(request, {"refusal": str(refusal)}, status)
    office = office_told(question.person, question.municipality, on=today())
    return _answer(request, {"person": question.person, "office": office}, 200)


def _answer(request: HttpRequest, facts: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "portal/account/person_confirm.html", facts, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("person_account_answer", per_hour=ANSWERS_AN_HOUR)
def person_account_leave(request: HttpRequest) -> HttpResponse:
    """Ask once, then end the link of one's own account."""
    user = reader(request)
    if request.method == "POST":
        if leave_person(user=user):
            messages.success(request, _("The link has ended."))
        return redirect("my_account")
    person = person_of(user)
    if person is None:
        return redirect("my_account")
    return render(request, "portal/account/person_leave.html", {"person": person})


def own_link(request: HttpRequest) -> dict[str, Any]:
    """What the reader's own account page tells of the person it is linked to; two queries."""
    person = person_of(reader(request))
    if person is None:
        return {"own_person": None}
    offices = [said_office(row) for row in offices_of(person, on=today())]
    return {"own_person": person, "own_offices": list(dict.fromkeys(offices))}


def account_part(person: Person) -> dict[str, Any]:
    """What the page of a person at the desk tells of the account; one query at most."""
    until = letter_holds_until(person)
    return {
        "account": person.user,
        "asked_at": person.account_asked_at if until else None,
        "asked_until": until,
        "is_over": until is not None and until <= timezone.now(),
    }


def _desk(city: Municipality, person: Person, *, form: forms.Form) -> dict[str, Any]:
    back = reverse("person_entry", args=[city.slug, person.slug])
    crumbs = entry_crumbs(city, (str(person), back), (_("Account on this site"), ""))
    return {
        "city": city,
        "person": person,
        "form": form,
        "back": back,
        "crumbs": crumbs,
        **account_part(person),
    }
