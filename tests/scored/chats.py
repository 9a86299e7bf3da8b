"""Writes the channels of the material as a Slack export: slack/CHANNEL.txt, a line a message, replies indented."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.scored.corpus import DATA, OWNER, moment, table

_LINE = re.compile(r"(?P<indent> *)(?P<clock>\d\d:\d\d) (?P<who>[a-z]+)(?P<bot>\[bot])?: (?P<text>.*)")
CREATED = 1_700_000_000


@dataclass(frozen=True)
class Chat:
    """One message. `key` is "channel day time"; `thread` the ts of what it answers, "" for none."""

    key: str
    channel: str
    who: str
    bot: bool
    text: str
    ts: str
    thread: str

    @property
    def id(self) -> str:
        """As the tools name a message."""
        return f"{channel_id(self.channel)} {self.ts}"


def people() -> dict[str, str]:
    """Real names by handle."""
    return table("slack", "people.toml")


def chats() -> list[Chat]:
    """Every message of every channel, in the order of the files."""
    return [chat for path in sorted((DATA / "slack").glob("*.txt")) for chat in _channel(path)]


def _channel(path: Path) -> Iterator[Chat]:
    day = reply_day = root = ""
    for line in path.read_text("utf-8").splitlines():
        if line.lstrip().startswith("# "):
            reply_day = line.strip("# ")
            day = day if line.startswith(" ") else reply_day
            continue
        found = _LINE.fullmatch(line)
        assert found, f"{path.name}: {line!r} is no message"
        inside = bool(found["indent"])
        reply_day = reply_day if inside else day
        at = f"{reply_day} {found['clock']}"
        ts = f"{moment(at).timestamp():.0f}.000100"
        root = root if inside else ts
        thread = root if inside else ""
        yield Chat(f"{path.stem} {at}", path.stem, found["who"], bool(found["bot"]), found["text"], ts, thread)


def channel_id(name: str) -> str:
    return f"C0{name.upper():0<9}"


def user_id(handle: str) -> str:
    return f"U0{handle.upper():0<9}"


def write_all(folder: Path) -> None:
    """The export, as Slack unpacks it."""
    said, handles = chats(), people()
    _save(folder / "users.json", [_user(handle, name) for handle, name in handles.items()])
    members = [user_id(handle) for handle in handles]
    names = sorted({chat.channel for chat in said})
    _save(
        folder / "channels.json",
        [{"id": channel_id(name), "name": name, "created": CREATED, "members": members} for name in names],
    )
    days: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for chat in said:
        days.setdefault((chat.channel, chat.key.split()[1]), []).append(_message(chat, handles))
    for (channel, day), rows in days.items():
        _save(folder / channel / f"{day}.json", sorted(rows, key=lambda row: str(row["ts"])))


def _user(handle: str, name: str) -> dict[str, Any]:
    address = OWNER if handle == "mara" else f"{handle}@buchfest.example"
    profile = {"real_name": name, "display_name": handle, "email": address}
    return {"id": user_id(handle), "team_id": "T0BUCHFEST", "name": handle, "real_name": name, "profile": profile}


def _message(chat: Chat, handles: dict[str, str]) -> dict[str, Any]:
    def marked(found: re.Match[str]) -> str:
        return f"<@{user_id(found[1])}>" if found[1] in handles else f"<!{found[1]}>"

    row: dict[str, Any] = {"type": "message", "ts": chat.ts}
    row["text"] = re.sub(r"(?<!\w)@(\w+)", marked, chat.text)
    by = {"subtype": "bot_message", "username": chat.who, "bot_id": "B0TICKET"} if chat.bot else {}
    row |= by or {"user": user_id(chat.who)}
    return row | ({"thread_ts": chat.thread} if chat.thread else {})


def _save(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
