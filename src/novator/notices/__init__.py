"""After every step: who follows what, told in letters; asks the earlier stages what changed."""
