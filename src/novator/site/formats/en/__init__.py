"""Every page: English."""
