"""One module a migration, each with its SQL beside it; never edited once released."""
