"""Text that others wrote, made safe to show: no markup, nothing a reader cannot see, cut with a mark."""

from __future__ import annotations

import re

from tools.text.characters import one_line, visible

CUT = "[… cut]"
_MARKUP = re.compile(r"</?[a-zA-Z!][^>]*>|&[a-zA-Z#0-9]+;")
_BREAKS = re.compile(r"(?i)<(br|/?p|/?div|/?li|/?tr|/?h[1-6]|/?ul|/?ol)\b[^>]*>")


def line(text: object, limit: int = 120) -> str:
    """One line of clean text of at most `limit` characters; "" for anything that is not text."""
    return one_line(text, limit) if isinstance(text, str) else ""


def paragraphs(text: object, limit: int = 4000) -> str:
    """Clean text with its line breaks, HTML turned to text, at most one empty line in a row."""
    raw = text if isinstance(text, str) else ""
    shown = visible(_untagged(raw) if _MARKUP.search(raw) else raw)
    lines = (" ".join(part.split()) for part in shown.split("\n"))
    clean = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return clean if len(clean) <= limit else clean[: limit - len(CUT) - 1].rstrip() + " " + CUT


def _untagged(html: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_BREAKS.sub(r"\n<\1>", html.replace("\0", "")))
    tree.strip_tags(["script", "style", "template"], recursive=True)
    return tree.body.text(separator="") if tree.body else ""
