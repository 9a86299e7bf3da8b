"""Whether a line typed at a card asks for something else. Law: only what is worded as a request is; in doubt it is not.

The planner takes a few words about a card for a request ("at ten instead": the agenda at ten?), so that both are asked:
the wording, and the planner.
"""

from __future__ import annotations

from collections.abc import Callable

_OPENS = frozenset(
    {"what", "what's", "whats", "which", "who", "who's", "whom", "whose", "when", "when's", "where", "where's", "how"}
    | {"is", "are", "am", "was", "were", "do", "does", "did", "have", "has", "any"}
    | {"show", "list", "search", "summarise", "summarize", "brief"}
)
_OF_THE_CARD = (("what", "about"), ("what", "if"), ("how", "about"), ("is", "it"), ("is", "this"), ("is", "that"))
_CHANGES = frozenset({"too", "also", "instead", "first", "rather", "well"})


def asks_else(line: str, reads: Callable[[str], bool]) -> bool:
    """`reads` says whether the planner would look something up for these words, and do nothing else."""
    if line.startswith("/"):
        return True
    words = [word.strip(",.;:!?").lower().replace("’", "'") for word in line.split()]
    worded = words[0] in _OPENS and tuple(words[:2]) not in _OF_THE_CARD and words[-1] not in _CHANGES
    return worded and reads(line)
