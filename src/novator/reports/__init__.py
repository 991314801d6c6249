"""A citizen's report and its life: the first stage of the loop."""
