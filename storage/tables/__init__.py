"""All tables, described by subject; `schema` names them."""
