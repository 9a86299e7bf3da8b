"""The seeded workspace: the same every time, believable in its bounds, and what the truth files say of it is there."""

import base64
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from functools import cache

import pytest

from app.demo.seed import SeedTally, seed
from app.demo.seed.cast import cast, senders
from app.demo.seed.days import Days, say
from app.demo.seed.material import conversations
from app.demo.seed.post import Posted, post
from app.demo.workspace import Person, Workspace
from tests.demo import truth

TODAY = date(2026, 3, 4)
ZONE = "Europe/Zurich"
WEEK = [TODAY + timedelta(days=count) for count in range(7)]
RESERVED = re.compile(r"\.example$|(^|\.)example\.(com|org|net)$")


@cache
def mails(today: date = TODAY, zone: str = ZONE) -> list[Posted]:
    return [mail for found in conversations() for mail in post(found, Days(today, zone))]


def parsed(mail: Posted) -> EmailMessage:
    message = message_from_bytes(mail.raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def texts(message: EmailMessage) -> str:
    """All the text of a message, its headers and its text attachments too."""
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([str(message["From"]), str(message["Subject"]), *parts])


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, SeedTally]]:
    path = tmp_path_factory.mktemp("seed") / "workspace.db"
    workspace = Workspace.create(path, owner=Person("alex.rivera@northwind.example", "Alex Rivera", ZONE), zone=ZONE)
    yield workspace, seed(workspace, today=TODAY, zone=ZONE)
    workspace.close()


def test_tally_is_a_busy_but_readable_mailbox(seeded: tuple[Workspace, SeedTally]) -> None:
    tally = seeded[1]
    assert 250 <= tally.messages <= 400
    assert 130 <= tally.conversations <= 175
    assert 40 <= tally.unread <= 60
    assert tally.sent >= 30
    assert tally.calendars == 3
    assert tally.events >= 55
    assert tally.people >= 15


def test_the_workspace_holds_what_was_tallied(seeded: tuple[Workspace, SeedTally]) -> None:
    workspace, tally = seeded
    labels = workspace.mail()
    assert len(workspace.people()) == tally.people
    assert workspace.note("anchor") == TODAY.isoformat()
    assert {found.id for found in workspace.events.calendars()} >= {"alex.rivera@northwind.example"}
    assert labels.add_label("Contoso").startswith("Label_")


def test_same_day_and_zone_give_the_same_bytes() -> None:
    again = [mail for found in conversations() for mail in post(found, Days(TODAY, ZONE))]
    assert again == mails()
    assert [mail.raw for mail in mails(TODAY + timedelta(days=1))] != [mail.raw for mail in mails()]


@pytest.mark.parametrize("today", WEEK, ids=str)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_every_mail_is_of_the_last_weeks_and_none_of_the_future(today: date, zone: str) -> None:
    days = Days(today, zone)
    newest = days.at("d+0 08:00")
    for mail in mails(today, zone):
        assert newest - timedelta(weeks=6) <= mail.received <= newest, mail.conversation


@pytest.mark.parametrize("today", WEEK, ids=str)
def test_answers_come_after_what_they_answer(today: date) -> None:
    for found in conversations():
        times = [mail.received for mail in post(found, Days(today, ZONE))]
        assert times == sorted(times), found.key


def test_weekends_are_quiet() -> None:
    weekend = [mail for mail in mails() if mail.received.weekday() > 4]
    assert len(weekend) < 15


@pytest.mark.parametrize("today", WEEK, ids=str)
def test_deadlines_named_in_the_mail_of_working_days_lie_ahead(today: date) -> None:
    days = Days(today, ZONE)
    for thread in truth.threads(today, ZONE):
        if thread.deadline:
            assert thread.deadline.date() >= days.on("wd+0"), thread.key


def test_every_mail_parses_without_a_defect() -> None:
    for mail in mails():
        message = parsed(mail)
        defects = [defect for part in message.walk() for defect in part.defects]
        assert not defects, (mail.conversation, defects)
        assert all(message[name] for name in ("From", "Subject", "To")), mail.conversation
        assert message["Message-ID"] == mail.message_id
        assert parsedate_to_datetime(message["Date"]) == mail.received.replace(microsecond=0)
        assert texts(message).strip()


def test_no_slot_is_left_unfilled() -> None:
    for mail in mails():
        shown = texts(parsed(mail))
        assert not re.search(r"\{[a-z0-9.+-]+\|[a-z]+", shown), (mail.conversation, mail.number)
        assert "$" not in str(parsed(mail)["Subject"])


def test_addresses_and_links_are_of_reserved_domains() -> None:
    for mail in mails():
        shown = texts(parsed(mail))
        hosts = re.findall(r"https?://([a-z0-9.-]+)", shown) + re.findall(r"[\w.+-]+@([a-z0-9.-]*[a-z0-9])", shown)
        foreign = {host for host in hosts if not RESERVED.search(host)}
        assert foreign <= {"www.w3.org", "schemas.microsoft.com"}, (mail.conversation, foreign)


