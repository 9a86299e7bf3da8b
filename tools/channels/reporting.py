"""How chat reports something done without the word: what they have done, a bare participle, what now is there.

Law: these forms say too little alone; they count from who was asked, about the same thing.
"""

from __future__ import annotations

import re

from tools.channels.chat import Chat
from tools.channels.saying import VERBS, accepts
from tools.mail.phrases import fold
from tools.mail.sentences import Sentence
from tools.text.topics import topic_words

SAME = 4
"""Letters at the head of a word that make "poster" and "posters" one."""
_IRREGULAR = (
    r"bought|brought|built|chosen|cut|drawn|driven|found|given|hung|kept|laid|lent|made|met|paid|put|read|redone|redrawn"
    r"|rewritten|run|sent|set|sold|spoken|swapped|taken|taught|thrown|told|won|written"
)
_STEPS = frozenset(
    """
    agreed asked been blocked called checked considered decided delayed described discussed emailed expected failed
    forgotten got had heard hoped looked lost mailed mentioned messaged missed needed noticed noted phoned pinged
    planned promised read reminded said scheduled seemed started stopped supposed talked thought told tried used wanted
    wondered worked worried
    """.split()  # noqa: SIM905
)
"""What somebody has done on the way, not the thing itself, unless it was the thing they were asked for."""
_VERB = rf"(?P<verb>[a-z]{{3,}}ed|(?:re)?(?:{_IRREGULAR}))"
_HAVE = re.compile(
    rf"\b(?:i've|we've|i have|we have)(?: just| already| now| also| both| all)* {_VERB}\b(?! trouble| problems)",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"^\W*(?:(?:yes|yep|ok|okay|all|just|already|now|and)\b[\s,]*)*{_VERB}"
    r"(?:\s*[.!,;✅✔]|\s*$|\s+(?:it|them|him|her|that|this|the|all|both|everything|everyone)\b)",
    re.IGNORECASE,
)
_PARTIZIP = (
    r"(?:(?:an|ab|auf|aus|ein|mit|nach|vor|zu|hin|her|weg|um)?ge\w{2,}(?:t|en)|(?:be|ver|er|ent|über)\w{2,}(?:t|en))"
)
_GERMAN = re.compile(
    rf"\b(?:hab|habe|haben) (?:[^.?!]{{0,60}} )?{_PARTIZIP}\s*(?:[.!,;✅✔]|$)"
    rf"|^\W*(?:ist |schon |alles |alle )*{_PARTIZIP}\s*(?:[.!✅✔]|$)",
    re.IGNORECASE,
)
_THERE_NOW = re.compile(
    r"\b(?:has|have|shows?|lists?|contains?|includes?|says?) (?:all |both )?(?:the|its|their|our|your|an?|new)\b"
    r"[^.?!]{1,60}\bnow\b"
    r"|\bnow (?:has|have|shows?|lists?|contains?|includes?|says?) \w+"
    r"|\bthat(?:'s| is) (?:all )?(?:settled|sorted|done|dealt with|taken care of|fixed|off the list)\b"
    r"|\b(?:steht|stehen|hängt|hängen|liegt|liegen|sind|ist) (?:jetzt|nun) (?:im|in|auf|am|an|beim|drin|online)\b"
    r"|\b(?:is|are) (?:now |all )?(?:online|in place|ready|printed|hung up|set up)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:not|no|never|nothing|yet to|but|still|almost|nearly|half|if|once|when|until|waiting|nicht|kein\w*|fast"
    r"|sobald|wenn)\b|n't\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"@[A-Za-z0-9]+")


def reports(chat: Chat, asked: str) -> bool:
    """Whether a message says, in a form that is weak alone, that what was `asked` is done."""
    return not accepts(chat) and any(
        _reports(sentence, asked) for sentence in chat.sentences if not sentence.is_question
    )


def _reports(sentence: Sentence, asked: str) -> bool:
    text = sentence.text.replace("’", "'")
    if _AGAINST.search(text):
        return False
    have, bare = _HAVE.search(text), _BARE.search(text)
    if have and (fold(have["verb"]) not in _STEPS or _names(have["verb"], asked)):
        return True
    if bare and (_is_deed(fold(bare["verb"])) or _names(bare["verb"], asked)):
        return True
    return bool(_GERMAN.search(text) or _THERE_NOW.search(text))


def _is_deed(participle: str) -> bool:
    """Whether a participle is of a verb people are asked to do: "printed", "redrawn"; not "decided", "excited"."""
    if participle in _STEPS:
        return False
    stem = participle.removesuffix("ed")
    short = stem[:-1] if stem[-2:-1] == stem[-1:] else stem
    return not participle.endswith("ed") or bool({stem, f"{stem}e", short} & VERBS)


def _names(verb: str, asked: str) -> bool:
    """Whether a participle is of a verb of what was asked: "asked" of "please ask the school"."""
    stem = fold(verb).removesuffix("ed")
    return any(fold(word).removesuffix("e") == stem or fold(word) == fold(verb) for word in re.findall(r"\w+", asked))


def shared(one: str, other: str) -> int:
    """How many topic words two texts share, whatever their endings."""
    return len(_heads(one) & _heads(other))


def _heads(text: str) -> set[str]:
    return {fold(word)[:SAME] for word in topic_words(_MARK.sub(" ", text))}
