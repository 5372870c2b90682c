"""Listings: web pages of links to articles."""
