"""Feeds: bytes in, entries out. Pure."""
