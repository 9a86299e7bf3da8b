"""What people say in many ways, put in the plain words for it: idioms, and the manners before what is asked.

Law: a text that is to be sent keeps its words; only how a request is read changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from app.offline.amounts import ORDINALS
from app.offline.lexicon import listed
from app.offline.words import Line, Token

_SAID = """
fill|clue me in => catch me up
get|bring|put me back? up to speed|date => catch me up
get|bring|put me back? in the picture => catch me up
give me a|the rundown|roundup|recap of|on ~slack|# => catch me up on
a|the rundown|roundup|recap of|on ~slack|# => catch me up on
[meant|supposed|expected] [to be|sit] at|in two|2 places|meetings|things at once => double booked
[meant|supposed|expected] [to be|sit] at|in two|2 places|meetings|things at the same time => double booked
can|will|must|may|should|could|would not really|possibly? be? leave|left|wait [any longer] \
[till|until|to|for the? next? *] => urgent
can|will|must|may|should|could|would not really|possibly? be? put off [any longer] \
[till|until|to|for the? next? *] => urgent
not|never yet? got|gotten|get|come round|around to answering|answer|replying|reply|responding|writing to? \
=> not answered
not|never yet? written|write|wrote|got|gotten|mailed back to? => not answered
not|never yet? replied to? => not answered
have anything|something|much|plans on ~$|?|.|!|,|today|tomorrow|tonight|this|next|then => have anything planned
did i get|got|manage done|finished => did i complete
have|got|need|left|things to get done|finished|sorted \
~$|?|.|!|,|this|next|today|tomorrow|tonight|by|on|before|first|now => have todo
what should|shall|must|do i do|tackle|handle first|next ~$|?|.|!|,|today|now => what needs my attention
what is most|the urgent|pressing ~$|?|.|!|,|today|now => what needs my attention
running late => late
, say ~at|around ~* ~*? ~$|.|!|? =>
make|help me remember => remind me
^ a? couple|two|three|four of? quick? things|questions|requests .|:|,|; =>
mail|mails|emails|messages i have not read|seen|opened yet? => unread mail
need|needs|expect|expects from me => want from me
where do i need|have to be => what do i have on
wie wird|ist das wetter => what is the weather
<weather morgen => tomorrow
<weather heute => today
^ explain to? me? ~the|this|that|it|my => summarise
on fire ~$|?|.|!|, => urgent
at|by which|what hour => when
called off => cancelled
the whole? lot ~$|.|!|,|;|please|and => all of them
so that it|they reads|read|says|say :? => to
^ new appointment|meeting|event|entry : => add
^ drop|leave|pop a|the quick|short? note|message|line in|to ~# => post in
drop ~* ~*? ~*? ~a ~quick|short? ~line|note|mail|email|message ~* => send
everything|mail|mails|email|emails|message|messages tagged|labelled|labeled as|with? => mail under the label
everything|mail|mails|email|emails|message|messages filed under => mail under the label
everything|mail|mails|email|emails|message|messages with the label => mail under the label
^ neither|none [of them|those|these] works|work|suits|suit|fits|fit for? me|us? ,|. =>
<draft ,? but? please? do|to? not be? send|sent it? yet|off? yet? ~:|$ =>
^ would|could|will|can you please? be so|very kind|good as? [and|to] => please
^ would|could|will|can you please? be kind|good enough to => please
^ be so|very kind|good as? [and|to] => please
^ would|might it be possible for you to => please
^ may|might|could|can i ask|trouble|bother|get you to|for => please
^ i was? wonder|wondering if|whether you could|can|would|might => please
^ do you think you could|can|might => please
^ i would be most|very|so|really? grateful|glad|happy|thankful|obliged|delighted if you could|can|would => please
^ it would be most|very|so|really? great|nice|good|lovely|kind|helpful|wonderful if you could|can|would => please
^ i would appreciate it? if you could|can|would => please
^ [would|could|can you] do me a|the favour|favor and => please
^ if it is not too much trouble|bother ,? => please
^ if it is not too much to ask ,? => please
^ if you do|would not mind ,? => please
^ [if|when|whenever] you have|get|find a|the moment|minute|second|chance|time ,? => please
"""
"""How it is said => the words that say it plainly; none where it says nothing.

