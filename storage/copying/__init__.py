"""Carries a database over from SQLite to PostgreSQL."""
