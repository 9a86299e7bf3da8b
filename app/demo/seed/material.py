"""The written material: conversations and streams of automatic mail, as the data files hold them.

Law: a misspelt key or an unknown person in a data file is an error here, with the file's name; nothing is skipped.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template
from typing import Any

DATA = files("app.demo") / "data"


class MaterialError(Exception):
    """A data file of the demo workspace is written wrongly; the text names the file and the entry."""


@dataclass(frozen=True)
class Letter:
    """One mail. People are keys of the cast; `when` and the slots of `body` are relative days (days.py)."""

    sender: str
    when: str
    body: str
    to: tuple[str, ...] = ("alex",)
    cc: tuple[str, ...] = ()
    subject: str = ""  # else "Re: " and the conversation's
    client: str = ""  # else the sender's
    language: str = ""  # else the sender's
    name: str = ""  # a display name that is not the sender's own
    quote: bool = True
    flags: tuple[str, ...] = ()  # unread important starred archived spam
    labels: tuple[str, ...] = ()
    attach: tuple[tuple[str, str], ...] = ()  # (file name, source in data/attachments)
    html: str = ""  # the HTML of the body, when it says something else than `body`
    only_html: bool = False
    charset: str = "utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    answers: int = -1  # which letter of the conversation; the one before
    forward: bool = False
    invite: tuple[str, ...] = ()  # (event key, METHOD)


@dataclass(frozen=True)
class Conversation:
    """Mails that answer each other."""

    key: str
    subject: str
    letters: tuple[Letter, ...]


@cache
def conversations() -> tuple[Conversation, ...]:
    """Every conversation of the data files, the written ones first."""
    written = [_conversation(source, table) for source, table in _tables("mail", "conversation")]
    streamed = [found for source, table in _tables("streams", "stream") for found in _stream(source, table)]
    return (*written, *streamed)


def _tables(folder: str, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for source in sorted((DATA / folder).iterdir(), key=lambda entry: entry.name):
        for table in read(source)[kind]:
            yield source.name, table


def read(source: Traversable) -> dict[str, Any]:
    """A TOML file of the data; MaterialError when it is not TOML."""
    try:
        return tomllib.loads(source.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise MaterialError(f"{source.name}: {error}") from error


def _conversation(source: str, table: dict[str, Any]) -> Conversation:
    defaults = {name: table[name] for name in ("labels", "headers", "language") if name in table}
    letters = tuple(_letter(f"{source} {table['key']}", defaults | entry) for entry in table["letter"])
    return Conversation(table["key"], table["subject"], letters)


def _letter(where: str, entry: Mapping[str, Any]) -> Letter:
    values: dict[str, Any] = {("sender" if name == "from" else name): value for name, value in entry.items()}
    for name in ("to", "cc", "flags", "labels"):
        if isinstance(values.get(name), str):
            values[name] = tuple(values[name].split())
    if "attach" in values:
        values["attach"] = tuple((item["name"], item["source"]) for item in values["attach"])
    if "invite" in values:
        values["invite"] = tuple(values["invite"])
    try:
        return Letter(**values)
    except TypeError as error:
        raise MaterialError(f"{where}: {error}") from error


def _stream(source: str, table: dict[str, Any]) -> Iterator[Conversation]:
    """The issues of a stream fill its subject, body and page; those with the same `thread` are one conversation."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for number, issue in enumerate(table["issue"]):
        grouped.setdefault(str(issue.get("thread", number)), []).append(issue)
    for name, issues in grouped.items():
        letters = tuple(_letter(f"{source} {table['key']}", _issued(table, issue)) for issue in issues)
        yield Conversation(f"{table['key']}.{name}", letters[0].subject, letters)


def _issued(table: dict[str, Any], issue: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in issue.items() if isinstance(value, str)}
    rows = _rows(table.get("page", ""), issue.get("items", []))
    letter: dict[str, Any] = {
        "from": table["from"],
        "when": issue["when"],
        "subject": Template(issue.get("subject", table.get("subject", ""))).substitute(values),
        "body": Template(table["body"]).substitute(values, items="\n\n".join(issue.get("items", []))),
        "quote": False,
        "flags": issue.get("flags", table.get("flags", "")),
        "headers": table.get("headers", {}),
        "labels": issue.get("labels", table.get("labels", "")),
        "only_html": table.get("only_html", False),
    }
    if table.get("page"):
        letter["html"] = Template(page_source(table["page"])).substitute(values | {"rows": rows})
    return letter | {name: issue[name] for name in ("attach", "to", "answers") if name in issue}


def _rows(page: str, items: list[str]) -> str:
    if not page or not items:
        return ""
    row = Template(page_source(page.replace(".html", ".row.html")))
    pieces = [item.partition("\n") for item in items]
    return "\n".join(row.substitute(title=title, text=text.replace("\n", " ")) for title, _, text in pieces)


@cache
def page_source(name: str) -> str:
    """An HTML page of data/pages, its placeholders open."""
    return (DATA / "pages" / name).read_text("utf-8")
