"""Countries, places and organisations that a text mentions."""
