"""A citizen's report: what the database does by itself so that the counts of the map are right."""

from __future__ import annotations

_LEVELS = "(VALUES (13), (15), (17)) AS level (zoom)"
_CELL = (
    "(({row}.cell >> 18) >> (18 - level.zoom)) << level.zoom"
    " | (({row}.cell & 262143) >> (18 - level.zoom))"
)
_INTO = """INSERT INTO reports_mapcount
    (municipality_id, zoom, cell, category_id, status, is_hidden, count)"""

_ADDED = f"""{_INTO}
    SELECT municipality_id, level.zoom, {_CELL.format(row="added")}, category_id, status,
        is_hidden, count(*)
    FROM {{source}} AS added CROSS JOIN {_LEVELS}
    WHERE cell IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6;"""  # noqa: S608 - constants of this module
_OLD = f"""{_INTO}
    SELECT old.municipality_id, level.zoom, {_CELL.format(row="old")}, old.category_id, old.status,
        old.is_hidden, -1
    FROM {_LEVELS} WHERE old.cell IS NOT NULL;"""  # noqa: S608
_NEW = _OLD.replace("old.", "new.").replace("-1", "1")

COUNT_ADDED = f"""
CREATE FUNCTION reports_count_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_ADDED.format(source="added_rows")}
    RETURN NULL;
END $$;
CREATE TRIGGER reports_count_added AFTER INSERT ON reports_report
    REFERENCING NEW TABLE AS added_rows FOR EACH STATEMENT EXECUTE FUNCTION reports_count_added();
"""

COUNT_CHANGED = f"""
CREATE FUNCTION reports_count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_OLD}
    IF tg_op = 'UPDATE' THEN
        {_NEW}
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reports_count_changed AFTER UPDATE ON reports_report FOR EACH ROW
    WHEN ((old.municipality_id, old.cell, old.category_id, old.status, old.is_hidden)
        IS DISTINCT FROM
        (new.municipality_id, new.cell, new.category_id, new.status, new.is_hidden))
    EXECUTE FUNCTION reports_count_changed();
CREATE TRIGGER reports_count_removed AFTER DELETE ON reports_report FOR EACH ROW
    EXECUTE FUNCTION reports_count_changed();
"""

COUNT_ALL = _ADDED.format(source="reports_report")

REMOVE_ALL = """
DROP TRIGGER reports_count_added ON reports_report;
DROP TRIGGER reports_count_changed ON reports_report;
DROP TRIGGER reports_count_removed ON reports_report;
DROP FUNCTION reports_count_added();
DROP FUNCTION reports_count_changed();
"""
