"""How chat ends what was asked without a word that it is done: a refusal, and what came of asking a third.

Law: a refusal is of the thing itself, never a delay; what a third said counts where it is told in words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.channels.chat import Chat
from tools.channels.saying import accepts, thanks
from tools.mail.phrases import fold

_NOT_THEN = re.compile(
    r"^\W*(?:no\b[\s,.!–-]*)?(?:not (?:today|tomorrow|now|this|before|until|on|for|with)\b|no\b\W*(?:$|ask|frag)"
    r"|nicht (?:heute|jetzt|vor|diese)|(?:hoy|hoje|aujourd'hui) (?:no|não|non))",
    re.IGNORECASE,
)
_ASK_AGAIN = re.compile(
    r"^\W*(?:(?:please|so|but|no|bitte|nein)\b[\s,]*){0,2}"
    r"(?:ask|come|bring it|raise it|try|frag\w*|komm\w*|bring\w*|pregunta|pergunta)"
    r" (?:me |us |for it |to it |to us |to me |mich |uns )?(?:again|back|up again|wieder|noch ?mal|de nuevo|de novo)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\bnot (?:going to|gonna) happen\b|\bnot happening\b|\boff the table\b"
    r"|\bwe(?:'re| are) not (?:doing|making|giving|building) (?:this|that|it|any|one|them)\b"
    r"|\bwe(?: won't| will not| don't| do not) (?:do|make|give|build|offer) (?:this|that|it|any|one|them)\b"
    r"|\b(?:machen|bauen|geben) wir nicht\b|\bkommt nicht in ?frage\b",
    re.IGNORECASE,
)
_DECLINES = re.compile(
    r"\bi(?: won't| will not| can't| cannot| can not) (?:do|take|sign|write|join) (?:this|that|it|them)"
    r"(?: (?:one|on))?\W*$"
    r"|\bi(?:'ll| will| have to|'d rather| must) (?:have to )?(?:pass|decline)(?: on (?:this|that|it)(?: one)?)?\W*$"
    r"|\bcount me out\b"
    r"|\b(?:das )?mache? ich nicht\W*$",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:i|i'm|me|my|ich|mir|mein\w*|yo|eu|je)\b", re.IGNORECASE)
_PUTS_OFF = re.compile(
    r"\b(?:yet|until|till|tomorrow|later|but|unless|before|after|next|today|now|morgen|später|aber|erst)\b",
    re.IGNORECASE,
)
_THIRD = re.compile(
    r"\b(?:talk|speak|check|clear|clarify|agree|settle|sort|confirm|ask|phone|call|ping|rede|spreche|kläre|frage)\b"
    r"(?: (?:it|this|that|things|again|once more|das|es))?(?: (?:to|with|mit))? (?:@[A-Za-z0-9]+|(?P<name>[A-ZÀ-Þ]\w+))"
)
_TELLS = (
    r"(?: and @?\w+)?(?:(?:'s| is| are| was| were) (?:fine|ok|okay|happy|good|on board|in|for it|against it|all for)\b"
    r"| (?:agree[sd]?|approve[sd]?|confirm(?:s|ed)?|accept(?:s|ed)?|decline[sd]?|refuse[sd]?)\b"
    r"| (?:says?|said) (?:yes|no|ok|okay|that|it|we|he|she|they)\b"
    r"| (?:has|have|had) (?:no objections?|agreed|approved|confirmed)\b"
    r"| (?:ist|war) (?:einverstanden|dafür|dagegen)\b| (?:sagt|sagte) (?:ja|nein|dass)\b)"
)
_OPEN_STILL = re.compile(
    r"\b(?:if|once|when|until|unless|maybe|might|probably|hope|hopefully|think|guess|yet|almost|wenn|falls|sobald"
    r"|vielleicht|noch nicht)\b",
    re.IGNORECASE,
)


def refuses(chat: Chat, *, called: bool) -> bool:
    """Whether a reply says that it will not be done at all.

    `called`: its author was asked by name, and may decline for themselves; who was not speaks of the thing alone.
    """
    if "?" in chat.spoken or accepts(chat):
        return False
    rows = [sentence.text.replace("’", "'") for sentence in chat.sentences]
    if any(_REFUSED.search(row) and not _PUTS_OFF.search(row) for row in rows):
        return True
    if called and any(_DECLINES.search(row) and not _PUTS_OFF.search(row) for row in rows):
        return True
    against = [row for row in rows if _NOT_THEN.search(row) and not _OWN.search(row)]
    return bool(against) and any(_ASK_AGAIN.search(row) for row in rows)


def insisted(after: Sequence[Chat], asker: str) -> bool:
    """Whether after a refusal the asker went on asking, or somebody took it on all the same."""
    return any(accepts(chat) if chat.author != asker else not (thanks(chat) or _gives_in(chat)) for chat in after)


def _gives_in(chat: Chat) -> bool:
    return accepts(chat) or bool(
        re.match(r"\W*(?:i see|understood|fine|fair|alright|all right|schade|a pity)\b", fold(chat.spoken))
    )


def tells_outcome(chat: Chat, asked: str) -> bool:
    """Whether a message tells what the one said who was to be asked: "Ben is fine with it", of "I'll talk to Ben"."""
    third = _THIRD.search(asked)
    if third is None:
        return False
    name = third["name"] or third[0].rpartition("@")[2]
    told = re.compile(rf"(?:^|[,;:]\s*|\b(?:and|but|that)\s+)\W*@?{re.escape(name)}{_TELLS}")
    rows = [sentence for sentence in chat.sentences if not sentence.is_question]
    texts = [sentence.text.replace("’", "'") for sentence in rows]
    return any(told.search(text) and not _OPEN_STILL.search(text) for text in texts)
