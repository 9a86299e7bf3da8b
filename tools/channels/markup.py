"""Slack's markup as text: what a person would see, and what was said in it once quotes, code and strikes are off.

Law: only what Slack itself put between < and > is a mention or a link; escaped brackets are text. A link says its host.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from tools.channels.team import Team
from tools.text.characters import visible

TEXT_LIMIT = 8_000
"""Characters of one message that are looked at."""
EVERYBODY = frozenset({"here", "channel", "everyone"})

_TOKEN = re.compile(r"<([^<>\n]{1,2000})>")
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTE = re.compile(r"^(?:&gt;|>).*$", re.MULTILINE)
_STRUCK = re.compile(r"(?<![\w~])~(?=[^\s~])[^~\n]{1,500}(?<=\S)~(?![\w~])")
_EMPHASIS = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]{1,500}?)(?<=\S)\1(?![\w*_~])")
_EMOJI = re.compile(r":([a-z0-9_+'-]{1,50})(?:::skin-tone-\d)?:(?!\d)")
AT = "\uff20"
"""Stands in `spoken` text for an @ that mentions nobody: an address, or one typed by hand."""
DONE_SIGNS = frozenset(
    """ballot_box_with_check check check_mark checked complete completed done fixed heavy_check_mark merged shipped
    white_check_mark""".split()  # noqa: SIM905
)
_SHOWN_EMOJI = {
    "white_check_mark": "✅", "heavy_check_mark": "✔", "thumbsup": "👍", "+1": "👍", "tada": "🎉", "pray": "🙏",
    "fire": "🔥", "rocket": "🚀", "eyes": "👀", "warning": "⚠", "rotating_light": "🚨", "exclamation": "❗", "x": "❌",
    "smile": "🙂", "slightly_smiling_face": "🙂", "joy": "😂", "heart": "❤", "wave": "👋", "thinking_face": "🤔",
}  # fmt: skip


def plain(text: str, team: Team) -> str:
    """The text as a person sees it: names for ids, labels for links, without marks of emphasis."""
    shown = _tokens(text[:TEXT_LIMIT], lambda token: _shown(token, team), _bare)
    return visible(shown.replace("```", "\n").replace("`", "")).strip()


def spoken(text: str) -> str:
    """What the author says: without code, quotes, struck and pictured words; mentions are ids ("@U02A", "@here")."""
    said = _STRUCK.sub(" ", _QUOTE.sub("", _FENCE.sub(" ", text[:TEXT_LIMIT])))
    return visible(_tokens(said, _named, _worded).replace("`", "")).strip()


def mentions(text: str) -> tuple[str, ...]:
    """Whom a text names: member ids, group ids, and "here" for @here, @channel and @everyone; in order, each once."""
    found = [_named(token) for token in _TOKEN.findall(_QUOTE.sub("", _FENCE.sub(" ", text[:TEXT_LIMIT])))]
    return tuple(dict.fromkeys(mark[1:] for mark in found if mark.startswith("@") and mark != "@"))


def _tokens(text: str, name: Callable[[str], str], bare: Callable[[str], str]) -> str:
    """The text with each <token> named; what stands between them is unescaped after, so that it can never be one."""
    parts = _TOKEN.split(text)
    return "".join(name(part) if number % 2 else bare(part) for number, part in enumerate(parts))


def _bare(part: str) -> str:
    while (once := _EMPHASIS.sub(r"\2", part)) != part:
        part = once
    part = _EMOJI.sub(lambda found: _SHOWN_EMOJI.get(found[1], found[0]), part)
    return part.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _worded(part: str) -> str:
    """Without pictures, but for the one that says done."""
    return _bare(_EMOJI.sub(lambda found: "✅" if found[1] in DONE_SIGNS else " ", part)).replace("@", AT)


def _named(token: str) -> str:
    """A mention by its id, "here" for everybody; a link by its label."""
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return target
    if target.startswith("!subteam^"):
        return "@" + target.removeprefix("!subteam^")
    if target.startswith("!"):
        return "@here" if target[1:] in EVERYBODY else label.replace("@", AT)
    return f"#{label}" if target.startswith("#") else (label.replace("@", AT) or "link")


def _shown(token: str, team: Team) -> str:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        known = team.members.get(target[1:])
        return f"@{known.name if known else label or target[1:]}"
    if target.startswith("!subteam^"):
        group = target.removeprefix("!subteam^")
        return team.handle(group) if group in team.groups or not label else f"@{label.removeprefix('@')}"
    if target.startswith("!"):
        return f"@{target[1:]}" if target[1:] in EVERYBODY else label
    return f"#{label or target[1:]}" if target.startswith("#") else _link(target, _bare(label))


def _link(target: str, label: str) -> str:
    if target.startswith(("mailto:", "tel:")):
        return label or target.partition(":")[2]
    address = target.replace("&amp;", "&")
    if not label or label in address:
        return address
    try:
        host = urlsplit(address).hostname or "a link"
    except ValueError:
        host = "a link"
    return f"{label} ({host})"


def text_of(raw: Mapping[str, Any]) -> str:
    """The markup of a `message` object: its text, else that of its blocks and attachments."""
    text = raw.get("text")
    if isinstance(text, str) and text.strip():
        return text
    found = [_block_text(block) for block in _objects(raw.get("blocks"))]
    for attachment in _objects(raw.get("attachments")):
        parts = (attachment.get("title"), attachment.get("text") or attachment.get("fallback"))
        found += [part for part in parts if isinstance(part, str)]
    return "\n".join(part for part in found if part)[:TEXT_LIMIT]


def _block_text(block: Mapping[str, Any], depth: int = 0) -> str:
    if depth > 6:
        return ""
    text = block.get("text")
    own = text.get("text") if isinstance(text, Mapping) else text
    kind, user = block.get("type"), block.get("user_id")
    if kind == "user" and isinstance(user, str):
        return f"<@{user}>"
    if kind == "link" and isinstance(block.get("url"), str):
        return f"<{block['url']}|{own}>" if isinstance(own, str) and own else f"<{block['url']}>"
    inner = [
        _block_text(part, depth + 1) for part in (*_objects(block.get("elements")), *_objects(block.get("fields")))
    ]
    joined = ("" if kind in ("rich_text_section", "rich_text_quote") else "\n").join(part for part in inner if part)
    return (own if isinstance(own, str) else "") + joined


def _objects(value: object) -> Sequence[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
