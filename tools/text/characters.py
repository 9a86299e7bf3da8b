"""Makes foreign text safe to show.

Law: what leaves here holds no control, bidirectional, invisible or private character.
"""

import re
import unicodedata

_JOINERS = "\u200c\u200d"  # spelling in Persian and the Indic scripts, and the glue inside emoji
_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls (line ends are settled before)
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners and fillers without a shape
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"  # zero width and bidirectional controls
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ue000-\uf8ff\ud800-\udfff"  # private use, lone surrogates
    "\ufe00-\ufe0e"  # variation selectors, but for the one that makes an emoji (fe0f)
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U0010ffff"  # tags, more selectors, the private planes: text smuggled unseen
    "]+"
)
_STRAY_JOINER = re.compile(
    f"(?<![\u0600-\u0dff\u2600-\u27bf\ufe0f\U0001f000-\U0001ffff])[{_JOINERS}]+"
    f"|[{_JOINERS}]+(?![\u0600-\u0dff\u2600-\u27bf\U0001f000-\U0001ffff])"
)
_DISGUISE = re.compile(
    "[\u202a-\u202e\u2066-\u2069\ue000-\uf8ff\U000e0000-\U000e01ef\U000f0000-\U0010ffff]"
    "|[a-zA-Z][\u200b-\u200d\u2060]{1,3}[a-zA-Z]{1,6}[\u200b-\u200d\u2060]{1,3}[a-zA-Z]"
)
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_PLAIN = re.compile(r"[\n -~]*\Z")


def visible(text: str) -> str:
    """The text with LF line ends and ordinary spaces, composed (NFC), without anything a reader cannot see."""
    if _PLAIN.match(text):
        return text
    text = _SPACES.sub(" ", _BREAKS.sub("\n", text))
    text = _STRAY_JOINER.sub("", _UNSEEN.sub("", text))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def disguised(text: str) -> bool:
    """Whether the text holds characters that hide or turn around what it says."""
    return not text.isascii() and bool(_DISGUISE.search(text))


def one_line(text: str, limit: int) -> str:
    """`visible` text on one line, cut at `limit` characters with an ellipsis."""
    return cut(" ".join(visible(text).split()), limit)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word where there is one, the cut shown by an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    word = head.rfind(" ")
    return (head[:word] if word > limit * 0.6 else head).rstrip(" ,;:-") + "…"
