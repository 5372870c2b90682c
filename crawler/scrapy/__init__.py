"""Scrapy as tipwatch uses it: download handler, middleware, settings, pipelines, and spiders run in this loop."""
