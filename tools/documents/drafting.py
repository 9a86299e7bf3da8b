"""What a change in Drive would be, before it is asked about: the text, the difference, and who will be able to read."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any, Literal

from tools import clients
from tools.base import ToolContext
from tools.documents import kinds
from tools.documents.listing import SERVICE
from tools.documents.own import LONGEST, READERS, TEXT, TEXTS, TRASH, Own, made_by_valet, text_of
from tools.documents.writing import Work, seen
from tools.errors import BadArgument, Unreadable
from tools.text.characters import one_line, visible
from tools.write import REF, Plan, Recipient, Row, Undo

Format = Literal["doc", "markdown", "text"]
Mode = Literal["replace", "append"]
NAME = 200
_FORMS = {"doc": (kinds.DOC, ""), "markdown": (kinds.MARKDOWN, ".md"), "text": (kinds.TEXT, ".txt")}
EMPTY = "nothing: an empty document"
ALONE = "Nobody but you can see it: a new document is not shared."


def creating(context: ToolContext, title: str, content: str, form: Format, folder: str) -> Plan:
    """A new document, at the top of the person's Drive or in a folder that Valet made."""
    mime, ending = _FORMS[form]
    name, text = _name(title), visible(content)
    name += "" if name.lower().endswith(ending) else ending
    place = _folder(context, folder) if folder else None
    metadata = {"name": name, "mimeType": mime} | ({"parents": [folder]} if folder else {})
    work = Work(
        new=True,
        file="" if form == "doc" else _given_id(context),
        metadata=metadata,
        content=text,
        mime=TEXTS[mime],
        said=f"{kinds.words(mime)} “{{name}}” created.",
        undo=Undo(tool="trash_document", args={"document": REF}),
        watched=folder,
    )
    rows = (Row(label="title", value=name), Row(label="kind", value=kinds.words(mime)), _place_row(place))
    return Plan(
        title="Create a document",
        rows=(*rows, Row(label="content", value=text or EMPTY)),
        recipients=place.readers or () if place else (),
        effects=(_who_reads(place) if place else ALONE,),
        body=work.model_dump(mode="json"),
        based_on=seen(place, (READERS, TRASH)) if place else {},
    )


def foldering(context: ToolContext, title: str) -> Plan:
    """A new folder at the top of the person's Drive."""
    name = _name(title)
    work = Work(
        new=True,
        file=_given_id(context),
        metadata={"name": name, "mimeType": kinds.FOLDER},
        said="Folder “{name}” created.",
        undo=Undo(tool="trash_document", args={"document": REF}),
    )
    rows = (Row(label="title", value=name), _place_row(None))
    effects = ("Nobody but you can see it: a new folder is not shared.",)
    return Plan(title="Create a folder", rows=rows, effects=effects, body=work.model_dump(mode="json"))


def updating(context: ToolContext, document: str, content: str, mode: Mode) -> Plan:
    """The text of a document that Valet made, written anew or continued. Raises BadArgument where nothing changes."""
    found = made_by_valet(context, document)
    _check_there(found)
    old = text_of(context, found)
    new = visible(content) if mode == "replace" else _continued(old, visible(content))
    if new == old:
        raise BadArgument(f"“{found.file.name}” says that already.", "Say what shall be different.")
    if len(new) > LONGEST:
        raise BadArgument(f"“{found.file.name}” would be too long.", "Create a second document.")
    work = Work(
        new=False,
        file=document,
        metadata={},
        content=new,
        mime=TEXTS[found.file.mime],
        said="“{name}” written anew." if mode == "replace" else "“{name}” continued.",
        undo=Undo(tool="update_document", args={"document": REF, "content": old, "mode": "replace"}),
        watched=document,
    )
    named = Row(label="document", value=f"{found.file.name} ({found.file.kind})")
    text = Row(label="added at its end" if mode == "append" else "new content", value=visible(content))
    changed = () if mode == "append" else (Row(label="what changes", value=difference(old, new)),)
    return Plan(
        title="Continue a document" if mode == "append" else "Write a document anew",
        rows=(named, text, *changed),
        recipients=found.readers or (),
        effects=(_who_reads(found), *_losses(found)),
        body=work.model_dump(mode="json"),
        based_on=seen(found, (READERS, TEXT, TRASH), old),
    )


