"""What a digest holds: which projects, which facts, in which order, for which period."""
