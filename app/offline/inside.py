"""A question to one document: "what does the lease say about parking", "when is the freeze according to that document".

Law: the document is the one in hand or the one that is named; what is asked of it are the words that name neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.offline import pointing
from app.offline.clause import Clause
from app.offline.lexicon import EMPTY, SORTS, listed
from app.offline.plan import Step, Wait
from app.offline.reading import Reader
from app.offline.slots import Skill
from app.offline.words import stem

KIND = "file"
_ASKS = frozenset(listed("what where when how which who does did do is are anything something"))
_HELP = frozenset({"does", "did", "do"})
_SAYS = frozenset(listed("say says state mention tell specify require cover contain include write"))
_BEHIND = frozenset(listed("about on regarding concerning of that as to for"))
_ACCORDING = (("according", "to"), ("as", "per"), ("going", "by"))
_WITHIN = frozenset({"in", "inside", "on"})
_SECTIONS = frozenset(listed("article section clause paragraph chapter annex appendix schedule exhibit slide"))
_WRITINGS = frozenset(stem(word) for word in SORTS["writing"].split())
_SIGNS = frozenset("?.!,")


def asked(clause: Clause, reader: Reader) -> list[Step]:
    """The call that looks for the places, behind the one that finds the document where it is not in hand."""
    if clause.line.word(0) not in _ASKS:
        return []
    found = _said(clause) or _according(clause, reader) or _held(clause)
    if found is None:
        return []
    phrase, words = found
    known = [skill for skill in reader.knowledge.skills.values() if skill.reads]
    opener = next((s for s in known if s.opens(KIND) and s.takes("topic")), None)
    finder = next((s for s in known if s.finds and KIND in s.mints), None)
    text = clause.said(words).strip("\"'“”‘’ ") if words else ""
    return _steps(clause, reader, phrase, text, opener, finder) if opener and finder else []


def _steps(clause: Clause, reader: Reader, phrase: range, text: str, opener: Skill, finder: Skill) -> list[Step]:
    args = {opener.takes("topic")[0].name: text} if text else {}
    file = opener.takes("handle")[0].name
    hand = _in_hand(clause, reader, phrase)
    if hand:
        section = _section(clause, phrase)
        sought = " ".join(filter(None, (clause.said(phrase) if section else "", text)))
        return [Step(opener.name, {file: hand, opener.takes("topic")[0].name: sought})] if sought else []
    named = reader.only(clause, phrase)
    name = [i for i in phrase if _names(clause, i)]
    if not name or _section(clause, phrase) or not _document(clause, phrase):
        return []
    wanted = reader.filled(finder, named).calls({})[0] or {}
    topic = finder.takes("topic")[0].name
    wanted.setdefault(topic, clause.said(name))
    words = tuple(clause.line.word(i) for i in name)
    return [Step(finder.name, wanted), Step(opener.name, args, Wait(file, KIND, words, first=bool(text)))]


def _in_hand(clause: Clause, reader: Reader, phrase: range) -> str:
    """The handle of the document that is pointed at, or whose section is."""
    hand = reader.view.hand
    for p in clause.pointings:
        if p.start in phrase and (KIND in p.kinds or not p.kinds or not clause.line.word(p.end - 1)):
            held = pointing.resolve(p, KIND, reader.view.lists, hand) if _newest(reader, p.that) else ""
            return held or (_first_listed(reader) if p.that and not hand else "")
    if _section(clause, phrase):
        return hand.get(KIND, "")
    return (
        pointing.by_label(_words(clause, phrase), KIND, reader.view.lists)[0]
        if _all_held(clause, reader, phrase)
        else ""
    )


def _first_listed(reader: Reader) -> str:
    """The first of the documents listed last, where nothing else was shown since."""
    newest = next(iter(reader.view.lists), ())
    return newest[0].handle if newest and all(ref.kind == KIND for ref in newest) else ""


def _newest(reader: Reader, that: bool) -> bool:
    """Whether "it" is a document: the thing in hand last."""
    return not that or [*reader.view.hand][-1:] == [KIND] or KIND in reader.view.hand


def _words(clause: Clause, phrase: Iterable[int]) -> list[str]:
    return [clause.line.word(i) for i in phrase if _names(clause, i)]


def _all_held(clause: Clause, reader: Reader, phrase: range) -> bool:
    """Whether all words of the name are those of one label that was shown."""
    words = {stem(word) for word in _words(clause, phrase)}
    _, stems = pointing.by_label(_words(clause, phrase), KIND, reader.view.lists)
    return bool(words) and stems >= words


def _names(clause: Clause, i: int) -> bool:
    token = clause.line.tokens[i]
    return token.kind != "symbol" and token.word not in EMPTY and KIND not in clause.kinds.get(token.stem, ())


def _document(clause: Clause, phrase: Sequence[int]) -> bool:
    """Whether the words name a document: by a word for one, or the name of a file."""
    tokens = [clause.line.tokens[i] for i in phrase]
    return any(t.kind == "file" or t.stem in _WRITINGS or clause.kinds.get(t.stem) == (KIND,) for t in tokens)


def _section(clause: Clause, phrase: range) -> bool:
    row = [clause.line.word(i) for i in phrase if clause.line.word(i) != "the"]
    return len(row) == 2 and row[0] in _SECTIONS and clause.line.kind(phrase[-1]) == "number"


def _end(clause: Clause) -> int:
    end = len(clause.line)
    while end and clause.line.word(end - 1) in _SIGNS:
        end -= 1
    return end


def _said(clause: Clause) -> tuple[range, list[int]] | None:
    """ "What does it say about parking": the document before the verb, what is asked behind it."""
    line = clause.line
    start = next((i + 1 for i in range(2) if line.word(i) in _HELP), 0)
    verb = next((i for i in range(start + 1, len(line)) if line.word(i) in _SAYS), 0)
    if not start or not verb:
        return None
    rest = [i for i in range(verb + 1, _end(clause)) if line.word(i) not in EMPTY | _BEHIND]
    phrase = range(start, verb)
    section = _section(clause, phrase)
    return (phrase, [*range(rest[0], rest[-1] + 1)] if rest else []) if rest or section else None


def _according(clause: Clause, reader: Reader) -> tuple[range, list[int]] | None:
    """ "When is the freeze according to it": what is asked before, unless a tool is asked for with just those words."""
    line, end = clause.line, _end(clause)
    at = next((i for i in range(1, end) if line.words(i, 2) in _ACCORDING), 0)
    rest = [i for i in range(at) if line.word(i) not in EMPTY]
    openers = [s.name for s in reader.knowledge.skills.values() if s.opens(KIND)]
    knows = reader.knowledge.intents.knows
    strange = any(not any(knows(name, line.word(i)) for name in openers) for i in rest)
    return (range(at + 2, end), [*range(rest[0], rest[-1] + 1)]) if at and strange else None


def _held(clause: Clause) -> tuple[range, list[int]] | None:
    """ "What is in the budget sheet": the document, and nothing in particular."""
    line, end = clause.line, _end(clause)
    if line.words(0, 2) != ("what", "is") or line.word(2) not in _WITHIN or end < 4:
        return None
    return range(3, end), []
