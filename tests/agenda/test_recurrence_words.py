"""How a series repeats, in words; what is not fully understood is not said."""

from __future__ import annotations

from datetime import date

import pytest

from tests.agenda.grid import ZURICH
from tools.agenda.recurrence_words import recurrence_words

FIRST, TODAY = date(2027, 1, 12), date(2027, 1, 20)  # a Tuesday


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=5", "every 3 days, 5 times"),
        ("FREQ=WEEKLY", "every Tuesday"),
        ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20270329T080000Z", "every Monday, until Mon 29 Mar"),
        ("FREQ=WEEKLY;UNTIL=20270329T230000Z", "every Tuesday, until Tue 30 Mar"),
        ("FREQ=WEEKLY;UNTIL=20280329", "every Tuesday, until Wed 29 Mar 2028"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO;WKST=MO", "every 2 weeks on Monday and Friday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday (Monday to Friday)"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every weekday (Monday to Friday)"),
        ("FREQ=MONTHLY", "every month on day 12"),
        ("FREQ=MONTHLY;BYDAY=2TU", "every month on the second Tuesday"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR", "every 3 months on the last Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "every month on day 1 and 15"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        ("FREQ=YEARLY", "every year on 12 Jan"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "every year on the fourth Thursday of Nov"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", ""),
        ("FREQ=MONTHLY;BYDAY=TU", ""),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", ""),
        ("FREQ=DAILY;BYMONTH=7", ""),
        ("FREQ=WEEKLY;UNTIL=soon", ""),
        ("FREQ=FORTNIGHTLY", ""),
        ("FREQ=WEEKLY;BYDAY=XX", ""),
        ("nonsense", ""),
    ],
)
def test_a_rule_in_words(rule: str, said: str) -> None:
    assert recurrence_words([f"RRULE:{rule}", "EXDATE:20270119"], FIRST, TODAY, ZURICH) == said


def test_several_rules_or_none_are_not_put_into_words() -> None:
    assert recurrence_words(["RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"], FIRST, TODAY, ZURICH) == ""
    assert recurrence_words(["RDATE:20270119", 7], FIRST, TODAY, ZURICH) == ""
