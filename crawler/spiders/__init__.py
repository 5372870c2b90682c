"""Scrapy spiders: pages of articles, and sources that are no feeds (listings, sitemaps, APIs).

All are run by `crawler.run_spider` and pass one gate, one address policy and one set of settings.
"""
