"""Narrow, short-lived permission. Knows nothing of tools."""
