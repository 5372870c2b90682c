"""Text as every reader sees it: normalised, in sentences and tokens, with phrases found in it."""
