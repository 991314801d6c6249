"""Words, encoders, vectors by text hash and one searchable index, for every later step."""
