"""By which way somebody is told something where the words name none: where they wrote, else it is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.offline.heard.making import Making
from app.offline.lexicon import listed
from app.offline.orders.order import slot
from app.offline.orders.said_before import SERVICE, WHICH
from app.offline.plan import Question, Step
from app.offline.thread import Ref

MAIL, SLACK, ANSWER = "send_mail", "message_person", "send_reply"
_SAYING = frozenset(listed("tell let ask inform thank notify wish congratulate"))
_WAYS = frozenset(listed("mail email gmail e-mail slack dm message msg ping channel chat write"))
_WORD = re.compile(r"\w+")


def chosen(making: Making, made: Sequence[Step]) -> list[Step] | Question:
    """The calls, or the answer to what that person wrote which is in view; the question, where neither is clear."""
    every, row = making.said.reader.knowledge.every, _beside_the_text(making)
    said, looked_for = making.said, len(made) > 1  # a mail of theirs that nobody spoke of
    answers = said.skill.name == ANSWER and looked_for and not said.texts("thing")
    open_to = (said.skill.name in {MAIL, SLACK} or answers) and {MAIL, SLACK} <= every.keys()
    if not open_to or row.isdisjoint(_SAYING) or not row.isdisjoint(_WAYS) or not made:
        return list(made)
    args = made[-1].args
    text = args.get("text") or args.get("body", "")
    person = args.get("person") or next(iter(args.get("to", ())), "") or next(iter(said.name("to", "person")), "")
    theirs = _theirs(making, str(person))
    if theirs.startswith("mail:"):
        return [Step("send_reply", {"conversation": theirs, "body": text})]
    if theirs:
        return [Step("reply_in_thread", {"message": theirs, "text": text})]
    one = replace(slot(every[SLACK], "person"), name=SERVICE, kind="")
    return Question(SLACK, {"person": person, "text": text}, one, ask=WHICH)


def _beside_the_text(making: Making) -> set[str]:
    return {*making.said.without({"text", "subject", "to", "person"}).line.row}


def _theirs(making: Making, person: str) -> str:
    """The one thing in view that is from the person; "" where there is none, or several."""
    shown = [r for r in next(iter(making.said.reader.view.lists), ()) if r.kind in {"mail", "message"}]
    wanted = {*person.casefold().split()}
    found = [ref for ref in shown if wanted and wanted <= {*_WORD.findall(_sender(ref).casefold())}]
    return found[0].handle if len(found) == 1 else ""


def _sender(ref: Ref) -> str:
    """Who a thing is from, as its label begins: "Ana Novak: Budget", "Ana Novak in #launch"."""
    return ref.label.partition(":")[0].partition(" in #")[0].partition(",")[0]
