"""Solutions found: the card of a practice, and the reader's word whether it helped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from novator.cities.models import Municipality
from novator.cities.peers import LikenessReason
from novator.cities.queries import peers
from novator.core.languages import reader_language
from novator.matching.judgements import LONGEST_QUERY, keep_judgement
from novator.matching.queries import similar_practices
from novator.portal import figures
from novator.portal.appearance import site_of
from novator.portal.card_extras import card_extras
from novator.portal.sharing import linked_data
from novator.portal.shown import ShownCard, shown, shown_cards
from novator.portal.signs import change_in_figures
from novator.portal.stages import stage_of
from novator.practices.card import CardEffect
from novator.practices.models import EFFECT_EVIDENCE, FUNDING_SOURCES, Practice
from novator.practices.queries import CatalogueFilters, card, catalogue
from novator.text.index import IndexDamaged, IndexMissing

SIMILAR = 4
PEERS = 4
A_DAY = 24 * 60 * 60
MOST_A_DAY = 40


@dataclass(frozen=True)
class EffectLine:
    """One row of the table of effects; what is not stated is empty."""

    indicator: str
    before: str
    after: str
    change: str
    period: str
    evidence: str
    stage: str = ""


@dataclass(frozen=True)
class AlikeCity:
    """A city like the card's own, with the reasons that are known."""

    name: str
    url: str
    percent: int
    reasons: tuple[LikenessReason, ...]


@require_safe
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everything a card tells, what it does not tell, and where to look next."""
    row = Practice.objects.select_related("municipality__region", "merged_into").filter(slug=slug)
    kept = row.first()
    if kept is not None and kept.withdrawn_at is not None:
        return _withdrawn(request, kept)
    found = card(slug)
    if kept is None or found is None:
        raise Http404(_("There is no such practice. It may have been taken out of the catalogue."))
    shown_card = shown(found)
    context = {
        **told_on_page(shown_card),
        "similar": shown_cards(_similar(slug, found.topic)),
        "alike": _alike(kept.municipality),
        "query": request.GET.get("q", "").replace("\0", "")[:LONGEST_QUERY],
        "has_thanked": request.GET.get("thanks") == "1",
        "linked_data": linked_data(shown_card, address=site_of(request) + request.path),
        "crumbs": [
            (_("Catalogue"), reverse("catalogue")),
            (shown_card.topic.name, reverse("topic", args=[found.topic])),
        ],
        **card_extras(request, kept),
    }
    return render(request, "portal/practice.html", context)


def told_on_page(card: ShownCard) -> dict[str, Any]:
    """Names for the template: the card's own words and figures; no query."""
    language = reader_language()
    found = card.facts
    return {
        "card": card,
        "facts": found,
        "effects": [effect_line(effect, language) for effect in found.effects],
        "funding": [str(FUNDING_SOURCES[code]) for code in found.funding],
        "filled": round(100 * found.completeness.share),
    }


def _withdrawn(request: HttpRequest, row: Practice) -> HttpResponse:
    """Lead readers of a twin to the card that stayed; of another, say that it is gone, and why."""
    if row.merged_into is not None:
        return redirect("practice", row.merged_into.slug, permanent=True)
    context = {"because": row.withdrawn_because, "withdrawn_at": row.withdrawn_at}
    return render(request, "portal/withdrawn.html", context, status=410)


@require_POST
def helpful(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep whether a card helped; who said so is not kept."""
    found = Practice.objects.published().filter(slug=slug).first()
    if found is None:
        raise Http404(_("There is no such practice. It may have been taken out of the catalogue."))
    answer = request.POST.get("helpful", "")
    if answer in {"yes", "no"} and _may_answer(request, slug):
        keep_judgement(
            practice=found,
            is_helpful=answer == "yes",
            query=request.POST.get("query", ""),
            made_on=timezone.localdate(),
        )
    return redirect(f"{reverse('practice', args=[slug])}?thanks=1#helped")


def _may_answer(request: HttpRequest, slug: str) -> bool:
    """Once a card and forty times in all a day; the address is kept only as a daily digest."""
    today = timezone.localdate().isoformat()
    address = get_adapter(request).get_client_ip(request)
    digest = salted_hmac(f"helpful {today}", str(address)).hexdigest()
    is_first = cache.add(f"helpful:{digest}:{slug}", 1, A_DAY)
    cache.add(f"helpful:{digest}", 0, A_DAY)
    return is_first and cache.incr(f"helpful:{digest}") <= MOST_A_DAY


def effect_line(effect: CardEffect, language: str) -> EffectLine:
    """Put one stated effect into figures of the reader's language."""

    def level(value: float | None) -> str:
        written = "" if value is None else figures.grouped(value, language)
        return written and figures.with_unit(written, effect.unit, language)

    change = ""
    if effect.change is not None and effect.change_kind == "percent":
        change = change_in_figures(
            CardEffect("", "", None, None, effect.change, "percent", "", ""), language
        )
    elif effect.change is not None and not (effect.before is None and effect.after is not None):
        signed = figures.signed(effect.change, language)
        change = figures.with_unit(signed, effect.unit, language)
    return EffectLine(
        indicator=effect.indicator,
        before=level(effect.before),
        after=level(effect.after),
        change=change,
        period=effect.period,
        evidence=str(EFFECT_EVIDENCE.get(effect.evidence, effect.evidence)),
        stage=stage_of(effect),
    )


def _similar(slug: str, topic: str) -> list[str]:
    """Nearest in meaning; while there is no index, the newest of the same topic."""
    try:
        return similar_practices(Practice(slug=slug), SIMILAR)
    except (IndexMissing, IndexDamaged):
        others = [other for other in catalogue(CatalogueFilters(topic=topic)) if other != slug]
        return others[:SIMILAR]


def _alike(city: Municipality) -> list[AlikeCity]:
    return [
        AlikeCity(
            name=peer.city.name,
            url=reverse("city", args=[peer.city.slug]),
            percent=round(100 * peer.likeness.score),
            reasons=tuple(r for r in peer.likeness.reasons if r.likeness is not None),
        )
        for peer in (peers(city, PEERS) if city.is_municipal else [])
    ]
