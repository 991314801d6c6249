"""Solutions found elsewhere: other catalogues are read, and ours is offered to them."""
