"""A citizen's report: how likely two reports tell of the same trouble. Pure: no tables here."""
