"""The one HTTP client: connections to permitted addresses, bodies within bounds, failures by name."""
