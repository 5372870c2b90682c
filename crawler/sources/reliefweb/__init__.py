"""Searches on ReliefWeb."""
