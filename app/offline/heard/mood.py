"""Whether words order something, or only speak of it.

Law: what asks what was done or should be, reports, promises, denies or sets a condition orders nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.offline.clause import Clause
from app.offline.lexicon import ACTIONS, listed

_JOINTS = frozenset({",", ";", ".", "so", "-"})
_DRAFTS = frozenset({"draft_mail", "draft_reply"})
_TASKS, _INVITATION = "create_tasks", "answer_invitation"
_ASKING = frozenset(
    listed("did do does is are was were has have had should which what who when where why how any must ought")
)
_WANTED = frozenset({("do", "not"), ("have", "the"), ("have", "a"), ("do", "me")})
_ORDERLY = frozenset(listed("could can would will may might please shall"))
_DUTY = frozenset({("i", "have", "to"), ("we", "have", "to"), ("i", "must", "not")})
_SAID = frozenset({"said", "says", "asked", "told", "explain"})
_PROMISED = frozenset({("i", "will"), ("i", "shall"), ("we", "will")})
_MAYBE = frozenset({"maybe", "perhaps"})
_ABSENT = ("i", "will", "be")
_DENYING = frozenset(listed("do did have has had am should might rather"))
_OFF = frozenset({("no", "need"), ("hold", "off")})
_LET = frozenset((word,) for word in listed("let forget need want like know"))
_NOTHING = frozenset({"nothing", "none", "neither", "never", "avoid", "considered"})
_MANNERS = (
    ("if", "you", "do", "not", "mind"), ("if", "you", "could"), ("if", "you", "can"), ("if", "you", "would"),
    ("if", "you", "please"), ("if", "possible"), ("if", "it", "is", "not", "too"), ("if", "that", "is", "ok"),
    ("if", "i", "may"), ("if", "you", "have", "a"), ("if", "you", "have", "time"), ("if", "there", "is", "time"),
    ("when", "you", "can"), ("when", "you", "get", "a"), ("when", "you", "have", "a"),
    ("once", "you", "have", "a"),
)  # fmt: skip
_ONCE = frozenset({("this",), ("just",), ("only",), ("at",)})
_LATER = frozenset(listed("if unless once when whenever"))


def orders(clause: Clause, name: str) -> bool:
    """Whether the words may order this tool's change: all of them, or what stands behind the last joint and begins
    with a verb of change."""
    row = _unmannered(clause.line.row)
    last = max((i + 1 for i, word in enumerate(row[:-1]) if word in _JOINTS), default=0)
    return _orders(row, name) or (last > 0 and row[last] in ACTIONS and _orders(row[last:], name))


def _orders(row: Sequence[str], name: str) -> bool:
    asked = row[:1] and row[0] in _ASKING and row[:2] not in _WANTED
    doubts = tuple(row[-1:]) == ("?",) and row[0] not in _ORDERLY
    reminds = row[:2] == ("remind", "me") and row[2:3] and row[2] in _ASKING
    told = (
        (row[:2] in _PROMISED and row[:3] != _ABSENT)
        or (row[:3] in _DUTY and name != _TASKS)
        or bool(_SAID & {*row[:4]})
        or _reports(row)
    )
    weighs = row[:1] and row[0] in _MAYBE and name != _INVITATION
    denied = _forbids(row) and not (name in _DRAFTS and "send" in row)
    return not (asked or doubts or reminds or told or weighs or denied)


def _reports(row: Sequence[str]) -> bool:
    """Whether somebody did it, or may have: "Tom declined the second"."""
    return (len(row) > 1 and row[1].endswith("ed") and row[1] != "need") or "might" in row[1:]


def conditional(clause: Clause) -> bool:
    """Whether the words set a condition, or a time when something else is so."""
    row = clause.line.row
    heads = [i for i, word in enumerate(row) if word in _LATER and row[i - 1 : i] not in _ONCE]
    return row[:2] == ("in", "case") or ("ask" not in row and any(not mannered(row[i:]) for i in heads))


def condition(row: tuple[str, ...]) -> set[int]:
    """The tokens from a condition that the words begin with to the order that hangs on it: "when it is green, post it";
    none where they ask ("when is …"), or where it is only a manner."""
    asks = row[:1] == ("when",) and row[1:2] and row[1] in _ASKING | _ORDERLY
    if row[:1] == () or row[0] not in _LATER or asks or mannered(row) or "," not in row:
        return set()
    return {*range(row.index(",") + 2)}


def _unmannered(row: tuple[str, ...]) -> tuple[str, ...]:
    """The words behind a manner that they begin with: "if you don't mind, archive it"."""
    return row[row.index(",") + 1 :] if mannered(row) and "," in row else row


def mannered(row: Sequence[str]) -> bool:
    """Whether the condition is no more than a manner: "if you don't mind"."""
    return any(tuple(row[: len(one)]) == one for one in _MANNERS)


def _forbids(row: Sequence[str]) -> bool:
    """Whether nothing is to be done: "no need to", "I did not", "don't"."""
    denied = (i for i in range(1, len(row)) if row[i] == "not" and row[i - 1] in _DENYING)
    wished = any(row[i - 1] != "do" or row[i + 1 : i + 2] not in _LET for i in denied)
    phrases = any(tuple(row[i : i + 2]) in _OFF for i in range(len(row)))
    return wished or phrases or bool(_NOTHING & {*row})
