"""Portal tests."""
