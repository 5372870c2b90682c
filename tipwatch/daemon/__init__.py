"""The daemon: schedule, supervision and signals."""
