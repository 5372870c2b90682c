"""Ways that a message can leave by."""
