"""The database behind everything: which statements PostgreSQL may keep planned."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """
    Django's PostgreSQL, whose statements are prepared on the server (decision 0019).

    While statements are rewritten on their way (the trail of changes puts who acts before each
    one that writes), they hold several commands: those PostgreSQL takes with their values written
    in only.
    """

    def create_cursor(self, name: str | None = None) -> Any:
        if self.settings_dict["OPTIONS"].get("server_side_binding"):
            is_rewritten = bool(self.execute_wrappers)
            self.connection.cursor_factory = (
                base.Cursor if is_rewritten else base.ServerBindingCursor
            )
        return super().create_cursor(name)
