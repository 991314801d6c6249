"""A city writes about its own work: drafts on their way to a published card."""
