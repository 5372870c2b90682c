"""What is learned from labelled articles, without the encoder: prefilter, verdicts and choices among facts."""
