"""Digests as messages: subject, plain text, HTML, MIME."""
