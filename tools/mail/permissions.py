"""What the tools that write mail may do at Gmail. Law: drafting is not sending, and neither is relabelling.

Scopes are the narrowest that the API admits for each operation (discovery document gmail v1).
"""

from tools.base import Access

HOST = "gmail.googleapis.com"
MAILBOX = f"{HOST}/gmail/v1/users/me"
_AUTH = "https://www.googleapis.com/auth"

LOOK = Access(
    connection="google",
    capability="gmail.read",
    scopes=(f"{_AUTH}/gmail.readonly",),
    operations=(
        f"GET {MAILBOX}/profile",
        f"GET {MAILBOX}/labels",
        f"GET {MAILBOX}/messages",
        f"GET {MAILBOX}/messages/*?format=minimal|metadata",
        f"GET {MAILBOX}/threads/*?format=metadata",
        f"GET {MAILBOX}/drafts",
        f"GET {MAILBOX}/drafts/*?format=full|metadata",
        f"POST {HOST}/batch/gmail/v1",
    ),
    reason="read your mail",
)
"""To plan a write, to read again what it is based on, and to look up whether it took place."""

DRAFT = Access(
    connection="google",
    capability="gmail.draft",
    scopes=(f"{_AUTH}/gmail.compose",),
    operations=(f"GET {MAILBOX}/drafts", f"GET {MAILBOX}/drafts/*?format=metadata", f"POST {MAILBOX}/drafts"),
    reason="write drafts in your mailbox",
)
SEND = Access(
    connection="google",
    capability="gmail.send",
    scopes=DRAFT.scopes,
    operations=(*DRAFT.operations, f"POST {MAILBOX}/drafts/send"),
    reason="send mail you have approved",
)
RELABEL = Access(
    connection="google",
    capability="gmail.relabel",
    scopes=(f"{_AUTH}/gmail.modify",),
    operations=(f"GET {MAILBOX}/labels", f"POST {MAILBOX}/labels", f"POST {MAILBOX}/messages/batchModify"),
    reason="archive, label and bin mail",
)
