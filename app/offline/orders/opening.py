"""Where an order begins: the polite words before it, then a verb of change in the form in which one orders.

Law: "did I send", "should I accept", "do not archive", "if Ana replies, archive it", "I will move it" are no orders.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.offline.forbidden import THINGS
from app.offline.lexicon import NOUNS_TOO, listed
from app.offline.orders import statement
from app.offline.words import Line, stem

_GREETING = frozenset(
    listed(
        "please pls plz kindly valet hey hi hello ok okay so now then also and just quickly thanks great good yes yep"
        " sure perfect well right first next finally lastly afterwards instead looks fine , ! . ; & -"
    )
)
_ASKED = (
    ("would", "you", "mind"), ("would", "you", "please"), ("could", "you"), ("can", "you"), ("would", "you"),
    ("will", "you"), ("want", "you", "to"), ("like", "you", "to"), ("need", "you", "to"), ("i", "want", "to"),
    ("would", "like", "to"), ("i", "need", "to"), ("i", "wanna"), ("let", "us"), ("help", "me", "to"), ("help", "me"),
    ("you", "can"), ("feel", "free", "to"), ("go", "ahead", "and"), ("go", "ahead"), ("for", "me"),
)  # fmt: skip
_SPEAKER = frozenset({"i", "we"})
_AFTER_SPEAKER = frozenset(("want", "would", "need"))
_CONDITIONS = frozenset(listed("if when once unless whenever after before until as"))
_TRAILING = frozenset(listed("if unless once when whenever"))
_ENDS = frozenset(".?!;")
_JOINTS = frozenset(listed("and then also plus & ; , . ? !"))

_DEEDS = {
    "reply": "reply|respond|answer|write back|get back to|text back|mail back",
    "draft": "draft|compose|prepare|i would like a draft|i want a draft|i need a draft",
    "write": "write",
    "send": "send|shoot",
    "mail": "email|mail",
    "tell": "tell|inform|notify|let",
    "message": "message|ping|dm|text|slack",
    "ask": "ask",
    "thank": "thank",
    "post": "post|announce|publish|share",
    "archive": "archive",
    "clear": "clear|clear out|clean out|clean up|tidy up",
    "label": "label|tag|file",
    "mark": "mark|flag|set",
    "star": "star",
    "delete": "delete|trash|bin|discard|erase|remove|get rid of|throw away|throw out",
    "make": "create|make|start|set up|set aside|add|put|stick|pop|pencil in|arrange|organise|organize|plan|schedule"
    "|book|reserve|block",
    "invite": "invite",
    "move": "move|reschedule|shift|push|postpone|bring|change|rename|amend|alter",
    "cancel": "cancel|call off|drop",
    "accept": "accept|confirm|say yes to|agree to|answer yes to|reply yes to",
    "decline": "decline|refuse|reject|turn down|say no to|answer no to|reply no to",
    "maybe": "tentatively accept|provisionally accept|maybe accept|say maybe to|answer maybe to",
    "complete": "complete|finish|tick off|check off|cross off|tick|close",
    "reopen": "reopen|untick|uncheck",
    "turn": "turn|convert|make",
    "remind": "remind me|do not let me forget|note to self|note down|make a note|take a note|new task|new todo|jot down"
    "|put down|write down|note that|note :|todo :|todos :|task :|tasks :|reminder :",
    "append": "append|insert|add",
    "rewrite": "replace|overwrite|rewrite|set the text of|set the contents of|set the content of|change the text of"
    "|change the contents of|change the content of",
    "save": "save|store|keep",
    "chosen": "take|pick|choose|go with|go for|use|grab",
    "undo": "undo|revert|take that back|take it back|roll back",
}
PHRASES = {tuple(phrase.split()): deed for deed, told in reversed(_DEEDS.items()) for phrase in told.split("|")}
"""Words of a verb -> the deed; the first deed of the table that has them wins."""
_TWO: dict[str, tuple[str, tuple[str, ...]]] = {"throw": ("delete", ("away", "out")), "call": ("cancel", ("off",))}
"""Verbs whose second part may stand behind what they are done to."""
_SPREAD = 7
_MADE = frozenset(listed("doc document folder"))
_NAMED = frozenset(listed("called titled named :"))
_QUESTIONS = frozenset(listed("did has have had was were any anything is are does do what who when where which how"))
"""Behind "slack:" or "mail:", what these begin is asked there and not said."""
_IT = frozenset(listed("it that this those them these"))
_SERVICES = frozenset(listed("mail email slack message"))
_OF_THEM = frozenset(listed("about on since for in with regarding"))
_REPLIES = frozenset({"replies", "answers", "responses"})
_TELLING = frozenset({"saying", "that", ":"})
_MARKS = frozenset(listed(": - – ,"))
_SO = frozenset(listed("so but"))
_BESIDE = frozenset(listed("and or & / ,"))
_NOUN_BEFORE = frozenset(listed("from of by owed sent received is are was were history list that's ?"))
"""Behind one of these a word such as "mail" or "answer" was no verb."""


@dataclass(frozen=True)
class Opening:
    """An order begins at token `start`; its verb is tokens `verb` to `after` (exclusive)."""

    start: int
    verb: int
    after: int
    deed: str


def openings(line: Line) -> list[Opening]:
    """Every place of the line where an order begins."""
    starts = [0, *(i + 1 for i in range(len(line)) if line.word(i) in _JOINTS and line.kind(i) in {"word", "symbol"})]
    starts += [i for i in range(1, len(line)) if line.word(i) in _SO and _asks_for(line, i + 1)]
    found: dict[int, Opening] = {}
    for start in starts:
        here = None if _conditional(line, start) else _at(line, start) or _stated(line, start)
        if here:
            found.setdefault(here.verb, here)
    taken = any(one.deed == "chosen" for one in found.values())
    return [one for one in found.values() if not (taken and one.deed == "make" and line.word(one.after) in _IT)]


def _asks_for(line: Line, i: int) -> bool:
    """Whether something is asked of Valet there: behind a "so" or "but" that only then begins an order."""
    return line.word(i) == "please" or (line.word(i) in {"can", "could", "would", "will"} and line.word(i + 1) == "you")


def _stated(line: Line, start: int) -> Opening | None:
    """A sentence that orders by stating; it has no verb of its own, and all of it says what is meant."""
    whole = not start or (line.word(start - 1) in _ENDS and line.kind(start - 1) == "symbol")
    deed = statement.deed(line, start, _next(line, start)) if whole else ""
    return Opening(start, start, start, deed) if deed else None


def _next(line: Line, start: int) -> int:
    """Where an order joined to the sentence ends it: "task 2 is done and push the third to Friday"; one about "it" is
    told of by the sentence."""
    found = ((i, _at(line, i + 1)) for i in range(start + 1, len(line)) if line.word(i) in {"and", ","})
    return next((i for i, one in found if one and line.word(one.after) not in _IT), len(line))


def ordered(line: Line) -> str:
    """The word that the line would begin an order with."""
    return line.word(_past_manners(line, 0)[0])


def conditional(line: Line) -> bool:
    """Whether what is ordered is to be done only later, if something else is so."""
    return any(word in _TRAILING for word in line.row)


def _at(line: Line, start: int) -> Opening | None:
    i, mind = _past_manners(line, start)
    for size in (6, 5, 4, 3, 2, 1):
        words = line.words(i, size)
        if mind and words:
            words = (_base(words[0]), *words[1:])
        deed = PHRASES.get(words) if len(words) == size else None
        sure = words == ("make",) and line.word(i + 1) in {"sure", "certain"}
        asked = sure or (
            line.word(i + size) in _MARKS and (line.word(i + size + 1) in _QUESTIONS or words == ("text",))
        )
        if deed and line.kind(i) == "word" and line.word(i + size) not in _NOUN_BEFORE and not asked:
            if _compound(line, i, i + size):
                return None
            return Opening(start, i, i + size, deed)
    deed = _apart(line, i)
    return Opening(start, i, i + 1, deed) if deed else None


def _apart(line: Line, i: int) -> str:
    """The deed of a verb in two parts, "throw that away", or of a new thing that is given its name; else ""."""
    deed, particles = _TWO.get(line.word(i), ("", ()))
    end = next((k for k in range(i + 2, len(line)) if line.word(k) in _JOINTS or line.word(k) == "please"), len(line))
    if deed:
        return deed if i + 2 < end <= i + _SPREAD and line.word(end - 1) in particles else ""
    noun = i + 1 + (line.word(i + 1) in {"google", "drive", "text"})
    named = line.word(i) == "new" and line.word(noun) in _MADE and line.word(noun + 1) in _NAMED
    return "make" if named else ""


def _compound(line: Line, i: int, after: int) -> bool:
    """Whether the verb is the noun that it is as often: before another, "slack messages from Priya", or beside one,
    "mail and slack from Priya"."""
    word = line.word(after)
    told = line.word(i) == "draft" and word in _REPLIES and not _TELLING.isdisjoint(line.row)
    if line.word(i) not in NOUNS_TOO or told:
        return False
    k = after
    while line.word(k) in _BESIDE and stem(line.word(k + 1)) in THINGS:
        k += 2
    row = k > after or (line.word(i - 1) in _BESIDE and stem(line.word(i - 2)) in THINGS)
    beside = row and line.word(i) in _SERVICES and line.word(k) in _NOUN_BEFORE | _OF_THEM
    return beside or (word.endswith("s") and stem(word) in THINGS)


def _past_manners(line: Line, i: int) -> tuple[int, bool]:
    """Behind the greeting and the polite words; and whether a verb in -ing follows: "would you mind sending"."""
    mind = False
    while i < len(line):
        polite = next((words for words in _ASKED if line.words(i, len(words)) == words), None)
        if line.words(i, 6) == ("do", "not", "let", "me", "forget", "to"):
            return i, mind
        speaks = line.word(i) in _SPEAKER and line.word(i + 1) in _AFTER_SPEAKER and _asks_of_you(line, i + 1)
        if polite:
            mind, i = polite[-1] == "mind", i + len(polite)
        elif speaks or line.word(i) in _GREETING:
            i += 1
        else:
            break
    return i, mind


def _asks_of_you(line: Line, i: int) -> bool:
    """Whether "I want" or "I would like" is followed by what Valet is to do."""
    i += line.word(i) == "would"
    return line.words(i, 3) in {("want", "you", "to"), ("like", "you", "to"), ("need", "you", "to")} or (
        line.words(i - 1, 3) == ("would", "like", "to") or line.words(i - 1, 3)[1:] == ("want", "to")
    )


def _base(word: str) -> str:
    """A verb without -ing."""
    if not word.endswith("ing"):
        return ""
    bare = word.removesuffix("ing")
    known = {words[0] for words in PHRASES}
    doubled = bare[:-1] if bare[-1:] == bare[-2:-1] else bare
    return next((one for one in (bare, bare + "e", doubled) if one in known), "")


def _conditional(line: Line, start: int) -> bool:
    """Whether the sentence begins with a condition: "if Ana replies, archive it"."""
    first = max((i + 1 for i in range(start) if line.word(i) in _ENDS and line.kind(i) == "symbol"), default=0)
    heads = [first, *(i + 1 for i in range(first, start) if line.word(i) in _JOINTS)]
    return start > first and any(line.word(i) in _CONDITIONS for i in heads)
