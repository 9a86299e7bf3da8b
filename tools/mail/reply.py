"""A short reply as text, in the language and tone of the mail: it quotes what is asked, the answers are the person's.

Law: nothing is claimed that the person did not say; what they did not say is a marked gap.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tools.mail.addresses import Person
from tools.mail.conversation import Mail
from tools.mail.lexicon import Words
from tools.mail.phrases import UNSPACED, WORD, fold
from tools.text.characters import cut, one_line

QUOTED = 160
DEFAULT = "en"
_KANA = re.compile(r"[\u3040-\u30ff]")
_ONE = r"[\w%€$£.:/+-]*\w[%€$£]?"
_ENDS = re.compile(r"[?？か]")
_NUMBER = re.compile(r"\d")
_CHOICE = re.compile(
    rf"(?P<lead>.*?)(?P<many>(?:{_ONE},\s+)*{_ONE}),?\s+(?P<or>or|oder|o|ou)\s+(?P<last>{_ONE})\s*[.?!]*\s*$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Reply:
    """The text, its language ("de"), whether it is formal, and how many gaps are left in it."""

    text: str
    language: str
    formal: bool
    gaps: int


def write(mail: Mail, asks: Sequence[str], gist: str, me: Person) -> Reply:
    """A reply to `mail` that takes up `asks`; `gist` is what the person wants to answer, "" leaves it to them."""
    spoken = language(mail.message.reply or mail.message.text or mail.message.subject)
    words = table()[spoken]
    formal = is_formal(mail.message.reply or mail.message.text, spoken)
    body, gaps = _body(asks, one_line(gist, 500), words)
    thanks = words["thanks"] if formal else words.get("thanks_familiar", words["thanks"])
    bye = words["bye_formal" if formal else "bye"]
    name = me.name if formal else me.name.split()[0] if me.name else ""
    parts = (hello(mail, words, formal=formal), thanks, *body, "\n".join(line for line in (bye, name) if line))
    return Reply("\n\n".join(parts), spoken, formal, gaps)


def language(text: str) -> str:
    """The language of a text, by its script and its commonest words; English when nothing tells."""
    if UNSPACED.search(text):
        return "ja" if _KANA.search(text) else "zh"
    found = [word.casefold() for word in WORD.findall(text)]
    counts = {name: sum(word in known for word in found) for name, known in _common().items()}
    best = max(counts, key=lambda name: (counts[name], name == DEFAULT))
    return best if counts[best] else DEFAULT


def is_formal(text: str, spoken: str) -> bool:
    """Whether a mail keeps its distance."""
    words = table()[spoken]
    if UNSPACED.search(text):
        return any(sign in text for sign in words["formal"])
    folded = {fold(word) for word in WORD.findall(text)}
    return bool(folded & set(words["formal"])) and not folded & set(words["familiar"])


def hello(mail: Mail, words: Mapping[str, Any], *, formal: bool) -> str:
    """The greeting. A name is used only where the mail shows that a person of that name writes."""
    sender = mail.message.sender
    last, comma, first = sender.name.partition(",")
    whole = f"{first.strip()} {last.strip()}" if comma else sender.name
    given = whole.split()[0] if whole.split() else ""
    unspaced = bool(UNSPACED.search(whole))
    seen = fold(f"{mail.message.reply} {sender.address.partition('@')[0]}")
    office = "office" in Words(given).concepts
    if not given or office or not (unspaced or fold(given) in seen):
        return str(words["nobody"])
    return str(words["hello_formal" if formal else "hello"]).format(name=whole if formal or unspaced else given)


def _body(asks: Sequence[str], gist: str, words: Mapping[str, Any]) -> tuple[list[str], int]:
    """The paragraphs between greeting and closing, and how many gaps are in them."""
    answer, left = answered(gist, words)
    if not asks:
        return ([answer], 0) if answer else ([f"[{words['words_gap']}]"], 1)
    body, gaps = [], 0
    for number, ask in enumerate(asks):
        gap = asked_for(ask, words)
        settled = number == 0 and answer and _settles(left, ask, words)
        lead = words["asked"] if _ENDS.search(ask) else words.get("wrote", words["asked"])
        body += [lead.format(ask=cut(one_line(ask, 500), QUOTED))]
        body += [answer] if number == 0 and answer else []
        body += [] if settled else [gap]
        gaps += not settled
    return body, gaps


def answered(gist: str, words: Mapping[str, Any]) -> tuple[str, str]:
    """The person's answer as a sentence or two, yes and no in the language of the mail; and what they said beside."""
    head = WORD.match(gist.strip())
    said = next((kind for kind in ("yes", "no") if head and fold(head.group()) in table()["said"][kind]), "")
    rest = gist.strip()[head.end() :].strip(" ,.;:!，。、！") if head and said else gist.strip()
    sentence = (rest[:1].upper() + rest[1:] + ("" if rest[-1:] in ".!?。！？" else ".")) if rest else ""
    return " ".join(part for part in (words[said] if said else "", sentence) if part), rest


def _settles(rest: str, ask: str, words: Mapping[str, Any]) -> bool:
    """Whether an answer, of which `rest` is more than yes or no, answers the question: a choice asks for one of it."""
    options = choices(ask)
    if options:
        return any(re.search(rf"(?<!\w){re.escape(option)}(?!\w)", rest, re.IGNORECASE) for option in options)
    return bool(rest) or not (_kind(ask, words) or _offers(ask))


def asked_for(ask: str, words: Mapping[str, Any]) -> str:
    """The gap an answer is to be put into: "[your answer: 18 or 22]"."""
    options, kind = choices(ask), _kind(ask, words)
    if options:
        what = f"{', '.join(options[:-1])} {words['or']} {options[-1]}"
    elif kind == "whens":
        what = words["when"]
    else:
        what = "" if kind or _offers(ask) or not _ENDS.search(ask) else words["yes_or_no"]
    return f"[{words['gap']}: {what}]" if what else f"[{words['gap']}]"


def choices(ask: str) -> list[str]:
    """What a question gives to choose from: numbers, or words that stand alone or after a mark."""
    found = _CHOICE.fullmatch(ask.strip())
    if not found:
        return []
    options = [option.strip() for option in [*found["many"].split(","), found["last"]]]
    numbers = all(_NUMBER.search(option) for option in options)
    alone = not found["lead"].strip() or found["lead"].rstrip()[-1] in ":,;–—-"
    return options if numbers or alone else []


def _offers(ask: str) -> bool:
    return any(fold(word) in table()["said"]["or"] for word in WORD.findall(ask)) or "还是" in ask or "それとも" in ask


def _kind(ask: str, words: Mapping[str, Any]) -> str:
    """ "whens" or "opens" where the question asks for a time, or for anything else that is not yes or no; else ""."""
    question = re.split(r"[?？]", ask)[0]
    if UNSPACED.search(ask):
        return next((kind for kind in ("whens", "opens") if any(word in question for word in words[kind])), "")
    for clause in reversed(re.split(r"[,:;–—]", question)):
        first = {fold(word) for word in WORD.findall(clause)[:3]}
        for kind in ("whens", "opens"):
            if first & set(words[kind]):
                return kind
    return ""


@cache
def table() -> dict[str, Any]:
    return tomllib.loads(resources.files("tools.mail").joinpath("reply.toml").read_text("utf-8"))


@cache
def _common() -> dict[str, frozenset[str]]:
    return {name: frozenset(words["words"].split()) for name, words in table().items() if words.get("words")}
