"""`tipwatch demo` and the invented news that it runs on."""
