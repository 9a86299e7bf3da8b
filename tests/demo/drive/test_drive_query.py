"""The query language: what each term finds, and that nothing unreadable is guessed at."""

from __future__ import annotations

import pytest

from tests.demo.drive.conftest import DOC, Caller, Shelf
from tests.demo.little_office import ALEX, DANA

PLAN, REPORT, BUDGET, OLD = "Aurora launch plan", "report's 10.bin", "Budget_2026.txt", "report's 9.txt"
FOLDERS = {"Plans", "Dana's things"}
EVERY = {PLAN, REPORT, BUDGET, OLD} | FOLDERS


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name contains 'aurora'", {PLAN}),
        ("name contains 'laun'", {PLAN}),
        ("name contains 'aunch'", set()),
        ("name contains 'plan launch'", {PLAN}),
        ("name contains 'budget'", {BUDGET}),
        ("name contains '2026'", {BUDGET}),
        ("name = 'aurora launch plan'", {PLAN}),
        ("name = 'report\\'s 10.bin'", {REPORT}),
        ("name != 'Aurora launch plan'", EVERY - {PLAN}),
        ("fullText contains 'launch'", {PLAN, OLD}),
        ("fullText contains 'laun'", set()),
        ("fullText contains 'gold bars'", {BUDGET}),
        ("fullText contains 'bars gold'", {BUDGET}),
        ("fullText contains '\"gold bars\"'", {BUDGET}),
        ("fullText contains '\"bars gold\"'", set()),
        ("fullText contains '*'", set()),
        (f"mimeType = '{DOC}'", {PLAN}),
        ("mimeType != 'text/plain'", {PLAN, REPORT} | FOLDERS),
        ("mimeType contains 'application/vnd.google'", {PLAN} | FOLDERS),
        ("modifiedTime > '2026-03-23T12:00:00'", {PLAN}),
        ("modifiedTime >= '2026-03-24T10:00:00+01:00' and mimeType != 'x'", {PLAN}),
        ("modifiedTime <= '2026-03-21'", {OLD} | FOLDERS),
        ("createdTime < '2026-02-20T00:00:00Z'", FOLDERS),
        ("viewedByMeTime > '2020-01-01'", set()),
        ("'me' in owners", {PLAN, REPORT, OLD, "Plans"}),
        (f"'{DANA}' in owners", {BUDGET, "Dana's things"}),
        (f"'{ALEX}' in writers", {PLAN, REPORT, OLD, "Plans"}),
        (f"'{ALEX}' in readers", EVERY),
        ("'root' in parents", {REPORT, OLD, "Plans"}),
        ("trashed = true", {OLD}),
        ("trashed=false and starred=true", {REPORT}),
        ("starred != true", EVERY - {REPORT}),
        ("sharedWithMe", {BUDGET, "Dana's things"}),
        ("sharedWithMe = false and not trashed = true", {PLAN, REPORT, "Plans"}),
        ("not (name contains 'report' or name contains 'budget') and not mimeType contains 'x'", {PLAN} | FOLDERS),
        ("name contains 'plan' or name contains 'budget' and trashed = true", {PLAN, "Plans"}),
        ("NOT name contains 'report' AND mimeType = 'text/plain'", {BUDGET}),
    ],
)
def test_terms(reader: Caller, query: str, names: set[str]) -> None:
    assert set(reader.names(query)) == names


def test_folders(reader: Caller, shelf: Shelf) -> None:
    assert reader.names(f"'{shelf.folder}' in parents") == [PLAN]
    assert reader.names(f"'{shelf.shared_folder}' in parents") == [BUDGET]
    assert reader.names("'nowhere' in parents") == []


@pytest.mark.parametrize(
    "query",
    [
        "name",
        "aurora",
        "name contains aurora",
        'name contains "aurora"',
        "name contains 'aurora",
        "name contains 'report's'",
        "name like 'x'",
        "name contains 'a' and",
        "name contains 'a' name contains 'b'",
        "(name contains 'a'",
        "name contains 'a')",
        "not",
        "trashed = 'true'",
        "trashed",
        "trashed > true",
        "colour = 'red'",
        "mimeType in 'x'",
        "modifiedTime > 'yesterday'",
        "modifiedTime contains '2026'",
        "'x' in colours",
        "'x' of parents",
        "'x'",
        "fullText = 'x'",
        "(" * 60 + "trashed = true" + ")" * 60,
        "name contains 'a'; drop table drive_files",
    ],
)
def test_what_is_no_query(reader: Caller, query: str) -> None:
    answer = reader.get("files", q=query)
    assert answer.status == 400
    error = answer.json["error"]
    assert (error["message"], error["errors"][0]["reason"], error["errors"][0]["location"]) == (
        "Invalid Value",
        "invalid",
        "q",
    )


def test_what_is_quoted_is_no_syntax(reader: Caller) -> None:
    for value in ("' or '1' = '1".replace("'", "\\'"), '"', "NEAR(a b)", "a*", "name : b", "\\\\", "^a", "a AND b"):
        assert reader.names(f"fullText contains '{value}'") == [], value
        assert reader.names(f"name contains '{value}'") in ([], [PLAN]), value
