"""The JSON interface, version 1: its routes."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="Novator", version="1", docs_url=None, openapi_url=None)
