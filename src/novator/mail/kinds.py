"""Beside the law: the kinds of letters, and which of them a reader may stop."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class LetterKind:
    """
    A kind of letter.

    `may_stop`: the reader can unsubscribe by one click. `is_urgent`: somebody waits for it before
    the screen, so it goes ahead of the others.
    """

    code: str
    label: Promise
    may_stop: bool = False
    is_urgent: bool = False


_KINDS = (
    LetterKind("account", _("confirming an address, a new password, sign-in"), is_urgent=True),
    LetterKind("security", _("changes of how you sign in"), is_urgent=True),
    LetterKind("role", _("roles you were given or that ended")),
    LetterKind("draft", _("drafts: handed over, to be released, released")),
    LetterKind("review", _("returned with remarks, published, an expert's review wanted")),
    LetterKind("moderation", _("drafts that wait for a moderator"), may_stop=True),
    LetterKind("hidden", _("words of yours that a moderator has hidden")),
    LetterKind("contest", _("contests: calls, jury, results")),
    LetterKind("question", _("questions to your city about its practices"), may_stop=True),
    LetterKind("answer", _("answers to what you asked"), may_stop=True),
    LetterKind("request", _("other cities ask all for a solution"), may_stop=True),
    LetterKind("help", _("visits, calls and documents that cities offer or book"), may_stop=True),
    LetterKind("confirm", _("practices to be confirmed by a date"), may_stop=True),
    LetterKind("collection", _("collections that colleagues share with you"), may_stop=True),
    LetterKind("digest", _("what is new in what you follow"), may_stop=True),
    LetterKind("report", _("confirming the address of a report"), is_urgent=True),
    LetterKind("report_news", _("what happens to reports you sent or follow"), may_stop=True),
    LetterKind("report_danger", _("reports of a danger to life, to officers"), is_urgent=True),
    LetterKind("report_given", _("reports given to a body that works on them")),
    LetterKind("report_work", _("reports that wait for you as an officer"), may_stop=True),
    LetterKind("session", _("sessions of your council: invitations"), may_stop=True),
    LetterKind("association", _("membership of your city: applications, representatives, fees")),
    LetterKind("poll", _("votes of the association’s members: opened, ending, closed")),
    LetterKind("office", _("letters and failures that wait for the office")),
)
KINDS = {kind.code: kind for kind in _KINDS}


def kind_choices() -> list[tuple[str, object]]:
    """Every kind of letter with its name."""
    return [(kind.code, kind.label) for kind in KINDS.values()]
