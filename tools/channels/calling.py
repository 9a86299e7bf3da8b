"""How chat asks without a request's usual words: who has to, what is needed or else, a plea after a mention, what
somebody had been going to do. And what only sets a request's terms.

Law: a form that plain talk shares with a request counts only where a mention calls somebody first.
"""

from __future__ import annotations

import re

from tools.mail.phrases import fold

MARK = r"@[A-Za-z0-9]+"
MARKS = rf"{MARK}(?:[\s,&+/]*(?:(?:and|und|y|e|et|or|oder|o|ou)\b)?[\s,&+/]*{MARK})*"


def _any(*forms: str, within: str = r"\b(?:{})\b") -> re.Pattern[str]:
    return re.compile(within.format("|".join(forms)), re.IGNORECASE)


_EVERYONE = r"(?:everyone|everybody|all|folks|team|alle|ihr alle|leute|todos|todas|tout le monde)\b"
_CALL = rf"^[^\w@]{{0,3}}(?:[^\W\d_]{{2,10}}[\s,!]+)?(?:{MARKS}|{_EVERYONE})[\s,:!–-]*"
_CALLED = re.compile(rf"^[^\w@]{{0,3}}(?:[^\W\d_]{{2,10}}[\s,!]+)?{MARKS}", re.IGNORECASE)
_TO_ALL = re.compile(rf"^\W*(?:(?:hey|hi|hello|dear|hallo|liebe|please|bitte)\b\W*)?{_EVERYONE}", re.IGNORECASE)
_PLEASE = r"(?:please|pls|plz|bitte|por favor|se faz favor|s'il te plaît|s'il vous plaît|stp|svp)"
_MUST = _any(
    r"you (?:really |all |both )?(?:have|need) to",
    r"you must",
    r"(?:(?:one|somebody|someone|some) of you|somebody|someone|jemand|ein(?:er|e|s) von euch|alguien|alguém|quelqu'un)"
    r" (?:\w+ )?(?:(?:has|have|needs?|ought) to|must|should|muss|müsste|sollte|tiene que|debe|tem que|tem de|doit)",
    r"(?:du musst|ihr müsst|tienes que|tenéis que|tens de|tens que|tu dois|vous devez)",
)
_PLEA = re.compile(
    rf"{_CALL}(?:\w+[ ,]+){{0,3}}?{_PLEASE}\b[\s,]*(?P<then>\w+)(?:\W+\w+){{2}}",
    re.IGNORECASE,
)
_NO_PLEA = frozenset(
    """accept be bear excuse find forgive gern gerne no note nicht not schon schoen see sehr sorry the""".split()  # noqa: SIM905
)
_WISH = _any(
    r"(?:can|could|would|will) (?:somebody|anybody|one of you)",
    r"(?:can|could|may|might) (?:i|we) (?:please )?ask you (?:to|for)",
    r"(?:i|we)(?:'d| would) (?:like|love|need) you (?:all |both )?to",
    r"(?:great|good|nice|lovely|helpful|perfect|grateful|glad|appreciate it)"
    r" if (?:one of )?you (?:all |both )?(?:could|can|would)",
    r"(?:darf|dürfte|kann|könnte) ich (?:dich|euch|sie) bitten",
    r"(?:toll|super|gut|nett|schön|lieb|klasse|hilfreich),? wenn (?:du|ihr|jemand)",
)
_VOLUNTEER = _any(
    r"who (?:can|could|will|would|has time to|is able to|is free to|takes|brings)"
    r"(?! (?:tell|say|know|blame|see|have|resist|forget|guess|imagine|believe)\b)[^?]{6,}\?",
    r"wer (?:kann|könnte|hat zeit|übernimmt|bringt|macht|hilft|holt|kümmert)[^?]{6,}\?",
    r"(?:we|i)(?: still| also| really)* need"
    r" (?:somebody|someone|a volunteer|volunteers|(?:\w+ )?(?:more )?(?:helpers|volunteers))",
    r"(?:wir|ich) (?:brauchen?|suchen?)(?: noch| auch)*"
    r" (?:jemand(?:en)?|freiwillige|helfer|\w+ (?:leute|helfer|freiwillige))",
    within=r"\b(?:{})",
)
_NEED = _any(
    r"(?:i|we)(?:'ll| will)?(?: really| still| urgently| also)* need",
    r"(?:ich|wir) (?:brauche|bräuchte)n?",
    r"(?:brauche|brauchen) (?:ich|wir)",
    r"necesito|necesitamos|preciso|precisamos|j'ai besoin|on a besoin",
    within=r"\b(?:{})\b(?! (?:to|more time|a (?:break|coffee|drink|holiday|nap))\b)",
)
_NEAR = _any(
    r"today|tonight|tomorrow|this (?:morning|afternoon|evening|week)|right now|asap",
    r"heute|morgen|sofort|hoy|mañana|hoje|amanhã|aujourd'hui|demain",
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch",
)
_OR_ELSE = _any(
    "otherwise", "or else", "sonst", "ansonsten", "andernfalls", "si no", "de lo contrario", "senão", "sinon"
)
_NAMES_DAY = _any(
    r"(?:without (?:your|an|any) (?:answer|reply|word)|if (?:i|we) (?:don't|do not) hear\b.{0,20}|otherwise"
    r"|failing that),? (?:i|we)(?:'ll|'d)?",
    r"unless (?:you|(?:i|we) hear)\b.{3,40}, (?:i|we)(?:'ll|'d)?",
    r"(?:ohne (?:deine|eure|ihre) (?:antwort|rückmeldung)|sonst|andernfalls) \w+ (?:ich|wir)",
    r"(?:(?:i|we) (?:would like|want|plan|hope) to|(?:i|we)'d like to) \w+ (?:it|them|this|that)",
    r"deadline|due date|cut-?off|frist|plazo|prazo|date limite",
)
_FROM_YOU = _any("from you", "your", r"dein\w{0,2}", r"eure?\w?", "von (?:dir|euch|ihnen)")
_HELD_TO = _any(
    r"you (?:wanted|were (?:going|supposed|meant)|had (?:promised|offered)|promised|offered) to",
    r"you said you(?:'d| would| were going to)",
    r"weren't you (?:going|supposed) to",
    r"du wolltest|wolltest du|ihr wolltet|wolltet ihr|sie wollten",
    r"du (?:hattest|hast)\b.{0,60}\b(?:versprochen|zugesagt|angeboten)",
    r"querías|ibas a|quedaste en|querias|ias|ficaste de|tu (?:devais|voulais)|vous (?:deviez|vouliez)",
    r"(?:are you|would you be) able to",
    r"(?:is|would) it (?:be )?possible to",
    r"it(?:'s| is) your (?:job|turn|task) to",
    r"(?:still|haven't|have not|don't have|missing)\b.{0,60}\bfrom you",
    r"(?:over to you|your turn|it's on you|up to you) (?:to|for)",
    r"you(?:'re| are) (?:\w+ing|in charge of|responsible for)\b.*\b(?:right|yes|ok|correct)\?",
    within=r"\b(?:{})",
)
_REMIND = _any(
    r"(?:don't|do not|never) forget (?:to|the|your|about)",
    r"remember to",
    r"(?:make|be) sure (?:to|you|that you)",
    r"verg(?:iss|esst) (?:bitte )?nicht",
    r"denkt? (?:bitte |noch |auch )*(?:an|daran)",
    r"no olvides|não te esqueças|n'oublie[zs]? pas",
)
_YOU_DO = re.compile(
    rf"{_CALL}(?:bring|nimm|hol|kauf|schick|besorg|bestell|buch|druck|erledig|frag|gib|hilf|klär|kümmer|leite|melde"
    r"|organisier|prüf|reservier|ruf|sag|schau|schreib|stell|träg|trag|übernimm|übernehm|nehm|geb"
    r"|helf)s?t (?:du|ihr)\b[^?]*\?",
    re.IGNORECASE,
)
_THIRD = re.compile(
    r"^\W{0,3}(?:(?:and|but|because|since|as|und|aber|denn|weil)\b[\s,]*)?(?!(?:i|we|you|ich|wir|du|ihr)\b)[^@]{1,60}?\b"
    r"(?:needs?|requires?|wants?|must have|expects?|(?:is|are) waiting|brauch(?:t|en)|benötig(?:t|en)|wollen|möchten"
    r"|erwarte(?:t|n)|necesitan?|precisam?|(?:a|ont) besoin)\b",
    re.IGNORECASE,
)
_OF_IT = _any(
    r"(?:need|want|require|expect|brauche|brauchen|necesito|preciso)s? (?:it|them|this|that|these|those|es|das|sie)",
    r"(?:need|want|expect)s? an? (?:answer|reply|decision)",
    r"(?:have|has|need|needs) to (?:know|\w+ (?:it|them|this|that))",
    r"eine (?:antwort|entscheidung)",
    r"deadline|due date|cut-?off|frist|abgabe|plazo|prazo|date limite",
    r"(?:it|this|that|they)(?:'s|'re| is| are)? (?:due|needed|needs? to|has to|have to)",
    r"(?:es|das) muss",
)
_POLL = _any(
    r"between (?:us|the (?:\w+) of us)",
    r"(?:each|every one|all) of (?:you|us)",
    r"you all|all of you|everyone|everybody",
    r"unter uns|jede[rs]? von (?:euch|uns)|ihr alle|entre nosotros|entre nous|entre nós",
)
_SUPPOSES = _any(
    r"(?:if|suppose|supposing|even if)(?! you\b) [^?]*\bwould you (?:still|really|even|ever)",
    r"would you (?:still|really|even|ever) [^?]*\bif(?! you\b)",
    r"would you (?:rather|prefer)",
    r"würde(?:st|t) (?:du|ihr) (?:trotzdem|lieber|eher|wirklich)",
)
_IDEALLY = _any(
    r"ideally|preferably|best|at best|if possible|latest|at the latest",
    r"am besten|möglichst|wenn möglich|idealerweise|spätestens",
    r"lo mejor|idealmente|si es posible|de preferência|idéalement|si possible",
    within=r"^\W*(?:{})\b",
)


