"""The request log keeps no secret."""

from __future__ import annotations

from app.demo.journal import LONGEST, Journal
from app.demo.wire import Request, Response

SECRET = "ya29.demo-SECRETSECRET"


def test_secrets_are_kept_as_hashes_that_can_be_compared() -> None:
    journal = Journal()
    bearer = {"authorization": f"Bearer {SECRET}"}
    for query in (f"access_token={SECRET}&q=a%20b", f"token={SECRET}", f"code={SECRET}&state={SECRET}"):
        journal.add(Request("GET", "/x", query, bearer), Response(200))
    records = journal.records()
    assert SECRET not in repr(records)
    assert {record.token for record in records} == {records[0].token}
    assert records[0].query.endswith("&q=a%20b")
    journal.clear()
    assert journal.records() == []


def test_the_log_forgets_the_oldest() -> None:
    journal = Journal()
    for number in range(LONGEST + 5):
        journal.add(Request("GET", f"/{number}"), Response(200))
    assert [len(journal.records()), journal.records()[0].path] == [LONGEST, "/5"]
