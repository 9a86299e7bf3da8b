"""Makes untrusted text safe to print: what would steer a terminal or hide from the eye is shown as an escape.

Law: nothing a mail, an invitation or a model says reaches the screen without passing here.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # printable by their category, and yet invisible
JOINERS = "\u200c\u200d"
HIDDEN_SHOWN = 3
_SELECTORS = re.compile("(?<=[\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_HIDDEN_RUN = re.compile(rf"(?:\x00[^\x00]+\x00 *){{{HIDDEN_SHOWN + 1},}}")
_URL = re.compile(
    r"<?\b([a-z][a-z0-9+.-]{1,15}://[^\s<>\"'`]+|(?:(?:mailto|javascript|tel):|data:\w+/)[^\s<>\"'`]+)>?", re.IGNORECASE
)


def visible(text: str, *, lines: bool = False) -> str:
    """The text with control, bidirectional and invisible characters as escapes; a run of them is cut short and counted.

    Line breaks are kept with `lines`, else they become spaces.
    """
    text = text.replace("\r\n", "\n").replace("\t", "    " if lines else " ")
    if text.isprintable() and text.isascii():
        return text
    marked = "".join(_mark(text, index, lines) for index in range(len(text)))
    marked = _SELECTORS.sub(lambda found: _escape(found[0]), marked)
    return _HIDDEN_RUN.sub(_count, marked).replace("\x00", "")


def inert(text: str) -> str:
    """The text with every address reduced to what no terminal makes a link of: the real host, then the path."""
    return _URL.sub(lambda found: _address(found[1]), text)


def plain(text: str, *, lines: bool = False) -> str:
    """Both: what every text of others goes through on its way to the screen."""
    return inert(visible(text, lines=lines))


def host_of(url: str) -> str:
    """The host a URL really leads to, in ASCII (punycode for other scripts); "" when it names none."""
    try:
        host = urlsplit(url).hostname or ""
        return host if host.isascii() else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        return ""


def _mark(text: str, index: int, lines: bool) -> str:
    sign = text[index]
    if sign == "\n":
        return "\n" if lines else " "
    if sign.isprintable() and sign not in FILLERS:
        return sign
    if sign.isspace() and sign > "\x7f" and sign not in "\x85\u2028\u2029":
        return " "
    if sign in JOINERS and _joins(text, index):
        return sign
    return _escape(sign)


def _joins(text: str, index: int) -> bool:
    """Is this joiner part of a word or an emoji of a script that needs it?"""
    around = text[index - 1 : index] + text[index + 1 : index + 2]
    return len(around) == 2 and all(sign > "\u02ff" and sign.isprintable() and sign not in FILLERS for sign in around)


def _escape(sign: str) -> str:
    """Fenced with NUL, which no marked text holds otherwise, so that runs can be counted."""
    code = ord(sign)
    return (
        f"\x00\\x{code:02x}\x00"
        if code < 0x100
        else f"\x00\\u{code:04x}\x00"
        if code < 0x10000
        else f"\x00\\U{code:08x}\x00"
    )


def _count(found: re.Match[str]) -> str:
    escapes = found[0].split("\x00")[1::2]
    return f"{''.join(escapes[:2])}…({len(escapes)} hidden characters) "


def _address(url: str) -> str:
    tail = url[len(url.rstrip(".,;:!?)]")) :]
    url = url.removesuffix(tail)
    host = host_of(url)
    if not host:
        return url.replace(":", " : ", 1) + tail
    rest = url.partition("://")[2].partition("/")[2]
    return host + (f"/{rest}" if rest else "") + tail
