"""A citizen's report: whole files of another system taken in, by a mapping of their columns."""