def must(text: str) -> bool:
    """ "One of you has to", "you must": a duty, on the day it names."""
    return bool(_MUST.search(text))


def seeks_volunteer(text: str) -> bool:
    """ "Who can bring", "we still need someone"."""
    return bool(_VOLUNTEER.search(text))


def polls(text: str) -> bool:
    """ "Between the four of us", "what does each of you think": every one of them is asked."""
    return bool(_POLL.search(text))


def supposes(text: str) -> bool:
    """ "If it rains, would you still go?": it asks for an opinion, and for nothing to be done."""
    return bool(_SUPPOSES.search(text))


def to_everyone(text: str) -> bool:
    """ "Everyone, please": without a mention."""
    return bool(_TO_ALL.search(text))


def calls(text: str) -> bool:
    """Whether a sentence asks in one of the forms that only chat has."""
    said = text.replace("’", "'")
    called = bool(_CALLED.search(said))
    if must(said) or _WISH.search(said) or seeks_volunteer(said) or _needs_soon(said, called=called):
        return True
    plea = _PLEA.search(said)
    if plea and fold(plea["then"]) not in _NO_PLEA:
        return True
    return called and bool(_HELD_TO.search(said) or _REMIND.search(said) or _YOU_DO.search(said))


def _needs_soon(text: str, *, called: bool) -> bool:
    """ "I need the list today, otherwise": a near day alone says little, unless somebody is called."""
    if not _NEED.search(text) or not _NEAR.search(text):
        return False
    return called or bool(_OR_ELSE.search(text) or _FROM_YOU.search(text))


def only_terms(text: str) -> bool:
    """Whether a sentence only tells why or by when something is needed: "they need an answer by noon"."""
    return "@" not in text and bool(_THIRD.search(text) or _OF_IT.search(text))


def names_day(text: str) -> bool:
    """ "Without your answer I strike it on Tuesday", "Monday is his deadline": the day it names is the last one."""
    return bool(_NAMES_DAY.search(text.replace("’", "'")))


def ideally(text: str) -> bool:
    """ "Ideally this week": a day that belongs to the request before it."""
    return bool(_IDEALLY.search(text))
