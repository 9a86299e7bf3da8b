"""Slack's conversations: reading them, their markup, what is asked in them, what is done, and what matters."""
