"""Which part of a day words name: its morning, noon, afternoon, evening or end, in the languages of `times.toml`.

Law: a part narrows the day that is spoken of beside it; alone it names none.
"""

import re
from functools import lru_cache
from typing import Literal

from tools.mail.phrases import fold

Daypart = Literal["", "morning", "noon", "afternoon", "evening", "end"]

_PARTS: tuple[tuple[Daypart, re.Pattern[str]], ...] = (
    # The longer word before the one it ends with: "nachmittag" is no "mittag".
    ("end", re.compile(r"\b(?:eod|cob|end of|close of|ende des|tagesende|feierabend|\w+schluss|final d|fin d|fim d)")),
    (
        "end",
        re.compile(
            r"\b(?:cierre|acabe|fine (?:della |di )?giornata|(?:einde?|eind) (?:van )?(?:de )?(?:werk)?dag)|下班|終業"
        ),
    ),
    ("afternoon", re.compile("afternoon|nachmittag|apres.midi|aprem|tarde|pomeriggio|namiddag|vanmiddag|dagmiddag")),
    ("noon", re.compile("(?:mittag|\\bmidi)$")),
    ("evening", re.compile("evening|night|abend|nacht|noche|noite|soir|sera|avond|晚|夜")),
    ("morning", re.compile(r"fruh|morning|vormittag|matin|mattina|\bmanha|(?:por la|esta) manana|ochtend|first thing")),
    ("morning", re.compile("primera hora|premiere heure|primeira hora|prima ora|als erstes|cedo|vroeg|presto|早|朝")),
)


@lru_cache(maxsize=4096)
def daypart(said: str) -> Daypart:
    """The part of the day in the words of one expression of time, as they stand in a text; "" for none."""
    folded = fold(said)
    return next((part for part, words in _PARTS if words.search(folded)), "")
