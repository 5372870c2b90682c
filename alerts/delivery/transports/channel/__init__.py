"""Short messages to chat services and webhooks, by apprise."""
