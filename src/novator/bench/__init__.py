"""Every figure we claim, with its peers, as a command."""
