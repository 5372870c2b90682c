"""Sitemaps, news sitemaps first of all."""
