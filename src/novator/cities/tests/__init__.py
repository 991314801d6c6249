"""Tests of `novator.cities`."""
