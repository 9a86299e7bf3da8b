"""Puts the demo team into a workspace's Slack: members, user groups, conversations and what is said in them."""

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from app.demo.seed.chats_bulk import bulk
from app.demo.seed.chats_script import Said, dated, scripts
from app.demo.seed.chats_team import Teammate, marked, team
from app.demo.seed.days import Days

if TYPE_CHECKING:
    from app.demo.workspace import Workspace

EDITED_AFTER = timedelta(minutes=4)
_KINDS = {"pdf": "application/pdf", "png": "image/png", "csv": "text/csv", "txt": "text/plain"}


def everything_said(days: Days) -> list[Said]:
    """All messages of the team around the day, oldest first."""
    return dated((*scripts(), *bulk()), days)


def fill_chats(workspace: "Workspace", days: Days) -> tuple[int, int]:
    """Add the team and everything it says; answer how many conversations and messages there are."""
    said = everything_said(days)
    with workspace.transaction():
        _add_team(workspace, days)
        for message in said:
            _add(workspace, message)
    return len(team().places), len(said)


def _add_team(workspace: "Workspace", days: Days) -> None:
    members, store = team().members, workspace.slack
    for member in members.values():
        if not member.hook:
            _add_member(workspace, member, days.zone)
    for handle, (name, keys) in team().groups.items():
        store.add_usergroup(handle, name, [members[key].id for key in keys])
    for place in team().places.values():
        store.add_channel(
            place.key if place.kind in ("public", "private") else "",
            members=[members[key].id for key in place.members],
            created=days.at(place.created),
            kind=place.kind,
            topic=marked(days.fill(place.topic, days.today)),
            purpose=place.purpose,
            shared=place.shared,
            archived=place.archived,
            id=place.id,
        )


def _add_member(workspace: "Workspace", member: Teammate, zone: str) -> None:
    workspace.slack.add_member(
        member.handle,
        real_name=member.real_name,
        email=member.email,
        zone=member.zone or zone,
        bot=member.bot,
        deleted=member.deleted,
        restricted=member.restricted,
        id=member.id,
    )


def _add(workspace: "Workspace", said: Said) -> None:
    members = team().members
    writer = members[said.who]
    text = f"<@{writer.id}> has joined the channel" if "joins" in said.flags else said.text
    workspace.slack.add_chat(
        team().places[said.place].id,
        writer.id,
        text,
        said.at,
        thread=said.thread,
        edited=said.at + EDITED_AFTER if "edited" in said.flags else None,
        deleted="deleted" in said.flags,
        reactions={name: [members[key].id for key in who] for name, who in said.reactions.items()},
        subtype=_subtype(said, writer),
        bot_name=writer.real_name if writer.hook or writer.bot else "",
        files=[_file(said)] if said.file else (),
        ts=said.ts,
    )


def _subtype(said: Said, writer: Teammate) -> str:
    if writer.hook:
        return "bot_message"
    named = {"joins": "channel_join", "broadcast": "thread_broadcast"}
    return next((named[flag] for flag in said.flags if flag in named), "")


def _file(said: Said) -> dict[str, Any]:
    """A file as a message shows it (Slack API reference, "File object"); it cannot be downloaded."""
    kind = said.file.rpartition(".")[2]
    identity = f"F{sha256(f'{said.place} {said.file}'.encode()).hexdigest()[:10].upper()}"
    return {
        "id": identity,
        "name": said.file,
        "title": said.file,
        "mimetype": _KINDS.get(kind, "application/octet-stream"),
        "filetype": kind,
        "user": team().members[said.who].id,
        "size": 20_480,
        "permalink": f"https://northwind.slack.com/files/{identity}/{said.file}",
    }
