"""The practice card: what a city did, as its source states it."""
