"""A citizen's report: to and from other systems that speak Open311 GeoReport v2."""
