"""A citizen's report: what the database does by itself so that the counts of the map are right."""

from __future__ import annotations

_CELL = "(({row}.cell >> 20) << 16) | (({row}.cell & 262143) >> 2)"
"""From zoom 18 to zoom 16."""
_NEW, _OLD = _CELL.format(row="new"), _CELL.format(row="old")
_INTO = (
    "INSERT INTO reports_mapcount (municipality_id, cell, category_id, status, is_hidden, count)"
)

COUNT_ADDED = f"""
CREATE FUNCTION reports_count_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_INTO}
    SELECT municipality_id, {_CELL.format(row="added")}, category_id, status, is_hidden, count(*)
    FROM added WHERE cell IS NOT NULL GROUP BY 1, 2, 3, 4, 5;
    RETURN NULL;
END $$;
CREATE TRIGGER reports_count_added AFTER INSERT ON reports_report
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reports_count_added();
"""

COUNT_CHANGED = f"""
CREATE FUNCTION reports_count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.cell IS NOT NULL THEN
        {_INTO} VALUES
            (old.municipality_id, {_OLD}, old.category_id, old.status, old.is_hidden, -1);
    END IF;
    IF tg_op = 'UPDATE' THEN
        IF new.cell IS NOT NULL THEN
            {_INTO} VALUES
                (new.municipality_id, {_NEW}, new.category_id, new.status, new.is_hidden, 1);
        END IF;
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

COUNT_ALL = f"""
{_INTO}
SELECT municipality_id, {_CELL.format(row="r")}, category_id, status, is_hidden, count(*)
FROM reports_report AS r WHERE cell IS NOT NULL GROUP BY 1, 2, 3, 4, 5;
"""  # noqa: S608 - constants of this module

REMOVE_ALL = """
DROP TRIGGER reports_count_added ON reports_report;
DROP TRIGGER reports_count_changed ON reports_report;
DROP TRIGGER reports_count_removed ON reports_report;
DROP FUNCTION reports_count_added();
DROP FUNCTION reports_count_changed();
"""
