"""Solutions chosen: lists of cards that colleagues share, and the papers made of them."""
