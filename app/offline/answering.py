"""What is said to a question or a proposal of the turn before, as one order; and whether it is a request of its own."""

from __future__ import annotations

from collections.abc import Mapping

from app.offline import talk
from app.offline.heard.hearing import Hearing
from app.offline.lexicon import listed
from app.offline.orders import replying
from app.offline.orders.order import Missing, NotAnOrder, Order, in_hand
from app.offline.plan import Plan
from app.offline.reading import Reader, leans_back
from app.offline.slots import Skill
from app.offline.thread import Thread
from app.offline.window import Moment
from app.offline.words import Line

LEFT = "All right; nothing was changed."
OTHER = 0.85  # so surely must it ask for something, to be a request of its own
SHORT = 7  # tokens that may be no more than the answer
TEXT = 0.95  # the same where a text was asked for
CLEAR, LEANING = 0.6, 0.85  # the same where a change was proposed, by whether the words lean on it
_YOU = frozenset({"you", "your", "yours"})
_ONES = {("one",), ("ones",)}
_ASKS = frozenset(listed("what who when where which how why whom whose is are does do did was were show list find"))


def whole(line: Line, reader: Reader, thread: Thread, moment: Moment, plan: Plan) -> Order:
    """The whole line as what is said to something that was asked or proposed."""
    clause = reader.knowledge.clause(thread.now.request, line, moment, shown=bool(reader.view.lists))
    hand = in_hand(reader.view.hand, plan)
    return Order(clause, reader, thread, plan, clause.said(range(len(line))), hand)


class Answering:
    """One request as an answer; `heard` is what it is as a request."""

    def __init__(self, line: Line, reader: Reader, thread: Thread, moment: Moment, heard: Hearing) -> None:
        self._line, self._reader, self._thread, self._moment = line, reader, thread, moment
        self._heard = heard

    @property
    def skills(self) -> Mapping[str, Skill]:
        """Every tool there is, by name."""
        return self._reader.knowledge.every

    def reply(self, plan: Plan) -> bool:
        """Take the request as the answer to the question of the turn before; False where it is none."""
        asked = self._thread.before[-1].asked if self._thread.before else None
        skill = self.skills.get(asked.name) if asked else None
        if asked is None or skill is None or not skill.writes or not len(self._line):
            return False
        if self.other(asked.name, text=asked.missing in replying.TEXTS):
            return False
        try:
            plan.steps += replying.steps(self.whole(plan), asked)
        except Missing as missing:
            plan.question = missing.question
        except replying.NeverMind:
            plan.notes.append(LEFT)
        except NotAnOrder:
            return False
        return True

    def whole(self, plan: Plan) -> Order:
        return whole(self._line, self._reader, self._thread, self._moment, plan)

    def other(self, but: str = "", *, text: bool = False) -> bool:
        """Whether the line is a request of its own, and for another tool `but` that one unless it is put at length;
        where a `text` was asked for, what speaks to somebody is that text."""
        clause = self._reader.knowledge.clause(self._thread.now.request, self._line, self._moment, shown=True)
        spoken_to = text and not _YOU.isdisjoint(self._line.row)
        if talk.nothing_asked(self._line) or not clause.content or spoken_to:
            return False
        own = "" if len(self._line) > SHORT else but
        asks = self._heard.asks(own)
        question = self._line.word(0) in _ASKS or self._line.row[-1:] == ("?",)
        return asks >= (OTHER if question else TEXT)

    def clear(self, but: str) -> bool:
        """Whether the line clearly asks for something, `but` for that tool, or is small talk: no words to what is
        proposed."""
        if self._line.word(0) in _ASKS or self._line.row[-1:] == ("?",) or self._heard.chats:
            return True
        row = self._line.row
        if row[-1:] == ("too",) and row[-2:-1] in _ONES:
            return False  # "the second one too": one more of what is proposed
        clause = self._reader.knowledge.clause(self._thread.now.request, self._line, self._moment, shown=True)
        return self._heard.asks(but) >= (LEANING if leans_back(clause) else CLEAR)
