"""Prints how much of its requests the planner gets right: `python -m tests.offline.score [-v]`.

One half of requests.toml may be tuned on, the other is only scored, and so is fresh.toml, which was written when the
planner had been tuned already. Both are played with the tools that only read, and with the whole menu of the registry.
writes.toml holds requests that change something, halved in the same way; busy, services, talked, heard, blind,
strange and voices.toml were tuned on (blind.toml was first written by somebody who did not know the planner),
unseen.toml, as busy people type, never was. last.toml was written when all tuning was over, by one who knew the
planner; second.toml and third.toml by two others, who did not: the honest figures. fourth.toml was written in the same
way, before its writer saw the planner, and then halved and tuned on by that writer; fifth.toml and sixth.toml are only
scored, and were written by people who saw neither the examples of app/offline/trained nor another set; so is
seventh.toml, in which most of what is said leans on what was shown or done before. Calls made at once have no order.
-v lists what goes wrong where tuning is allowed, never in the others.
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


def fresh(tools: tuple[Tool, ...] = TOOLS) -> list[tuple[Case, Played]]:
    model = planner(tools)
    return [(case, play(case, model)) for case in load("fresh.toml") if tools is TOOLS or not case.refused]


def busy(name: str) -> list[tuple[Case, Played]]:
    """Requests over all tools, of a set that is not halved."""
    model = planner(EVERY_TOOL)
    return [(case, play(case, model)) for case in load(name)]


def halves(
    name: str = "requests.toml", tools: tuple[Tool, ...] = TOOLS
) -> tuple[list[tuple[Case, Played]], list[tuple[Case, Played]]]:
    """The requests as played, those tuned on and those only scored. With every tool, those that were to be refused for
    want of a tool are left out."""
    model = planner(tools)
    cases = [case for case in load(name) if name != "requests.toml" or tools is TOOLS or not case.refused]
    played = [(case, play(case, model)) for case in cases]
    return [one for one in played if one[0].tuned], [one for one in played if not one[0].tuned]


def orders() -> tuple[list[tuple[Case, Played]], list[tuple[Case, Played]]]:
    """The requests that change something."""
    return halves("writes.toml", EVERY_TOOL)


def _told(case: Case, played: Played) -> str:
    kind = "arguments" if intents_right(case, played) else "intent"
    wanted = f"{case.readings[0]} {' '.join(case.outcomes)}"
    return (
        f"{kind}: {' | '.join((*case.before, case.say))}\n  wanted {wanted}\n  got    {played.calls} {played.outcome}\n"
    )


def _report(title: str, rows: dict[str, list[tuple[Case, Played]]], tools: tuple[Tool, ...]) -> None:
    sys.stdout.write(f"{title}\n")
    for name, played in rows.items():
        if name == "tuned on" and "-v" in sys.argv:
            sys.stdout.writelines(_told(*one) for one in played if not all_right(*one, tools))
        sys.stdout.write(f"{name:<12}{scored(played, tools)}\n")


def main() -> None:
    for title, tools in (("questions, with the tools that read:", TOOLS), ("questions, with every tool:", EVERY_TOOL)):
        tuned, kept = halves(tools=tools)
        _report(title, {"tuned on": tuned, "only scored": kept, "fresh": fresh(tools)}, tools)
    tuned, kept = orders()
    _report("changes, with every tool:", {"tuned on": tuned, "only scored": kept}, EVERY_TOOL)
    rows = {"tuned on": busy("busy.toml"), "only scored": busy("unseen.toml")}
    _report("both, as busy people type them, with every tool:", rows, EVERY_TOOL)
    _report("mail, Slack and calendar, with every tool:", {"tuned on": busy("services.toml")}, EVERY_TOOL)
    _report("as said in passing, with every tool:", {"tuned on": busy("talked.toml")}, EVERY_TOOL)
    _report("as others word them, with every tool:", {"tuned on": busy("heard.toml")}, EVERY_TOOL)
    _report("written blind, with every tool:", {"tuned on": busy("blind.toml")}, EVERY_TOOL)
    _report("in other words than those, with every tool:", {"tuned on": busy("strange.toml")}, EVERY_TOOL)
    _report("in the voices of different people, with every tool:", {"tuned on": busy("voices.toml")}, EVERY_TOOL)
    _report("written after all tuning, with every tool:", {"only scored": busy("last.toml")}, EVERY_TOOL)
    _report("by another author, with every tool:", {"only scored": busy("second.toml")}, EVERY_TOOL)
    _report("by a third author, with every tool:", {"only scored": busy("third.toml")}, EVERY_TOOL)
    _report("by a fifth author, with every tool:", {"only scored": busy("fifth.toml")}, EVERY_TOOL)
    _report("by a sixth author, with every tool:", {"only scored": busy("sixth.toml")}, EVERY_TOOL)
    _report("in the course of a conversation, with every tool:", {"only scored": busy("seventh.toml")}, EVERY_TOOL)
    tuned, kept = halves("fourth.toml", EVERY_TOOL)
    _report("by a fourth author, with every tool:", {"tuned on": tuned, "only scored": kept}, EVERY_TOOL)


if __name__ == "__main__":
    main()
