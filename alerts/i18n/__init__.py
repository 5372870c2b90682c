"""Digests in the languages of readers."""
