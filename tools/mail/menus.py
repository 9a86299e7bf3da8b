"""Leaves out the menus of mass mail: rows of links a page repeats in every issue, which say nothing of their own.

Law: only lines that are nothing but a short link, and only several of them in a row; a single button stays.
"""

from collections.abc import Iterable

LEAST = 4
"""So many links one below or beside the other are a menu."""
WORDS = 3
"""A longer link may be a headline."""


def without_menus(text: str, links: Iterable[str]) -> str:
    """The text of a page without its menus; all of it when it is nothing else. `links` are the texts of its links."""
    short = {link for link in links if link and len(link.split()) <= WORDS}
    kept: list[str] = []
    run: list[str] = []
    for line in text.split("\n"):
        if _is_links(line, short) or (run and not line.strip()):
            run.append(line)
        else:
            kept += [*_what_stays(run, kept), line]
            run = []
    return "\n".join((*kept, *_what_stays(run, kept))).strip("\n ") or text


def _is_links(line: str, short: set[str]) -> bool:
    parts = _parts(line)
    return bool(parts) and all(part in short for part in parts)


def _parts(line: str) -> list[str]:
    """What stands side by side in a line, without the marks between."""
    return [part for part in (piece.strip(" -•·") for piece in line.split("|")) if part]


def _what_stays(run: list[str], before: list[str]) -> list[str]:
    """Nothing of a menu but one gap between what stood around it; a shorter run as it is."""
    if sum(len(_parts(line)) for line in run) < LEAST:
        return run
    gap = any(not line.strip() for line in run) and bool(before and before[-1].strip())
    return [""] if gap else []
