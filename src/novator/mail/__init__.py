"""Beside the law: letters, each queued with what it tells of, sent once, stopped on request."""
