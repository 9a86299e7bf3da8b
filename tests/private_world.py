"""A small imported workspace full of private things that occur nowhere else: names, addresses, numbers, hosts."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

OWNER = "z.brzeczyk@vexillum-werke.example"
PRIVATE = {
    "owner's address": OWNER,
    "owner's first name": "Zdzisława",
    "owner's last name": "Brzęczyk",
    "domain": "vexillum-werke.example",
    "sender's first name": "Hieronymus",
    "sender's last name": "Quasthoff",
    "sender's address": "h.quasthoff@plumbago-freight.example",
    "sender's domain": "plumbago-freight.example",
    "name of one word": "Xanthippe",
    "address of one word": "xanthippe@home-of-x.example",
    "name told last first": "Oyelaran",
    "number with spaces": "+41 79 555 77 31",
    "number with dashes": "+1-415-555-0142",
    "number in the old way": "(0043) 1 987 65 43",
    "host of a link": "intranet.kumquat-systems.example",
    "host in words": "build7.kumquat-systems.example",
    "address of a machine": "198.51.100.77",
    "handle": "quillwing",
    "chatter's last name": "Thistlewaite",
    "workspace of the chats": "plumbago-team",
}
LETTER = """Dear Zdzisława,

could you send me the Thessaly figures by Friday? Call me at +41 79 555 77 31, or (0043) 1 987 65 43 at home;
Xanthippe has +1-415-555-0142. The draft is at https://intranet.kumquat-systems.example/plans/7?by=h.quasthoff and
the machine is build7.kumquat-systems.example (198.51.100.77). Oyelaran knows too.

Best regards,
Hieronymus Quasthoff
Plumbago Freight · h.quasthoff@plumbago-freight.example
"""
MEETING = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//EN
BEGIN:VEVENT
UID:thessaly-1@vexillum-werke.example
DTSTAMP:20261101T000000Z
DTSTART:20261119T090000Z
DTEND:20261119T100000Z
SUMMARY:Thessaly figures with Hieronymus
LOCATION:https://intranet.kumquat-systems.example/room/4
ORGANIZER;CN="Oyelaran, Adaeze":mailto:adaeze@vexillum-werke.example
ATTENDEE;CN=Hieronymus Quasthoff;PARTSTAT=ACCEPTED:mailto:h.quasthoff@plumbago-freight.example
ATTENDEE;CN=Xanthippe;PARTSTAT=NEEDS-ACTION:mailto:xanthippe@home-of-x.example
ATTENDEE;CN=Zdzisława Brzęczyk;PARTSTAT=ACCEPTED:mailto:z.brzeczyk@vexillum-werke.example
DESCRIPTION:Dial in: +41 79 555 77 31
END:VEVENT
END:VCALENDAR
"""
USERS: list[dict[str, Any]] = [
    {
        "id": "U1ZB",
        "team_id": "T0PLUMBAG",
        "name": "zofia",
        "profile": {"real_name": "Zdzisława Brzęczyk", "email": OWNER},
    },
    {
        "id": "U2HQ",
        "team_id": "T0PLUMBAG",
        "name": "quillwing",
        "profile": {
            "real_name": "Quillon Thistlewaite",
            "display_name": "quillwing",
            "email": "quillon@vexillum-werke.example",
        },
    },
]
SAID = (
    "<@U1ZB> can you send the Thessaly figures to Hieronymus by tomorrow? He is at +41 79 555 77 31, the page is "
    "https://plumbago-team.slack.com/archives/C1GEN/p1794987000000100"
)
TEXTS = (
    "find mails about Thessaly",
    "read the first one",
    "what is on my calendar tomorrow?",
    "what are my action items in slack since yesterday?",
    "find documents about Thessaly",
    "summarise the first one",
    "send a mail to h.quasthoff@plumbago-freight.example saying Zdzisława sends the Thessaly figures",
    "yes",
)


def exports(folder: Path) -> Path:
    """The files a person would have: a mailbox, a calendar, an export of chats, a document."""
    (folder / "chats/general").mkdir(parents=True)
    (folder / "papers").mkdir()
    for number, who in enumerate(
        ("Hieronymus Quasthoff <h.quasthoff@plumbago-freight.example>", "Xanthippe <xanthippe@home-of-x.example>"), 1
    ):
        (folder / f"{number}.eml").write_bytes(_mail(number, who))
    (folder / "a.ics").write_text(MEETING.replace("\n", "\r\n"), encoding="utf-8")
    channel = {"id": "C1GEN", "name": "general", "created": 1700000000, "members": ["U1ZB", "U2HQ"]}
    said = {"type": "message", "user": "U2HQ", "text": SAID, "ts": "1794987000.000100"}
    for name, content in (("users.json", USERS), ("channels.json", [channel]), ("general/2026-11-18.json", [said])):
        (folder / "chats" / name).write_text(json.dumps(content), encoding="utf-8")
    (folder / "papers/Thessaly.txt").write_text(LETTER, encoding="utf-8")
    return folder


def _mail(number: int, who: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = who
    mail["To"] = f"Zdzisława Brzęczyk <{OWNER}>"
    mail["Cc"] = '"Oyelaran, Adaeze" <adaeze@vexillum-werke.example>'
    mail["Delivered-To"] = OWNER
    mail["Subject"] = f"The Thessaly figures, part {number}"
    mail["Date"] = f"Wed, 18 Nov 2026 0{number}:00:00 +0000"
    mail["Message-ID"] = f"<thessaly-{number}@mx.plumbago-freight.example>"
    mail.set_content(LETTER)
    return mail.as_bytes()
