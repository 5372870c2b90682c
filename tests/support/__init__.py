"""What several modules of tests share: servers, benches, small worlds and examples. A test imports from here alone."""
