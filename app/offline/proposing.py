"""The calls that a filling comes to, put into the plan; what is missing is looked up first, or asked for.

Law: what is refused by the tool's own schema is asked for, never sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.offline import lookup
from app.offline.filling import Filling, Variant
from app.offline.lexicon import listed
from app.offline.plan import Plan, Question, Step
from app.offline.reading import Reader
from app.offline.slots import Skill, Slot

_GROUPS = frozenset(listed("customers clients suppliers vendors partners candidates applicants investors"))
ENDS = {
    1: "Nothing comes after that in the list. Which do you mean? Say “the second one”, or a word of its title.",
    -1: "Nothing comes before that in the list. Which do you mean? Say “the second one”, or a word of its title.",
}
"""What is asked where one goes beyond an end of a list."""


def propose(plan: Plan, filling: Filling, base: dict[str, object], reader: Reader) -> None:
    """Put into the plan the calls that `base` and what is filled come to; a question, or a look for the thing that
    is meant, where an argument is missing."""
    missing = filling.missing(base)
    after = next((slot for slot in filling.skill.takes("handle")), None)
    skills = reader.knowledge.skills
    moved = lookup.instead(plan.steps, after, skills) if after and after in missing and lookup.points(filling) else None
    plan.steps[-1:] = [moved] if moved else plan.steps[-1:]
    step = lookup.following(filling, after, plan.steps, skills) if after else None
    if step:
        plan.steps.append(replace(step, args={**base, **step.args}))
        return
    if missing:
        _ask_or_look_up(plan, filling, missing[0], filling.calls(base)[0], reader)
        return
    for args in filling.calls(base):
        refused = filling.skill.refuses(args)
        if refused is None:
            step = Step(filling.skill.name, args)
            fuller = not args and any(one.name == step.name for one in plan.steps)
            plan.steps += [] if fuller or step in plan.steps else [step]
        elif plan.question is None:
            kept = {name: value for name, value in args.items() if name != refused[0].name}
            plan.question = Question(filling.skill.name, kept, *refused)


def _ask_or_look_up(plan: Plan, filling: Filling, missing: Slot, args: Variant, reader: Reader) -> None:
    others = [reading.filling for reading in reader.readings(filling.clause) if reading.filling]
    listing = lookup.helper(filling, reader.addressed(filling)) or lookup.helper(filling, others)
    hand = reader.view.hand.get(missing.kind, "")
    pointings = filling.clause.pointings
    step = next((p.step for p in pointings if p.step), 0)
    if hand and not listing and not step and not any(p.place for p in pointings):
        plan.steps.append(Step(filling.skill.name, {**args, missing.name: hand}))
    elif listing:
        plan.steps += lookup.steps(filling, missing, listing, args)
    elif rest := _of_what(filling, reader):
        _ask_or_look_up(plan, rest, missing, args, reader)
    elif plan.question is None:
        shown = any(ref.kind == missing.kind for refs in reader.view.lists for ref in refs)
        plan.question = Question(filling.skill.name, args, missing, shown=shown, ask=ENDS.get(step, "") if hand else "")


def _of_what(filling: Filling, reader: Reader) -> Filling | None:
    """The same of what stands behind "of", where the words before it fill other arguments: "part 2 of the handbook"."""
    line = filling.clause.line
    of = next((i for i in range(len(line)) if line.word(i) == "of" and i - 1 in filling.used), 0)
    return reader.filled(filling.skill, reader.without(filling.clause, {*filling.used, of})) if of else None


def ungrouped(plan: Plan, skills: Mapping[str, Skill]) -> None:
    """Take out of the steps a person who is none, and say so: "mail from customers" is of nobody called so."""
    for i, step in enumerate(plan.steps):
        slots = [slot.name for slot in skills[step.name].takes("person")] if skills[step.name].reads else []
        gone = [name for name in slots if str(step.args.get(name, "")) in _GROUPS]
        plan.unused += [f"from {step.args[name]}" for name in gone]
        if gone:
            plan.steps[i] = replace(step, args={name: value for name, value in step.args.items() if name not in gone})
