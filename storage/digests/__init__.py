"""What digests hold, and the outbox that they leave by."""
