"""The user scopes the demo team grants, each in words for the consent page."""

_PLACES = {
    "channels": "public channels",
    "groups": "your private channels",
    "im": "your direct messages",
    "mpim": "your group direct messages",
}
_PARTS = {
    "read": "See the names and other facts of {place}",
    "history": "Read messages in {place}",
    "write": "Open, join and manage {place}",
}
_WORDS = {
    f"{kind}:{part}": told.format(place=place) for kind, place in _PLACES.items() for part, told in _PARTS.items()
}
_WORDS |= {
    "users:read": "See the people of the workspace",
    "users:read.email": "See the email addresses of the people of the workspace",
    "users.profile:read": "See the profiles of the people of the workspace",
    "usergroups:read": "See the user groups of the workspace",
    "team:read": "See the name, domain and icon of the workspace",
    "search:read": "Search the messages and files you can see",
    "chat:write": "Send messages in your name",
    "reactions:read": "See emoji reactions",
    "reactions:write": "Add and change your emoji reactions",
    "files:read": "See files shared where you are",
    "links:read": "See links shared where you are",
    "pins:read": "See pinned messages where you are",
    "identify": "Know who you are on Slack",
}
USER_SCOPES = frozenset(_WORDS)


def words(scope: str) -> str:
    """What a scope allows; an unknown one stands for itself."""
    return _WORDS.get(scope, scope)
