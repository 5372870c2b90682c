"""The shell: command line, configuration, daemon, schedule, engines, logs and health."""
