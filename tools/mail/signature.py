"""Takes off what stands below the last sentence of a mail: signatures, device lines, disclaimers, list footers."""

import re

from tools.mail.lexicon import Words

SIGNATURE_LINES = 14
"""A signature is no longer than this many lines that are not empty."""
LINE_WIDTH = 90
SIGN_OFF_WIDTH = 60
DISCLAIMER_WIDTH = 1_500
DISCLAIMER_PARAGRAPHS = 8

_DELIMITER = re.compile(r"^\s*(?:--|—|––|__)\s*$")
_BAR = re.compile(r"^\s*[-_=*~#]{5,}\s*$")
_BANNER = re.compile(
    r"^\W*(?:\[?(?:caution|warning|external)\b[^\n]{0,20}[:\]]|\[?external\]?\s*(?:e-?mail|sender)?$"
    r"|this (?:e-?mail|message) (?:originated|came|was sent) from outside|you don't often get email from"
    r"|achtung: externe|externe e-?mail|attention ?: (?:ce|cet) e?-?mail.{0,30}externe|correo externo)",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\+?\(?\d[\d ()./-]{6,}\d|[^\s@]{1,64}@[^\s@]{1,64}\.\w|https?://|www\.|^\W*(?:tel|phone|mobile|mob|fax|móvil|tél)\b",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"^\W*(?:p\.?\s?s\.?|pd|nb|n\.b\.)\b", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[?？]\s*$")


def without_signature(text: str, names: tuple[str, ...] = ()) -> str:
    """The text without what follows its last sentence. `names` are the author's ("Ana Torres", "Ana").

    A postscript is kept. A text that is nothing but a signature is given back as it is.
    """
    lines = _without_disclaimers(_without_banner(text.split("\n")))
    start = _signature_start(lines, tuple(name.casefold() for name in names if name))
    kept = "\n".join(lines[:start]).strip("\n ")
    result = "\n\n".join(part for part in (kept, _postscript(lines[start:])) if part)
    return result or text.strip("\n ")


def _without_banner(lines: list[str]) -> list[str]:
    """Drop the "external sender" paragraph that a mail server put on top."""
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is None or not _BANNER.match(lines[first]):
        return lines
    end = next((index for index in range(first, len(lines)) if not lines[index].strip()), None)
    return lines if end is None else lines[end:]


def _without_disclaimers(lines: list[str]) -> list[str]:
    """Drop the paragraphs at the end that say two things only disclaimers and list footers say."""
    starts = [n for n, line in enumerate(lines) if line.strip() and (n == 0 or not lines[n - 1].strip())]
    cut = len(lines)
    for start in reversed(starts[-DISCLAIMER_PARAGRAPHS:]):
        paragraph = " ".join(_paragraph(lines, start))
        hits = Words(paragraph[:DISCLAIMER_WIDTH]).count_alone("disclaimer")
        at_end = cut == len(lines) or start + len(_paragraph(lines, start)) >= cut - 2
        short = hits == 1 and len(paragraph) < 120 and start > 0
        if hits >= 3 or (at_end and (hits == 2 or short or _BAR.match(paragraph))):
            cut = start
    kept = lines[:cut]
    return kept if any(line.strip() for line in kept) else lines


def _paragraph(lines: list[str], start: int) -> list[str]:
    end = next((n for n in range(start, len(lines)) if not lines[n].strip()), len(lines))
    return lines[start:end]


def _signature_start(lines: list[str], names: tuple[str, ...]) -> int:
    """The line at which the signature starts; the number of lines when there is none."""
    seen = 0
    start = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index].strip()
        if not line:
            continue
        seen += 1
        if seen > SIGNATURE_LINES:
            break
        if _DELIMITER.match(line):
            return index
        below = [other.strip() for other in lines[index + 1 :] if other.strip()]
        if _begins_signature(line, below, names) or _is_contact_block(lines, index):
            start = index
        elif _belongs_to_text(line):
            break
    return start


def _begins_signature(line: str, below: list[str], names: tuple[str, ...]) -> bool:
    if _is_name(line, names):
        return True
    if len(line) > SIGN_OFF_WIDTH:
        return False
    head, comma, tail = line.partition(",")
    if comma and tail.strip():  # "Best, Ana" on one line
        signs = Words(head)
        return (signs.is_whole("sign_off.regards") or signs.is_whole("sign_off.thanks")) and _is_name(tail, names)
    words = Words(line.partition("<")[0])
    if words.is_whole("sign_off.device"):
        return True
    if words.is_whole("sign_off.thanks"):
        return len(below) <= 1 or _is_name(below[0], names) or Words(below[0]).is_whole("sign_off.device")
    return words.is_whole("sign_off.regards") and (not below or len(below[0].split()) <= 6)


def _is_name(line: str, names: tuple[str, ...]) -> bool:
    return line.strip(" ,.-–—*_/").casefold() in names


def _is_contact_block(lines: list[str], index: int) -> bool:
    """Whether a paragraph of its own starts here that gives at least two ways to reach the author."""
    if index == 0 or lines[index - 1].strip() or len(lines[index]) > LINE_WIDTH:
        return False
    end = next((other for other in range(index, len(lines)) if not lines[other].strip()), len(lines))
    return end - index >= 3 and sum(bool(_CONTACT.search(line)) for line in lines[index:end]) >= 2


def _belongs_to_text(line: str) -> bool:
    return bool(_ENDS_SENTENCE.search(line)) or len(line) > LINE_WIDTH or (line.endswith(".") and len(line.split()) > 6)


def _postscript(lines: list[str]) -> str:
    start = next((index for index, line in enumerate(lines) if _POSTSCRIPT.match(line)), len(lines))
    return "\n".join(lines[start:]).strip("\n ")
