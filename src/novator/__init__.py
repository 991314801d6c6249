"""Novator: the exchange of practices between cities."""
