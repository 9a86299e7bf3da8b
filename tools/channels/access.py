"""What Slack is asked to allow: reading the conversations one is in, and searching with Slack's own search.

Law: two permissions, each with the scopes of its own methods and no other (Slack API, "Scopes and permissions").
"""

from __future__ import annotations

from tools.base import Access

API = "POST slack.com/api"
READ = Access(
    connection="slack",
    capability="slack.read",
    scopes=(
        "channels:history",
        "groups:history",
        "im:history",
        "mpim:history",
        "channels:read",
        "groups:read",
        "im:read",
        "mpim:read",
        "users:read",
        "usergroups:read",
    ),
    operations=(
        f"{API}/auth.test",
        f"{API}/users.conversations",
        f"{API}/conversations.list",
        f"{API}/conversations.history",
        f"{API}/conversations.replies",
        f"{API}/users.list",
        f"{API}/users.info",
        f"{API}/usergroups.list",
    ),
    reason="read the Slack conversations you are in",
)
SEARCH = Access(
    connection="slack",
    capability="slack.search",
    scopes=("search:read", "channels:read", "groups:read", "im:read", "mpim:read", "users:read", "usergroups:read"),
    operations=(
        f"{API}/auth.test",
        f"{API}/users.conversations",
        f"{API}/conversations.list",
        f"{API}/search.messages",
        f"{API}/users.list",
        f"{API}/users.info",
        f"{API}/usergroups.list",
    ),
    reason="search the Slack messages you can see",
    bundle="slack.search",
)
