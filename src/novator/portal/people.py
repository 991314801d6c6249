"""Who acts: a page for signed-in people, and the city in whose name they act."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from datetime import date
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from novator.accounts.models import User
from novator.accounts.queries import municipalities_of
from novator.cities.models import Municipality
from novator.portal.kept_words import kept_words

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def today() -> date:
    """The day in the site's time zone; views pass it on, operations never ask for it."""
    return timezone.localdate()


def sign_in_needed(view: View[Rest]) -> View[Rest]:
    """
    Let only signed-in people see the page: others sign in and come back to it.

    Whoever was signed out while writing gets a page with the words that were typed.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            response = view(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, private=True, no_cache=True)
            return response
        if request.method in {"GET", "HEAD"}:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        context = {"kept": kept_words(request)}
        return render(request, "portal/account/sign_in_again.html", context, status=403)

    return guarded


def reader(request: HttpRequest) -> User:
    """The signed-in person; only behind `sign_in_needed`."""
    assert isinstance(request.user, User)
    return request.user


def acting_cities(request: HttpRequest, kinds: Collection[str], *, on: date) -> list[Municipality]:
    """Cities in which the reader holds one of these roles on that day, by name."""
    return municipalities_of(request.user, kinds, on=on)


def acting_city(
    request: HttpRequest, kinds: Collection[str], *, on: date, field: str = "city"
) -> Municipality | None:
    """
    City in whose name the reader acts: the one named in the form or address, if the role is
    held there; without a name the first of them; None where the reader holds no such role.
    """
    cities = acting_cities(request, kinds, on=on)
    named = request.POST.get(field) or request.GET.get(field)
    if named:
        return next((city for city in cities if city.slug == named), None)
    return cities[0] if cities else None
