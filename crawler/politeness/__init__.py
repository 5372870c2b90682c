"""How often and how fast a host is visited: rate limiter, robots.txt, Retry-After, intervals."""
