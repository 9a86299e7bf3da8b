"""Gmail's search box: operators, joining, grouping, denial; what is unknown is searched for as words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.demo.google_errors import GoogleError
from app.demo.mail_lookup import MailLookup
from app.demo.mail_search import read_search
from app.demo.workspace import Workspace
from tests.demo.little_office import ALEX, file, letter


@pytest.fixture
def mailbox(office: Workspace) -> Workspace:
    """Five letters, named by their subjects."""
    clients = office.add_label("Key Clients/Acme")
    file(office, letter(subject="budget", body="The numbers are final."), "INBOX", "UNREAD", days=0.5)
    file(office, letter("Eve <eve@shop.example>", "sale", "Half price, final offer", 2), "INBOX", days=3)
    file(
        office,
        letter("Bob Stone <bob@acme.example>", "contract", "Please sign", 3, Cc="carol@acme.example"),
        *("INBOX", "STARRED", clients),
        days=40,
    )
    attached = 'Content-Type: application/pdf; name="Q3 report.pdf"\r\nContent-Disposition: attachment\r\n\r\nx'
    mixed = f"--x\r\nContent-Type: text/plain\r\n\r\nAttached.\r\n--x\r\n{attached}\r\n--x--"
    file(
        office,
        letter(subject="report", body=mixed, number=4, Content_Type="multipart/mixed; boundary=x"),
        *("INBOX", "IMPORTANT", "CATEGORY_UPDATES"),
        days=10,
    )
    file(office, letter(f"Alex <{ALEX}>", "会議の件", "来週の会議室を予約しました。", 5), "SENT", days=1)
    return office


def found(workspace: Workspace, query: str) -> set[str]:
    mail = MailLookup(workspace.mail())
    messages, _ = mail.messages(read_search(query, mail).condition, 100)
    return {
        workspace.database.value("SELECT subject_key FROM messages WHERE id = ?", message) for message, _ in messages
    }


EVERY = {"budget", "sale", "contract", "report", "会議の件"}


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("", EVERY),
        ("from:bob", {"contract"}),
        ("from:acme.example", {"contract"}),
        ('from:"bob stone"', {"contract"}),
        ("from:me", {"会議の件"}),
        ("to:alex.rivera@northwind.example", EVERY),
        ("cc:carol", {"contract"}),
        ("subject:budget", {"budget"}),
        ("subject:(budget OR sale)", {"budget", "sale"}),
        ("subject:{budget sale}", {"budget", "sale"}),
        ("is:unread", {"budget"}),
        ("is:read", EVERY - {"budget"}),
        ("is:starred", {"contract"}),
        ("is:important", {"report"}),
        ("is:unheardof", set()),
        ("in:inbox", EVERY - {"会議の件"}),
        ("in:sent", {"会議の件"}),
        ("label:key-clients-acme", {"contract"}),
        ('label:"Key Clients/Acme"', {"contract"}),
        ("label:starred", {"contract"}),
        ("label:nosuch", set()),
        ("category:updates", {"report"}),
        ("has:attachment", {"report"}),
        ("has:userlabels", {"contract"}),
        ("has:nouserlabels", EVERY - {"contract"}),
        ("filename:pdf", {"report"}),
        ('filename:"q3 report.pdf"', {"report"}),
        ("newer_than:2d", {"budget", "会議の件"}),
        ("newer_than:13h", {"budget"}),
        ("older_than:1m", {"contract"}),
        ("older_than:2y", set()),
        ("rfc822msgid:3@mail.example", {"contract"}),
        ("rfc822msgid:<3@mail.example>", {"contract"}),
        ("final", {"budget", "sale"}),
        ("FINAL -offer", {"budget"}),
        ('"final offer"', {"sale"}),
        ('"offer final"', set()),
        ("-final -sign -attached", {"会議の件"}),
        ("final OR sign", {"budget", "sale", "contract"}),
        ("{final sign}", {"budget", "sale", "contract"}),
        ("final (offer OR nothing)", {"sale"}),
        ("in:inbox final OR sign is:starred", {"contract"}),
        ("-{final sign} in:inbox", {"report"}),
        ("-from:{bob eve} in:inbox", {"budget", "report"}),
        ("final - offer", {"sale"}),
        ("--final in:inbox", {"contract", "report"}),
        ("-" * 5000 + "final in:inbox", {"contract", "report"}),
        ('-"final offer" final', {"budget"}),
        ("会議", {"会議の件"}),
        ("larger:1m", set()),
        ("smaller:10k", EVERY),
        ("nosuchoperator:final", set()),
        ("...", EVERY),
        ('"', EVERY),
        ("subject:", EVERY),
        ("(budget", {"budget"}),
        ("budget)", {"budget"}),
        ("OR budget", {"budget"}),
    ],
)
def test_queries(mailbox: Workspace, query: str, subjects: set[str]) -> None:
    assert found(mailbox, query) == subjects


def test_days_are_days_of_pacific_time_and_seconds_are_exact(office: Workspace) -> None:
    """The API reads dates in that zone, whoever asks; who wants another gives seconds."""
    midnight = datetime(2026, 3, 20, 7, 0, tzinfo=UTC)  # 00:00 in Los Angeles
    for subject, moment in (("before", midnight - timedelta(minutes=1)), ("after", midnight)):
        raw = letter(subject=subject, number=hash(subject) % 1000)
        office.add_message(raw, labels=["INBOX"], received=moment)
    for day in ("2026/3/20", "2026-03-20", "03/20/2026"):
        assert found(office, f"after:{day}") == {"after"}
        assert found(office, f"before:{day}") == {"before"}
    assert found(office, f"after:{int(midnight.timestamp()) - 60}") == {"before", "after"}
    assert found(office, "after:2026/13/45") == set()


def test_what_is_too_much_is_refused(mailbox: Workspace) -> None:
    for query in ("a " * 301, "(" * 40 + "a" + ")" * 40):
        with pytest.raises(GoogleError) as refused:
            found(mailbox, query)
        assert refused.value.status == 400


def test_as_many_terms_as_are_allowed_can_be_searched(mailbox: Workspace) -> None:
    assert found(mailbox, "-x " * 300) == EVERY
    assert found(mailbox, " OR ".join(["final"] * 150)) == {"budget", "sale"}