def test_message_ids_are_unique() -> None:
    assert max(Counter(mail.message_id for mail in mails()).values()) == 1


def test_conversations_are_threaded_by_the_workspace(seeded: tuple[Workspace, SeedTally]) -> None:
    workspace = seeded[0]
    store = workspace.mail()
    rows: dict[str, str] = dict(workspace.database.rows("SELECT message_id, thread FROM messages"))
    assert store.mailbox == workspace.owner.address
    longest = next(found for found in conversations() if found.key == "aurora-gonogo")
    assert len(longest.letters) >= 10
    assert len({rows[mail.message_id] for mail in post(longest, Days(TODAY, ZONE))}) == 1
    assert 150 <= len(set(rows.values())) <= 180


def test_all_the_clients_and_languages_are_there() -> None:
    bodies = [texts(parsed(mail)) for mail in mails()]
    shapes = (
        "gmail_quote",
        "MsoNormal",
        'blockquote type="cite"',
        "<!--[if mso]>",
        "Sent from my iPhone",
        "[if gte mso 9]",
    )
    phrases = ("El ", "escribió:", "Von: ", "Gesendet: ", "escreveu:", "De : ", "发件人: ", "您好", "お世話", "wrote:")
    for phrase in (*shapes, *phrases):
        assert any(phrase in body for body in bodies), phrase
    charsets = Counter(part.get_content_charset() for mail in mails() for part in parsed(mail).walk())
    assert charsets["gb18030"] >= 2
    assert charsets["iso-2022-jp"] >= 2
    languages = Counter(
        letter.language or senders()[letter.sender].language for c in conversations() for letter in c.letters
    )
    for language in ("es", "de", "pt", "fr", "zh", "ja"):
        assert languages[language] >= 3, language


def test_attachments_are_what_they_say() -> None:
    begins = {"pdf": b"%PDF-1.4", "xlsx": b"PK\x03\x04", "png": b"\x89PNG\r\n", "ics": b"BEGIN:VCALENDAR"}
    seen: Counter[str] = Counter()
    for mail in mails():
        for part in parsed(mail).iter_attachments():
            ending = str(part.get_filename()).rpartition(".")[2]
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            assert data.startswith(begins.get(ending, b"")), part.get_filename()
            seen[ending] += 1
    assert set(seen) >= {"pdf", "xlsx", "png", "ics", "csv", "txt"}


@pytest.mark.parametrize("today", WEEK, ids=str)
def test_every_key_of_the_truth_exists(today: date) -> None:
    last = {found.key: list(post(found, Days(today, ZONE)))[-1].message_id for found in conversations()}
    known = truth.threads(today, ZONE)
    assert len(known) >= 40
    for thread in known:
        assert last[thread.key] == thread.message_id, thread.key
        assert not thread.owed or thread.asker in senders(), thread.key
    assert sum(thread.urgent for thread in known) >= 6
    assert sum(thread.owed for thread in known) >= 20


def test_injections_are_planted_and_their_canaries_are_not() -> None:
    everything = "\n".join(texts(parsed(mail)) for mail in mails())
    decoded = [base64.b64decode(found) for found in re.findall(r"[A-Za-z0-9+/\r\n]{120,}={0,2}", everything)]
    planted = [found for found in truth.injections() if not (found.document or found.chat or found.topic)]
    assert 8 <= len(planted) <= 12
    ids = {mail.message_id for mail in mails()}
    for injection in planted:
        assert injection.event or injection.message_id in ids
        assert injection.canary not in everything
        assert not any(injection.canary.encode() in text for text in decoded)
        stem = re.match(r"[A-Za-z]{5}", injection.canary)
        assert stem
        traces = (everything.upper(), *(text.decode("latin-1") for text in decoded))
        assert injection.event or any(stem[0].upper() in trace for trace in traces), injection.canary


def test_a_first_name_is_shared() -> None:
    firsts = Counter(figure.name.split()[0] for figure in cast().values())
    assert [name for name, count in firsts.items() if count > 1] == ["Daniel"]


def test_days_are_working_days() -> None:
    saturday, monday = date(2026, 3, 7), date(2026, 3, 9)
    assert Days(saturday, ZONE).on("wd+0") == date(2026, 3, 6)
    assert Days(saturday, ZONE).on("wd+1") == monday
    assert Days(monday, ZONE).on("wd-1") == date(2026, 3, 6)
    assert Days(monday, ZONE).on("wd+5") == date(2026, 3, 16)
    assert Days(monday, ZONE).on("w1.wed") == date(2026, 3, 18)
    with pytest.raises(ValueError, match="is not a day"):
        Days(monday, ZONE).on("someday")


def test_days_in_words() -> None:
    day = date(2026, 3, 3)
    assert say(day, "ordinal") == "3rd"
    assert say(date(2026, 3, 11), "ordinal") == "11th"
    assert say(day, "long", "de") == "Dienstag, 3. März"
    assert say(day, "long", "ja") == "3月3日（火）"
    assert say(day, "weekday", "pt") == "terça-feira"
