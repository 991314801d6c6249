"""Solutions judged: an expert's own page, the form of a review, what experts say on the card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.accounts.consents import public_names
from novator.core.languages import reader_language
from novator.portal import figures
from novator.portal.limits import limited
from novator.portal.paging import page_of
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.scoring_form import ConflictForm, ReviewForm
from novator.portal.shown import shown, shown_cards
from novator.practices.models import Practice
from novator.practices.queries import card
from novator.reviews.models import Conflict, Contest, Nomination, Review
from novator.reviews.permissions import (
    conflict_of,
    conflicted_places,
    may_propose_merge,
    may_review,
    may_score_card,
)
from novator.reviews.queries import (
    CardOpinion,
    cards_to_review,
    contests_entered_by,
    opinion_of,
    reviews_of,
)
from novator.reviews.results import place_of
from novator.reviews.reviewing import (
    CannotReview,
    declare_conflict,
    end_conflict,
    give_review,
    withdraw_review,
)
from novator.reviews.scales import review_scale
from novator.reviews.scoring import weighted_total

EACH = 20
REVIEWS_AN_HOUR = 60
_MOST_OWN = 200


@dataclass(frozen=True)
class CriterionLine:
    """What experts gave one criterion, in figures of the reader's language."""

    name: str
    weight: int
    mean: str
    filled: int
    spread: str
    range: str


@dataclass(frozen=True)
class ReviewLine:
    """One expert's review as readers see it."""

    review: Review
    who: str
    total: str
    scores: tuple[tuple[str, int, str], ...]
    is_of_earlier: bool


@require_safe
@sign_in_needed
def my_reviews(request: HttpRequest) -> HttpResponse:
    """An expert's page: cards that wait, reviews that were written, conflicts."""
    _only_experts(request)
    return _my_page(request, ConflictForm())


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("review", per_hour=REVIEWS_AN_HOUR)
def review_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Score a card on the open criteria; an earlier review of the own is shown to be changed."""
    practice = get_object_or_404(
        Practice.objects.published().select_related("municipality__region"), slug=slug
    )
    _only_those_without_conflict(request, practice)
    found = card(slug)
    if found is None:
        raise Http404(_("There is no such practice. It may have been taken out of the catalogue."))
    earlier = reviews_of(reader(request)).filter(practice=practice, ended_at=None).first()
    initial = {"version": _version_number(practice)}
    form = ReviewForm(request.POST or None, earlier=earlier, initial=initial)
    if request.method == "POST" and form.is_valid() and _given(form, practice, request):
        messages.success(request, _("Your review stands on the card."))
        return redirect(f"{practice.get_absolute_url()}#experts")
    context = {
        "form": form,
        "asked": form.asked(),
        "card": shown(found),
        "practice": practice,
        "earlier": earlier,
        "scale": review_scale(),
        "crumbs": [(_("My reviews"), reverse("my_reviews")), (shown(found).title, "")],
    }
    return render(request, "portal/scoring/review.html", context)


@require_POST
@sign_in_needed
@limited("review", per_hour=REVIEWS_AN_HOUR)
def review_withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take the own review back."""
    review = get_object_or_404(Review, public_id=public_id, expert=reader(request))
    try:
        withdraw_review(review=review, by=reader(request))
    except CannotReview as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The review no longer counts. It stays in your history."))
    return redirect("my_reviews")


@require_POST
@sign_in_needed
@limited("conflict", per_hour=REVIEWS_AN_HOUR)
def conflict_declare(request: HttpRequest) -> HttpResponse:
    """Say that one cannot judge a municipality."""
    _only_experts(request)
    form = ConflictForm(request.POST)
    if not form.is_valid():
        return _my_page(request, form)
    asked = form.cleaned_data
    declare_conflict(expert=reader(request), municipality=asked["city"], reason=asked["reason"])
    messages.success(
        request,
        _("Noted: you do not judge %(city)s. Reviews you wrote of it no longer count.")
        % {"city": asked["city"].name},
    )
    return redirect("my_reviews")


