"""Verdicts as JUnit XML, as build servers read it."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from app.tapes.verdict import UNUSABLE, Verdict


def report(found: Sequence[Verdict]) -> str:
    """One test suite, one case for each tape: a failure where it differs, an error where it cannot be used."""
    failures = sum(not one.ok and one.code != UNUSABLE for one in found)
    errors = sum(one.code == UNUSABLE for one in found)
    seconds = sum(one.seconds for one in found)
    head = f'tests="{len(found)}" failures="{failures}" errors="{errors}" time="{seconds:.3f}"'
    cases = "".join(_case(one) for one in found)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<testsuite name="tapes" {head}>\n{cases}</testsuite>\n'


def _case(one: Verdict) -> str:
    head = f'  <testcase classname="tapes" name={quoteattr(one.path)} time="{one.seconds:.3f}"'
    if one.ok:
        return f"{head}/>\n"
    kind = "error" if one.code == UNUSABLE else "failure"
    first = next(iter(one.told.splitlines()), "")
    return (
        f"{head}>\n    <{kind} message={quoteattr(_plain(first))}>{escape(_plain(one.told))}</{kind}>\n  </testcase>\n"
    )


def _plain(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c if c in "\n\t" or c >= " " else f"\\x{ord(c):02x}" for c in text)
