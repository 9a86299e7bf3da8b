"""What a model would be given for 100 mails: how much text, how much of what is new, how much of what is quoted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from email import message_from_bytes, policy
from typing import Any

from graphs.briefing import offered
from graphs.menu import menu_entry
from tests.bench.figures import Row
from tests.bench.probe import Fake
from tests.bench.race import Answer, Worker, ours
from tests.bench.runner import Bench
from tests.bench.service.corpus import Mail, mailbox
from tests.bench.service.prose import codes
from tools.registry import discover

ABOUT = "text a model is given for 100 mails"
ORDER = 3
COUNT, MOST, FIFTH = 100, 12_000, 0.2
WHOLE = "all 100 cleaned bodies, uncut; never given"
# As the published GPT-style tokenizers split before they merge: a lower bound of their tokens.
_PIECES = re.compile(r"'(?:[sdmt]|ll|ve|re)| ?[^\W\d_]+| ?\d{1,3}| ?[^\s\w]+[\r\n]*|\s+|_+")


def run(bench: Bench) -> Iterator[Row]:
    mails = mailbox(COUNT, bench.seed)
    with ExitStack() as stack:
        fake = stack.enter_context(Fake(COUNT, bench.seed))
        peer = None
        if bench.peers:
            worker = stack.enter_context(Worker(bench.peers.python, "langchain", fake.origin))
            peer = worker.do(do="search", count=COUNT)
        valet = stack.enter_context(Worker(ours(), "calls", fake.origin)).do(do="inbox", count=COUNT)
    yield from _told(bench, mails, valet, peer)


def _told(bench: Bench, mails: Sequence[Mail], valet: Answer, peer: Answer | None) -> Iterator[Row]:
    if "error" in valet:
        yield Row("tokens", "the inbox", "", void=valet["error"])
        return
    theirs = tokens(peer["text"]) if peer and "text" in peer else 0
    inbox, bodies, pages = valet["inbox"], "\n".join(valet["cleaned"]), valet["pages"]
    told = f"100 mails, as read_mails gives them on {len(pages)} pages"
    beside = f"GmailSearch {theirs}" if theirs else "GmailSearch"
    truth = tokens("\n".join(paragraph for mail in mails for paragraph in mail.new))
    texts = (
        (told, "\n".join(pages), MOST),
        ("the inbox, as summarise_inbox tells it", inbox, MOST),
        (WHOLE, bodies, None),
    )
    for what, text, most in texts:
        own = tokens(text)
        note = f"{pieces(text)} pieces; {scored(mails, text)}"
        yield Row("tokens", what, f"{own}", "", own, most=most, unit="", note=note)
        yield Row("tokens", what, f"{own}", f"new text alone {truth}", own / truth)
        peers = bench.peers.why or f"GmailSearch: {scored(mails, peer['text'] if peer else '')}"
        yield Row("tokens", what, f"{own}", beside, theirs / own if theirs and own else None, note=peers)
    raw = tokens("\n".join(map(raw_body, mails)))
    yield Row(
        "tokens", "the inbox, beside raw bodies", f"{tokens(inbox)}", f"raw bodies {raw}", tokens(inbox) / raw,
        most=FIFTH, note="raw: the plain part of every mail, else its HTML, as it came",
    )  # fmt: skip
    menu = tokens(json.dumps(whole_menu(), ensure_ascii=False, separators=(",", ":")))  # as it is sent
    yield Row("tokens", "the menu of tools, in every request", f"{menu}", "", menu, unit="")
    given = codes("\n".join(pages))
    for what, count in (
        ("mails without a word of theirs", wordless(mails, given)),
        ("quoted paragraphs", leaks(mails, given)),
    ):
        yield Row("tokens", f"these pages: {what}", str(count), "", float(count), most=0, unit="")
    empty = sum(1 for text in valet["cleaned"] if not codes(text))
    yield Row("tokens", "bodies lost in cleaning", str(empty), "", float(empty), most=0, unit="")


def raw_body(mail: Mail) -> str:
    """The text of a mail as it came: plain, else HTML, quotes and signatures and all."""
    body = message_from_bytes(mail.raw, policy=policy.default).get_body(("plain", "html"))
    return str(body.get_content()) if body else ""


def whole_menu() -> list[dict[str, Any]]:
    """The menu over the tools that are installed."""
    registry = discover()
    return [menu_entry(tool) for tool in (*registry.tools, *offered(registry))]


def tokens(text: str) -> int:
    """Four characters to a token, as is usual for an estimate."""
    return len(text) // 4


def pieces(text: str) -> int:
    return len(_PIECES.findall(text))


def scored(mails: Sequence[Mail], text: str) -> str:
    """Recall of new paragraphs by code word, quoted ones that leaked, mails of which nothing is there."""
    found = codes(text)
    person = [codes(paragraph) for mail in mails if mail.kind == "person" for paragraph in mail.new]
    every = [codes(paragraph) for mail in mails for paragraph in mail.new]
    return (
        f"new paragraphs of people {_share(person, found)}, of all mail {_share(every, found)}; "
        f"{leaks(mails, found)} quoted ones leaked; {wordless(mails, found)} mails without a word of theirs"
    )


def leaks(mails: Sequence[Mail], found: set[str]) -> int:
    """Quoted paragraphs whose code words were found."""
    return sum(1 for mail in mails for paragraph in mail.quoted if codes(paragraph) & found)


def wordless(mails: Sequence[Mail], found: set[str]) -> int:
    """Mails of whose new text no code word was found."""
    return sum(1 for mail in mails if not codes(" ".join(mail.new)) & found)


def _share(wanted: Sequence[set[str]], found: set[str]) -> str:
    return f"{sum(1 for one in wanted if one & found) / max(1, len(wanted)):.0%}"
