"""Solutions judged: the frozen result of a contest in words, for the page and for documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.accounts.consents import public_names
from novator.core.languages import reads_russian
from novator.reviews.models import Contest
from novator.reviews.protocol import two_digits
from novator.reviews.ranking import BY_CRITERIA, BY_FIRST_PLACES, SHARED, criteria_by_weight


@dataclass(frozen=True)
class EntryWords:
    """An entry as the protocol names it."""

    id: str
    slug: str
    title: str
    title_language: str
    city: str


@dataclass(frozen=True)
class PlaceWords:
    """One line of the ranking."""

    place: str
    entry: EntryWords
    total: str
    ballots: int
    means: tuple[tuple[str, str], ...]
    tie: tuple[str, ...]


@dataclass(frozen=True)
class GroupWords:
    """The ranking of one nomination in one category."""

    nomination: str
    category: str
    places: tuple[PlaceWords, ...]
    too_few: tuple[tuple[EntryWords, int], ...]


@dataclass(frozen=True)
class BallotWords:
    """What one juror, told by his code, gave one entry."""

    juror: str
    points: tuple[str, ...]
    total: str


@dataclass(frozen=True)
class ScoredEntry:
    """An entry with all its ballots and recusals."""

    entry: EntryWords
    ballots: tuple[BallotWords, ...]
    recusals: tuple[str, ...]


@dataclass(frozen=True)
class ResultWords:
    """The whole result, every text in the language of the current reader."""

    made_on: str
    criteria: tuple[tuple[str, int, str], ...]
    rule: tuple[str, ...]
    groups: tuple[GroupWords, ...]
    scored: tuple[ScoredEntry, ...]
    jurors: tuple[tuple[str, str], ...]


def result_in_words(contest: Contest) -> ResultWords:
    """
    Read the frozen result of a contest; three queries: nominations, jury, consents.

    :raises ValueError: there is no protocol yet
    """
    if contest.protocol is None:
        raise ValueError("the contest has no protocol yet")
    values: dict[str, Any] = contest.protocol
    entries = {one["id"]: _entry_words(one) for one in values["entries"]}
    nominations = {one.position: one.title for one in contest.nominations.all()}
    categories = {one.code: one.name for one in contest.all_categories}
    return ResultWords(
        made_on=date_format(date.fromisoformat(values["date"]), "DATE_FORMAT"),
        criteria=_criteria(contest),
        rule=_rule(contest),
        groups=tuple(
            GroupWords(
                nomination=nominations.get(group["nomination"], ""),
                category=categories.get(group["category"], ""),
                places=tuple(_place_words(one, entries, contest) for one in group["placed"]),
                too_few=tuple((entries[o["entry"]], o["ballots"]) for o in group["too_few"]),
            )
            for group in values["groups"]
        ),
        scored=tuple(_scored(one, values, contest) for one in entries.values()),
        jurors=_jurors(contest, values["jurors"]),
    )


def place_of(contest: Contest, *, slug: str, nomination: int) -> int | None:
    """The place of a card in a nomination; None without a protocol or without a place."""
    values: dict[str, Any] = contest.protocol or {"entries": [], "groups": []}
    own = [e["id"] for e in values["entries"] if (e["slug"], e["nomination"]) == (slug, nomination)]
    placed = [one for group in values["groups"] for one in group["placed"]]
    return next((int(one["place"]) for one in placed if one["entry"] in own), None)


def figure(value: str) -> str:
    """An exact number of the protocol as the current reader writes it, two digits."""
    written = two_digits(value)
    return written.replace(".", ",") if _is_russian() else written


def tie_words(steps: list[dict[str, Any]], contest: Contest) -> tuple[str, ...]:
    """Say how equal totals were parted, one sentence a comparison."""
    names = {criterion.code: criterion.name for criterion in contest.all_criteria}
    said = []
    for step in steps:
        facts = {"others": ", ".join(f"№ {name}" for name in step["with"])}
        if step["kind"] == "criterion":
            facts |= {"criterion": names.get(step["code"], step["code"])}
            words = _("Equal with %(others)s; mean of “%(criterion)s”: %(value)s.")
            said.append(words % (facts | {"value": figure(step["value"])}))
        elif step["kind"] == BY_FIRST_PLACES:
            words = _("Equal with %(others)s; jurors who put it first: %(value)s.")
            said.append(words % (facts | {"value": step["value"]}))
        elif step["kind"] == SHARED:
            said.append(_("Still equal with %(others)s: the place is shared.") % facts)
    return tuple(said)


def _entry_words(values: dict[str, Any]) -> EntryWords:
    is_english = not _is_russian() and bool(values["title_en"])
    return EntryWords(
        id=values["id"],
        slug=values["slug"],
        title=values["title_en"] if is_english else values["title_ru"],
        title_language="en" if is_english else "ru",
        city=values["city_ru"] if _is_russian() else values["city_en"],
    )


def _place_words(
    values: dict[str, Any], entries: dict[str, EntryWords], contest: Contest
) -> PlaceWords:
    return PlaceWords(
        place=str(values["place"]),
        entry=entries[values["entry"]],
        total=figure(values["total"]),
        ballots=values["ballots"],
        means=tuple((one.name, figure(values["means"][one.code])) for one in contest.all_criteria),
        tie=tie_words(values["tie"], contest),
    )


def _scored(entry: EntryWords, values: dict[str, Any], contest: Contest) -> ScoredEntry:
    ballots = [one for one in values["ballots"] if one["entry"] == entry.id]
    return ScoredEntry(
        entry=entry,
        ballots=tuple(
            BallotWords(
                juror=one["juror"],
                points=tuple(str(one["points"][code]) for code in contest.weights),
                total=figure(one["total"]),
            )
            for one in ballots
        ),
        recusals=tuple(
            _recusal_words(one) for one in values["recusals"] if one["entry"] == entry.id
        ),
    )


def _recusal_words(values: dict[str, Any]) -> str:
    reason = values["reason"] or _("holds or held a role in this municipality")
    return _("%(juror)s did not judge: %(reason)s") % {"juror": values["juror"], "reason": reason}


def _criteria(contest: Contest) -> tuple[tuple[str, int, str], ...]:
    whole = sum(contest.weights.values())
    return tuple(
        (one.name, one.weight, figure(f"{100 * one.weight}/{whole}"))
        for one in contest.all_criteria
    )


def _rule(contest: Contest) -> tuple[str, ...]:
    names = {criterion.code: criterion.name for criterion in contest.all_criteria}
    said = [
        _("The total of an entry is the mean of the totals that jurors gave it."),
        _("A juror's total is the mean of the points by the weights of the criteria."),
        _("An entry with fewer than %(count)s scores gets no place.")
        % {"count": contest.least_scores},
    ]
    for rule in contest.tie_rule:
        if rule == BY_CRITERIA:
            order = ", ".join(f"“{names[code]}”" for code in criteria_by_weight(contest.weights))
            said.append(
                _("Equal totals are parted by the mean of one criterion after another: %(order)s.")
                % {"order": order}
            )
        elif rule == BY_FIRST_PLACES:
            said.append(_("Then by how many jurors gave the entry their highest total."))
        elif rule == SHARED:
            said.append(_("Entries that are still equal share the place."))
    return tuple(said)


def _jurors(contest: Contest, codes: list[str]) -> tuple[tuple[str, str], ...]:
    """Names stand only with the consent to publish them; others are told by their function."""
    rows = {juror.code: juror.user for juror in contest.jurors.select_related("user")}
    names = public_names(rows.values())
    function = _("member of the jury")
    return tuple((code, names.get(rows[code].pk) or function) for code in codes if code in rows)


def _is_russian() -> bool:
    return reads_russian()
