"""When a project begins, when it ends and how long it lasts."""
