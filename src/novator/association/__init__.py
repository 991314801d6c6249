"""The association: membership of cities, who speaks for them, common positions, polls."""
