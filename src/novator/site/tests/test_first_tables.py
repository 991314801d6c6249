"""The quick way to the tables of an empty database makes just what the usual one makes."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from novator.site.first_tables import only_what_changes

_MIGRATE = """
import django
django.setup()
from contextlib import nullcontext
from django.core.management import call_command
from novator.site.first_tables import only_what_changes
with {way}():
    call_command("migrate", "accounts", verbosity=0)
"""
_DESCRIBED = """
import django
from django.conf import settings
django.setup()
from django.apps import apps
labels = {each.label for each in apps.get_app_configs()} - {"procrastinate"}
settings.MIGRATION_MODULES = dict.fromkeys(labels)
import pgtrigger
from django.core.management import call_command
call_command("migrate", run_syncdb=True, verbosity=0)
pgtrigger.install()
"""
_TOLD = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default,"
    " character_maximum_length FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)
_BY_HAND = ("cache_table", "reports_count_", "_pgh_attach_context")
"""How that begins, in whose names, what migrations make without a model."""
_OTHERWISE = ("auth_group_permissions", "id", "integer")
"""Django's own models give this a number of another size than its migrations do."""

Rows = set[tuple[object, ...]]


def _tables_made(code: str, name: str) -> list[Rows]:
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            own = urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
            subprocess.run(
                [sys.executable, "-c", code],
                env=os.environ
                | {"DATABASE_URL": own, "DJANGO_SETTINGS_MODULE": "novator.site.settings"},
                check=True,
                capture_output=True,
                timeout=400,
            )
            with psycopg.connect(own) as made:
                return [set(made.execute(query).fetchall()) for query in _TOLD]
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _is_by_hand(row: tuple[object, ...]) -> bool:
    return any(str(word).startswith(_BY_HAND) for word in row[:2])


@pytest.mark.slow
def test_both_ways_make_the_same_tables() -> None:
    """Up to the accounts, by steps of nearly all kinds: the rest takes the usual way minutes."""
    quick = _tables_made(_MIGRATE.format(way="only_what_changes"), "quick_tables")
    usual = _tables_made(_MIGRATE.format(way="nullcontext"), "usual_tables")

    assert len(quick[0]) > 100
    assert quick == usual


@pytest.mark.slow
@pytest.mark.django_db
def test_the_quick_way_makes_all_tables_as_the_models_describe_them() -> None:
    described = _tables_made(_DESCRIBED, "described_tables")
    with connection.cursor() as cursor:  # the tests' own tables are made the quick way
        quick = [set(cursor.execute(query).fetchall()) for query in _TOLD]

    assert len(quick[0]) > 2000
    for made, wanted in zip(quick, described, strict=True):
        assert {row[:3] for row in wanted - made} <= {_OTHERWISE}
        without_model = {row for row in made - wanted if row[:2] != _OTHERWISE[:2]}
        assert [row for row in without_model if not _is_by_hand(row)] == []


def test_django_is_left_as_it_was() -> None:
    from django.db.migrations.state import ProjectState

    usual = vars(ProjectState)["_find_reload_model"]

    with pytest.raises(RuntimeError), only_what_changes():
        raise RuntimeError

    assert vars(ProjectState)["_find_reload_model"] is usual
