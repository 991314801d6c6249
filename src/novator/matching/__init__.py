"""Problem to practices: what worked elsewhere for a problem in plain words."""
