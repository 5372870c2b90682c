"""`config.yaml`: read, checked, shown and edited."""
