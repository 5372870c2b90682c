"""Messages out of the outbox and to their recipients."""
