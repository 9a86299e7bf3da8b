"""What the owner of the made-up company has on the list, as bodies for the tasks API, with links to the workspace.

Law: dated as the workspace is; a workspace that is not made up has none.
"""

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from app.demo.seed.chats import everything_said
from app.demo.seed.chats_script import Said
from app.demo.seed.chats_team import team
from app.demo.seed.days import Days
from app.demo.seed.material import DATA, MaterialError, conversations, read
from app.demo.seed.post import message_id

if TYPE_CHECKING:
    from app.demo.workspace import Workspace


def errands_mark(workspace: "Workspace") -> str:
    """Changes when the errands do: another day, another zone, other material; "" where there are none."""
    kept = workspace.note("seed")
    return f"{kept} {workspace.note('anchor')} {workspace.zone}" if kept else ""


def errands(workspace: "Workspace") -> list[dict[str, Any]]:
    """The bodies, in the order of the data file. Raises MaterialError for one that names what is not there."""
    anchor = workspace.note("anchor")
    if not workspace.note("seed") or anchor is None:
        return []
    days = Days(date.fromisoformat(anchor), workspace.zone)
    said = {message.name: message for message in everything_said(days) if message.name}
    return [_body(workspace, days, said, table) for table in read(DATA / "tasks.toml")["task"]]


def _body(workspace: "Workspace", days: Days, said: dict[str, Said], table: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {name: table[name] for name in table.keys() & {"title", "notes", "done"}}
    if "due" in table:
        body["due"] = _due(days, table["due"])
    if "mail" in table:
        body["source"] = _mail(workspace, table["mail"], days)
    if "chat" in table:
        body["source"] = _chat(said, table["chat"])
    return body


def _due(days: Days, text: str) -> str:
    return days.at(text).isoformat() if " " in text else days.on(text).isoformat()


def _mail(workspace: "Workspace", text: str, days: Days) -> dict[str, str]:
    key, _, number = text.partition(" ")
    digest = message_id(key, int(number), "")
    sql = "SELECT id, thread FROM messages WHERE mailbox = ? AND message_id LIKE ?"
    row = workspace.database.row(sql, workspace.owner.address, f"{digest.removesuffix('>')}%")
    told = next((found for found in conversations() if found.key == key), None)
    if row is None or told is None:
        raise MaterialError(f"tasks.toml: there is no mail {text!r}")
    subject = days.fill(told.subject, days.at(told.letters[0].when).date())
    address = quote(workspace.owner.address, safe="@")
    link = f"https://mail.google.com/mail/?authuser={address}#all/{row[1]}"
    return {"kind": "mail", "id": row[0], "label": subject, "link": link}


def _chat(said: dict[str, Said], name: str) -> dict[str, str]:
    if name not in said:
        raise MaterialError(f"tasks.toml: there is no message {name!r}")
    message = said[name]
    channel = team().places[message.place].id
    writer = team().members[message.who].real_name
    link = f"https://northwind.slack.com/archives/{channel}/p{message.ts.replace('.', '')}"
    return {"kind": "message", "id": f"{channel} {message.ts}", "label": f"{writer} in #{message.place}", "link": link}
