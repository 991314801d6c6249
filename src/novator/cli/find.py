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
    from novator.matching.search import Findings, Found
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
            findings = _findings(question, where, topic=topic, country=country, limit=limit)
            say = _say_json if as_json else _say_in_words
            say(findings)


def _question(text: str | None, file: Path | None) -> str:
    from django.utils.translation import gettext as _

    from novator.text.letters import CannotReadLetter, text_of_letter

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
    return f"{text}\n{letter}" if text else letter


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


def _findings(
    question: str, city: Municipality | None, *, topic: str, country: str, limit: int
) -> Findings:
    from django.utils.translation import gettext as _

    from novator.core.topics import TOPIC_BY_CODE
    from novator.matching.queries import current_index
    from novator.matching.search import Filters
    from novator.matching.search import find as search

    if topic and topic not in TOPIC_BY_CODE:
        known = ", ".join(TOPIC_BY_CODE)
        raise CannotAsk(_("There is no such topic; there are: %(topics)s.") % {"topics": known})
    filters = Filters(topic=topic or None, country=country.upper() or None)
    return search(question, index=current_index(), filters=filters, city=city, limit=limit)


def _cards(findings: Findings) -> dict[str, Card]:
    from novator.practices.queries import cards

    return {card.slug: card for card in cards([one.practice_slug for one in findings.results])}


def _say_json(findings: Findings) -> None:
    known = _cards(findings)
    answer: dict[str, Any] = {
        "nothing_fits": findings.nothing_fits,
        "repaired_query": findings.repaired_query,
        "results": [
            _for_programs(found, known[found.practice_slug])
            for found in findings.results
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


def _say_in_words(findings: Findings) -> None:
    from django.utils.translation import gettext as _
    from rich.console import Console

    out = Console(highlight=False)
    if findings.repaired_query:
        searched = _("Searched for: %(words)s") % {"words": findings.repaired_query}
        _write(out, searched, style="dim")
    if findings.nothing_fits:
        told = _(
            "Nothing fits: no card of the catalogue is likely to solve this problem. Say it in"
            " other words, or name one problem at a time. The nearest cards are:"
        )
        _write(out, told, style="bold")
    elif not findings.results:
        _write(out, _("No card passes these conditions."), style="bold")
    known = _cards(findings)
    shown = findings.likeliest if findings.nothing_fits else findings.results
    for number, found in enumerate(shown, start=1):
        card = known[found.practice_slug]
        out.print()
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
