"""Runs in a process of its own. Law: imports nothing else of Valet, which imports nothing of it but plain data."""
