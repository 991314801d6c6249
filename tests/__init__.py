"""Promises that hold over the whole project."""
