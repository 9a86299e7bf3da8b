"""Calendars as plain data: reading them, the rules of a conflict, free time of several people, and how to say it."""
