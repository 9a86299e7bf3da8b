"""The first-party tasks API: a resource server over SQLite, and the authorization server that issues its tokens."""