def binning(context: ToolContext, document: str, *, trashed: bool) -> Plan:
    """Into the trash, or out of it. Raises BadArgument where it is there already."""
    found = made_by_valet(context, document)
    places = ("in Drive", "in the trash")
    if found.trashed == trashed:
        raise BadArgument(f"“{found.file.name}” is {places[trashed]} already.", "Nothing is left to do.")
    work = Work(
        new=False,
        file=document,
        metadata={"trashed": trashed},
        said="“{name}” put into the trash." if trashed else "“{name}” taken out of the trash.",
        undo=Undo(tool="restore_document" if trashed else "trash_document", args={"document": REF}),
        watched=document,
    )
    rows = (
        Row(label=found.file.kind, value=found.file.name),
        Row(label="place", value=places[trashed], before=places[not trashed]),
    )
    return Plan(
        title="Put a document into the trash" if trashed else "Take a document out of the trash",
        rows=rows,
        recipients=found.readers or (),
        effects=(_who_reads(found), *(("Drive empties the trash after 30 days.",) if trashed else ())),
        body=work.model_dump(mode="json"),
        based_on=seen(found, (READERS, TRASH)),
    )


def difference(old: str, new: str) -> str:
    """How many lines are added and removed, and which: "+ " before the one, "- " before the other.

    One unchanged line stands around each change, and "…" for those between.
    """
    before, after = old.splitlines(), new.splitlines()
    groups = list(difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(1))
    if not groups:
        return "only the line ends"
    shown = [[line for step in group for line in _lines(step, before, after)] for group in groups]
    every = [line for lines in shown for line in lines]
    counts = [(sum(line.startswith(sign) for line in every), verb) for sign, verb in (("+", "added"), ("-", "removed"))]
    told = ", ".join(f"{count} line{'' if count == 1 else 's'} {verb}" for count, verb in counts if count)
    return f"{told}:\n" + "\n…\n".join("\n".join(lines) for lines in shown)


def _lines(step: tuple[str, int, int, int, int], before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The lines of one step of difflib, each behind its sign."""
    kind, start, end, from_, until = step
    if kind == "equal":
        return [f"  {line}" for line in before[start:end]]
    return [f"- {line}" for line in before[start:end]] + [f"+ {line}" for line in after[from_:until]]


def _name(title: str) -> str:
    name = one_line(title, NAME)
    if not name:
        raise BadArgument("The title holds no word.", "Say what it shall be called.")
    return name


def _continued(old: str, more: str) -> str:
    return f"{old.rstrip()}\n\n{more}" if old.strip() else more


def _folder(context: ToolContext, identity: str) -> Own:
    place = made_by_valet(context, identity)
    if place.file.mime != kinds.FOLDER:
        raise BadArgument(f"“{place.file.name}” is no folder.", "Name a folder that Valet made, or none.")
    _check_there(place)
    return place


def _check_there(found: Own) -> None:
    if found.trashed:
        raise BadArgument(f"“{found.file.name}” is in the trash.", "Take it out of the trash first.")


def _place_row(place: Own | None) -> Row:
    return Row(label="folder", value=f"{place.file.name} ({place.file.id})" if place else "My Drive, in no folder")


def _who_reads(found: Own) -> str:
    if found.readers is None:
        return f"Who can see “{found.file.name}” cannot be told from here."
    if not found.readers:
        return f"Nobody but you can see “{found.file.name}”."
    named = ", ".join(_reader_words(found.readers))
    inside = ", and so what is in it" if found.file.mime == kinds.FOLDER else ""
    return f"“{found.file.name}”{inside}, can be seen by {named}."


def _reader_words(readers: Sequence[Recipient]) -> list[str]:
    return [
        f"{one.name} <{one.address}> ({one.role})" if one.name else f"{one.address} ({one.role})" for one in readers
    ]


def _losses(found: Own) -> tuple[str, ...]:
    if found.file.mime != kinds.DOC:
        return ()
    return ("It is written from its Markdown: comments, and formatting that Markdown has no sign for, may be lost.",)


def _given_id(context: ToolContext) -> str:
    """An id that Drive gives ahead, so that the same file cannot be made twice."""
    request = clients.google("drive", "v3").files().generateIds(count=1, space="drive", type="files")
    answer: dict[str, Any] = clients.run(request, context.transport, service=SERVICE)
    ids = answer.get("ids")
    if not isinstance(ids, list) or not ids or not isinstance(ids[0], str):
        raise Unreadable("Drive gave no id for a new file.", "Try again in a minute.")
    return ids[0]