`a|b` either, `a?` or not at all, `[a b]` both or not at all, `*` any word, `#` a channel, `^` where a sentence begins,
`~a` must follow and stays, `$` is the end, `<a` stands somewhere before it.
"""
_LAST = frozenset(listed("archive delete bin trash accept decline cancel"))
_PLACING = frozenset((*ORDINALS, *listed("the last one ones number no and & ,")))
_BEGINS = frozenset(listed(", . ; : ! ? - – and but so then ok okay well please hi hey hello sorry also"))


@dataclass(frozen=True)
class _Item:
    """One of these words, or `several` items in a row."""

    words: frozenset[str] = frozenset()
    several: tuple[_Item, ...] = ()
    optional: bool = False
    stays: bool = False


@dataclass(frozen=True)
class _Wording:
    items: tuple[_Item, ...]
    plain: tuple[str, ...]
    begins: bool
    behind: frozenset[str]


def plain(line: Line) -> Line:
    """The line with what it says in many words put in few, each over the same stretch of the text."""
    return _turned(_put(line, _by_first_word(_SAID)))


def _turned(line: Line) -> Line:
    """An order whose verb stands last, behind no more than places in a list: "1 and 4: archive"."""
    last = len(line) - 1
    before = line.row[: last - 1]
    placed = bool(before) and all(line.kind(i) == "number" or word in _PLACING for i, word in enumerate(before))
    if not placed or line.word(last) not in _LAST or line.word(last - 1) not in {":", "-", "–", ",", "="}:
        return line
    return Line((line.tokens[last], *line.tokens[: last - 1]))


def _put(line: Line, known: Mapping[str, Sequence[_Wording]]) -> Line:
    if known.keys().isdisjoint(line.row):
        return line
    i = 0
    while i < len(line):
        found = next(_found(line, i, known), None)
        if found:
            wording, end = found
            line = Line((*line.tokens[:i], *_over(line.tokens[i:end], wording.plain), *line.tokens[end:]))
        i += len(found[0].plain) if found else 1
    return line


def _found(line: Line, i: int, known: Mapping[str, Sequence[_Wording]]) -> Iterator[tuple[_Wording, int]]:
    """The wordings of token `i`, and where each ends."""
    for wording in known.get(line.word(i), ()):
        if (wording.begins and i and line.word(i - 1) not in _BEGINS) or not wording.behind <= {*line.row[:i]}:
            continue
        ends = max(_ends(line, i, wording.items), default=0)
        if ends > i:
            yield wording, ends


def _ends(line: Line, i: int, items: Sequence[_Item]) -> Iterator[int]:
    """Every place where the items may end that begin at token `i`; what must only follow is not counted."""
    if not items:
        yield i
        return
    first, rest = items[0], items[1:]
    if first.optional:
        yield from _ends(line, i, rest)
    for end in _ends(line, i, first.several) if first.several else (i + 1,) if _is(line, i, first) else ():
        for last in _ends(line, end, rest):
            yield i if first.stays else last


def _is(line: Line, i: int, item: _Item) -> bool:
    if "$" in item.words and i == len(line):
        return True
    said = "*" in item.words and line.kind(i) is not None
    return said or line.word(i) in item.words or ("#" in item.words and line.kind(i) == "channel")


def _over(said: Sequence[Token], words: Sequence[str]) -> list[Token]:
    """Tokens of these words, that stand where the others stood."""
    return [replace(said[0], text=word, word=word, kind="word", end=said[-1].end) for word in words]


@cache
def _by_first_word(table: str) -> Mapping[str, Sequence[_Wording]]:
    found = defaultdict[str, list[_Wording]](list)
    for row in table.strip().splitlines():
        said, _, put = row.partition("=>")
        words = said.split()
        begins, behind = words[0] == "^", words[0].removeprefix("<")
        led = begins or behind != words[0]
        wording = _Wording(
            _items(words[led:]), tuple(put.split()), begins, frozenset({behind} if led and not begins else ())
        )
        for word in _firsts(wording.items):
            found[word].append(wording)
    return found


def _items(words: Sequence[str]) -> tuple[_Item, ...]:
    found: list[_Item] = []
    group: list[str] | None = None
    for word in words:
        if word.startswith("["):
            group = []
        if group is not None:
            group.append(word.strip("[]"))
            if word.endswith("]"):
                found.append(_Item(several=_items(group), optional=True))
                group = None
        else:
            bare = word.strip("~") if word == "~" else word.removeprefix("~").removesuffix("?")
            found.append(_Item(frozenset(bare.split("|")), optional=word.endswith("?"), stays=word.startswith("~")))
    return tuple(found)


def _firsts(items: Sequence[_Item]) -> frozenset[str]:
    """The words with which the items may begin."""
    first = items[0]
    words = _firsts(first.several) if first.several else first.words
    return words | _firsts(items[1:]) if first.optional else words
