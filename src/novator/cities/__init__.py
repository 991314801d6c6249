"""The municipality: name, code, place, population, and the cities most like it."""
