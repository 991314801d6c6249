"""A citizen's report: its category proposed from its text; arithmetic without tables."""
