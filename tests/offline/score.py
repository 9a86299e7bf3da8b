"""Prints how much of its requests the planner gets right: `python -m tests.offline.score [-v]`.

One half of requests.toml may be tuned on, the other is only scored, and so is fresh.toml, which was written when the
planner had been tuned already. writes.toml holds requests that change something, halved in the same way; -v lists what
goes wrong in the first halves, never in the others.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from tests.offline.cases import EVERY_TOOL, TOOLS, Case, Played, all_right, intents_right, load, planner, play
from tools.base import Tool


@dataclass(frozen=True)
class Score:
    """Shares of a half: the tools right, and all arguments right as well."""

    cases: int
    intent: float
    full: float

    def __str__(self) -> str:
        return f"{self.cases:4d} requests   intent {self.intent:6.1%}   full arguments {self.full:6.1%}"


def scored(cases: list[tuple[Case, Played]], tools: tuple[Tool, ...] = TOOLS) -> Score:
    intent = sum(intents_right(case, played) for case, played in cases)
    full = sum(all_right(case, played, tools) for case, played in cases)
    return Score(len(cases), intent / len(cases), full / len(cases))


def fresh() -> list[tuple[Case, Played]]:
    model = planner()
    return [(case, play(case, model)) for case in load("fresh.toml")]


def orders() -> tuple[list[tuple[Case, Played]], list[tuple[Case, Played]]]:
    """The requests that change something, played with every tool: those tuned on, and those only scored."""
    model = planner(EVERY_TOOL)
    played = [(case, play(case, model)) for case in load("writes.toml")]
    return [one for one in played if one[0].tuned], [one for one in played if not one[0].tuned]


def halves() -> tuple[list[tuple[Case, Played]], list[tuple[Case, Played]]]:
    model = planner()
    played = [(case, play(case, model)) for case in load()]
    return [one for one in played if one[0].tuned], [one for one in played if not one[0].tuned]


def _told(case: Case, played: Played) -> str:
    kind = "arguments" if intents_right(case, played) else "intent"
    wanted = f"{case.readings[0]} {' '.join(case.outcomes)}"
    return (
        f"{kind}: {' | '.join((*case.before, case.say))}\n  wanted {wanted}\n  got    {played.calls} {played.outcome}\n"
    )


def main() -> None:
    tuned, kept = halves()
    changes, changes_kept = orders()
    if "-v" in sys.argv:
        sys.stdout.writelines(_told(case, played) for case, played in tuned if not all_right(case, played))
        wrong = (one for one in changes if not all_right(*one, EVERY_TOOL))
        sys.stdout.writelines(_told(case, played) for case, played in wrong)
    sys.stdout.write(f"tuned on    {scored(tuned)}\nonly scored {scored(kept)}\nfresh       {scored(fresh())}\n")
    sys.stdout.write("changes:\n")
    sys.stdout.write(f"tuned on    {scored(changes, EVERY_TOOL)}\nonly scored {scored(changes_kept, EVERY_TOOL)}\n")


if __name__ == "__main__":
    main()
