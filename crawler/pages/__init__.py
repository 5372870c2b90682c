"""Pages of articles: fetched, recognised, read and judged."""
