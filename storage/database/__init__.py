"""The database: engines, transactions, errors, locks and migrations, on SQLite and PostgreSQL."""
