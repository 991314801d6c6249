"""Every column that files may have is described, in both languages."""

from pathlib import Path

import pytest

from novator.core.topics import TOPIC_BY_CODE
from novator.practices.models import COST_BASES, EFFECT_EVIDENCE, FUNDING_SOURCES
from novator.practices.rows import COLUMNS, EFFECT_FIELDS, ONLY_CHECKED

DOCS = Path(__file__).parents[4] / "docs"


@pytest.mark.parametrize("page", ["catalogue-schema.md", "ru/catalogue-schema.md"])
def test_the_schema_names_every_column_and_code(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    names = [*COLUMNS, *ONLY_CHECKED, *EFFECT_FIELDS, *TOPIC_BY_CODE, *COST_BASES, *FUNDING_SOURCES]

    assert [name for name in (*names, *EFFECT_EVIDENCE) if f"`{name}`" not in text] == []
