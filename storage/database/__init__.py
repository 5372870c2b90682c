"""The database: engines, transactions, errors, locks and copies, on SQLite and PostgreSQL."""
