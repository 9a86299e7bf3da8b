"""Says times, deadlines, sizes and people of mail in a few words. Pure functions."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tools.mail.digest import INSTRUCTS, Digest, Due, FileFact, InviteFact
from tools.text.characters import cut

NAMES = {
    "colleague": "mail of colleagues",
    "customer": "mail of customers",
    "contact": "mail of contacts",
    "candidate": "mail of candidates",
    "personal": "personal mail",
    "list": "mailing list",
    "newsletter": "newsletter",
    "marketing": "marketing",
    "receipt": "receipt",
    "notification": "notification",
    "invitation": "invitation",
    "automatic": "automatic reply",
    "phishing": "suspected phishing",
}
COUNTED = frozenset(("list", "newsletter", "receipt", "notification", "invitation", "automatic"))


def day(then: date, today: date) -> str:
    """ "today", "tomorrow", "Tue 18 Nov", with the year where it is another one."""
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((then - today).days)
    if near:
        return near
    return f"{then:%a} {then.day} {then:%b}" + (f" {then.year}" if then.year != today.year else "")


def moment(at: datetime, now: datetime) -> str:
    """ "today 09:12", "yesterday 17:40", "Tue 18 Nov": the clock only where it still matters. In the zone of `now`."""
    local = at.astimezone(now.tzinfo)
    said = day(local.date(), now.date())
    return f"{said} {local:%H:%M}" if said in ("today", "yesterday", "tomorrow") else said


def due(by: Due, now: datetime) -> str:
    """ "by Thu 20 Nov 12:00", "before tomorrow", "was due yesterday"; at midnight "by Thu 20 Nov 24:00"."""
    said = _limit(by.at.astimezone(now.tzinfo), now, has_time=by.has_time)
    if by.at < now:
        return f"was due {'before ' if by.before else ''}{said}"
    return f"{'before' if by.before else 'by'} {said}"


def _limit(local: datetime, now: datetime, *, has_time: bool) -> str:
    if has_time and (local.hour, local.minute) == (0, 0):
        return f"{day(local.date() - timedelta(days=1), now.date())} 24:00"
    return day(local.date(), now.date()) + (f" {local:%H:%M}" if has_time else "")


def invited(invite: InviteFact, now: datetime) -> str:
    """What an invitation wants, in a line."""
    verb = {"cancel": "cancelled", "reply": "an answer to", "counter": "a new time proposed for"}.get(
        invite.method, "invitation"
    )
    if invite.start is None:
        when = ""
    elif invite.all_day:
        when = f", {day(invite.start.astimezone(now.tzinfo).date(), now.date())}"
    else:
        start = invite.start.astimezone(now.tzinfo)
        when = f", {day(start.date(), now.date())} {start:%H:%M}"
    place = f", {invite.place}" if invite.place else ""
    return f"{verb}: {invite.title}{when}{place}"


def file(fact: FileFact) -> str:
    """ "pricing.xlsx (24 KB)" """
    return f"{fact.name} ({size(fact.size)})" if fact.size else fact.name


def size(count: int) -> str:
    """Bytes in the unit a person would use."""
    if count < 1_000:
        return f"{count} B"
    return f"{count / 1_000:.0f} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def many(count: int, noun: str) -> str:
    """ "1 reply", "3 replies" """
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun[:-1]}ies" if noun.endswith("y") else f"{count} {noun}s"


def head(digest: Digest, now: datetime) -> str:
    """Who, and by when where a reply is owed: "Ana Moreira, by tomorrow 12:00"."""
    return digest.author + (f", {due(digest.due, now)}" if digest.due and digest.owed else "")


def why(digest: Digest, now: datetime) -> str:
    """Why a conversation wants the person, in a few words: by when, what makes it urgent, or that it is a trick."""
    if digest.category == "phishing":
        return "looks like phishing"
    planted = "instructs an assistant" if INSTRUCTS in digest.notes else ""
    return "; ".join(part for part in (_wanting(digest, now), planted) if part)


def _wanting(digest: Digest, now: datetime) -> str:
    if digest.due:
        return due(digest.due, now)
    if digest.urgency == "urgent" and digest.reasons:
        return cut(digest.reasons[0], 60)
    return "reply owed" if digest.owed else ""


def decided(digest: Digest, now: datetime) -> str:
    """What was settled, by whom and when; "" if nothing was."""
    settled = digest.decision
    return f"{settled.text} ({'you' if settled.mine else settled.by}, {moment(settled.at, now)})" if settled else ""


def promised(digest: Digest, now: datetime) -> str:
    """What the person promised, by when or when they said so; "" if nothing."""
    return " / ".join(
        f"{promise.text} ({due(promise.due, now) if promise.due else f'said {moment(promise.at, now)}'})"
        for promise in digest.promises
    )


def matter(digest: Digest, limit: int = 120) -> str:
    """What a conversation is about for the person: what is asked, else its summary, else its subject."""
    if digest.wants and digest.wanted_on:
        return f"{cut(digest.wants[0], limit)} ({digest.wanted_on})"
    return cut((digest.wants[0] if digest.wants else digest.summary) or digest.subject, limit)


def by_category(digests: Sequence[Digest]) -> str:
    """ "12 newsletters, 5 receipts": kinds and counts, most first."""
    counts: dict[str, int] = {}
    for digest in digests:
        counts[digest.category] = counts.get(digest.category, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(
        many(count, NAMES[kind]) if kind in COUNTED else f"{count} {NAMES[kind]}" for kind, count in ordered
    )
