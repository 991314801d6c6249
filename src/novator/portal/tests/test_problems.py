"""Pages of problems: what everybody sees, what a city's people do, who is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from novator.accounts.testing import make_role, signed_in
from novator.cities.testing import make_city
from novator.matching.models import Match
from novator.portal.people import today
from novator.practices.testing import make_practice
from novator.problems.models import Problem, ProblemReport
from novator.problems.testing import make_grounded, make_problem
from novator.reports.models import Report
from novator.reports.testing import NOW, make_channel, make_report

pytestmark = pytest.mark.django_db
SECRET = "Иванова из девятой квартиры"


def grounded() -> Problem:
    problem = make_grounded()
    Report.objects.update(text=f"Яма, говорит {SECRET}")
    return problem


def officer_of(problem: Problem, kind: str = "reports_officer") -> Client:
    return signed_in(make_role(kind, city=problem.municipality).user)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_everybody_reads_a_published_problem_but_no_words_of_people(client, language):
    problem = grounded()

    pages = [
        client.get(f"/{language}/problems/"),
        client.get(f"/{language}/problems/{problem.pk}/"),
        client.get(f"/{language}/cities/{problem.municipality.slug}/problems/"),
        client.get(f"/{language}/cities/{problem.municipality.slug}/"),
    ]

    assert [page.status_code for page in pages] == [200] * 4
    for page in pages:
        assert problem.title in page.content.decode()
        assert SECRET not in page.content.decode()


def test_suggestions_are_for_the_citys_people_alone(client):
    problem = make_problem()
    stranger = signed_in(make_role("reports_officer", city=make_city("Stary Bor")).user)
    address = f"/ru/problems/{problem.pk}/"
    work = f"/ru/work/problems/{problem.pk}/"

    assert client.get(address).status_code == stranger.get(address).status_code == 404
    assert stranger.get(work).status_code == 404
    assert stranger.post(f"{work}act/", {"act": "accept"}).status_code == 404
    assert stranger.get(f"/ru/work/{problem.municipality.slug}/problems/").status_code == 403
    assert officer_of(problem).get(work).status_code == 200


def test_stranger_changes_nothing_of_a_published_problem():
    problem = grounded()
    stranger = signed_in(make_role("head", city=make_city("Stary Bor")).user)
    work = f"/ru/work/problems/{problem.pk}/"

    answers = [
        stranger.get(work),
        stranger.post(f"{work}act/", {"act": "dismiss", "because": "нет"}),
        stranger.get(f"{work}ask/"),
    ]

    problem.refresh_from_db()
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert problem.state == "accepted"


def test_officer_accepts_edits_and_publishes():
    problem = make_problem()
    officer = officer_of(problem)
    work = f"/ru/work/problems/{problem.pk}/"

    officer.post(f"{work}act/", {"act": "accept"})
    problem.refresh_from_db()
    saved = officer.post(
        work,
        {
            "title": "Дорога на Ленина",
            "statement": "Каждую весну разрушается.",
            "topic": "roads",
            "owner": "",
            "is_public": "on",
            "revision": problem.revision,
        },
    )

    problem.refresh_from_db()
    assert saved.status_code == 302
    assert (problem.state, problem.title, problem.is_public) == (
        "accepted",
        "Дорога на Ленина",
        True,
    )
    assert problem.accepted_by is not None


def test_dismissing_needs_a_reason():
    problem = make_problem()
    officer = officer_of(problem)

    answer = officer.post(
        f"/ru/work/problems/{problem.pk}/act/", {"act": "dismiss", "because": " "}, follow=True
    )

    problem.refresh_from_db()
    assert "Скажите, почему" in answer.content.decode()
    assert problem.state == "suggested"


def test_reports_are_added_and_taken_out_by_number():
    problem = make_problem(state="accepted")
    report = make_report()
    officer = officer_of(problem)
    act = f"/ru/work/problems/{problem.pk}/act/"

    officer.post(act, {"act": "add", "numbers": f"{report.number}, "})
    added = ProblemReport.objects.filter(problem=problem, is_removed=False).count()
    officer.post(act, {"act": "remove", "report": report.pk})
    officer.post(act, {"act": "add", "numbers": "12-1"})

    assert added == 1
    assert list(ProblemReport.objects.values_list("report", "is_removed")) == [(report.pk, True)]


def test_problem_is_asked_of_all_cities_once():
    problem = make_problem(state="accepted")
    officer = officer_of(problem, "editor")
    ask = f"/ru/work/problems/{problem.pk}/ask/"
    asked = {"text": "Кто чинил так, чтобы держалось?", "open_until": "2099-01-01"}

    too_late = officer.post(ask, asked)
    until = (today() + timedelta(days=20)).isoformat()
    officer.post(ask, asked | {"open_until": until})
    again = officer.post(ask, asked | {"open_until": until})

    problem.refresh_from_db()
    assert too_late.status_code == 200
    assert problem.asked is not None
    assert (problem.is_public, problem.asked.title) == (True, problem.title)
    assert again.status_code == 200


def test_solutions_stand_beside_the_problem(client):
    problem = grounded()
    practice = make_practice("glazov-hot-asphalt")
    Match.objects.create(
        problem=problem, practice=practice, score=0.8, position=1, found_at=NOW,
        reasons=[{"kind": "topic", "ru": "Та же тема", "en": "The same topic"}],
    )  # fmt: skip
    officer = officer_of(problem)

    page = client.get(f"/ru/problems/{problem.pk}/").content.decode()
    officer.post(
        f"/ru/work/problems/{problem.pk}/act/", {"act": "choose", "practice": practice.slug}
    )

    assert f"/practices/{practice.slug}/" in page
    assert "Та же тема" in page
    assert Match.objects.get().chosen_by is not None


def test_lists_take_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    channel = make_channel()
    for number in range(20):
        make_problem(channel, title=f"Яма {number}", state="accepted", is_public=True)

    with django_assert_max_num_queries(6):
        client.get("/ru/problems/")
    with django_assert_max_num_queries(8):
        client.get(f"/ru/cities/{channel.municipality.slug}/problems/")


def test_a_new_problem_of_the_citys_own():
    channel = make_channel()
    report = make_report(channel)
    editor = signed_in(make_role("editor", city=channel.municipality).user)

    answer = editor.post(
        f"/ru/work/{channel.municipality.slug}/problems/new/",
        {"title": "Нет ливнёвки", "topic": "water", "numbers": report.number},
    )

    problem = Problem.objects.get()
    assert answer.status_code == 302
    assert (problem.state, problem.grounds.count(), problem.radius) == ("accepted", 1, 60)
