"""Solutions chosen: everything that writes papers for a meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.briefings.models import MOST_ON_PAPER, SECTIONS, Briefing, Collection, Option
from novator.briefings.operations import CannotCollect, ChangedMeanwhile
from novator.cities.models import Municipality
from novator.core.holding import hold
from novator.practices.models import Practice

MOST_PAPERS = 50


@dataclass(frozen=True)
class Choices:
    """What the official chose and wrote for a paper; `changes` by public id of the card."""

    title: str
    language: str
    city: Municipality | None
    population: int | None
    problem: str
    proposal: str
    sections: Sequence[str]
    prepared_by: str
    prepared_on: date
    slugs: Sequence[str]
    changes: Mapping[str, str]


@transaction.atomic
def begin_paper(
    *,
    collection: Collection,
    slugs: Sequence[str],
    by: User,
    city: Municipality | None,
    language: str,
    on: date,
) -> Briefing:
    """
    Begin a paper about one to five cards of a collection, with every section.

    :raises CannotCollect: no card or too many were chosen, or there are very many papers
    """
    practices = _chosen(collection, slugs)
    if collection.briefings.count() >= MOST_PAPERS:
        raise CannotCollect(
            _("There are %(count)s papers of this collection; delete one first.")
            % {"count": MOST_PAPERS}
        )
    paper = Briefing.objects.create(
        collection=collection,
        title=collection.title,
        language=language,
        city=city,
        problem=collection.purpose,
        prepared_by=", ".join(part for part in (by.name, by.position) if part)[:200],
        prepared_on=on,
        changed_by=by,
    )
    for position, practice in enumerate(practices, start=1):
        Option.objects.create(briefing=paper, practice=practice, position=position)
    return paper


@transaction.atomic
def save_paper(*, paper: Briefing, revision: int, choices: Choices, by: User) -> Briefing:
    """
    Save what the official chose and wrote; the cards stand in the order of the collection.

    :raises ChangedMeanwhile: somebody saved after this revision
    :raises CannotCollect: no card or too many were chosen
    """
    found = hold(Briefing.objects.select_related("changed_by"), paper.pk)
    if found.revision != revision:
        raise ChangedMeanwhile(found.changed_by, found.changed_at)
    for name in ("title", "language", "city", "population", "problem", "proposal"):
        setattr(found, name, getattr(choices, name))
    found.prepared_by, found.prepared_on = choices.prepared_by, choices.prepared_on
    found.sections = [code for code in SECTIONS if code in choices.sections]
    found.revision += 1
    found.changed_by = by
    found.save()
    _choose(found, choices)
    return found


def _choose(paper: Briefing, choices: Choices) -> None:
    """Put the chosen cards on the paper; words about cards that are taken off go with them."""
    practices = _chosen(paper.collection, choices.slugs)
    known = {option.practice_id: option for option in paper.options.all()}
    for option in known.values():
        if option.practice_id not in {practice.pk for practice in practices}:
            option.delete()
    for position, practice in enumerate(practices, start=1):
        kept = known.get(practice.pk) or Option(briefing=paper, practice=practice)
        kept.position = position
        kept.changes = choices.changes.get(practice.slug, kept.changes)
        kept.save()


@transaction.atomic
def delete_paper(*, paper: Briefing) -> None:
    """Delete a paper; the collection stays."""
    paper.delete()


def _chosen(collection: Collection, slugs: Sequence[str]) -> list[Practice]:
    rows = collection.items.filter(practice__slug__in=list(slugs), practice__withdrawn_at=None)
    ordered = rows.select_related("practice").order_by("position", "id")
    practices = [item.practice for item in ordered]
    if not practices or len(practices) > MOST_ON_PAPER:
        raise CannotCollect(
            _("Choose one to %(count)s cards of the collection.") % {"count": MOST_ON_PAPER}
        )
    return practices
