"""Who decides: Atom feeds of sessions and decisions."""

from __future__ import annotations

from datetime import date, datetime, time

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.core.languages import in_language
from novator.council.decision_words import decided_on, number_of
from novator.council.disclosure import tells_text
from novator.council.listing import Asked, decisions_of, sessions_of
from novator.council.models import Decision, Session
from novator.council.session_documents import held_in_words
from novator.portal.council_reading import council_called
from novator.portal.feeds import MOST, Entry, answer


@require_safe
def sessions(request: HttpRequest, slug: str) -> HttpResponse:
    """Sessions of a council, planned and held."""
    council = council_called(slug)
    rows = sessions_of(council, Asked())[:MOST]
    page = reverse("council_sessions", args=[slug])
    title = _("Sessions: %(council)s") % {"council": council}
    return answer(request, title, page, [_of_session(row) for row in rows])


@require_safe
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """Decisions of a council."""
    council = council_called(slug)
    rows = decisions_of(council, Asked())[:MOST]
    page = reverse("council_decisions", args=[slug])
    title = _("Decisions: %(council)s") % {"council": council}
    return answer(request, title, page, [_of_decision(row) for row in rows])


@require_safe
def all_decisions(request: HttpRequest) -> HttpResponse:
    """Decisions of all councils, those recorded last first."""
    rows = decisions_of(None, Asked()).order_by("-id")[:MOST]
    title = _("Decisions of councils")
    return answer(request, title, reverse("councils"), [_of_decision(row) for row in rows])


def _of_session(session: Session) -> Entry:
    where = "" if session.is_closed else session.place
    words = [str(session.get_state_display()), held_in_words(session), where]
    return Entry(
        key=f"sessions/{session.public_id}",
        title=str(session),
        words=", ".join(filter(None, words)),
        author=str(session.council),
        path=session.get_absolute_url(),
        updated=session.changed_at,
        published=_moment(session.held_from, session.changed_at),
    )


def _of_decision(decision: Decision) -> Entry:
    summary = in_language(decision.summary, decision.summary_en) if tells_text(decision) else ""
    words = f"{number_of(decision)}, {decided_on(decision)}: {decision.get_state_display()}. "
    return Entry(
        key=f"decisions/{decision.public_id}",
        title=str(decision),
        words=f"{words}{summary}".strip(),
        author=str(decision.council),
        path=decision.get_absolute_url(),
        updated=decision.changed_at,
        published=_moment(decision.adopted_from, decision.changed_at),
        category=", ".join(effect.kind for effect in decision.effects.all()),
    )


def _moment(day: date | None, otherwise: datetime) -> datetime:
    """The beginning of a day, not after the last change."""
    if day is None:
        return otherwise
    return min(timezone.make_aware(datetime.combine(day, time.min)), otherwise)
