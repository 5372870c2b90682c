"""Watches sources, fetches and reads pages, and hands each article on to judgement and register.

What enters are the configured sources and the database; what leaves are rows in it and a `CrawlSummary`. No source can
harm another, and nothing from outside is executed or followed to a private address. It knows nothing of alerts and of
the schedule.
"""
