"""What writing to Slack needs: posting in one's own name, and for a direct message opening the conversation.

Law: Slack cannot narrow a token, so that what needs another scope is agreed to by itself.
"""

from __future__ import annotations

from tools.base import Access
from tools.channels.access import API, READ

LOOK = Access(
    connection="slack",
    capability=READ.capability,
    scopes=READ.scopes,
    operations=(*READ.operations, f"{API}/conversations.info"),
    reason=READ.reason,
)
"""What a message is planned with, and looked up."""
POST = Access(
    connection="slack",
    capability="slack.post",
    scopes=("chat:write",),
    operations=(f"{API}/chat.postMessage",),
    reason="post in Slack in your name",
)
DELETE = Access(
    connection="slack",
    capability="slack.post",
    scopes=POST.scopes,
    operations=(f"{API}/chat.delete",),
    reason=POST.reason,
)
DIRECT = Access(
    connection="slack",
    capability="slack.direct",
    scopes=("chat:write", "im:write"),
    operations=(f"{API}/conversations.open", f"{API}/chat.postMessage"),
    reason="write direct messages in Slack in your name",
    bundle="slack.direct",
)
