"""Who decides: a council as a file of the Popolo standard, out and in."""
