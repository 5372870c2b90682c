"""Searches in GDELT's DOC API."""
