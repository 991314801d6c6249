"""The command line: `novator find` answers a problem in plain words in the terminal."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from novator.cli.setting_up import Refused, ended_with_message, ready_catalogue
from novator.site.language import terminal_language

if TYPE_CHECKING:
    from rich.console import Console

    from novator.cities.models import Municipality
    from novator.matching.search import Filters, Findings, Found
    from novator.portal.signs import Sign
    from novator.practices.card import Card

_WIDTH = 96


class CannotAsk(Refused):
    """The question or its conditions cannot be understood."""


@ended_with_message
def find(
    text: Annotated[
        str | None, typer.Argument(help="The problem in plain words.", show_default=False)
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="A letter (.docx or .txt) as the question.")
    ] = None,
    city: Annotated[str, typer.Option(help="Your city: shows how alike the others are.")] = "",
    topic: Annotated[str, typer.Option(help="Only this topic, by its code.")] = "",
    country: Annotated[str, typer.Option(help="Only this country, by two letters.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at most.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the data.")] = None,
) -> None:
    """Find what worked in other cities for a problem told in plain words."""
    with ready_catalogue(data_dir):
        from django.utils.translation import override

        from novator.text.words import words

        with override(terminal_language()):
            question = _question(text, file)
            if not as_json and not words(question):
                raise CannotAsk(_nothing_asked())
            where = _city(city)
            filters = _filters(topic=topic, country=country)
            findings = _findings(question, where, filters, limit)
            say = _say_json if as_json else _say_in_words
            say(findings, filters)


def _question(text: str | None, file: Path | None) -> str:
    from django.utils.translation import gettext as _

    from novator.text.letters import CannotReadLetter, text_of_letter

    if file is not None and text is not None:
        raise CannotAsk(_("Give either TEXT or --file LETTER, not both."))
    if file is None:
        if text and text.strip():
            return text
        raise CannotAsk(_('Say what the problem is: novator find "TEXT", or --file LETTER.'))
    try:
        letter = text_of_letter(file.name, file.read_bytes())
    except CannotReadLetter as refusal:
        raise CannotAsk(str(refusal)) from refusal
    except OSError as fault:
        raise CannotAsk(
            _("%(file)s cannot be read: %(reason)s") % {"file": file, "reason": fault.strerror}
        ) from fault
    return letter


def _nothing_asked() -> str:
    from django.utils.translation import gettext as _

    told = _('Say what the problem is: novator find "TEXT", or --file LETTER.')
    return f"{_('There are no words in the question.')} {told}"


def _city(words: str) -> Municipality | None:
    from django.utils.translation import gettext as _

    from novator.cities.queries import find_city, suggest_cities

    if not words.strip():
        return None
    found = find_city(words)
    if not found:
        near = ", ".join(str(city) for city in suggest_cities(words))
        raise CannotAsk(
            _("No city is called “%(words)s”.") % {"words": words}
            + (" " + _("Did you mean: %(cities)s?") % {"cities": near} if near else "")
        )
    if len(found) > 1:
        others = "; ".join(f"{city} ({city.region or city.region_text})" for city in found[:6])
        told = _("Several cities are called so: %(cities)s. The first is meant.")
        print(told % {"cities": others}, file=sys.stderr)
    return found[0]


def _filters(*, topic: str, country: str) -> Filters:
    from django.utils.translation import gettext as _

    from novator.core.topics import TOPIC_BY_CODE
    from novator.matching.search import Filters
    from novator.practices.queries import unknown_country

    if topic and topic not in TOPIC_BY_CODE:
        known = ", ".join(TOPIC_BY_CODE)
        raise CannotAsk(_("There is no such topic; there are: %(topics)s.") % {"topics": known})
    country = country.upper()
    if refusal := unknown_country(country):
        raise CannotAsk(refusal)
    return Filters(topic=topic or None, country=country or None)


def _findings(question: str, city: Municipality | None, filters: Filters, limit: int) -> Findings:
    from novator.matching.queries import EncoderSilent, current_index
    from novator.matching.search import find as search

    try:
        return search(question, index=current_index(), filters=filters, city=city, limit=limit)
    except EncoderSilent as fault:
        raise CannotAsk(str(fault)) from fault


def _cards(findings: Findings) -> dict[str, Card]:
    from novator.practices.queries import cards

    return {card.slug: card for card in cards([one.practice_slug for one in findings.results])}


def _say_json(findings: Findings, filters: Filters) -> None:
    known = _cards(findings)
    is_filtered = bool(_options(filters))
    answer: dict[str, Any] = {
        "nothing_fits": findings.nothing_fits,
        "fit_without_filters": len(findings.fit_anywhere) if is_filtered else None,
        "repaired_query": findings.repaired_query,
        "results": [
            _for_programs(found, known[found.practice_slug])
            for found in (() if findings.is_filtered_out else findings.results)
            if found.practice_slug in known
        ],
    }
    print(json.dumps(answer, ensure_ascii=False, indent=2, default=str))


def _for_programs(found: Found, card: Card) -> dict[str, Any]:
    """One answer as JSON; what is not stated is null."""
    cost = card.cost if card.cost and card.cost.per_inhabitant is not None else None
    reasons = [{"kind": r.kind, "text": r.text(terminal_language())} for r in found.reasons]
    return {
        "id": card.slug,
        "title": card.title,
        "municipality": card.city.name,
        "region": card.city.region_name,
        "country": card.city.country,
        "topic": card.topic,
        "score": found.score,
        "problem": card.full_text.problem,
        "cost_per_inhabitant": cost
        and {
            "amount": float(cost.per_inhabitant or 0),
            "currency": cost.currency,
            "price_year": cost.price_year,
            "band": cost.band,
        },
        "effects": [asdict(effect) for effect in card.effects],
        "grade": card.grade,
        "likeness": found.likeness,
        "why": reasons,
        "sources": [source.url for source in card.sources],
    }


def _options(filters: Filters) -> list[str]:
    """The options by which the results were narrowed."""
    return [f"--{name}" for name in ("topic", "country") if getattr(filters, name)]


def _shown(findings: Findings) -> tuple[Found, ...]:
    """All that was asked for, also less likely; nothing where only the conditions exclude all."""
    if findings.is_filtered_out:
        return ()
    return findings.likeliest if findings.nothing_fits else findings.results


def _say_in_words(findings: Findings, filters: Filters) -> None:
    from django.utils.translation import gettext as _
    from rich.console import Console

    out = Console(highlight=False)
    if findings.repaired_query:
        searched = _("Searched for: %(words)s") % {"words": findings.repaired_query}
        _write(out, searched, style="dim")
    if told := _verdict(findings, filters):
        _write(out, told, style="bold")
    known = _cards(findings)
    worth, is_near = findings.worth_showing, not findings.nothing_fits
    for number, found in enumerate(_shown(findings), start=1):
        out.print()
        if is_near and found not in worth:
            _write(out, _("Farther off, in case one of them helps:"), style="bold")
            out.print()
            is_near = False
        _say_one(out, number, found, known[found.practice_slug])


def _verdict(findings: Findings, filters: Filters) -> str:
    from django.utils.translation import gettext as _
    from django.utils.translation import ngettext

    if findings.is_filtered_out:
        count = len(findings.fit_anywhere)
        told = ngettext(
            "Nothing in this selection fits; without %(options)s %(count)s card fits.",
            "Nothing in this selection fits; without %(options)s %(count)s cards fit.",
            count,
        )
        return told % {"options": " ".join(_options(filters)), "count": count}
    if findings.nothing_fits:
        if not findings.results:
            return _(
                "Nothing fits: no card of the catalogue is likely to solve this problem. Say it in"
                " other words, or name one problem at a time."
            )
        return _(
            "Nothing fits: no card of the catalogue is likely to solve this problem. Say it in"
            " other words, or name one problem at a time. The nearest cards are:"
        )
    return ""


def _say_one(out: Console, number: int, found: Found, card: Card) -> None:
    _write(out, f"{number}. {card.title}", style="bold")
    for line in _lines(card):
        _write(out, line, indent="   ")
    for reason in found.reasons:
        _write(out, f"· {reason.text(terminal_language())}", indent="   ", style="dim")


def _write(out: Console, text: str, *, indent: str = "", style: str = "") -> None:
    """Lines of whole words, so that an address can be copied; none ends in spaces."""
    width = out.width if sys.stdout.isatty() else _WIDTH
    room = max(20, width - len(indent))
    for line in wrap(text, room, break_long_words=False, break_on_hyphens=False):
        out.print(indent + line, style=style, markup=False, soft_wrap=True)


def _lines(card: Card) -> list[str]:
    from django.utils.translation import gettext as _

    from novator.portal.signs import cost_sign, effect_sign, evidence_sign

    language = terminal_language()
    region = card.city.region_name
    place = f"{card.city.name}, {region}" if region and region != card.city.name else card.city.name
    signs = (
        cost_sign(card.cost, language=language),
        effect_sign(effects=card.effects, language=language),
        evidence_sign(grade=card.grade, effects=card.effects),
    )
    return [
        place,
        _("Problem: %(text)s") % {"text": card.full_text.problem},
        *(f"{sign.name}: {_in_words(sign)}" for sign in signs),
        *(source.url for source in card.sources[:1]),
    ]


def _in_words(sign: Sign) -> str:
    marks = f" {sign.mark * sign.lit}" if sign.lit and sign.mark == "₽" else ""
    stage = f" [{sign.stage}]" if sign.stage else ""
    return f"{sign.headline}{stage}{marks}" + (f" ({sign.words})" if sign.words else "")
