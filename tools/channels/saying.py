"""What a sentence of a chat does: asks, asks after, offers, reports something done. Adds to the words of mail those
that only chat has.

Law: the forms stand in the tables here; nothing knows a single message.
"""

from __future__ import annotations

import re
from typing import Literal

from tools.channels.calling import MARKS, calls, seeks_volunteer, supposes
from tools.channels.chat import Chat
from tools.channels.verbless import orders
from tools.mail.asks import POLITE, strength
from tools.mail.phrases import fold
from tools.mail.sentences import Sentence

Kind = Literal["request", "question", "offer", "chase"]
OPENING = (
    r"^[^\w@]{0,3}(?:(?:hey|hi|hello|hallo|hola|morning|ok|okay|also|and|then|so|todo|to-do|ai|action items?"
    r"|next steps?|reminder|urgent|fyi)\b[\s:,!–-]*)*"
)
VERBS = frozenset(
    """
    accept add allow answer apply approve arrange ask assign attend backfill book bring call cancel change chase
    check choose circulate clean close collect comment complete confirm create decide deploy do document
    double-check draft enable ensure enter escalate estimate extend file fill find finish fix follow forward get
    give hand help hold inform install investigate invite join keep leave let list lock look loop make merge
    migrate move open order pay pick ping post prepare print provide publish put read rebase release remind
    remove rename replace reply report rerun reset respond restart restore return revert review roll rotate run
    schedule send set settle share ship sign sort start stop submit sync take talk tell test tick try turn
    unblock update upload use verify vote watch write
    bake carry count deliver draw drop email hang hire invoice lend measure meet pack phone proofread redo redraw
    reorder reserve rewrite swap switch translate unlock wash wipe
    bestell besorg bring buch druck erledig frag gib hol kauf klär leite nimm organisier reservier ruf sag schau
    schreib stell trag übernimm
    schick schicke sende prüf prüfe bestätige mach mache manda envía envia revisa confirma prépare envoie
    vérifie
    """.split()  # noqa: SIM905 - a list of words reads as words
)
_IMPERATIVE = re.compile(
    rf"{OPENING}(?:{MARKS}|(?P<name>[^\W\d_]{{2,20}}))(?P<gap>\s*[,:–-]*\s*)"
    r"(?:(?:so|then|and|also|just|now|ok)\b[\s,]*){0,2}"
    r"(?P<told>(?:please|pls|kindly|could you|can you|to|should|must|needs? to|has to|will)\s+){0,2}(?P<verb>[\w-]+)",
    re.IGNORECASE,
)
_POLITE_IMPERATIVE = re.compile(rf"{OPENING}(?:please|pls|bitte|por favor)\s+(?P<verb>[\w-]+)", re.IGNORECASE)
_ASIDE_IMPERATIVE = re.compile(
    rf"{OPENING}{MARKS}[\s,:–-]*(?:when|if|as|once|after|before|wenn|sobald)\b[^,:?]{{3,40}}[,:]\s*(?P<verb>[\w-]+)",
    re.IGNORECASE,
)
_SELF = re.compile(r"\b(?:can|could|may|should|shall) (?:i|we)\b", re.IGNORECASE)
_ANYONE = re.compile(
    r"\b(?:someone|anyone|somebody|anybody|(?:one|some) of you|ein(?:er|e|s) von euch|jemand"
    r"|alguien|alguém|quelqu'un)\b",
    re.IGNORECASE,
)
_NEED = re.compile(
    r"\b(?:need(?:s|ed)?|require[sd]?|due|(?:has|have) to|must|brauch(?:e|en)|benötigen|necesitamos|precisamos)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"\b(?:by|before|until|bis|antes|até|avant|eod|cob|eow)\b", re.IGNORECASE)
_OFFER = re.compile(
    r"\b(?:i'll|i will|i'm going to|i am going to|i'm gonna|let me|ich werde|je vais|voy a|vou"
    r"|i(?: can)? promise(?: you)? (?:to|i'll|i will|that i'll|that i will)|(?:je )?promets de|prometo)\s+"
    r"(?:also |just |then |try to |go ahead and |quickly )*(?P<verb>\w+)",
    re.IGNORECASE,
)
_NO_OFFER = frozenset(
    """admit always assume be bet continue guess have hope know let love miss need never not pass probably say see
    stay stop take think wait""".split()  # noqa: SIM905
)
_BARE_OFFER = re.compile(r"\b(?:i'll|i will) \w+\W*$", re.IGNORECASE)
_AT_HAND = re.compile(
    r"\b(?:tell me|let (?:me|us) know|shout|ping me|give me a (?:shout|ping|call)|say(?: so)?|just ask)"
    r" (?:if|when|whenever|should) (?:you (?:need|want|get stuck|run into|have (?:any )?(?:questions?|trouble))"
    r"|(?:i|we) can (?:help|do anything)|anything|something)"
    r"|\b(?:sag(?:t)? (?:mir |uns )?bescheid|meld(?:e|et)? (?:dich|euch)),? (?:wenn|falls) (?:du|ihr|etwas|was)"
    r" (?:\w+ ){0,3}(?:brauch\w*|fehlt|unklar)",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\bi(?:'m| am) bringing\b|\bi can (?:bring|pick up|print|cover|handle)\b|\bcount on me (?:for|to)\b"
    r"|\bi can do the\b|\bleave the (?:\w+ ){1,4}(?:to|with) me\b|\bich mache? (?:das|die|den)\b"
    r"|\bi(?:'ll| will| can) take (?:care|this|that|it|the|on|over)\b|\bi(?:'ve| have)? got (?:this|it)\b"
    r"|\bleave (?:it|that|this) (?:with|to) me\b|\b(?:me encargo|je m'en occupe|ich kümmere mich|eu trato disso)\b",
    re.IGNORECASE,
)
_ICH_DO = (
    r"(?:bringe?|übernehme|besorge?|schicke?|sende|hole?|kaufe?|schreibe?|bestelle?|buche|drucke|erledige|prüfe|kläre"
    r"|kümmere|reserviere|organisiere|backe|koche)"
)
_ICH = re.compile(rf"\bich {_ICH_DO}\b|\b{_ICH_DO} ich\b|\bich (?:verspreche|rufe .*\ban)\b", re.IGNORECASE)
_ACCEPT = re.compile(
    r"\b(?:on it|will do|i'm on (?:it|this)|consider it done|sure thing|mach(?:e|'s)? ich|ich mach(?:e|'s)"
    r"|i can do (?:it|that|this)|count me in|wird gemacht|ça marche)\b"
    r"|^\W*(?:sure|yes|yep|ok|okay|claro)\b.{0,20}$",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:done|shipped|sent|merged|deployed|fixed|published|uploaded|finished|completed|released|delivered|submitted"
    r"|booked|signed|resolved|closed|paid|filed|posted|updated|shared|reviewed|approved|confirmed|restarted|rotated"
    r"|attached|added|moved|changed|entered|cancelled|ordered|verified"
    r"|erledigt|geschickt|gesendet|fertig|hecho|listo|enviado|feito|pronto|envoyé|c'est fait)\b"
    r"|\b(?:is|are|it's|they're) (?:now |all )?(?:in (?:the|your)|on the|up|live|out|there)\b"
    r"|^\W*here:|\bhere (?:it is|you go|you are|are the|is the)\b|✅|✔",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"(?:\bnot|n't|\bnever|\bonce|\bwhen|\buntil|\btill|\bbefore|\bif|\balmost|\bnearly|\bhalf|\bpartly|\bwill|\bbe"
    r"|\bget|\bgets|\bgetting|\bneeds?|\byet to|\bhave to|\bto|'ll|\bnicht|\bno|\bnão|\bpas)\W+(?:[\w']+\W+){0,2}$",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    r"\b(?:never ?mind|no longer need(?:ed)?|not needed any ?more|already (?:done|found|sorted|have it|got it)"
    r"|(?:all |now )?(?:sorted|resolved|solved)|all (?:set|good)|found it|ignore (?:this|that|my)|hat sich erledigt)\b",
    re.IGNORECASE,
)
_NO_REQUEST = re.compile(
    r"\b(?:this|that|it)(?:'s| is) (?:not|no) an? (?:request|question|order|task)\b|\bjust (?:kidding|joking)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(r"\b(?:thanks|thank you|thx|ty|danke|gracias|obrigad[oa]|merci|perfect|got it)\b", re.IGNORECASE)


def imperative(text: str) -> re.Match[str] | None:
    """ "@U1 send the deck", "@U1: please review", "Ana – book the room": someone is told to do something."""
    found = _IMPERATIVE.search(text)
    if found and fold(found["verb"]) in VERBS:
        named = found["name"]
        if named is None or (named[0].isupper() and found["gap"].strip(" ")):
            return found
    found = _POLITE_IMPERATIVE.search(text) or _ASIDE_IMPERATIVE.search(text)
    return found if found and fold(found["verb"]) in VERBS else None


def kind_of(sentence: Sentence) -> Kind | None:
    """What a sentence does, None for chatter and for what only tries to instruct an assistant.

    "Tell me if you need anything" asks nothing, and "I'll ask" does not say what is taken on.
    """
    text, concepts = sentence.text, sentence.words.concepts
    if "instructs.strong" in concepts or "ask.none" in concepts or _AT_HAND.search(text):
        return None
    if _BARE_OFFER.search(text.replace("’", "'")):
        return None
    if is_offer(sentence):
        return "offer"
    if imperative(text) or calls(text) or orders(text):
        return "request"
    if sentence.is_question and supposes(text):
        return "question"
    if strength(sentence) <= POLITE:
        return "request" if _NEED.search(text) and _LIMIT.search(text) else None
    if "ask.request" in concepts and not _SELF.search(text):
        return "request"
    if "ask.know" in concepts and not sentence.is_question:
        return "request"
    return "question" if sentence.is_question else "chase" if "chase" in concepts else None


def is_offer(sentence: Sentence) -> bool:
    """Whether the author takes something on: "I'll send it tomorrow". Being somewhere, or knowing, is nothing taken."""
    if sentence.is_question or len(sentence.words.words) < 3:
        return False
    found = _OFFER.search(sentence.text.replace("’", "'"))
    if found and fold(found["verb"]) not in _NO_OFFER:
        return True
    return bool(_TAKEN.search(sentence.text) or _ICH.search(sentence.text))


def says_anyone(text: str) -> bool:
    return bool(_ANYONE.search(text)) or seeks_volunteer(text)


def accepts(chat: Chat) -> bool:
    """Whether a reply takes on what was asked."""
    return bool(_ACCEPT.search(chat.spoken)) or any(is_offer(sentence) for sentence in chat.sentences)


def says_done(chat: Chat) -> bool:
    """Whether a message reports something done: no question, no negation, no condition."""
    return any(
        not sentence.is_question and any(not _UNDONE.search(sentence.text[: hit.start()]) for hit in _done_in(sentence))
        for sentence in chat.sentences
    ) or bool(not chat.sentences and _DONE.search(chat.spoken))


def _done_in(sentence: Sentence) -> list[re.Match[str]]:
    return list(_DONE.finditer(sentence.text))


def withdraws(chat: Chat) -> bool:
    return bool(_WITHDRAWN.search(chat.spoken)) and "?" not in chat.spoken


def takes_back(text: str) -> bool:
    """ "This is not a request": the message says so itself."""
    return bool(_NO_REQUEST.search(text.replace("’", "'")))


def thanks(chat: Chat) -> bool:
    return bool(_THANKS.search(chat.spoken)) and "?" not in chat.spoken
