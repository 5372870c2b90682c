"""What a reader sees of a project, merged from what its articles claim. Pure."""
