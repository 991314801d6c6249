"""Who decides: signed versions of a session's protocol, and agenda and minutes as files."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.core.documents import PDF_TYPE, WORD_TYPE
from novator.core.languages import reader_language
from novator.council.models import Protocol, Session
from novator.council.paper_blocks import Paper, as_pdf, as_word
from novator.council.protocols import content_of, latest_protocol, public_part
from novator.council.session_content import Content, written
from novator.council.session_documents import agenda_paper, minutes_paper
from novator.council.session_words import differences
from novator.portal.council_reading import city_of, reads_closed, session_crumbs
from novator.portal.sessions import session_called

KINDS = ("docx", "pdf")


@require_safe
def agenda(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The agenda as an invitation."""
    session = session_called(pk)
    content = _readable(request, session, written(session, with_voices=False))
    paper = agenda_paper(content, language=reader_language())
    return file_of(request, paper, kind, name=f"agenda-{pk}", made_at=session.changed_at)


@require_safe
def minutes(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The minutes: of the version in force (`version` for another), else as entered so far."""
    session = session_called(pk)
    number = request.GET.get("version", "")
    protocol = _version(session, number) if number else latest_protocol(session)
    content = _readable(request, session, protocol.content if protocol else content_of(session))
    paper = minutes_paper(content, protocol=protocol, language=reader_language())
    made_at = protocol.recorded_at if protocol else session.changed_at
    name = f"minutes-{pk}" + (f"-v{protocol.number}" if protocol else "")
    return file_of(request, paper, kind, name=name, made_at=made_at)


@require_safe
def protocol_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A signed version as it was signed."""
    session = session_called(pk)
    protocol = _version(session, str(number))
    context = {
        "session": session,
        "city": city_of(session.council),
        "protocol": protocol,
        "content": _readable(request, session, protocol.content),
        "others": _versions(session),
        "crumbs": session_crumbs(
            session, (_("Protocol, version %(number)s") % {"number": number}, "")
        ),
    }
    return render(request, "portal/sessions/protocol.html", context)


@require_safe
def compared(request: HttpRequest, pk: int) -> HttpResponse:
    """What two versions of a protocol say otherwise; by default the last two."""
    session = session_called(pk)
    versions = _versions(session)
    if not versions:
        raise Http404(_("This protocol is not signed yet."))
    last = versions[0].number
    newer = _version(session, request.GET.get("to") or str(last))
    older = _version(session, request.GET.get("from") or str(max(1, newer.number - 1)))
    contents = [_readable(request, session, one.content) for one in (older, newer)]
    context = {
        "session": session,
        "older": older,
        "newer": newer,
        "versions": versions,
        "differences": differences(*contents),
        "crumbs": session_crumbs(session, (_("Versions of the protocol"), "")),
    }
    return render(request, "portal/sessions/differences.html", context)


def file_of(
    request: HttpRequest, paper: Paper, kind: str, *, name: str, made_at: datetime
) -> HttpResponse:
    """
    A paper as the file that was asked for.

    :raises Http404: it is offered in no such format
    """
    if kind not in KINDS:
        raise Http404(_("There is no such document."))
    body = as_pdf(paper, made_at=made_at) if kind == "pdf" else as_word(paper)
    response = HttpResponse(body, content_type=PDF_TYPE if kind == "pdf" else WORD_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    if request.user.is_authenticated:
        patch_cache_control(response, private=True, no_cache=True)
    return response


def _readable(request: HttpRequest, session: Session, content: Content) -> Content:
    """The whole for whoever may read what is closed; for others its public part."""
    if reads_closed(request, session.council):
        return content
    return public_part(content, session=session)


def _version(session: Session, number: str) -> Protocol:
    if not (number.isascii() and number.isdigit() and len(number) < 5):
        raise Http404(_("There is no such version."))
    rows = Protocol.objects.select_related("signed_by")
    return get_object_or_404(rows, session=session, number=int(number))


def _versions(session: Session) -> list[Protocol]:
    rows = Protocol.objects.filter(session=session).defer("content")
    return list(rows.select_related("signed_by").order_by("-number"))
