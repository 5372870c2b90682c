"""What can be told of a page at a glance: whether it may be about trafficking in persons at all."""
