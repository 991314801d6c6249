"""Beside the law: who may read the files of a council's papers and decisions."""

from __future__ import annotations

from django.db.models import Q

from novator.accounts.models import User
from novator.council.disclosure import tells_text
from novator.council.models import DecisionFile, Paper
from novator.council.permissions import may_keep_council, may_read_closed
from novator.files.access import Access, AnyPerson
from novator.files.models import StoredFile
from novator.portal.people import today


def of_decisions(user: AnyPerson, file: StoredFile) -> Access | None:
    """Everybody reads what hangs on a public decision; else whoever keeps that council."""
    rows = DecisionFile.objects.filter(file=file)
    joined = rows.select_related("decision__council__municipality", "decision__item__session")
    hanging = list(joined.defer("decision__text"))
    if any(one.decision.state != "draft" and tells_text(one.decision) for one in hanging):
        return "everybody"
    if not isinstance(user, User):
        return None
    cities = {one.decision.council.municipality for one in hanging}
    if any(city and may_keep_council(user, city, on=today()) for city in cities):
        return "reader"
    return None


def of_papers(user: AnyPerson, file: StoredFile) -> Access | None:
    """Everybody reads a public paper of an open item; others, whoever may read what is closed."""
    rows = Paper.objects.filter(file=file).select_related("council__municipality")
    is_open = Q(items__isnull=True) | Q(items__is_closed=False, items__session__is_closed=False)
    if rows.filter(is_open, is_public=True).exists():
        return "everybody"
    if not isinstance(user, User):
        return None
    cities = {paper.council.municipality for paper in rows}
    if any(city and may_read_closed(user, city, on=today()) for city in cities):
        return "reader"
    return None
