"""What a scope permits, in a person's words. Law: a scope nobody has words for is shown as it is, never left out."""

from __future__ import annotations

from typing import Final

_GOOGLE: Final = "https://www.googleapis.com/auth/"
_WORDS: Final[dict[str, str]] = {
    f"{_GOOGLE}gmail.readonly": "read all of your mail and its settings",
    f"{_GOOGLE}gmail.metadata": "see senders, subjects and labels of your mail, not its text",
    f"{_GOOGLE}gmail.compose": "write and send drafts",
    f"{_GOOGLE}gmail.send": "send mail as you",
    f"{_GOOGLE}gmail.insert": "put mail into your mailbox",
    f"{_GOOGLE}gmail.labels": "see and change your labels",
    f"{_GOOGLE}gmail.modify": "read, label, send and bin your mail",
    f"{_GOOGLE}calendar.calendarlist.readonly": "see which calendars you have",
    f"{_GOOGLE}calendar.calendars.readonly": "see name, zone and working hours of your calendars",
    f"{_GOOGLE}calendar.events": "see, make, change and remove events in your calendars",
    f"{_GOOGLE}calendar.events.owned": "see, make, change and remove events in the calendars you own",
    f"{_GOOGLE}calendar.events.readonly": "see the events in your calendars",
    f"{_GOOGLE}calendar.freebusy": "see when you and others are free",
    f"{_GOOGLE}calendar.settings.readonly": "see the settings of your calendars",
    f"{_GOOGLE}drive.file": "make documents, and change those that Valet made",
    f"{_GOOGLE}drive.metadata.readonly": "see names, owners and dates of your documents, not their text",
    f"{_GOOGLE}drive.readonly": "see and download all of your documents",
    f"{_GOOGLE}documents": "see, make and change your Google documents",
    f"{_GOOGLE}documents.readonly": "read your Google documents",
    f"{_GOOGLE}spreadsheets.readonly": "read your spreadsheets",
    f"{_GOOGLE}presentations.readonly": "read your presentations",
    "channels:history": "read the public channels you are in",
    "channels:read": "see which public channels there are",
    "chat:write": "post in Slack as you",
    "groups:history": "read the private channels you are in",
    "groups:read": "see which private channels you are in",
    "im:history": "read your direct messages",
    "im:read": "see whom you have direct messages with",
    "im:write": "begin direct messages",
    "mpim:history": "read your group messages",
    "mpim:read": "see which group messages you are in",
    "mpim:write": "begin group messages",
    "reactions:read": "see reactions to messages",
    "reactions:write": "react to messages as you",
    "search:read": "search everything you can see in Slack",
    "usergroups:read": "see groups of people",
    "users:read": "see who is in the workspace",
    "users:read.email": "see people's addresses",
    "tasks:read": "see your tasks",
    "tasks:write": "make and change your tasks",
}


def words(scope: str) -> str:
    """What this scope permits; the scope itself where there are no words for it."""
    return _WORDS.get(scope, scope)
