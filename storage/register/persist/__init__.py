"""Writes down what was resolved."""
