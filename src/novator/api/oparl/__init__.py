"""Who decides, told to other systems: OParl 1.1, read only."""
