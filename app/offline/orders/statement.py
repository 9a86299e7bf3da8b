"""Sentences that may order something by stating it: "the second task is done", "the deadline is Thursday now".

Law: a whole sentence that says it plainly; a question, a denial, a doubt or what somebody said is none.
"""

from __future__ import annotations

from app.offline.amounts import ORDINALS
from app.offline.lexicon import listed
from app.offline.words import Line

_IS = frozenset(listed("is are 's"))
DONE = frozenset(listed("done finished complete completed"))
NOW = frozenset(listed("now instead"))
AROUND = frozenset(listed("now already all both also too then well ok okay so great and ! ."))
_DOUBT = frozenset(
    listed(
        "not no never nearly almost half partly soon maybe perhaps probably if when whether unless until once would"
        " will should could can might must may what which who whose where why how did does do has had was were says"
        " said wrote thinks told think hope wish ?"
    )
)
_ASKING = frozenset(listed("is are was were do does did has have had am"))
_FINISHED = (("i", "have", "done"), ("i", "have", "finished"), ("i", "have", "completed"), ("i", "finished"),
             ("i", "completed"), ("i", "have", "sorted"), ("i", "sorted"), ("done", "with"),
             ("i", "am", "done", "with"))  # fmt: skip
DUE = frozenset({"due", "deadline"})
MAY = frozenset(listed("can may could should"))
_AWAY_WITH = frozenset(listed("archive archived bin binned trash trashed deleted rubbish"))
_GOES = frozenset(listed("go be to in into the please all now both straight away too then thanks"))


_CHOSEN = frozenset(
    listed("the one number slot time option works work is fine good great perfect ok okay best suits suit me us for"
           " please then that then's book it and , reserve"
           " schedule i would will take like prefer choose pick want looks sounds yes let us do go with")
)  # fmt: skip


def deed(line: Line, start: int, end: int) -> str:
    """What the sentence in tokens `start` to `end` states; "" where it orders nothing."""
    row = line.row[start : min(_end(line, start), end)]
    if _away(row) and not (_DOUBT - {"will"}) & {*row, line.word(start + len(row))}:
        return "away"
    if _chosen(line, start, len(row)):
        return "chosen"
    if _put_away(row) and line.word(start + len(row)) != "?":
        return "put_away"
    if not row or _DOUBT & {*row, line.word(start + len(row))} or row[0] in _ASKING:
        return ""
    if any(row[: len(words)] == words for words in _FINISHED):
        return "finished"
    spoken = [word for word in row if word not in AROUND]
    if len(spoken) > 2 and spoken[-1] in DONE and spoken[-2] in _IS:
        return "finished"
    if _numbered(line, start, len(row)) and spoken[-1] in DONE:
        return "finished"
    if not _IS & set(row):
        return ""
    return "due" if DUE & set(row) else "elsewhen" if row[-1] in NOW else ""


def _numbered(line: Line, start: int, size: int) -> bool:
    """Whether nothing but places in a list stand before the last word: "2 done", "1 and 3 finished"."""
    places = range(start, start + size - 1)
    said = all(line.kind(i) == "number" or line.word(i) in {"and", "&", ",", "number", "task"} for i in places)
    return size > 1 and said and any(line.kind(i) == "number" for i in places)


def _chosen(line: Line, start: int, size: int) -> bool:
    """Whether no more is said than that one of some is the one: "the second one", "the first works for me"."""
    row = line.row[start : start + size]
    places = [word for word in row if word in ORDINALS or word == "last"]
    numbered = size == 2 and row[0] == "number" and line.kind(start + 1) == "number"
    hours = [i for i in range(start, start + size) if _hour(line, i)]
    said = bool(row) and row[0] in {"the", "number", "i", "let", "yes", *places}
    return (
        said
        and (
            numbered
            or (len(places) == 1 and {*row} - {*places} <= _CHOSEN)
            or (len(hours) == 1 and {*row} - {line.word(hours[0])} <= _CHOSEN | {"am", "pm", "at"})
        )
        and line.word(start + size) != "?"
    )


def _hour(line: Line, i: int) -> bool:
    """Whether a time on the clock stands there: "14:00", "2 pm", "at 2"."""
    led = line.word(i + 1) in {"am", "pm"} or line.word(i - 1) == "at"
    return line.kind(i) == "clock" or (line.kind(i) == "number" and led)


def _put_away(row: tuple[str, ...]) -> bool:
    """Whether something is said to be for the archive or the bin: "1 and 4 can go to the archive"."""
    cut = next((i for i, word in enumerate(row) if word in MAY), 0)
    behind = row[cut + 1 :]
    goes = cut and behind[:1] in (("go",), ("be",)) and row[0] not in _ASKING | {"what", "which", "who", "i", "you"}
    return bool(goes) and bool(_AWAY_WITH & {*behind}) and {*behind} <= _AWAY_WITH | _GOES


def _away(row: tuple[str, ...]) -> bool:
    """Whether it says that the speaker is or will be away."""
    head = 3 if row[:3] == ("i", "will", "be") else 2
    return (head == 3 or row[:2] == ("i", "am")) and row[head : head + 1] in (("away",), ("off",), ("on",), ("out",))


def _end(line: Line, start: int) -> int:
    ends = (i for i in range(start, len(line)) if line.word(i) in {".", "!", "?", ";"} and line.kind(i) == "symbol")
    return next(ends, len(line))
