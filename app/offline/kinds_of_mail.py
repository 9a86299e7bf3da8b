"""Kinds of mail that people ask for by a word of their own, where the mailbox knows them by another, or not at all.

Law: what cannot be told apart is not searched for as if it were a word; it is said that it was left out.
"""

from __future__ import annotations

from app.offline.attached import OPERATORS
from app.offline.clause import Clause
from app.offline.lexicon import EMPTY, listed
from app.offline.plan import Step
from app.offline.reading import Reader
from app.offline.slots import Skill

_SENT_OUT = frozenset(listed("newsletter mailing"))
BY = "newsletter OR unsubscribe"
"""What a mail that is sent out to many holds."""
_LANGUAGES = frozenset(
    listed("english german spanish french italian portuguese dutch polish turkish russian chinese japanese arabic greek"
           " swedish danish norwegian finnish czech hungarian romanian korean")
)  # fmt: skip


def newsletters(clause: Clause, reader: Reader) -> list[Step]:
    """The search for what is sent out to many; nothing where more is asked of it than who, when and how many."""
    said = {i for i, token in enumerate(clause.line.tokens) if token.stem in _SENT_OUT}
    skill = _search(reader) if said else None
    if skill is None:
        return []
    rest = reader.without(clause, said)
    filling = reader.filled(skill, rest).sure()
    topic = skill.takes("topic")[0].name
    left = [i for i in reader.unexplained.words(skill.name, rest, filling.used) if rest.line.word(i) not in EMPTY]
    if left or reader.unexplained.marks(filling) or topic in filling.filled:
        return []
    return [Step(skill.name, {**args, topic: BY}) for args in filling.calls({})]


def _search(reader: Reader) -> Skill | None:
    """What searches by such operators, and asks for least."""
    found = [s for s in reader.knowledge.skills.values() if s.finds and OPERATORS in s.takes("topic")[0].about]
    return min(found, key=lambda skill: len(skill.slots), default=None)


def language(clause: Clause) -> range:
    """The tokens that ask for what is written in a language: the "in Spanish" of "mails in Spanish"."""
    line = clause.line
    at = next((i for i in range(1, len(line)) if line.word(i) in _LANGUAGES and line.word(i - 1) == "in"), 0)
    return range(at - 1, at + 1) if at else range(0)
