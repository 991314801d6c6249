"""The association: rules and results of polls in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from novator.association.models import Poll
from novator.council.models import Mandate


def title_of(poll: Poll) -> str:
    """Its title in the reader's language."""
    return str(poll)


def moment_words(moment: datetime | None) -> str:
    """A moment with its day and hour in the site's time zone."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else "—"


def fraction_words(value: Fraction) -> str:
    """A fraction as people say it: half, two thirds, 3/5."""
    known = {
        Fraction(1, 2): _("half"),
        Fraction(1, 3): _("one third"),
        Fraction(2, 3): _("two thirds"),
        Fraction(1, 4): _("a quarter"),
        Fraction(3, 4): _("three quarters"),
        Fraction(1): "100 %",
    }
    return known.get(value) or f"{value.numerator}/{value.denominator}"


def percent(value: Fraction | str | None) -> str:
    """A share as a percentage with one digit; a dash where there is none."""
    if value is None:
        return "—"
    return f"{number_format(float(Fraction(value) * 100), 1)} %"


def quorum_words(poll: Poll) -> str:
    """How many must take part."""
    quorum = Fraction(poll.quorum_numerator, poll.quorum_denominator)
    if not quorum:
        return _("No quorum is needed.")
    words = _("Quorum: at least %(share)s of the votes of all members entitled must be cast.")
    return words % {"share": fraction_words(quorum)}


def majority_words(poll: Poll) -> str:
    """When an option wins."""
    majority = Fraction(poll.majority_numerator, poll.majority_denominator)
    if not majority:
        return _("The option with the most votes wins; abstentions do not count.")
    facts = {"share": fraction_words(majority)}
    if poll.is_over:
        return (
            _("An option needs more than %(share)s of the votes, abstentions not counted.") % facts
        )
    return _("An option needs at least %(share)s of the votes, abstentions not counted.") % facts


def weights_words(poll: Poll) -> list[str]:
    """How much each member's vote weighs."""
    if poll.weights.get("kind") != "population":
        return [_("One city, one vote.")]
    said = [_("The weight of a vote goes by population:")]
    for least, weight in poll.weights["tiers"]:
        people = number_format(least, 0, force_grouping=True)
        words = ngettext(
            "from %(people)s inhabitants: %(weight)s vote",
            "from %(people)s inhabitants: %(weight)s votes",
            weight,
        )
        said.append(words % {"people": people, "weight": weight})
    return said


def extension_words(poll: Poll) -> str:
    """What happens if too few take part."""
    if not poll.most_extensions:
        return _("If the quorum is missed, the poll is not extended.")
    times = ngettext(
        "If the quorum is missed, the poll is extended by %(days)s days, once.",
        "If the quorum is missed, the poll is extended by %(days)s days, %(times)s times at most.",
        poll.most_extensions,
    )
    return times % {"days": poll.extension_days, "times": poll.most_extensions}


def rules_in_words(poll: Poll) -> list[str]:
    """Everything by which a poll is decided, one sentence a line."""
    weights = weights_words(poll)
    kind = (
        _("The ballot is secret: nobody can tell who voted how.")
        if poll.is_secret
        else _("The ballot is open: after the closing everybody sees who voted how.")
    )
    return [
        kind,
        weights[0] if len(weights) == 1 else f"{weights[0]} {'; '.join(weights[1:])}.",
        quorum_words(poll),
        majority_words(poll),
        _("A tie decides nothing."),
        extension_words(poll),
        _("A vote that was cast cannot be changed or taken back."),
    ]


def verdict_words(poll: Poll) -> str:
    """The result in one sentence."""
    result: Mapping[str, Any] = poll.result
    names = {one.code: str(one) for one in poll.options.all()}
    leaders = ", ".join(
        _("“%(name)s”") % {"name": names.get(code, code)} for code in result.get("leaders", [])
    )
    words = {
        "carried": _("Decided: %(leaders)s."),
        "no_ballots": _("Nobody voted: nothing is decided."),
        "no_quorum": _("Too few took part: nothing is decided."),
        "tie": _("A tie between %(leaders)s: nothing is decided."),
        "no_majority": _("No option has the votes it needs: nothing is decided."),
        "unsound": _(
            "Ballots and rights to vote do not add up: the poll decides nothing and has to be"
            " looked into."
        ),
    }
    return words[result["verdict"]] % {"leaders": leaders}


def reasons_in_words(poll: Poll) -> list[str]:
    """What the verdict follows from, number by number."""
    result: Mapping[str, Any] = poll.result
    if "cast" not in result:
        return [str(result.get("fault", ""))]
    quorum = Fraction(poll.quorum_numerator, poll.quorum_denominator)
    entitled = result["entitled"]
    share = Fraction(result["cast"], entitled) if entitled else Fraction(0)
    facts = {"cast": result["cast"], "entitled": entitled, "share": percent(share)}
    said = [_("%(cast)s of %(entitled)s votes were cast: %(share)s.") % facts]
    if quorum:
        needed = -(-quorum.numerator * entitled // quorum.denominator)
        words = (
            _("The quorum of %(needed)s votes is reached.")
            if result["cast"] >= needed
            else _("The quorum of %(needed)s votes is missed.")
        )
        said.append(words % {"needed": needed})
    return [*said, *_majority_reasons(poll, result)]


def _majority_reasons(poll: Poll, result: Mapping[str, Any]) -> list[str]:
    majority = Fraction(poll.majority_numerator, poll.majority_denominator)
    if not result["counted"]:
        return (
            [_("Nobody voted for an option: there are only abstentions.")] if result["cast"] else []
        )
    most = max(one["weight"] for one in result["tallies"] if one["share"] is not None)
    facts = {
        "most": most,
        "counted": result["counted"],
        "share": percent(Fraction(most, result["counted"])),
    }
    said = [_("The most votes for one option: %(most)s of %(counted)s, %(share)s.") % facts]
    if len(result["leaders"]) > 1 or not majority:
        return said
    needed = majority * result["counted"]
    if poll.is_over:
        least = needed.numerator // needed.denominator + 1
    else:
        least = -(-needed.numerator // needed.denominator)
    said.append(_("Needed were at least %(least)s.") % {"least": max(1, least)})
    return said


def mandate_words(mandate: Mandate) -> str:
    """What a mandate rests on: the council's decision with number and day, or another paper."""
    decision = mandate.decision
    if decision is None:
        return mandate.document
    day = decision.adopted_to
    said = date_format(day, "DATE_FORMAT") if day else _("day not stated")
    if not decision.number:
        return _("decision of the council, number not stated, %(day)s") % {"day": said}
    words = _("decision of the council No. %(number)s of %(day)s")
    return words % {"number": decision.number, "day": said}
