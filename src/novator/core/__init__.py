"""Topics, dates and pagination that every step of the loop shares; no models of the domain."""
