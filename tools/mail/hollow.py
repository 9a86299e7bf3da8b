"""What asks in its words and not in earnest: for the case that something befalls, a question its author answers, leave.

Law: an "if" makes hollow only what asks to be told of a trouble, a need or a lack behind it; a question is answered by
the sentence right behind it alone.
"""

import re
from collections.abc import Sequence

from tools.mail.lexicon import Sign, Words
from tools.mail.sentences import Sentence

NEAR = 6
"""Words between an "if" and what befalls behind it, or between what asks and the "if" behind that."""
ASKED_SOON, ASKED_WIDTH = 4, 30
"""Words, and characters, behind a name in which its bearer is spoken to."""
_PAUSE = re.compile(r"[,;:–—]")
_WHY = re.compile(r"(?:why|how come|warum|weshalb|wieso|pourquoi|por qu[eé]|perch[eé]|waarom)\b", re.IGNORECASE)
_WHAT = re.compile(
    r"(?:why|how come|what|who|warum|weshalb|wieso|was|wer|pourquoi|qu['’]est-ce|qui|por qu[eé]|qu[eé]|qui[eé]n"
    r"|perch[eé]|che cosa|cosa|chi|waarom|wat|wie)\b",
    re.IGNORECASE,
)
_BECAUSE = re.compile(r"(?:because|weil|denn|parce qu|porque|perch[eé]|omdat)", re.IGNORECASE)
_ANSWER = re.compile(
    r"(?:(?:yes|no|nothing|nobody|never|simple|easy|ja|nein|nichts|niemand|ganz einfach|oui|non|rien|personne|s[ií]"
    r"|nada|nadie|niente|nulla|nessuno|nee|niets)[,.!:;]|no problem|kein problem|pas de probl[eè]me|ning[uú]n problema"
    r"|sin problema|nessun problema|geen probleem)",
    re.IGNORECASE,
)
_THING = re.compile(r"(?:an?|eine?|une?|una|uno|een) ", re.IGNORECASE)
_CALLED = re.compile(r"@?([A-ZÀ-Þ][\w'’-]{2,})\s*[,:]\s")
_OPENERS = """also anyway otherwise meanwhile finally lastly well okay right sorry yes yeah hey now next then however
therefore obviously luckily unfortunately question deadline note ps nein sonst ausserdem außerdem dann gut übrigens
leider deshalb daher falls frage frist bueno entonces además si sí pues luego pregunta plazo bon donc enfin sinon alors
bref question délai allora dunque poi però comunque domanda scadenza bene então depois pergunta prazo dus verder vraag
first second third erstens zweitens drittens primero segundo"""
_NO_NAMES = frozenset(_OPENERS.split())
"""What stands before a comma at the head of a sentence as a name does."""
_OPENING = re.compile(r"^[¿¡\"'(\s]*(?:(?:and|but|so|und|aber|also|et|mais|y|pero|e|ma|en)\s)?", re.IGNORECASE)
_DOING = """forget hesitate fail miss only later vergessen vergiss nur erst mehr spater oublier tarder olvide olvides
deje dejes dejar dimenticare dimenticate esquecer vergeten"""
_NO_BAN = frozenset(_DOING.split())
"""Not to do these is to do something."""
_LIMITS = frozenset(("due.by", "due.before", "due.after", "due.ends", "due.latest"))
_ASKS = frozenset(
    ("ask.request", "ask.able", "ask.know", "ask.order", "ask.wish", "ask.wonder", "ask.waits", "ask.lack")
)


def in_case(words: Words) -> bool:
    """Whether all it asks is to be told, should something befall or be lacking: "if you get stuck, call me"."""
    return any(_befalls(words, sign) and _only_notifies(words, sign) for sign in words.of("supposed"))


def _befalls(words: Words, supposed: Sign) -> bool:
    pause = _PAUSE.search(words.text, supposed.until)
    until = pause.start() if pause else len(words.text)
    return any(
        0 <= sign.start - supposed.end <= NEAR and sign.at < until and sign.at >= supposed.at
        for sign in words.of("contingent")
    )


def _only_notifies(words: Words, supposed: Sign) -> bool:
    """Whether whatever asks stands right before the "if", or behind it, and asks to be told."""
    asking = [sign for sign in words.signs if sign.concept in _ASKS]
    told = words.of("notify")
    behind = [sign for sign in asking if sign.start >= supposed.end]
    before = [sign for sign in asking if sign.start < supposed.start]
    if any(supposed.start - sign.end > NEAR for sign in before):
        return False
    if before and not any(0 <= supposed.start - sign.end <= NEAR for sign in told):
        return False
    return not behind or any(sign.start >= supposed.end for sign in told)


def leave(words: Words) -> Sequence[Sign]:
    """Where it tells what the reader may do, with no day by which to do it: "you can pick it up"."""
    return () if limited(words) else words.of("leave")


def limited(words: Words) -> bool:
    """Whether a word sets a limit to what it says."""
    return not _LIMITS.isdisjoint(words.concepts)


def forbids(words: Words) -> bool:
    """Whether all it asks is not to do something, by no day and with nothing hanging on it: a rule of the house."""
    if "stake" in words.concepts or limited(words):
        return False
    return any(_forbids(words, sign) for sign in words.of("forbidding"))


def _forbids(words: Words, sign: Sign) -> bool:
    pause = _PAUSE.search(words.text, sign.at)
    until = pause.start() if pause else len(words.text)
    if sign.until > until or not _NO_BAN.isdisjoint(words.folded[sign.end : sign.end + 2]):
        return False
    return all(other.at < until for other in words.signs if other.concept in _ASKS)


def answered(sentences: Sequence[Sentence], number: int) -> bool:
    """Whether the author answers a question in the sentence behind it: "What changed? Nothing."""
    following = sentences[number + 1] if number + 1 < len(sentences) else None
    if following is None or following.block != sentences[number].block or following.is_question:
        return False
    text, reply = _begun(sentences[number].words.text), following.words.text
    if _ANSWER.match(reply) or (_WHY.match(text) and _BECAUSE.match(reply)):
        return True
    plain = "you" not in sentences[number].words.concepts and not any(c in _ASKS for c in following.words.concepts)
    return bool(plain and _WHAT.match(text) and _THING.match(reply) and "ask.need" not in following.words.concepts)


def calls_another(words: Words) -> bool:
    """Whether it begins with the name of one it asks, where not all who read it are meant: "Pierre, can you ..."."""
    called = _CALLED.match(words.text)
    if not called or called[1].casefold() in _NO_NAMES or Words(called[1]).concepts:
        return False
    asks = any(sign.concept in _ASKS and sign.start <= ASKED_SOON for sign in words.signs)
    return asks or "you" in Words(words.text[called.end() :][:ASKED_WIDTH]).concepts


def _begun(text: str) -> str:
    """The text from its first word, without an "and" or "but"."""
    return _OPENING.sub("", text, count=1)
