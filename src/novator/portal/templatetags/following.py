"""After every step: the button by which a page is followed, and its feed."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from novator.accounts.models import User
from novator.notices.models import Follow
from novator.portal.following import in_one_form, search_key

register = template.Library()


@register.inclusion_tag("portal/following/button.html", takes_context=True)
def follow_button(context: template.Context, kind: str, key: str, feed: str = "") -> dict[str, Any]:
    """
    Show the button that follows this, or that it is followed; one query for who is signed in.

    `feed`: the address of its Atom feed, shown beside it.
    """
    kind, key = in_one_form(kind, key)
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    is_known = isinstance(user, User)
    own = Follow.objects.filter(user=user, kind=kind, key=key).first() if is_known else None
    return {
        "kind": kind,
        "key": key,
        "own": own,
        "is_known": is_known,
        "feed": feed,
        "path": request.get_full_path() if request else "",
        "csrf_token": context.get("csrf_token", ""),
    }


@register.simple_tag(takes_context=True)
def this_search(context: template.Context) -> str:
    """Parameters of the search that is shown, in one order; empty when it asks nothing."""
    request: HttpRequest | None = context.get("request")
    return search_key(request.GET.dict()) if request else ""
