"""What keeps the project in order; no part of the product."""
