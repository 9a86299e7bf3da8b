"""Drive, written: documents of Valet's own created, continued, written anew, binned; never anybody else's."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import Field

from tools.base import Access, Handle, ToolContext, ToolNode
from tools.documents import drafting
from tools.documents.drafting import Format, Mode
from tools.documents.writing import basis, find, identified, perform
from tools.write import Plan, always, write

FILES, UPLOAD = "www.googleapis.com/drive/v3/files", "www.googleapis.com/upload/drive/v3/files"
SCOPE = "https://www.googleapis.com/auth/drive.file"
OWN = Access(
    connection="google",
    capability="drive.own",
    scopes=(SCOPE,),
    operations=(f"GET {FILES}", f"GET {FILES}/*?alt=json|media", f"GET {FILES}/*/export"),
    reason="see the documents that Valet made in your Drive",
    bundle="drive.own",  # the scope admits writing too, so it is not agreed to along with reading
)


def _access(*operations: str) -> Access:
    """One permission for all of the node; each tool is let through to its own requests only."""
    return Access(
        connection="google",
        capability="drive.documents",
        scopes=(SCOPE,),
        operations=operations,
        reason="create documents in your Drive, and change those it created",
    )


CREATE, FOLDER = _access(f"POST {UPLOAD}?uploadType=multipart"), _access(f"POST {FILES}")
REWRITE, MOVE = _access(f"PATCH {UPLOAD}/*?uploadType=multipart"), _access(f"PATCH {FILES}/*")

_changing = partial(write, look=OWN, perform=perform, find=find, basis=basis)
_moving = partial(_changing, access=MOVE, keyed=always)

Title = Annotated[str, Field(min_length=1, max_length=200)]
Document = Annotated[
    str, Handle("file"), Field(description='A document that Valet made, by its handle such as "file:2".')
]


@_changing(
    access=CREATE,
    keyed=identified,
    asks=(
        "write a doc with the summary",
        "create a document called launch notes",
        "save that as a google doc",
        "make a new doc with the minutes of the meeting",
        "put the briefing into a document",
        "write this down in a new document",
        "draft a one-page plan for the offsite as a doc",
        "create a text file with the packing list",
        "save the answer as markdown in my drive",
        "start a document about the budget",
        "turn the thread into a document",
        "new google doc: questions for the board",
    ),
)
def create_document(
    context: ToolContext,
    title: Title,
    content: Annotated[
        str, Field(description="The whole text, in Markdown; none makes it empty.", max_length=100_000)
    ] = "",
    format: Annotated[Format, Field(description="doc: a Google Doc.")] = "doc",  # noqa: A002
    folder: Annotated[str, Handle("file"), Field(description="A folder that Valet made.")] = "",
) -> Plan:
    """Create a document in the person's Drive, unshared, with this text."""
    return drafting.creating(context, title, content, format, folder)


@_changing(
    access=REWRITE,
    asks=(
        "add the decisions to that document",
        "append this to the launch notes",
        "update the doc with the new figures",
        "replace the text of the document",
        "rewrite the second document",
        "add a section on risks to the doc you made",
        "put that at the end of the minutes document",
        "change the document to say Friday",
        "extend the doc with the action items",
        "write the document anew, shorter",
        "add these lines to file 2",
        "correct the doc you created",
    ),
)
def update_document(
    context: ToolContext,
    document: Document,
    content: Annotated[
        str, Field(description="The text to add, or all of the new text, in Markdown.", max_length=200_000)
    ],
    mode: Annotated[Mode, Field(description="append at the end, or replace all of it.")],
) -> Plan:
    """Change the text of a document that Valet made: add at its end, or write it anew."""
    return drafting.updating(context, document, content, mode)


@_changing(
    access=FOLDER,
    keyed=identified,
    asks=(
        "create a folder called offsite in my drive",
        "make a new drive folder for the launch documents",
        "start a folder named board papers",
        "new folder: hiring",
        "add a folder for your documents",
        "make me a folder in drive",
    ),
)
def create_folder(context: ToolContext, title: Title) -> Plan:
    """Create a folder in the person's Drive, unshared; documents that Valet makes can be put into it."""
    return drafting.foldering(context, title)


@_moving(
    asks=(
        "delete the document you made",
        "put that doc into the trash",
        "trash the second document",
        "throw the launch notes document away",
        "remove the file you created",
        "move that document to the bin",
    ),
)
def trash_document(context: ToolContext, document: Document) -> Plan:
    """Put a document or folder that Valet made into the trash; it can be taken out again."""
    return drafting.binning(context, document, trashed=True)


@_moving(
    asks=(
        "take the document out of the trash",
        "restore the doc you trashed",
        "bring back that document",
        "untrash the launch notes",
        "recover the deleted document",
        "put the file back from the bin",
    ),
)
def restore_document(context: ToolContext, document: Document) -> Plan:
    """Take a document or folder that Valet made out of the trash."""
    return drafting.binning(context, document, trashed=False)


NODE = ToolNode(
    effect="write",
    brief="Name the document and give its link; say who can read it.",
    tools=(create_document, update_document, create_folder, trash_document, restore_document),
    mints=("file",),
)
