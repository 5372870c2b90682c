"""What a new article may be the same as, found by indexed keys at a cost that does not grow with what is stored."""
