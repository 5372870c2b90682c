"""Which project or story each article of a batch belongs to; nothing is written here."""
