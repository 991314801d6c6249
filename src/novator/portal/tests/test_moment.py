"""Whoever only reads sees one moment; whoever writes sees at once what he wrote."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from novator.cities.changes import version_of
from novator.cities.models import Municipality
from novator.cities.testing import make_city
from novator.portal.moment import ask_once_for_changes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("method", "versions"), [("GET", 1), ("HEAD", 1), ("POST", 2)])
def test_only_a_request_that_reads_asks_once(method: str, versions: int) -> None:
    make_city("Glazov")
    seen: set[str] = set()

    def page(_request: HttpRequest) -> HttpResponse:
        seen.add(version_of("cities"))
        Municipality.objects.update(population=1)
        seen.add(version_of("cities"))
        return HttpResponse()

    ask_once_for_changes(page)(RequestFactory().generic(method, "/"))

    assert len(seen) == versions
