"""How two articles compare, field by field, and whether they are of one project, one event, one headline. Pure."""
