"""How much money a project has."""
