"""What is read before the first real letter takes the ways that real ones take."""

from __future__ import annotations

from tools.mail.rehearsal import rehearsed


def test_the_letters_are_of_the_kinds_that_are_judged_in_different_ways() -> None:
    asking, mass, warning, plain = rehearsed()
    assert [one.category for one in (asking, mass, warning, plain)] == ["colleague", "marketing", "phishing", "contact"]
    assert (asking.owed, asking.urgency, asking.due is not None) == (True, "soon", True)
    assert (plain.owed, plain.urgency) == (True, "low")
