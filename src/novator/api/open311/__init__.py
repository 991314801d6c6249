"""A citizen's report, told to other systems: Open311 GeoReport v2, names there ↔ names here."""
