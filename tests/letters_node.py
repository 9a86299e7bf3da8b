"""A rightly declared tool node as the text of its file, to be changed into wrong ones."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

GOOD = '''"""A node whose annotations are evaluated at once."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from tools.base import Access, Finding, Name, ToolContext, ToolNode, tool

ACCESS = Access("google", "mail.read", ("scope",), ("GET host.example/a/*?format=full|raw",), "read your mail")


class Letters(Finding):
    def lead(self, name: Name) -> str:
        return "none"


class Window(BaseModel):
    begins: AwareDatetime


@tool(access=ACCESS, asks=("list the letters",))
def list_letters(
    context: ToolContext,
    since: Annotated[AwareDatetime | None, Field(description="From when on.")] = None,
    window: Window | None = None,
) -> Letters:
    """List letters."""
    return Letters()


NODE = ToolNode(effect="read", brief="Letters in order.", tools=(list_letters,), mints=("letter",))
'''


def load(path: Path, text: str) -> ModuleType:
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def changed(*swaps: tuple[str, str]) -> str:
    text = GOOD
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new)
    return text


TOOL, NODE = (1 + GOOD[: GOOD.index(f"\n{start}") + 1].count("\n") for start in ("@tool", "NODE"))
"""The lines of the tool and of the node."""
