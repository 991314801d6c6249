"""The database behind everything: PostgreSQL, with statements that are planned once."""
