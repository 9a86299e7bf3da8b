"""The mailbox, read: the inbox judged per conversation, search, and one conversation mail by mail. Never changes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field

from tools.base import Access, Handle, ToolContext, ToolNode, tool
from tools.errors import BadArgument, NotFound
from tools.mail.inbox_finding import InboxFinding, Only
from tools.mail.listing import label_id, query_of, scope_words
from tools.mail.mails_finding import MailsFinding
from tools.mail.many import Wanted, mails_of
from tools.mail.reading import read_scope, read_thread
from tools.mail.reply_finding import ReplyFinding, suggested
from tools.mail.search_finding import SearchFinding
from tools.mail.thread_finding import ConversationFinding

HOST = "gmail.googleapis.com"
MAILBOX = f"GET {HOST}/gmail/v1/users/me"
READ = Access(
    connection="google",
    capability="gmail.read",
    scopes=("https://www.googleapis.com/auth/gmail.readonly",),
    operations=(
        f"{MAILBOX}/profile",
        f"{MAILBOX}/labels",
        f"{MAILBOX}/history",
        f"{MAILBOX}/messages",
        f"{MAILBOX}/messages/*?format=full",
        f"{MAILBOX}/threads",
        f"{MAILBOX}/threads/*?format=full",
        f"POST {HOST}/batch/gmail/v1",
    ),
    reason="read your mail",
)

Since = AwareDatetime | None
Until = AwareDatetime | None
Sender = Annotated[str, Field(description="Name or address, as typed.", max_length=120)]
Query = Annotated[str, Field(description="Topic words; Gmail operators work.", max_length=400)]
Label = Annotated[str, Field(max_length=100)]
Unread = bool
Shown = Only
Limit = Annotated[int, Field(ge=1, le=500)]
Gist = Annotated[
    str,
    Field(description="What to answer, in the person's words; empty leaves gaps.", max_length=500),
]
Thread = Annotated[str, Handle("mail"), Field(description="The conversation, by its handle such as mail:3.")]
After = Annotated[str, Handle("mail"), Field(description="Go on after this conversation, the last that was given.")]


@tool(
    access=READ,
    asks=(
        "what's new in my inbox",
        "summarise my inbox",
        "anything urgent in my mail",
        "what is urgent in my inbox",
        "who is waiting for an answer from me",
        "which replies do I owe",
        "what did I miss in my mail since yesterday",
        "give me an overview of my unread mail",
        "do I have any important emails today",
        "check my email",
        "what do people want from me",
        "which mails need a reply by Friday",
        "catch me up on my messages since Monday",
        "what came in this morning",
        "anything in the inbox I should deal with first",
        "show me my unread messages",
        "what is in my mailbox under the label Aurora",
        "who have I not answered yet",
        "is anyone waiting for a reply from me",
        "which messages are still unanswered",
        "any emails I have not replied to",
        "who do I need to get back to",
        "what have I left unanswered since last week",
        "new mail since lunch",
        "only the important mails",
        "important emails since Tuesday",
        "what arrived overnight",
        "rundown of today's mail",
        "how many unread mails do I have",
        "anything pressing in my mail today",
        "what landed in my mailbox this afternoon",
    ),
)
def summarise_inbox(
    context: ToolContext,
    unread_only: Unread = False,
    since: Since = None,
    until: Until = None,
    sender: Sender = "",
    label: Label = "",
    query: Query = "",
    only: Shown = "all",
    limit: Limit = 50,
) -> InboxFinding:
    """Summarise the inbox per conversation: what is urgent and why, which replies are owed by when, what people want.

    Newsletters and other automatic mail are folded into counts. Without filters: the newest conversations in the inbox.
    """
    labels = [label_id(context, label)] if label else ["INBOX"]
    labels += ["UNREAD"] if unread_only else []
    wanted = query_of(query=query, sender=sender, since=since, until=until)
    read = read_scope(context, query=wanted, labels=labels, limit=limit)
    scope = scope_words(context, since=since, until=until, sender=sender, query=query)
    named = ([f"label {label}"] if label else []) + (["unread"] if unread_only else []) + scope
    return InboxFinding(
        now=context.now,
        zone=context.zone,
        account=read.address,
        gaps=read.gaps,
        scope=", ".join(named),
        only=only,
        digests=read.digests,
        estimate=read.listing.estimate,
        more=read.listing.more,
    )


@tool(
    access=READ,
    asks=(
        "find the mail from Ana about the contract",
        "search my mail for the invoice from March",
        "did Priya send me anything about pricing",
        "look for the email with the hotel booking",
        "which message had the floor plan attached",
        "find messages about the launch",
        "where is the mail with the flight confirmation",
        "show me everything Jonas wrote last week",
        "what did Elena write about the renewal",
        "find all mails from my bank since January",
        "I need the email where Sam sent the address",
        "any mail that mentions the budget",
        "search for messages from li.wei@example.com",
        "when did I last hear from Camille",
        "has the landlord written to me",
        "did the plumber ever reply about the leak",
        "did we get any applications by email",
        "anything from the town hall this month",
        "pull up the mail from Omar with the quote",
        "got anything from the courier yet",
        "the email from Ines on the deposit",
        "has the clinic got back to me",
        "mails from Omar this week",
        "an email about the tickets, some time in May",
        "did the agency answer me about the visa",
        "received anything from the notary",
        "any word from Omar yet",
    ),
)
def search_mail(
    context: ToolContext,
    query: Query = "",
    sender: Sender = "",
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, Field(ge=1, le=50)] = 10,
) -> SearchFinding:
    """Find conversations in the whole mailbox by words, sender and time, newest first.

    Archived mail too, not spam or the bin. Give at least one of words, sender or time.
    """
    wanted = query_of(query=query, sender=sender, since=since, until=until)
    if not wanted:
        raise BadArgument("The search has nothing to look for.", "Name words, a sender or a time.")
    read = read_scope(context, query=wanted, labels=(), limit=limit)
    return SearchFinding(
        now=context.now,
        zone=context.zone,
        account=read.address,
        gaps=read.gaps,
        asked=", ".join(scope_words(context, since=since, until=until, sender=sender, query=query)),
        digests=read.digests,
        estimate=read.listing.estimate,
        more=read.listing.more,
    )


@tool(
    access=READ,
    asks=(
        "read the second one",
        "open that thread",
        "read me the mail from Ana",
        "show me the whole conversation",
        "what exactly does it say",
        "open the first mail",
        "let me see the full message",
        "read that one in full",
        "show the last email in that conversation",
        "what did they write in the third one",
        "read mail:3",
        "open the message about the contract",
        "go through that thread message by message",
        "what was said in that conversation",
        "what does Omar want exactly",
        "the last one, what is it about",
        "show me the one about the deposit",
        "what is mail 2 about",
    ),
)
def read_conversation(context: ToolContext, conversation: Thread) -> ConversationFinding:
    """Read one conversation in full, mail by mail: cleaned text, files, what is asked and decided."""
    read = read_thread(context, conversation)
    if not read.conversations:
        raise NotFound("That conversation is not in the mailbox any more.", "List the inbox again, or search for it.")
    return ConversationFinding(
        now=context.now,
        zone=context.zone,
        account=read.address,
        gaps=read.gaps,
        digest=read.digests[0],
        letters=ConversationFinding.letters_of(read.conversations[0]),
    )


@tool(access=READ)
def read_mails(
    context: ToolContext,
    unread_only: Unread = False,
    since: Since = None,
    until: Until = None,
    sender: Sender = "",
    label: Label = "",
    query: Query = "",
    limit: Limit = 100,
    after: After = "",
) -> MailsFinding:
    """Read many mails at once, newest first: each in its own new words; of automatic mail the beginning.

    What one result cannot hold is read by calling again with `after`. Without words or sender: the inbox.
    """
    labels = [label_id(context, label)] if label else [] if query or sender else ["INBOX"]
    labels += ["UNREAD"] if unread_only else []
    wanted = query_of(query=query, sender=sender, since=since, until=until)
    read = read_scope(context, query=wanted, labels=labels, limit=limit)
    named = ([f"label {label}"] if label else []) + (["unread"] if unread_only else [])
    scope = scope_words(context, since=since, until=until, sender=sender, query=query)
    only = Wanted(unread=unread_only, since=since, until=until, sender=sender)
    return mails_of(context, read, only, after=after, asked=", ".join(named + scope))


@tool(
    access=READ,
    asks=(
        "suggest a reply to the first one",
        "draft an answer to that mail",
        "what should I write back",
        "help me answer the second one",
        "word a reply to Ana",
        "propose an answer to the mail from Priya",
        "how could I reply to that",
        "write me a reply for mail:3",
        "suggest an answer to Daniel",
        "give me a reply I could use",
        "formulate a response to that conversation",
        "what could I answer her",
        "compose an answer to the third mail",
        "suggest what to reply",
        "how should I respond to this",
        "ideas for an answer to the second mail",
    ),
)
def suggest_reply(context: ToolContext, conversation: Thread, gist: Gist = "") -> ReplyFinding:
    """Suggest the text of a reply to one conversation, in its language; nothing is sent or saved.

    It answers only what the gist says; the rest stays a marked gap.
    """
    read = read_thread(context, conversation)
    if not read.conversations:
        raise NotFound("That conversation is not in the mailbox any more.", "List the inbox again, or search for it.")
    return suggested(read, gist, now=context.now, zone=context.zone)


NODE = ToolNode(
    effect="read",
    brief="name who wants what and by when, urgent first, with handles; automatic mail only as counts.",
    tools=(summarise_inbox, search_mail, read_mails, read_conversation, suggest_reply),
    mints=("mail",),
    briefing=(("summarise_inbox", {}),),
)
