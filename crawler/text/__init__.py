"""Text out of bytes and markup: encodings, plain text, dates. Pure."""
