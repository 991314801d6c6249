"""Who decides: what of a council is not for the public is taken out."""

from __future__ import annotations

from novator.council.disclosure import PUBLISHED
from novator.council.popolo.facts import Facts, Known, cut_loose
from novator.council.popolo.tables import TABLES
from novator.council.popolo.words import PREFIX
from novator.council.session_content import public_part

CLOSED = "Закрытый вопрос"


def withheld(known: Known) -> Known:
    """The same without drafts; of closed sessions only that they were and what came of them."""
    sessions = {key for key, row in known["sessions"].items() if row.values["is_closed"]}
    items = {
        key
        for key, row in known["items"].items()
        if row.values["is_closed"] or row.values["session"] in sessions
    }
    touched = sessions | {known["items"][key].values["session"] for key in items}
    motions = {key for key, row in known["motions"].items() if row.values["item"] in items}
    shown = dict(known)
    shown["sessions"] = _each(known["sessions"], sessions, _closed_session)
    shown["items"] = _each(known["items"], items, _closed_item)
    shown["motions"] = _each(known["motions"], motions, _closed_motion)
    votes = {key for key, row in known["vote_events"].items() if row.values["motion"] in motions}
    shown["vote_events"] = _each(known["vote_events"], votes, _closed_vote)
    shown["speeches"] = _only(known["speeches"], lambda row: row.values["item"] not in items)
    kept = _only(known["protocols"], lambda row: row.values["session"] not in touched)
    shown["protocols"] = _each(kept, set(kept), _public_protocol)
    shown["papers"] = _only(known["papers"], lambda row: _is_open_paper(row, items))
    decided = _only(known["decisions"], lambda row: row.values["state"] != "draft")
    closed = {key for key, row in decided.items() if row.values["item"] in items}
    shown["decisions"] = _each(decided, closed, _closed_decision)
    cut_loose(shown, TABLES)
    return shown


def _is_open_paper(row: Facts, closed: set[str]) -> bool:
    of = {values["agendaitem"] for values in row.parts["items"]}
    return row.values["is_public"] and not of & closed


def _only(rows: dict[str, Facts], is_shown: object) -> dict[str, Facts]:
    assert callable(is_shown)
    return {key: row for key, row in rows.items() if is_shown(row)}


def _each(rows: dict[str, Facts], which: set[str], change: object) -> dict[str, Facts]:
    assert callable(change)
    return {key: change(row) if key in which else row for key, row in rows.items()}


def _copy(row: Facts, **values: object) -> Facts:
    return Facts(row.id, row.values | values, dict(row.parts), row.pointer, row.pk)


def _closed_session(row: Facts) -> Facts:
    closed = _copy(row, place="", chair=None, secretary=None)
    closed.parts[PREFIX + "attendance"] = []
    return closed


def _closed_item(row: Facts) -> Facts:
    names = ("title_en", "outcome", "outcome_en", "initiated_as", "initiated_as_en")
    return _copy(row, title=CLOSED, initiated_by=None, **dict.fromkeys(names, ""))


def _closed_motion(row: Facts) -> Facts:
    return _copy(row, text=CLOSED, text_en="", moved_by=None)


def _closed_vote(row: Facts) -> Facts:
    method = row.values["method"]
    closed = _copy(row, method="counts" if method in {"by_name", "by_faction"} else method)
    closed.parts = {"votes": [], PREFIX + "by_faction": []}
    return closed


def _public_protocol(row: Facts) -> Facts:
    content = row.values["content"]
    return _copy(row, content=public_part(content) if content else content)


def _closed_decision(row: Facts) -> Facts:
    hidden = _copy(row, initiated_by=None, initiated_as="", initiated_as_en="")
    if row.values["state"] in PUBLISHED:
        return hidden
    return _copy(hidden, text="", summary="", summary_en="")
