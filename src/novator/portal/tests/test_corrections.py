"""Two people correct the same thing at once: the second one is told, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from novator.accounts.testing import make_role, signed_in
from novator.association.testing import make_application, make_poll
from novator.cities.testing import make_city
from novator.council.testing import make_council, make_decision, make_membership
from novator.portal.people import today

pytestmark = pytest.mark.django_db


def shown(client: Client, address: str, name: str = "form") -> dict[str, Any]:
    """The form of a page as a browser would send it untouched."""
    page = client.get(address)
    html, sent = page.content.decode(), {}
    for bound in page.context[name]:
        assert f'name="{bound.html_name}"' in html
        value, widget = bound.value(), bound.field.widget
        if isinstance(widget, forms.CheckboxInput):
            value = "on" if value else None
        elif isinstance(widget, forms.DateInput | forms.DateTimeInput):
            value = widget.format_value(value)
        if value is not None:
            sent[bound.html_name] = value
    return sent


Pages = list[tuple[str, dict[str, str], dict[str, str]]]


def council_pages() -> tuple[Client, Pages]:
    client = signed_in(make_role("secretary", city=make_city()).user)
    row = make_membership("Борис Кленов")
    why = {"why": "опечатка"}
    return client, [
        (
            reverse("membership_correct", args=["zarechny", row.public_id]),
            {"election": "округ № 2"} | why,
            {"label": "Депутат Думы"} | why,
        ),
        (
            reverse("person_change", args=["zarechny", "boris-klenov"]),
            {"patronymic": "Петрович"} | why,
            {"name_en": "Boris Klenov"} | why,
        ),
        (
            reverse("body_change", args=["zarechny", row.organization.public_id]),
            {"seats": "21"} | why,
            {"number": "VIII"} | why,
        ),
        (
            reverse("council_rule", args=["zarechny", "quorum"]),
            {"legal_basis": "устав, ст. 3"},
            {"name_en": "The quorum"},
        ),
        (
            reverse("decision_change", args=[make_decision().pk]),
            {"summary": "А"},
            {"title_en": "B"},
        ),
    ]


def office_pages() -> tuple[Client, Pages]:
    office = signed_in(make_role("office").user)
    group = {"name": "Дворы", "slug": "yards", "starts_on": today().isoformat()}
    office.post("/ru/association/groups/new/", group)
    event = {
        "name": "Встреча",
        "time_zone": "Asia/Omsk",
        "starts_at": "2030-05-01T10:00",
        "ends_at": "2030-05-01T12:00",
    }
    written = office.post("/ru/association/events/new/", event)
    poll = make_poll(is_open=False)
    return office, [
        (
            "/ru/association/groups/yards/edit/",
            {"purpose": "Подсветка"},
            {"name_en": "Yards"},
        ),
        (f"{written.headers['Location']}edit/", {"place": "Зал"}, {"description": "О дворах"}),
        (
            f"/ru/association/polls/{poll.public_id}/edit/",
            {"question": "Да?"},
            {"title_en": "On the meeting"},
        ),
    ]


@pytest.mark.parametrize("pages", [council_pages, office_pages])
def test_the_second_correction_of_the_same_thing_is_told_and_kept(pages):
    client, addresses = pages()
    for address, first, second in addresses:
        page = shown(client, address)

        assert client.post(address, page | first).status_code == 302, address
        refused = client.post(address, page | second)

        words = refused.content.decode()
        assert refused.status_code == 200, address
        assert "изменил" in words or "changed" in words
        (name, value), *_rest = first.items()
        (typed, kept), *_rest = second.items()
        assert value in str(refused.context["form"][name].errors), address
        assert refused.context["form"][typed].value() == kept
        after = shown(client, address)
        assert str(after[name]) == value, address
        mark = "revision" if "revision" in page else "seen"
        again = page | first | second | {mark: refused.context["form"][mark].value()}
        assert client.post(address, again).status_code == 302, address
        assert shown(client, address)[typed] == kept, address
        assert client.post(address, page | {mark: ""} | second).status_code == 200, address


def test_times_that_stayed_are_not_told_as_changed():
    client, addresses = office_pages()
    address, first, second = addresses[1]
    page = shown(client, address)
    client.post(address, page | first)

    form = client.post(address, page | second).context["form"]

    assert set(form.errors) == {"__all__", "place", "description"}


def test_a_new_rule_does_not_replace_one_of_the_same_code():
    client = signed_in(make_role("secretary", city=make_city()).user)
    before = make_council().rules.get(code="quorum").legal_basis
    address = reverse("council_rule_new", args=["zarechny"])
    typed = {
        **{"code": "quorum", "name": "Другое", "numerator": "1", "denominator": "3"},
        **{"base": "elected", "is_over": "0", "legal_basis": "никакого"},
    }

    refused = client.post(address, shown(client, address) | typed)

    assert refused.context["form"]["code"].errors
    assert make_council().rules.get(code="quorum").legal_basis == before


def test_two_of_the_office_answer_the_checks_of_an_application():
    application = make_application(
        decision=None,
        document_number="7",
        document_on=today(),
        document_body="Дума",
    )
    type(application).objects.update(decision=None)
    client = signed_in(make_role("office").user)
    page = shown(client, application.get_absolute_url(), "checks_form")
    address = f"{application.get_absolute_url()}checks/"

    assert client.post(address, page | {"own_council": "yes"}).status_code == 302
    refused = client.post(address, page | {"own_council": "no", "initiative": "yes"})

    application.refresh_from_db()
    assert application.checks == {"own_council": "yes"}
    assert refused.status_code == 200
    assert refused.context["checks_form"]["initiative"].value() == "yes"
    assert "own_council" in refused.context["checks_form"].errors
