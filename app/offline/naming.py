"""Things that can be listed and not be searched, by their name or by who takes part: "when is the budget review".

Law: what is listed is opened by its name; where none bears it, that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.offline.plan import Step, Wait
from app.offline.reading import Reader
from app.offline.slots import Skill

NEAR, FAR = timedelta(days=14), timedelta(days=92)
"""How far ahead a thing is looked for whose time is not said; farther where it is not found."""


def opened(lister: Skill, reader: Reader, now: datetime, words: tuple[str, ...], *, who: bool) -> list[Step]:
    """The list of what comes, and what opens the first of that name, or with those people; none where nothing does."""
    known = [skill for skill in reader.knowledge.skills.values() if skill.reads]
    opener = next((skill for skill in known for kind in lister.mints if skill.opens(kind)), None)
    if opener is None:
        return []
    handle = opener.takes("handle")[0]
    wait = Wait(handle.name, handle.kind, words, named=not who, who=who)
    return [looked_for(lister.name, {}, now), Step(opener.name, {}, wait)]


def looked_for(name: str, args: Mapping[str, Any], now: datetime) -> Step:
    """The list of what comes in the time that was said; else in the next weeks, and behind them."""
    start, near, far = (at.isoformat() for at in (now, now + NEAR, now + FAR))
    coming, farther = {"start": start, "end": near}, {"start": near, "end": far}
    return Step(name, args, aside=True) if args else Step(name, coming, further=farther, aside=True)
