"""What a tone looks like: a meaning becomes a colour of the terminal's own palette, so that its theme is respected."""

from __future__ import annotations

from tools.view import Tone

STYLES: dict[Tone, str] = {
    "plain": "",
    "strong": "bold",
    "dim": "dim",
    "good": "green",
    "notice": "yellow",
    "urgent": "bold red",
}
ERROR = "red"
HINT = "dim"
