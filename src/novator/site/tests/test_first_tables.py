"""The quick way to the tables of an empty database makes just what the usual one makes."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from novator.site.first_tables import only_what_changes

_MIGRATE = """
import django
django.setup()
from contextlib import nullcontext
from django.core.management import call_command
from novator.site.first_tables import only_what_changes
with {way}():
    call_command("migrate", verbosity=0)
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
    "SELECT app, name FROM django_migrations",
)


def _tables_made(way: str, name: str) -> list[list[tuple[object, ...]]]:
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            own = urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
            subprocess.run(
                [sys.executable, "-c", _MIGRATE.format(way=way)],
                env=os.environ
                | {"DATABASE_URL": own, "DJANGO_SETTINGS_MODULE": "novator.site.settings"},
                check=True,
                timeout=400,
            )
            with psycopg.connect(own) as made:
                return [sorted(made.execute(query).fetchall(), key=str) for query in _TOLD]
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.slow
def test_both_ways_make_the_same_tables() -> None:
    quick = _tables_made("only_what_changes", "quick_tables")
    usual = _tables_made("nullcontext", "usual_tables")

    assert len(quick[0]) > 500
    assert quick == usual


def test_django_is_left_as_it_was() -> None:
    from django.db.migrations.state import ProjectState

    usual = vars(ProjectState)["_find_reload_model"]

    with pytest.raises(RuntimeError), only_what_changes():
        raise RuntimeError

    assert vars(ProjectState)["_find_reload_model"] is usual