@require_POST
@sign_in_needed
@limited("conflict", per_hour=REVIEWS_AN_HOUR)
def conflict_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a declared conflict is over."""
    conflict = get_object_or_404(Conflict, pk=pk, expert=reader(request))
    try:
        end_conflict(conflict=conflict, by=reader(request))
    except CannotReview as refusal:
        messages.error(request, str(refusal))
    return redirect("my_reviews")


def opinion_on_card(request: HttpRequest, practice: Practice) -> Mapping[str, Any]:
    """For the page of a card: experts, contests, versions; three queries, three for an expert."""
    told, on = opinion_of(practice), today()
    is_expert = may_review(request.user, on=on)
    return {
        "experts": _in_words(told) if told else None,
        "may_review_card": is_expert and may_score_card(request.user, practice, on=on),
        "may_name_twin": may_propose_merge(request.user, on=on),
        "has_versions": practice.versions.exists(),
        "awards": _awards(practice),
    }


def _awards(practice: Practice) -> list[tuple[Contest, Nomination, int | None]]:
    """Contests that are decided and in which the card competed, with its place if it got one."""
    return [
        (
            entry.nomination.contest,
            entry.nomination,
            place_of(
                entry.nomination.contest,
                slug=practice.slug,
                nomination=entry.nomination.position,
            ),
        )
        for entry in contests_entered_by(practice)
        if entry.nomination.contest.protocol_at is not None
    ]


def _in_words(told: CardOpinion) -> dict[str, Any]:
    language = reader_language()
    scale = review_scale()
    names = {one.code: one for one in scale.criteria}
    width = scale.most - scale.least
    together = told.together
    lines = [
        CriterionLine(
            name=names[one.code].name,
            weight=names[one.code].weight,
            mean=_figure(one.mean, language),
            filled=round(100 * (one.mean - scale.least) / width),
            spread="" if one.spread is None else _figure(one.spread, language),
            range=str(one.least) if one.least == one.most else f"{one.least}–{one.most}",
        )
        for one in together.by_criterion
    ]
    agreed = public_names(one.expert for one in told.reviews)
    return {
        "number": together.number,
        "total": _figure(together.total, language),
        "spread": "" if together.total_spread is None else _figure(together.total_spread, language),
        "lines": lines,
        "reviews": [_review_line(one, told, agreed, language) for one in told.reviews],
        "of_earlier": told.number_of_earlier,
        "least": scale.least,
        "most": scale.most,
        "version": scale.version,
    }


def _review_line(
    review: Review, told: CardOpinion, agreed: Mapping[int, str], language: str
) -> ReviewLine:
    names = {one.code: one.name for one in review_scale().criteria}
    codes = [code for code in names if code in review.scores]
    codes += [code for code in review.scores if code not in names]
    return ReviewLine(
        review=review,
        who=agreed.get(review.expert_id, ""),
        total=_figure(weighted_total(review.scores, review.weights), language),
        scores=tuple(
            (names.get(code, code), review.scores[code], review.comments.get(code, ""))
            for code in codes
        ),
        is_of_earlier=review.version.number < told.latest_number,
    )


def _figure(value: float, language: str) -> str:
    return figures.grouped(round(value, 2), language)


def _given(form: ReviewForm, practice: Practice, request: HttpRequest) -> bool:
    asked = form.cleaned_data
    try:
        give_review(
            practice=practice,
            version_number=asked["version"],
            expert=reader(request),
            scores=form.scores(),
            comments=form.comments(),
            has_declared=asked["has_declared"],
            summary=asked["summary"],
            on=today(),
        )
    except CannotReview as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _version_number(practice: Practice) -> int:
    """Number of the version that is shown; the first one is kept when a review comes."""
    latest = practice.versions.order_by("-number").values_list("number", flat=True).first()
    return latest or 1


def _my_page(request: HttpRequest, form: ConflictForm) -> HttpResponse:
    user, on = reader(request), today()
    waiting = cards_to_review(user, places=conflicted_places(user, on=on))
    page = page_of(waiting, request.GET.get("page", ""), each=EACH)
    given = dict(page.rows)
    context = {
        "waiting": [(one, given[one.slug]) for one in shown_cards(given)],
        "total": page.total,
        "page": page.number,
        "pages": page.pages,
        "written": list(reviews_of(user)[:_MOST_OWN]),
        "conflicts": list(user.conflicts.filter(ended_at=None).select_related("municipality")),
        "form": form,
        "years": review_scale().conflict_years,
        "crumbs": [(_("My account"), reverse("my_account")), (_("My reviews"), "")],
    }
    return render(request, "portal/scoring/my_reviews.html", context)


def _only_experts(request: HttpRequest) -> None:
    if not may_review(request.user, on=today()):
        raise PermissionDenied(_("Only experts of the association score practices."))


def _only_those_without_conflict(request: HttpRequest, practice: Practice) -> None:
    _only_experts(request)
    if conflict_of(reader(request), practice.municipality, on=today()):
        raise PermissionDenied(
            _(
                "You have a conflict of interest with this municipality: you hold or held a role "
                "in it, or you said so yourself. Another expert will score its cards."
            )
        )
