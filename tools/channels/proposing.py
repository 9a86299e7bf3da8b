"""Plans of what is said in Slack: in a channel, in a thread, to one person; and of taking a message back.

Law: the text is sent as it was typed; who can read it is told from what Slack says of the conversation now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.base import ToolContext
from tools.channels.addressing import Worded, checked, member_named, worded
from tools.channels.around import Around, look_around, look_up
from tools.channels.choosing import choose
from tools.channels.desk import Desk
from tools.channels.markup import plain
from tools.channels.posting import TIP, facts, message, newest
from tools.channels.team import Channel, Member, Team
from tools.errors import BadArgument, NotFound
from tools.mail.phrases import fold
from tools.text.characters import one_line
from tools.write import Plan, Recipient, Row

SNIPPET = 200


def plan_post(context: ToolContext, channel: str, text: str) -> Plan:
    """Raises BadArgument or NotFound for a conversation that is unclear, ToolError."""
    desk = Desk(context)
    around = look_around(desk)
    place = choose(desk, channel, around.mine, around.team)
    return _in_channel(desk, around, place, text, remarks=_guessed(channel, place))


def plan_reply(context: ToolContext, handle: str, text: str) -> Plan:
    """In the thread of a message ("C02 1763456789.000100"); it begins one, where there is none."""
    desk = Desk(context)
    around = look_around(desk)
    place, said = _place(around, handle), handle.partition(" ")[2]
    row = message(desk, place.id, said)
    if row is None:
        raise NotFound("That message is not in Slack any more.", "List the messages again.")
    team = look_up(desk, around.team, [(place, row)])
    thread = str(row.get("thread_ts") or said)
    words = one_line(plain(str(row.get("text", "")), team), SNIPPET)
    answered = Row(label="in reply to", value=f"{team.name(str(row.get('user', '')))}: {words}")
    return _in_channel(desk, Around(team, around.mine, ()), place, text, thread=thread, answered=answered)


def plan_direct(context: ToolContext, person: str, text: str) -> Plan:
    """To one person alone, in the direct conversation with them, which is opened where there is none."""
    desk = Desk(context)
    around = look_around(desk)
    member = member_named(person, around.team)
    if member.id == around.team.me:
        raise BadArgument("That is a message to oneself.", "Name somebody else.")
    said = worded(checked(text), around.team)
    place = next((one for one in around.mine if one.kind == "direct" and one.other == member.id), None)
    label = f"the direct messages with {member.name}"
    opened = [] if place else ["a direct conversation with them is opened"]
    return Plan(
        title=f"Write to {member.name} in Slack",
        rows=(Row(label="text", value=checked(text)),),
        recipients=(Recipient(address=member.id, name=_shown(member)),),
        effects=(*opened, *_outside(member), *_called(said, around.team)),
        body=_body(
            around.team,
            said,
            label=label,
            done=f"The message was sent to {member.name} in Slack",
            channel=place.id if place else "",
            member=member.id,
            after=newest(desk, place.id) if place else "0",
        ),
    )


def _in_channel(
    desk: Desk,
    around: Around,
    place: Channel,
    text: str,
    *,
    thread: str = "",
    answered: Row | None = None,
    remarks: tuple[str, ...] = (),
) -> Plan:
    team, label = around.team, around.team.label(place)
    said = worded(checked(text), team)
    raw, based_on = facts(desk, place.id)
    tip = newest(desk, place.id, thread)
    where = f"a thread of {label}" if thread else label
    return Plan(
        title=f"Reply in {where}" if thread else f"Post in {where}",
        rows=(*([answered] if answered else []), Row(label="text", value=checked(text))),
        recipients=(Recipient(address=place.id, name=label, role="channel" if place.kind == "channel" else "to"),),
        effects=(*remarks, *_readers(place, raw), *_called(said, team)),
        body=_body(
            team,
            said,
            label=where,
            done=f"The message was posted in {where}",
            channel=place.id,
            member="",
            after=tip,
            thread=thread,
        ),
        based_on=based_on | ({TIP: tip} if thread else {}),
    )


def _body(team: Team, said: Worded, *, thread: str = "", **more: str) -> dict[str, Any]:
    return {"text": said.markup, "said": plain(said.markup, team), "thread": thread, "url": team.url, **more}


def _place(around: Around, handle: str) -> Channel:
    found = next((one for one in around.mine if one.id == handle.partition(" ")[0]), None)
    if found is None:
        raise NotFound("You are not in that conversation.", "Join it in Slack, then ask again.")
    return found


def _guessed(typed: str, place: Channel) -> tuple[str, ...]:
    """That another name was typed than the conversation has."""
    name = "-".join(fold(typed.strip().lstrip("#")).split())
    same = place.kind != "channel" or name == fold(place.name)
    return () if same else (f"you are in no #{name}: this is the only channel with that in its name",)


def _readers(place: Channel, raw: Mapping[str, Any]) -> list[str]:
    """Who can read it, as far as Slack tells."""
    count = raw.get("num_members")
    told = [f"{count} members can read it"] if isinstance(count, int) and count != 1 else []
    if place.kind == "channel":
        told += [] if raw.get("is_private") else ["anybody of the workspace can read it"]
    return told + (["people outside of the workspace are in there and read it"] if place.outside else [])


def _called(said: Worded, team: Team) -> list[str]:
    told = [f"{', '.join(_shown(one) for one in said.called)} is called by name"] if len(said.called) == 1 else []
    if len(said.called) > 1:
        told = [f"{', '.join(_shown(one) for one in said.called)} are called by name"]
    return told + ([f"{', '.join(said.silent)} stays plain text and calls nobody"] if said.silent else [])


def _outside(member: Member) -> list[str]:
    return [f"{member.name} belongs to another company"] if member.outside else []


def _shown(member: Member) -> str:
    return f"{member.name} (@{member.handle})" if member.handle else member.name


def plan_delete(context: ToolContext, handle: str) -> Plan:
    """Raises BadArgument for what somebody else said, NotFound for what is gone, ToolError."""
    desk = Desk(context)
    around = look_around(desk)
    place, ts = _place(around, handle), handle.partition(" ")[2]
    row = message(desk, place.id, ts)
    if row is None:
        raise NotFound("That message is not in Slack any more.", "There is nothing to delete.")
    if row.get("user") != around.team.me or row.get("bot_id"):
        raise BadArgument("Somebody else wrote that message.", "Only one's own messages can be deleted.")
    label = around.team.label(place)
    replies = row.get("reply_count")
    stay = "its reply stays" if replies == 1 else f"its {replies} replies stay"
    kept = [stay] if isinstance(replies, int) and replies else []
    return Plan(
        title=f"Delete a message in {label}",
        rows=(Row(label="text", value=plain(str(row.get("text", "")), around.team)),),
        recipients=(Recipient(address=place.id, name=label, role="in"),),
        effects=("it is gone for everybody, and cannot be restored", *kept),
        body={"channel": place.id, "ts": ts, "done": f"Your message in {label} was deleted"},
        based_on={"text": str(row.get("text", ""))},
    )
