"""The association: a position or joint letter as the document that is sent."""

from __future__ import annotations

from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.association.models import Position
from novator.association.poll_words import reasons_in_words, verdict_words
from novator.association.positions import latest_version
from novator.council.paper_blocks import Paper


def position_paper(position: Position, *, language: str) -> Paper:
    """
    The latest text with addressee, who adopted or signed it, and that it binds no member (L4).

    English where it is asked for and written; five queries.
    """
    with translation.override(language):
        version = latest_version(position)
        is_english = language == "en" and bool(version.paragraphs_en)
        title = position.title_en if is_english and position.title_en else position.title
        paper = Paper(title, language)
        facts = [
            (_("What it is"), str(position.get_kind_display())),
            (_("On"), position.subject),
            (_("To"), position.addressee),
            (_("State"), str(position.get_state_display())),
            (_("Adopted"), _day(position.adopted_on)),
            (_("Sent"), " ".join(filter(None, [_day(position.sent_on), position.sent_number]))),
        ]
        paper.facts([(name, words) for name, words in facts if words])
        for paragraph in version.paragraphs_en if is_english else version.paragraphs:
            paper.text(paragraph)
        _tell_who_stands_behind(paper, position)
        paper.heading(_("What it does not do"))
        paper.text(no_duty_words())
        return paper


def no_duty_words() -> str:
    """Rule L4 in the reader's language."""
    return _(
        "A position of the association makes no duty for a member: no power of a municipality"
        " passes to the association."
    )


def _tell_who_stands_behind(paper: Paper, position: Position) -> None:
    signatures = position.signatures.filter(withdrawn_at=None).select_related(
        "member__municipality", "mandate__decision", "mandate__holder", "mandate__holder_post"
    )
    rows = [
        [
            str(row.member),
            str(row.mandate.holder or row.mandate.holder_post or ""),
            _day(row.signed_at.date()),
        ]
        for row in signatures
    ]
    if rows:
        paper.heading(_("Signed by"))
        paper.table([_("Member"), _("By mandate of"), _("Day")], rows, (3, 3, 2))
    poll = position.polls.filter(state="closed").order_by("-closed_at").first()
    if poll is not None:
        paper.heading(_("Vote of the members"))
        paper.text(verdict_words(poll))
        paper.listed(reasons_in_words(poll))


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
