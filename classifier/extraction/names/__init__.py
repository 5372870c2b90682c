"""Which words are the name of the project."""
