"""What is asked of a list that is only seen for a time: which of it is with whom, or about what, or how many.

Law: a thing is named for what its title or its people hold; where none does, that is said, and the list stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.offline.filling import Filling
from app.offline.lexicon import EMPTY
from app.offline.plan import Pick, Plan
from app.offline.pointing import stems
from app.offline.reading import Reader, Reading
from app.offline.rounds import named_by, plain
from app.offline.thread import Ref, Thread, Turn
from app.offline.words import Line, stem

MOST = 5
_COUNTING = ("how", "many")
_THOSE = frozenset({"those", "these", "them"})
_NAMES = frozenset({"with", "from", "for", "bare", "subject"})


def left(plan: Plan, reading: Reading, reader: Reader) -> None:
    """Put into the plan what the reading has no argument for: to be looked for in what is shown, or only told."""
    if reading.filling is None:
        return
    skill, clause = reading.filling.skill, reading.filling.clause
    taken = {str(value) for step in plan.steps for value in step.args.values()}
    marks = [mark for mark in reader.unexplained.marks(reading.filling) if set(mark.tokens) <= set(reading.left)]
    plan.unused += figures(reading.filling)
    for mark in marks:
        words = tuple(clause.line.word(i) for i in mark.tokens if clause.line.word(i) not in EMPTY)
        if skill.by_time and words and (mark.tag in _NAMES or mark.tag in {"topic", "object"}):
            plan.picks.append(Pick(skill.name, words, clause.said(mark.tokens), who=mark.tag in _NAMES))
        elif clause.said(mark.tokens) not in taken:
            plan.unused.append(clause.said(mark.tokens))


def of_the_list(plan: Plan, line: Line, thread: Thread) -> None:
    """Of the list that stands there, where "those" are asked about; and without the list, where its length is."""
    last = thread.before[-1].calls[-1:] if thread.before else []
    asked = [thread.before[-1].request] if thread.before and line.word(0) == "and" else []
    counted = line.words(0, 2) == _COUNTING or any(text.lower().startswith(" ".join(_COUNTING)) for text in asked)
    for i, step in enumerate(plan.steps):
        again = last and plan.picks and step.name == last[0].name and not step.args and _THOSE & {*line.row}
        args = last[0].args if again else step.args
        plan.steps[i] = replace(step, args=args, aside=step.aside or counted)


def figures(filling: Filling) -> list[str]:
    """The words around the figures that a sum was read without: what it comes to is not the whole."""
    clause, whole = filling.clause, filling.clause.sum
    if whole is None or not filling.skill.takes("sum"):
        return []
    free = [i for i in range(len(clause.line)) if i not in filling.used and clause.line.kind(i) == "number"]
    behind = [i for i in free if i >= whole.end]
    ahead = [i for i in free if i < whole.start]
    end = next((i for i in range(len(clause.line), 0, -1) if clause.line.word(i - 1) not in {"?", ".", "!"}), 0)
    return ([clause.said(range(ahead[0], whole.start))] if ahead else []) + (
        [clause.said(range(whole.end, end))] if behind else []
    )


def told(picks: Sequence[Pick], turn: Turn) -> Iterable[str]:
    """Which of what a list shows is meant."""
    for name in dict.fromkeys(pick.name for pick in picks):
        shown = [ref for past, one in turn.results if past.name == name and one.status == "ok" for ref in one.refs]
        wanted = [pick for pick in picks if pick.name == name]
        said = " ".join(f"{'with ' if pick.who else ''}“{pick.said}”" for pick in wanted)
        fitting = [ref for ref in dict.fromkeys(shown) if all(_fits(pick, ref) for pick in wanted)]
        more = f" and {len(fitting) - MOST} more" if len(fitting) > MOST else ""
        names = ", ".join(f"“{plain(ref.label)}”" for ref in fitting[:MOST])
        yield (
            f"Of these, {said}: {names}{more}." if fitting else f"None of these is {said}, by its title and its guests."
        )


def _fits(pick: Pick, ref: Ref) -> bool:
    held = stems(ref.label)
    if all(stem(word) in held for word in pick.words):
        return True
    return pick.who and named_by(pick.words, ref)
