"""Orders about mail: answers, drafts, new mails, and what becomes of conversations in the mailbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.offline.forbidden import THINGS
from app.offline.lexicon import EMPTY, SORTS, listed
from app.offline.orders import targets
from app.offline.orders.order import ASKED, Missing, NotAnOrder, Order, must, slot, step
from app.offline.orders.saying import QUOTES
from app.offline.orders.targets import Target
from app.offline.plan import Plan, Question, Step
from app.offline.words import stem

SUBJECT = 60
_ALL = (("reply", "all"), ("to", "all"), ("to", "everyone"), ("to", "everybody"), ("to", "all", "of"), ("all", "to"))
_WRITTEN = frozenset(listed("reply replies answer answers response responses draft drafts"))
_BEHIND = frozenset(listed("again please for now"))
_INBOX = frozenset({"inbox", "mailbox"})
_OUT_OF = frozenset(listed("from out of in the my"))
_WRITINGS = frozenset(stem(word) for word in SORTS["writing"].split())
_SOMEBODY, _ROLE = frozenset(listed("the my our")), 4
"""What somebody without a name begins with, and how many words that may be."""
_COPY = frozenset(listed("cc copy copying cc'ing"))
_SUBJECT = frozenset({"subject", "titled", "called"})
_THINGS = frozenset(listed("one ones two three four five it them those these this that both all"))
"""Behind one of these a name is that of a label: "label the first two Offers"."""
_LABELLING = frozenset(listed("as with under to on in"))
_NEITHER = frozenset(listed("label tag labels tags it them those these"))


def answer(order: Order, *, draft: bool) -> list[Step]:
    """A reply to a conversation, sent or left as a draft."""
    name = "draft_reply" if draft else "send_reply"
    copied = _copied(order)
    if len(copied) > 1:  # a reply goes to whom it answers, or to all
        order.plan.unused.append(order.clause.said(copied))
        order = replace(order, clause=order.without(copied))
    told = {"body": order.text, "reply_all": _everybody(order)}
    own = [i for i, word in enumerate(order.line.row) if word in _WRITTEN] if order.deed != "reply" else []
    target = targets.find(order, "mail", gone=own) or _with(order) or _held(order)
    if target is None:
        raise Missing(_which(order, name, "conversation", told))
    return to(order, name, "conversation", "mail", target, told)


def _which(order: Order, name: str, argument: str, args: dict[str, object]) -> Question:
    skill = must(order, name)
    one = slot(skill, argument)
    shown = any(ref.kind == one.kind for refs in order.lists for ref in refs)
    return Question(name, {key: value for key, value in args.items() if value}, one, shown=shown)


def _everybody(order: Order) -> bool:
    led = any(order.line.words(i, len(phrase)) == phrase for i in range(len(order.line)) for phrase in _ALL)
    return led or order.has("everyone") or order.line.word(0) == "all"


def _held(order: Order) -> Target | None:
    held = order.hand.get("mail", "")
    return Target((held,)) if held and not [i for i in order.content() if not order.has("reply", "answer")] else None


def _with(order: Order) -> Target | None:
    """The newest conversation with whoever is named: "reply to Priya"."""
    names = order.people()
    lister = order.skill("search_mail")
    if not names or lister is None:
        return None
    return Target(steps=(Step(lister.name, {"sender": names[0][0]}),), first=True)


def to(order: Order, name: str, argument: str, kind: str, target: Target, args: Mapping[str, object]) -> list[Step]:
    """The call for what was meant: at once, one for each, or once it was looked up."""
    several = slot(must(order, name), argument).type in (list, tuple, set)
    if target.handles:
        values: list[object] = [list(target.handles)] if several else list(target.handles)
        return [step(order, name, {**args, argument: value}) for value in values]
    wait = target.wait(argument, kind)
    wait = replace(wait, take="handles" if several else "handle", each=target.many)
    return [*target.steps, step(order, name, args, wait)]


def new(order: Order, *, draft: bool) -> list[Step]:
    """A new mail to the people named."""
    name = "draft_mail" if draft else "send_mail"
    cc = _copied(order)
    found = order.people("from")
    to_whom = [who for who, at in found if at.start not in cc and not _of_subject(order, at.start)]
    copied = [who for who, at in found if at.start in cc] or ([order.clause.said(cc[1:])] if len(cc) > 1 else [])
    subject = _subject(order) or opening(order.text)
    return [step(order, name, {"to": to_whom, "subject": subject, "body": order.text, "cc": copied})]


def unaddressed(order: Order, at: int) -> None:
    """Raises Missing where the words from token `at` on are somebody without a name, "the bank", whose address nobody
    said; what is a thing of a service here is nobody."""
    line = order.line
    known = any(token.stem in THINGS | _WRITINGS for token in line.tokens[at:])
    if line.word(at) not in _SOMEBODY or known or not 1 < len(line) - at <= _ROLE or order.clause.pointings:
        return
    who = order.clause.said(range(at, len(line)))
    given = {"subject": opening(order.text), "body": order.text}
    one = slot(must(order, "send_mail"), "to")
    kept = {key: value for key, value in given.items() if value}
    raise Missing(Question("send_mail", kept, one, ask=f"I know no address of {who}. To which one should it go?"))


def _copied(order: Order) -> range:
    """The tokens that say who gets a copy, with the word for it: up to the subject, or a mark."""
    line, first = order.line, _subject_start(order)
    start = next((i for i, word in enumerate(line.row) if word in _COPY), len(line))
    known = {at.start for _, at in order.people()}
    ends = (i for i in range(start + 1, len(line)) if line.word(i) in _SUBJECT or line.word(i) in {":", ";"} or (
        line.word(i) == "," and i + 1 not in known))  # fmt: skip
    return range(start, min(next(ends, len(line)), first - 1 if first > start else len(line)))


def _of_subject(order: Order, i: int) -> bool:
    start = _subject_start(order)
    return bool(start) and start - 1 <= i < _subject_end(order, start)


def _subject_start(order: Order) -> int:
    row = order.line.row
    led = next((i + 1 for i, word in enumerate(row) if word in _SUBJECT), 0)
    if led:
        return led + (order.line.word(led) in {"is", ":", "line"})
    topic = order.clause.topic
    return topic.words[0] if topic and order.line.word(topic.start) in {"about", "regarding", "concerning", "re"} else 0


def _subject_end(order: Order, start: int) -> int:
    line = order.line
    return next((i for i in range(start, len(line)) if line.word(i) in {"and", ",", ":", ";"}), len(line))


def _subject(order: Order) -> str:
    start = _subject_start(order)
    end = _subject_end(order, start)
    words = order.clause.said(range(start, end)).strip(QUOTES) if start and end > start else ""
    return words[:1].upper() + words[1:]


def opening(text: str) -> str:
    """The first words of the text, for a subject that nobody gave."""
    first = text.splitlines()[0] if text else ""
    if len(first) <= SUBJECT:
        return first.rstrip(".")
    return first[:SUBJECT].rpartition(" ")[0] + " …"


def draft_in_hand(order: Order) -> list[Step]:
    """Send the draft that was made or named."""
    held = next((p.handle for p in order.clause.pointings if p.handle.startswith("draft:")), "")
    held = held or order.hand.get("draft", "")
    if not held:
        must(order, "send_draft")
        raise Missing(replace(_which(order, "send_draft", "draft", {}), ask=ASKED["draft"]))
    return [step(order, "send_draft", {"draft": held})]


def filed(order: Order, name: str, **args: object) -> list[Step]:
    """Conversations archived, marked or thrown away."""
    target = targets.find(order, "mail")
    if target is None:
        raise Missing(_which(order, name, "conversations", dict(args)))
    return to(order, name, "conversations", "mail", target, dict(args))


def cleared(order: Order) -> list[Step]:
    """Conversations out of the inbox: "clear the newsletters from the inbox"."""
    gone = {i for i, word in enumerate(order.line.row) if word in _INBOX}
    led = {k for i in gone for k in range(i - 1, -1, -1) if set(order.line.row[k:i]) <= _OUT_OF}
    rest = replace(order, clause=order.without(gone | led))
    if order.has("task", "calendar", "event", "meeting", "document", "channel") or not (gone or rest.names("mail")):
        raise NotAnOrder("clear")
    return filed(rest, "archive")


def marked(order: Order) -> list[Step]:
    """Read or unread."""
    row = order.line.row
    unread = "unread" in row or ("not" in row and "read" in row)
    if not unread and "read" not in row:
        raise NotAnOrder("mark")
    gone = [i for i, word in enumerate(row) if word in {"read", "unread", "as", "again", "not", "back"}]
    target = targets.find(order, "mail", gone=gone)
    name = "mark_unread" if unread else "mark_read"
    if target is None:
        raise Missing(_which(order, name, "conversations", {}))
    return to(order, name, "conversations", "mail", target, {})


def states(order: Order) -> bool:
    """Whether conversations are to be read or unread: "set the second one back to unread", "make it unread again"."""
    row = order.line.row
    last = max((i for i, word in enumerate(row) if word in {"read", "unread"}), default=0)
    end = order.line.kind(last + 1) in {None, "symbol"} or order.line.word(last + 1) in _BEHIND
    led = last and (row[last - 1] in {"as", "to", "back"} or row[last] == "unread")
    seen = order.hand.get("mail") or targets.of_kind(order, "mail")
    return bool(led and end and seen) and not order.text


def put_under(order: Order) -> bool:
    """Whether conversations in view are put under a name: "put the last two under Legal"."""
    row = order.line.row
    at = row.index("under") if "under" in row else 0
    head = replace(order, clause=order.reader.only(order.clause, range(at))) if at else order
    found = targets.find(head, "mail") if at and targets.newest(order, "mail") else None
    return found is not None and bool(found.handles)


def labelled(order: Order) -> list[Step]:
    """A label put on conversations: "label these as Offers", "put the label Travel on the second one"."""
    label, gone = _label(order)
    rest = order.without(gone)
    target = targets.find(replace(order, clause=rest), "mail")
    if target is None:
        if not label:
            raise NotAnOrder("label")
        raise Missing(_which(order, "label_conversations", "conversations", {"label": label}))
    if not label:
        skill = must(order, "label_conversations")
        if target.handles:
            given = {"conversations": list(target.handles)}
            raise Missing(Question(skill.name, given, slot(skill, "label"), ask=ASKED["label"]))
        raise NotAnOrder("label")
    return to(order, "label_conversations", "conversations", "mail", target, {"label": label})


def _label(order: Order) -> tuple[str, list[int]]:
    """The label's name and the tokens that say it."""
    line = order.line
    after = next((i for i, word in enumerate(line.row) if word in {"label", "tag"}), -1)
    if after >= 0 and _names(order, after + 1):
        end = next((i for i in range(after + 1, len(line)) if line.word(i) in _LABELLING), len(line))
        return _plain(order, after + 1, end), list(range(after, end))
    for i in range(len(line) - 1, 0, -1):
        if line.word(i) in {"as", "with", "under"}:
            start = i + 1
            while line.word(start) in {"the", "label", "tag", "a"}:
                start += 1
            return _plain(order, start, len(line)), list(range(i, len(line)))
    last = len(line) - 1
    if order.deed == "label" and (line.kind(last) == "quoted" or line.capital(last)) and line.word(last - 1) in _THINGS:
        return _plain(order, last, last + 1), [last]
    return "", []


def _names(order: Order, i: int) -> bool:
    word = order.line.word(i)
    return bool(word) and word not in EMPTY and word not in _NEITHER and order.line.kind(i) in {"word", "quoted"}


def _plain(order: Order, start: int, end: int) -> str:
    while end > start and (
        order.line.kind(end - 1) == "symbol" or order.line.word(end - 1) in {"please", "label", "too"}
    ):
        end -= 1
    return order.clause.said(range(start, end)).strip(QUOTES)


def last_text(plan: Plan) -> str:
    """The text that the same request gave before."""
    texts = (
        str(s.args[name]) for s in reversed(plan.steps) for name in ("body", "text", "content") if s.args.get(name)
    )
    return next(texts, "")
