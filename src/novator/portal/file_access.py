"""Beside the law: who may read the files of cards, drafts and articles."""

from __future__ import annotations

from novator.accounts.models import User
from novator.association.models import Application, Position
from novator.association.permissions import may_see_application
from novator.drafts.models import DraftAttachment
from novator.drafts.permissions import may_see
from novator.files.access import Access, AnyPerson, register
from novator.files.models import StoredFile
from novator.news.models import ArticleFile
from novator.news.permissions import may_write_news
from novator.portal.council_files import of_decisions, of_papers
from novator.portal.people import today
from novator.practices.models import Attachment


def register_rules() -> None:
    """Have the rules asked that know of cards, drafts and articles."""
    register(of_published_cards)
    register(of_drafts)
    register(of_decisions)
    register(of_papers)
    register(of_applications)
    register(of_articles)
    register(of_positions)


def of_published_cards(user: AnyPerson, file: StoredFile) -> Access | None:
    """Everybody reads what hangs on a card that is in the catalogue."""
    shown = Attachment.objects.filter(file=file, practice__withdrawn_at=None)
    return "everybody" if shown.exists() else None


def of_drafts(user: AnyPerson, file: StoredFile) -> Access | None:
    """Who may see a draft may see what hangs on it."""
    if not isinstance(user, User):
        return None
    hanging = DraftAttachment.objects.filter(file=file).select_related("draft__municipality")
    if any(may_see(user, each.draft, on=today()) for each in hanging):
        return "reader"
    return None


def of_articles(user: AnyPerson, file: StoredFile) -> Access | None:
    """Everybody reads what hangs on an article that is shown; its writers what hangs on others."""
    hanging = ArticleFile.objects.filter(file=file)
    if hanging.filter(article__state__in=["published", "archived"]).exists():
        return "everybody"
    if isinstance(user, User) and hanging.exists() and may_write_news(user, on=today()):
        return "reader"
    return None


def of_applications(user: AnyPerson, file: StoredFile) -> Access | None:
    """The paper with which a city asks to join is read by the city and the office."""
    if not isinstance(user, User):
        return None
    asked = Application.objects.filter(document=file).select_related("municipality")
    if any(may_see_application(user, each, on=today()) for each in asked):
        return "reader"
    return None


def of_positions(user: AnyPerson, file: StoredFile) -> Access | None:
    """Everybody reads what was answered to a position."""
    return "everybody" if Position.objects.filter(answer_file=file).exists() else None
