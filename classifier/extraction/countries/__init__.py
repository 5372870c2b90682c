"""In which countries a project works."""
