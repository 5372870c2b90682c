"""Composes digests for subscriptions, renders and delivers them.

What enters are the database and the subscriptions; what leaves is one message a recipient, its bytes frozen in the
outbox before it is sent. Each project reaches each subscription as new exactly once. It knows nothing of the crawler.
"""
