"""Keeps everything that matters: sources, entries, articles, the register of projects, digests and the outbox.

What enters are records of what was seen and judged; what leaves are rows of them, as frozen dataclasses. Every change
is one transaction, on SQLite and PostgreSQL alike, so that a process may die anywhere and the next one goes on. It
knows nothing of HTTP and e-mail.
"""
