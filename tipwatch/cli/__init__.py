"""The command line: one module a command group. Nothing slow is imported before a command runs."""
