"""What is said where the last change is to be taken back: how that is done, since it is asked about once more."""

from __future__ import annotations

from app.offline.thread import Thread

UNDO = "`/undo {receipt}` proposes to take that back, and asks you first (outside the chat: `valet undo {receipt}`)."
FOR_GOOD = (
    "The last thing done here (receipt {receipt}) cannot be taken back; open it at the service, and change it there."
)
UNDONE = "What was done here was taken back already. `/undo {receipt}` does the last of it again, and asks you first."
NO_UNDO = (
    "I see nothing that was done in this conversation. `/receipts` lists what was, `/undo ID` takes one back (outside"
    " the chat: `valet receipts`, `valet undo ID`)."
)


def told(thread: Thread) -> str:
    """What can be taken back: the newest write of this conversation that stands, and took nothing back itself."""
    done = [o for turn in reversed(thread.before) for _, o in reversed([*turn.results]) if o.receipt]
    gone: set[str] = set()
    for one in done:
        if one.receipt in gone:
            continue
        if one.takes_back:
            gone.add(one.takes_back)
        else:
            return (UNDO if one.undo else FOR_GOOD).format(receipt=one.receipt)
    return UNDONE.format(receipt=done[0].receipt) if done else NO_UNDO
