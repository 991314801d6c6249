"""The trail of changes: what the office learns that something changed, but may not read."""

from __future__ import annotations

from datetime import date

from novator.accounts.queries import AnyUser
from novator.drafts.models import Draft, Remark
from novator.drafts.permissions import may_see
from novator.talk.queries import ratings_open

_NOTHING: frozenset[str] = frozenset()
_OF_A_DRAFT = frozenset({"content", "changed_in"})
_OF_A_REMARK = frozenset({"text"})
_OF_A_RATING = frozenset({"score", "comment"})


def fields_to_leave_out(user: AnyUser, *, kind: str, pk: str, on: date) -> frozenset[str]:
    """
    Fields of a record whose values this reader of the trail may not see (yet).

    A draft is its city's own until it is handed to the association; help is rated unseen.
    """
    number = int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 18 else 0
    if kind == "drafts.draft":
        return _NOTHING if _sees_draft(user, number, on=on) else _OF_A_DRAFT
    if kind == "drafts.remark":
        remark = Remark.objects.filter(pk=number).values_list("draft", flat=True).first()
        return _NOTHING if _sees_draft(user, remark or 0, on=on) else _OF_A_REMARK
    if kind == "talk.rating" and not ratings_open(on=on).filter(pk=number).exists():
        return _OF_A_RATING
    return _NOTHING


def _sees_draft(user: AnyUser, number: int, *, on: date) -> bool:
    draft = Draft.objects.select_related("municipality").filter(pk=number).first()
    return draft is not None and may_see(user, draft, on=on)
