"""Solutions judged: a juror's pages: entries with the own points alone, one entry, a recusal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.portal.contest_forms import PointsForm, RecusalForm
from novator.portal.contests import contest_or_404
from novator.portal.exchange import exchange_crumb
from novator.portal.limits import limited
from novator.portal.people import sign_in_needed, today
from novator.portal.shown import shown_cards
from novator.reviews.judging import CannotScore, give_score, recuse
from novator.reviews.models import Contest, Entry, Juror, Recusal, Score
from novator.reviews.permissions import conflicted_places, juror_of
from novator.reviews.queries import scores_of, standing_entries

SCORES_AN_HOUR = 300


@require_safe
@sign_in_needed
def jury(request: HttpRequest, slug: str) -> HttpResponse:
    """What a juror judges: each entry with the own points; nobody else's are read at all."""
    on = today()
    contest, juror = _seat(request, slug)
    entries = standing_entries(contest)
    own, places = scores_of(juror), conflicted_places(juror.user, on=on)
    recused = {one.entry_id: one for one in juror.recusals.all()}
    cards = {card.slug: card for card in shown_cards({one.practice.slug for one in entries})}
    lines = [
        {
            "entry": entry,
            "card": cards.get(entry.practice.slug),
            "points": _points_words(own.get(entry.pk), contest),
            "recusal": recused.get(entry.pk),
            "is_own_city": entry.practice.municipality_id in places,
        }
        for entry in entries
    ]
    left = [one for one in lines if not (one["points"] or one["recusal"] or one["is_own_city"])]
    context = {
        "contest": contest,
        "juror": juror,
        "lines": lines,
        "left": len(left),
        "is_scoring": _is_scoring(contest),
        "criteria": contest.all_criteria,
        "crumbs": _crumbs(contest, [(_("Jury"), "")]),
    }
    return render(request, "portal/contests/jury.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("contest_score", per_hour=SCORES_AN_HOUR)
def jury_entry(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Give an entry points, or change the own ones while scores are taken."""
    contest, juror = _seat(request, slug)
    entry = _entry(contest, public_id)
    own = scores_of(juror).get(entry.pk)
    recusal = Recusal.objects.filter(juror=juror, entry=entry).first()
    form = PointsForm(request.POST or None, contest=contest, score=own)
    if request.method == "POST" and form.is_valid() and _scored(form, juror, entry):
        messages.success(
            request, _("Your points are kept. You can change them until the last day.")
        )
        return redirect("jury", slug)
    context = {
        "form": form,
        "recusal_form": RecusalForm(prefix="recusal"),
        "recusal": recusal,
        "is_own_city": entry.practice.municipality_id in conflicted_places(juror.user, on=today()),
        "contest": contest,
        "entry": entry,
        "card": next(iter(shown_cards([entry.practice.slug])), None),
        "is_scoring": _is_scoring(contest),
        "has_changed": entry.practice.versions.filter(number__gt=entry.version.number).exists(),
        "crumbs": _crumbs(contest, [(_("Jury"), reverse("jury", args=[slug])), (_("Entry"), "")]),
    }
    return render(request, "portal/contests/jury_entry.html", context)


@require_POST
@sign_in_needed
@limited("contest_score", per_hour=SCORES_AN_HOUR)
def jury_recuse(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Say that one does not judge an entry, and why."""
    contest, juror = _seat(request, slug)
    entry = _entry(contest, public_id)
    form = RecusalForm(request.POST, prefix="recusal")
    if form.is_valid():
        try:
            recuse(juror=juror, entry=entry, reason=form.cleaned_data["reason"], on=today())
        except CannotScore as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Noted: you do not judge this entry."))
        return redirect("jury", slug)
    context: dict[str, Any] = {
        "form": form,
        "contest": contest,
        "entry": entry,
        "card": next(iter(shown_cards([entry.practice.slug])), None),
        "crumbs": _crumbs(contest, [(_("Jury"), reverse("jury", args=[slug]))]),
    }
    return render(request, "portal/contests/recuse.html", context)


def _seat(request: HttpRequest, slug: str) -> tuple[Contest, Juror]:
    contest = contest_or_404(request, slug)
    juror = juror_of(request.user, contest)
    if juror is None:
        raise PermissionDenied(_("Only members of this jury see its pages."))
    return contest, juror


def _entry(contest: Contest, public_id: UUID) -> Entry:
    rows = Entry.objects.select_related(
        "nomination__contest", "practice__municipality__region", "version"
    )
    found = get_object_or_404(rows, public_id=public_id, nomination__contest=contest)
    if found.withdrawn_at is not None:
        raise Http404(_("This entry was withdrawn."))
    return found


def _scored(form: PointsForm, juror: Juror, entry: Entry) -> bool:
    try:
        give_score(
            juror=juror,
            entry=entry,
            points=form.points(),
            comment=form.cleaned_data["comment"],
            on=today(),
        )
    except CannotScore as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _is_scoring(contest: Contest) -> bool:
    on = today()
    return contest.stage(on) == "scoring" and on <= contest.scores_by


def _points_words(score: Score | None, contest: Contest) -> str:
    return " · ".join(str(score.points[code]) for code in contest.weights) if score else ""


def _crumbs(contest: Contest, more: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        exchange_crumb(),
        (_("Contests"), reverse("contests")),
        (contest.title, contest.get_absolute_url()),
        *more,
    ]
