"""The interface keeps what its description promises, for any request that a machine invents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import sampled_from

from novator.api.v1.routes import api
from novator.cities.testing import make_city
from novator.practices.testing import make_practice

if TYPE_CHECKING:
    from schemathesis import Case

pytestmark = pytest.mark.django_db

PATHS = sorted(api.get_openapi_schema(path_prefix="/api/v1/")["paths"])


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the test's transaction open over many requests, as Django's own test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def unpacked(site: WSGIHandler) -> Any:
    """Serve without compression, which a caller in the same process would not undo."""

    def serve(environ: dict[str, Any], start_response: Any) -> Any:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        return site(environ, start_response)

    return serve


@cache
def description() -> dict[str, Any]:
    """What the interface promises, asked for once: it takes as long as all requests of a test."""
    from schemathesis.openapi import from_wsgi

    site = unpacked(get_wsgi_application())
    described: dict[str, Any] = from_wsgi("/api/v1/openapi.json", site).raw_schema
    return described


@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize("path", PATHS)
def test_keeps_its_promises(path: str, mode: str, index_of_cards: Any):
    """No 5xx and no undocumented status or body, whatever is asked and by whom."""
    import schemathesis  # takes a second, in every worker, where no test of it is run too

    make_city("Zarechny", population=None)
    make_practice("glazov-warm-stops", changed_at=datetime(2026, 1, 1, tzinfo=UTC))
    make_practice("glazov-lamps", cost={}, effects=[], topic="lighting", year_end=None)
    index_of_cards()
    described = schemathesis.openapi.from_dict(description())
    described.app = unpacked(get_wsgi_application())
    operation = described[path]["GET"]

    @settings(
        max_examples=8,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode)),
        language=sampled_from(["ru", "en"]),
    )
    def keeps(case: Case[Any], language: str) -> None:
        case.call_and_validate(headers={"Accept-Language": language})

    keeps()


def test_no_two_answers_share_a_name():
    import ast

    from novator.api.v1 import routes

    found: dict[str, list[str]] = {}
    for path in sorted(Path(routes.__file__).parent.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(path.name)

    assert {name: places for name, places in found.items() if len(places) > 1} == {}
