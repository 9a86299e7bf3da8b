"""What a mail asks without asking: orders, wishes, what is missing, what is needed.

Law: an order counts at the head of a clause alone, what is missing only outside an "if"; what is needed asks only
beside a "you", a day, or what hangs on it.
"""

from collections.abc import Sequence

from tools.mail.due import When
from tools.mail.lexicon import Sign, Words

POLITE_ORDER, ORDER, WAIT, WONDER, LACK, WISH, PLEASE, NEED = 1.0, 0.8, 0.7, 0.7, 0.6, 0.6, 0.6, 0.6
_JOINING = frozenset(
    (
        "and",
        "so",
        "then",
        "or",
        "but",
        "just",
        "please",
        "und",
        "also",
        "dann",
        "oder",
        "bitte",
        "y",
        "o",
        "e",
        "et",
        "ou",
    )
)
LEANING = frozenset(("ask.must", "ask.courtesy"))
NEAR = 3
"""Words before a need that may deny it."""
AFTERWARDS = frozenset(("after", "danach", "apres", "despues", "dopo", "daarna"))
_SPLITS = ",;:.!?–—-(¡¿\n"


def of_itself(words: Words) -> float:
    """How much a sentence orders, wishes, misses, or needs of the one it speaks to, from 0 to 1."""
    concepts = words.concepts
    return max(
        _order(words),
        LACK if any(not _supposed(words, sign) for sign in words.of("ask.lack")) else 0.0,
        WAIT if any(not _of_reader(words, sign) for sign in words.of("ask.waits")) else 0.0,
        WAIT if words.is_whole("ask.yours") else 0.0,
        WONDER if "ask.wonder" in concepts else 0.0,
        WISH if "ask.wish" in concepts else 0.0,
        PLEASE if "ask.please" in concepts else 0.0,
        NEED if "you" in concepts and needs(words) else 0.0,
    )


def _order(words: Words) -> float:
    """What an order at the head of a clause weighs: as much as a request where it says please."""
    if not any(_heads_clause(words, sign) for sign in words.of("ask.order")):
        return 0.0
    return POLITE_ORDER if "ask.please" in words.concepts else ORDER


def needs(words: Words) -> bool:
    """Whether it says that something is needed, and not that nothing is."""
    if "ask.none" in words.concepts:
        return False
    return any(not words.denied(sign, NEAR) for sign in words.of("ask.need"))


def wants(words: Words) -> bool:
    """Whether it says that something is needed or has to be done, of whomever."""
    return needs(words) or not LEANING.isdisjoint(words.concepts)


def leans(sentences: Sequence[Words], times: Sequence[Sequence[When]], number: int) -> float:
    """What a need, a duty, a courtesy or a stake in one sentence of a mail weighs by a deadline in it, a need by a
    stake beside it or a deadline in the next one, and what hangs on the reader by a deadline beside it; else 0."""
    concepts = sentences[number].concepts
    if any(when.kind == "deadline" for when in times[number]):
        return NEED if "stake" in concepts or wants(sentences[number]) else 0.0
    beside = range(max(0, number - 1), min(number + 2, len(sentences)))
    dated = any(when.kind == "deadline" for near in beside for when in times[near])
    if dated and {"stake", "you"} <= concepts and not _promised(sentences[number]):
        return NEED
    staked = any("stake" in sentences[near].concepts for near in beside)
    limited = any(when.kind == "deadline" for whens in times[number + 1 : number + 2] for when in whens)
    return NEED if (staked or limited) and needs(sentences[number]) else 0.0


def _promised(words: Words) -> bool:
    """Whether it only says what the reader gets afterwards: "after that you have it from me"."""
    promised = not words.concepts.isdisjoint(("promise", "promise.act"))
    return promised and all(words.folded[sign.start] in AFTERWARDS for sign in words.of("stake"))


def _supposed(words: Words, sign: Sign) -> bool:
    """Whether an "if" stands before it: "if anything is missing"."""
    return any(other.at < sign.at for other in words.of("supposed"))


def _of_reader(words: Words, sign: Sign) -> bool:
    """Whether the reader is the one who does not: "you can't get in without your badge"."""
    return sign.start > 0 and any(other.end == sign.start for other in words.of("you"))


def _heads_clause(words: Words, sign: Sign) -> bool:
    """Whether a phrase begins the sentence, or follows a stop or a joining word."""
    if sign.start <= 0:
        return True
    before = words.text[: sign.at].rstrip()
    return before[-1:] in _SPLITS or words.words[sign.start - 1].folded in _JOINING
