"""One of the things that a question left to choose from: the request before is read once more, with that thing.

Law: only where the question kept nothing of the request; else what it kept is gone on with.
"""

from __future__ import annotations

from dataclasses import replace

from app.offline.answering import Answering
from app.offline.orders import replying
from app.offline.plan import Plan
from app.offline.thread import Thread


def chosen(answering: Answering, thread: Thread) -> Thread | None:
    """The thread as if the request before had been made now of that thing; None where none is chosen."""
    before = thread.before[-1] if thread.before else None
    asked = before.asked if before else None
    if before is None or asked is None or asked.args or not before.page or answering.other(asked.name):
        return None
    handles = replying.handles(answering.whole(Plan()), asked)
    if len(handles) != 1:
        return None
    anew = replace(thread.now, request=before.request, chosen=handles[0])
    return replace(thread, turns=(*thread.before[:-1], replace(before, asked=None), anew))
