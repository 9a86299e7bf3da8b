"""Drive, read: documents found by name, content, owner and time; read part by part; summed up with their places."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import timedelta
from typing import Annotated

from pydantic import AwareDatetime, Field

from tools.base import Access, Handle, ToolContext, ToolNode, tool
from tools.documents import finding_files, query, reading
from tools.documents.document_finding import DocumentFinding
from tools.documents.documents_finding import ChangesFinding, DocumentsFinding
from tools.documents.finding_files import NEWEST, Found, Hit, Wish
from tools.documents.kinds import Sort
from tools.documents.listing import listed
from tools.documents.summary import addressing, summarise
from tools.documents.summary_finding import SummaryFinding
from tools.documents.telling import asked, changes_asked, less

SCOPE = "https://www.googleapis.com/auth/"
LIST = "GET www.googleapis.com/drive/v3/files"
ONE = "GET www.googleapis.com/drive/v3/files/*?alt=json"

CHANGES = Access(
    connection="google",
    capability="drive.metadata",
    scopes=(f"{SCOPE}drive.metadata.readonly",),
    operations=(LIST,),
    reason="see which of your documents changed, without their content",
)
FIND = Access(
    connection="google",
    capability="drive.search",
    scopes=(f"{SCOPE}drive.readonly",),
    operations=(LIST, ONE),
    reason="search your documents by name and content",
)
READ = Access(
    connection="google",
    capability="drive.read",
    scopes=(f"{SCOPE}drive.readonly",),
    operations=(
        "GET www.googleapis.com/drive/v3/files/*?alt=json|media",
        "GET www.googleapis.com/drive/v3/files/*/export",
    ),
    reason="read a document you ask about",
)
WEEK = timedelta(days=7)

Query = Annotated[
    str,
    Field(description="Words of its name or content, or a link to it.", max_length=300),
]
Owner = Annotated[
    str,
    Field(description="Who owns or shared it: name or address as typed, or me.", max_length=120),
]
Kind = Annotated[Sort, Field(description="any leaves out folders.")]
Since = AwareDatetime | None
Until = AwareDatetime | None
Latest = Annotated[bool, Field(description="The newest first, not the best match.")]
Limit = Annotated[int, Field(ge=1, le=50)]
File = Annotated[str, Handle("file"), Field(description='The document, by its handle such as "file:2".')]
Part = Annotated[int, Field(ge=1, le=10_000)]
Places = Annotated[str, Field(description="Only the places that speak of these words.", max_length=300)]


@tool(
    access=FIND,
    asks=(
        "find the budget spreadsheet",
        "where is the offsite plan",
        "search my drive for the lease contract",
        "the latest presentation about the launch",
        "the document Ana shared with me",
        "which files did Tom Baker share last week",
        "look for a pdf with the invoice 4711",
        "do we have a document on parental leave",
        'find documents that mention "data retention"',
        "my spreadsheets from March",
        "show me Priya's slides on pricing",
        "documents changed since Monday about hiring",
        "what is behind this link to a google doc",
        "list the PDFs in my drive",
        "find the newest version of the roadmap",
        "is there a word file called minutes",
        "where is the tender",
        "files owned by Omar",
        "pull up the deck for the board",
        "the spreadsheet Ines uploaded in May",
        "I need the handbook",
        "any documents on travel costs",
        "anything in drive about the move",
        "which folder has the photos",
        "where have I put the manual",
        "have we got a file on parking",
        "is the tenancy agreement in my drive",
    ),
)
def find_documents(
    context: ToolContext,
    query: Query = "",
    owner: Owner = "",
    kind: Kind = "any",
    since: Since = None,
    until: Until = None,
    latest: Latest = False,
    limit: Limit = 20,
) -> DocumentsFinding:
    """Find documents in Drive by name, content, owner, kind and time of last change, shared drives included."""
    wish = Wish(query, owner, kind, since, until, latest, limit)
    found = finding_files.find(context, wish)
    return DocumentsFinding(
        now=context.now,
        zone=context.zone,
        asked=asked(wish, context.zone, context.now),
        found=found,
        sort=kind,
        less=less(wish),
    )


@tool(
    access=READ,
    asks=(
        "read the second document",
        "open the offsite plan",
        "show me the text of that pdf",
        "what does the first one say",
        "read part 2 of it",
        "go on reading",
        "show me the budget sheet as a table",
        "what is on the slides",
        "open file 3",
        "read me the contract",
        "display the next part of that document",
        "let me see the whole memo",
        "what does the document on insurance say",
        "read me the file about parking",
        "show what is in the second file",
        "what is written in the latest one",
    ),
)
async def read_document(context: ToolContext, file: File, part: Part = 1, query: Places = "") -> DocumentFinding:
    """Read the text of one document: Docs, Sheets as tables, Slides, PDF, Word, Excel, PowerPoint, text, web pages.

    A long document comes in parts.
    """
    sought = None
    if query.strip():
        document, sought = await reading.places_of(context, file, query, part)
    else:
        document = await reading.part_of(context, file, part)
    parsed = document.parsed
    marks = addressing(parsed.passages, parsed.unit)
    return DocumentFinding(now=context.now, zone=context.zone, document=document, addressed=marks, sought=sought)


@tool(
    access=READ,
    asks=(
        "summarise the offsite plan",
        "give me a summary of that document",
        "what is the second one about",
        "sum up the report in a few lines",
        "what was decided in the minutes",
        "what are the action items in that document",
        "key points of the presentation",
        "tl;dr of the pdf",
        "which dates and figures does the contract name",
        "summarize file 2",
        "main takeaways of the latest board paper",
        "what does the policy say, in short",
        "next steps according to the plan",
        "outline that long report for me",
        "key points of the tender document",
        "tldr of the third",
        "the gist of that file",
        "summary of the document about insurance",
        "what is the handbook about in two sentences",
        "the plan, but short",
        "that in short, please",
        "boil it down for me",
        "the contract in a nutshell",
    ),
)
async def summarise_document(context: ToolContext, file: File, part: Part = 1) -> SummaryFinding:
    """Sum up one document, a short version in its own sentences: gist, sections, decisions, to-dos, figures, dates."""
    document = await reading.whole_of(context, file, part)
    parsed = document.parsed
    summary = None
    if parsed.outcome == "text":
        summary = await asyncio.to_thread(summarise, parsed.passages, parsed.unit, document.file.name)
    bare = dataclasses.replace(document, parsed=dataclasses.replace(parsed, passages=()))
    return SummaryFinding(now=context.now, zone=context.zone, document=bare, summary=summary)


@tool(
    access=CHANGES,
    asks=(
        "which documents changed today",
        "what is new in my drive",
        "recent documents",
        "what did people edit since yesterday",
        "show the files changed this week",
        "any changes in our docs since Monday",
        "what was I working on lately",
        "the last 5 documents that were changed",
        "who edited something in the last two days",
        "files updated overnight",
        "drive activity of the past week",
        "list my latest files",
        "has anything been shared with me recently",
        "which files were touched this week",
        "latest changes in drive",
    ),
)
def recent_documents(context: ToolContext, since: Since = None, limit: Limit = 20) -> ChangesFinding:
    """List the documents that changed lately, newest first, with who changed them and whether the person has seen it.

    Without a time: the last seven days.
    """
    start = since or context.now - WEEK
    q = query.every("trashed = false", query.sort_clause("any"), query.changed(start, None))
    found = listed(context, q, limit=limit, order=NEWEST)
    hits = tuple(Hit(file, "not seen since" if file.unseen else "") for file in found.files)
    return ChangesFinding(
        now=context.now,
        zone=context.zone,
        asked=changes_asked(start, context.zone, context.now),
        found=Found(hits, found.more, found.incomplete),
    )


NODE = ToolNode(
    effect="read",
    brief="Name the document, whose it is and when it changed; quote with the places given ([§2], [p. 14]).",
    tools=(find_documents, read_document, summarise_document, recent_documents),
    mints=("file",),
    briefing=(("recent_documents", {"since": "last working day", "limit": 20}),),
)
