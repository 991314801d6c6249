"""A city sets up its reports in plain fields, one by one or many at once."""

from __future__ import annotations

import pytest

from novator.accounts.testing import make_role, signed_in
from novator.cities.testing import make_city
from novator.reports.models import Category, Connection, Department
from novator.reports.testing import category_of, make_channel

pytestmark = pytest.mark.django_db
SETUP = "/en/work/zarechny/setup/"


@pytest.fixture
def channel():
    return make_channel()


@pytest.fixture
def client(channel):
    return signed_in(make_role("reports_officer", city=channel.municipality).user)


def fields_of(page):
    """What the page would send if nobody changed anything."""
    form = page.context["form"]
    sent = {}
    questions = getattr(form, "questions", None)
    parts = [form, *([questions.management_form, *questions] if questions else [])]
    for part in parts:
        for field in part:
            value = field.value()
            if value is not None and value is not False and value != "":
                sent[field.html_name] = "on" if value is True else value
    return sent


def ask(client, category, place, **said):
    page = client.get(f"{SETUP}categories/{category.pk}/")
    sent = fields_of(page) | {f"questions-{place}-{name}": value for name, value in said.items()}
    answer = client.post(f"{SETUP}categories/{category.pk}/", sent)
    category.refresh_from_db()
    return answer


def test_a_question_is_asked_without_any_code(channel, client):
    category = category_of(channel)

    kinds = "Яма\nКолея"
    ask(client, category, 0, name_ru="Что там?", datatype="singlevaluelist", values_ru=kinds)
    ask(client, category, 0, values_ru="Колея\nЯма\nПровал", name_en="What is it?")

    (asked,) = category.attributes
    assert (asked["code"], asked["name_en"]) == ("chto-tam", "What is it?")
    keys = {one["name_ru"]: one["key"] for one in asked["values"]}
    assert keys == {"Колея": "koleya", "Яма": "yama", "Провал": "proval"}
    form = client.get(f"/en/report/zarechny/questions/?category={category.code}").content.decode()
    assert "What is it?" in form


def test_a_question_with_no_answer_to_choose_is_told_where_it_stands(channel, client):
    category = category_of(channel)

    answer = ask(client, category, 0, name_ru="Что там?", datatype="multivaluelist")

    page = answer.content.decode()
    assert "Question 1, Answers to choose from, Russian: Name the answers" in page
    assert "Что там?" in page
    assert category.attributes == []


def test_a_question_goes_and_a_form_without_questions_leaves_them(channel, client):
    category = category_of(channel)
    stored = [{"code": "SIZE", "datatype": "number", "name_ru": "Размер", "order": 3}]
    Category.objects.filter(pk=category.pk).update(attributes=stored)

    page = client.get(f"{SETUP}categories/{category.pk}/")
    plain = {name: value for name, value in fields_of(page).items() if "questions" not in name}
    client.post(f"{SETUP}categories/{category.pk}/", plain)
    category.refresh_from_db()
    assert category.attributes == stored
    ask(client, category, 1, name_ru="Размер")
    assert [one["code"] for one in category.attributes] == ["SIZE", "razmer"]
    ask(client, category, 0, DELETE="on")

    assert [one["code"] for one in category.attributes] == ["razmer"]


def test_codes_of_services_are_typed_beside_our_categories(channel, client):
    sent = {"name": "Region", "base_url": "https://o.example/v2", "service-road-potholes": "001"}
    client.post(f"{SETUP}connections/new/", sent | {"service-*": "009"})
    there = Connection.objects.get()
    assert there.services == {"road-potholes": "001", "*": "009"}
    failed = {"failed_at": "2026-03-02T09:00Z", "failure": "key is wrong"}
    Connection.objects.update(services=there.services | {"gone": "7"}, **failed)

    page = client.get(f"{SETUP}connections/{there.pk}/")
    client.post(page.wsgi_request.path, fields_of(page) | {"service-*": ""})

    there.refresh_from_db()
    assert there.services == {"road-potholes": "001", "gone": "7"}
    assert (there.failed_at, there.failure) == (None, "")
    assert "https://o.example/v2/services.json" in page.content.decode()


def test_many_categories_get_their_body_at_once(channel, client):
    body = Department.objects.create(municipality=channel.municipality, name="Roads")
    stranger = make_channel(make_city("Stary Bor"))
    elsewhere = category_of(stranger)
    two = [category_of(channel), category_of(channel, "snow-ice")]
    keys = [str(row.pk) for row in (*two, elsewhere)]
    together = f"{SETUP}categories/together/"

    client.post(together, {"category": keys, "department": str(body.pk), "days_to_work": "77"})
    client.post(together, {"category": keys[:1], "department": "nobody"})
    nothing = client.post(together, {"category": keys}, follow=True)

    found = Category.objects.filter(days_to_work=77).order_by("pk")
    told = {row.code: row.department for row in found}
    assert told == {"road-potholes": None, "snow-ice": body}
    assert "Choose who answers" in nothing.content.decode()
    assert "starters that come" not in nothing.content.decode()


def test_a_stranger_sets_nothing(channel):
    stranger = signed_in(make_role("reports_officer", city=make_city("Stary Bor")).user)
    key = category_of(channel).pk

    answer = stranger.post(f"{SETUP}categories/together/", {"category": key, "days_to_work": "1"})

    assert answer.status_code == 403


def test_moments_stand_in_the_time_of_the_city(channel, client):
    there = {"name": "Region", "base_url": "https://o.example/v2", "asked_at": "2026-03-02T09:00Z"}
    Connection.objects.create(municipality=channel.municipality, **there)
    channel.time_zone = "Asia/Vladivostok"
    channel.save()

    assert "2 Mar 2026, 19:00" in client.get(f"{SETUP}connections/").content.decode()
