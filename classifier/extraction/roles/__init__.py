"""Which organisations run a project, pay for it or take part."""
