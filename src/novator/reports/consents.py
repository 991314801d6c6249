"""A citizen's report: the versions of the texts that senders agree to (152-FZ; rule P2)."""

from __future__ import annotations

VERSIONS = {"processing": "2026-11-22", "publication": "2026-11-22"}
"""The text of each version stands on the page `report_consent`, by city, purpose and version."""
