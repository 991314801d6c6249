"""Solutions judged: builders of contests, juries, entries and reviews for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from novator.accounts.models import User
from novator.accounts.testing import make_role, make_user
from novator.cities.models import Municipality
from novator.practices.models import Practice
from novator.reviews.contests import Call, announce_contest, enter_card, prepare_contest
from novator.reviews.models import Contest, Entry, Juror, Moderation, Review
from novator.reviews.moderation import Checked
from novator.reviews.reviewing import give_review, version_to_judge
from novator.reviews.scales import checklist, contest_rules, review_scale

TODAY = date(2026, 11, 22)
OPENS, CLOSES, SCORES_BY = date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 20)
JUDGING = date(2026, 12, 10)


def all_yes(**answers: str) -> dict[str, Checked]:
    """The whole checklist answered with yes; answers by code change some."""
    return {item.code: Checked(answers.get(item.code, "yes")) for item in checklist().items}


def make_moderation(draft: Any, *, moderator: User, **facts: Any) -> Moderation:
    """A round of moderation that is going on."""
    started = {"round": 1, "taken_at": timezone.now()}
    return Moderation.objects.create(draft=draft, moderator=moderator, **(started | facts))


def make_review(
    practice: Practice, *, expert: User | None = None, score: int = 4, on: date = TODAY, **more: Any
) -> Review:
    """A review by an expert with the same score for every criterion, others by code."""
    scale = review_scale()
    scores = {code: more.pop(code, score) for code in scale.weights}
    return give_review(
        practice=practice,
        version_number=version_to_judge(practice).number,
        expert=expert or make_role("expert").user,
        scores=scores,
        comments=more.pop("comments", {}),
        has_declared=True,
        on=on,
        **more,
    )


def make_call(**changes: Any) -> Call:
    """A call with two nominations, the usual criteria and categories, one score enough."""
    rules = contest_rules()
    values: dict[str, Any] = {
        "title": ("Лучшая практика года", "Best practice of the year"),
        "text": ("Ждём карточки о сделанном.", "Enter what you have done."),
        "opens_on": OPENS,
        "closes_on": CLOSES,
        "scores_by": SCORES_BY,
        "nominations": (("Транспорт", "Transport"), ("Двор", "Yards")),
        "criteria": rules.criteria,
        "categories": rules.categories,
        "least_scores": 1,
    }
    return Call(**(values | changes))


def make_contest(*, by: User | None = None, on: date = TODAY, **changes: Any) -> Contest:
    """An announced contest of the office."""
    office = by or _office()
    contest = prepare_contest(call=make_call(**changes), by=office, on=on)
    return announce_contest(contest=contest, by=office, on=on)


def make_juror(contest: Contest, email: str = "juror@association.example") -> Juror:
    """A seat in the jury of a person without a role in any city."""
    known = User.objects.filter(email=email).first()
    user = known or make_role("expert", user=make_user(email)).user
    code = f"J{contest.jurors.count() + 1}"
    return Juror.objects.create(
        contest=contest, user=user, code=code, named_by=contest.made_by, named_at=timezone.now()
    )


def make_entry(
    contest: Contest, practice: Practice, *, nomination: int = 1, on: date = TODAY
) -> Entry:
    """An entry by the approver of the card's city."""
    if not practice.is_by_its_city:
        practice.is_by_its_city = True
        practice.save()
    return enter_card(
        nomination=contest.nominations.get(position=nomination),
        practice=practice,
        by=make_approver(practice.municipality),
        on=on,
    )


def make_approver(city: Municipality) -> User:
    """The approver of a city, once."""
    email = f"approver@{city.slug}.example"
    known = User.objects.filter(email=email).first()
    return known or make_role("approver", city=city).user


def _office() -> User:
    known = User.objects.filter(email="office@association.example").first()
    return known or make_role("office").user
