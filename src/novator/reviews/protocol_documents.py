"""Solutions judged: the protocol of a contest as tagged PDF and as Word."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from novator.core.documents import add_table, new_document, tagged_pdf, word_bytes
from novator.reviews.models import Contest
from novator.reviews.results import (
    GroupWords,
    PlaceWords,
    ResultWords,
    ScoredEntry,
    result_in_words,
)

_SOURCE = """
= #data.title
#data.made_on

== #data.names.rules
#sheet((1fr, auto, auto), data.criteria_head, data.criteria)
#list(..data.rule.map(words))

== #data.names.ranking
#for group in data.groups [
  === #group.name
  #if group.rows.len() > 0 { sheet((auto, auto, 1fr, auto, auto), data.ranking_head, group.rows) }
  #if group.notes.len() > 0 { list(..group.notes.map(words)) }
]

== #data.names.scores
#for entry in data.scored [
  === #entry.name
  #if entry.rows.len() > 0 {
    sheet((auto,) + (1fr,) * data.criteria.len() + (auto,), data.scores_head, entry.rows)
  }
  #if entry.notes.len() > 0 { list(..entry.notes.map(words)) }
]

== #data.names.jury
#sheet((auto, 1fr), data.jury_head, data.jurors)
"""


def protocol_pdf(contest: Contest, *, language: str) -> bytes:
    """
    The protocol as PDF/UA-1; the same protocol gives the same bytes.

    :raises ValueError: there is no protocol yet
    """
    with translation.override(language):
        data = _facts(contest, language)
    return tagged_pdf(_SOURCE, data=data, made_at=contest.protocol_at)


def protocol_word(contest: Contest, *, language: str) -> bytes:
    """
    The protocol as a Word document with headings, tables and header rows.

    :raises ValueError: there is no protocol yet
    """
    with translation.override(language):
        data = _facts(contest, language)
    document = new_document(data["title"], language)
    document.add_paragraph(data["made_on"])
    document.add_heading(data["names"]["rules"], level=1)
    add_table(document, head=data["criteria_head"], rows=data["criteria"])
    for said in data["rule"]:
        document.add_paragraph(said, style="List Bullet")
    for name, head, parts in (
        ("ranking", data["ranking_head"], data["groups"]),
        ("scores", data["scores_head"], data["scored"]),
    ):
        document.add_heading(data["names"][name], level=1)
        for part in parts:
            document.add_heading(part["name"], level=2)
            if part["rows"]:
                add_table(document, head=head, rows=part["rows"])
            for note in part["notes"]:
                document.add_paragraph(note, style="List Bullet")
    document.add_heading(data["names"]["jury"], level=1)
    add_table(document, head=data["jury_head"], rows=data["jurors"])
    return word_bytes(document)


def _facts(contest: Contest, language: str) -> dict[str, Any]:
    result = result_in_words(contest)
    return {
        "title": _("Protocol of the contest “%(title)s”") % {"title": contest.title},
        "language": language[:2],
        "made_on": _("Drawn up on %(day)s") % {"day": result.made_on},
        "names": {
            "rules": _("Criteria and rules"),
            "ranking": _("Places"),
            "scores": _("Scores by juror"),
            "jury": _("Members of the jury"),
        },
        "criteria_head": [_("Criterion"), _("Weight"), _("Share, %")],
        "criteria": [[name, str(weight), share] for name, weight, share in result.criteria],
        "rule": list(result.rule),
        "ranking_head": [_("Place"), "№", _("Practice and city"), _("Scores"), _("Total")],
        "groups": [_group(group) for group in result.groups],
        "scores_head": [_("Juror"), *(name for name, _w, _s in result.criteria), _("Total")],
        "scored": [_scored(scored) for scored in result.scored],
        "jury_head": [_("Code"), _("Name")],
        "jurors": [list(juror) for juror in result.jurors],
    } | _seal(result)


def _seal(result: ResultWords) -> dict[str, Any]:
    """What says that an empty result is no mistake of the document."""
    if result.groups:
        return {}
    return {"groups": [{"name": _("No practice was entered."), "rows": [], "notes": []}]}


def _group(group: GroupWords) -> dict[str, Any]:
    name = f"{group.nomination} · {group.category}" if group.category else group.nomination
    few = _("№ %(entry)s, %(city)s: no place, too few scores (%(count)s).")
    return {
        "name": name,
        "rows": [_place_row(place) for place in group.places],
        "notes": [
            f"№ {place.entry.id}: {' '.join(place.tie)}" for place in group.places if place.tie
        ]
        + [
            few % {"entry": entry.id, "city": entry.city, "count": count}
            for entry, count in group.too_few
        ],
    }


def _place_row(place: PlaceWords) -> list[str]:
    entry = place.entry
    return [
        place.place,
        entry.id,
        f"{entry.title} ({entry.city})",
        str(place.ballots),
        place.total,
    ]


def _scored(scored: ScoredEntry) -> dict[str, Any]:
    entry = scored.entry
    return {
        "name": f"№ {entry.id}. {entry.title} ({entry.city})",
        "rows": [[one.juror, *one.points, one.total] for one in scored.ballots],
        "notes": list(scored.recusals) or ([] if scored.ballots else [_("Nobody scored it.")]),
    }
