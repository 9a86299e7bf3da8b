"""Handles in calls: at the top, in lists, inside items; and what was never shown."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from graphs.resolving import resolved
from graphs.state import Handled
from tools.base import Finding, Handle, Pointed, Pointer, Ref, ToolContext, tool
from tools.errors import BadArgument

HANDLES = {
    "mail:1": Handled(id="thread-1", label="The lease"),
    "mail:2": Handled(id="thread-2", label="The train"),
    "message:1": Handled(id="C1 17.5", label="Ana in #launch"),
    "task:1": Handled(id="t1", label="Sign"),
}
Source = Annotated[Pointed | None, Pointer(("mail", "message")), Field(description="Where from.")]


class Item(BaseModel):
    title: str
    source: Source = None


@tool()
def note(
    context: ToolContext,
    items: Annotated[list[Item], Field(description="What.")] = [],  # noqa: B006 - never changed
    best: Annotated[Item | None, Field(description="One.")] = None,
    things: Annotated[list[Pointed], Pointer(("task",)), Field(description="Tasks.")] = [],  # noqa: B006
    mails: Annotated[list[str], Handle("mail"), Field(description="Mails.")] = [],  # noqa: B006
    mail: Annotated[str, Handle("mail"), Field(description="A mail.")] = "",
) -> Finding:
    """Note things."""
    raise AssertionError("not called")


def filled(**args: Any) -> Any:
    return note.arguments.model_validate(resolved(note, args, HANDLES))


def test_handles_become_ids_and_pointers_become_refs_at_every_depth() -> None:
    found = filled(
        items=[{"title": "a", "source": "mail:1"}, {"title": "b", "source": "message:1"}, {"title": "c"}],
        best={"title": "d", "source": "mail:2"},
        things=["task:1"],
        mails=["mail:2", "mail:1"],
        mail="mail:1",
    )
    lease = Ref(kind="mail", id="thread-1", label="The lease")
    assert [item.source for item in found.items] == [
        lease,
        Ref(kind="message", id="C1 17.5", label="Ana in #launch"),
        None,
    ]
    assert found.best.source == Ref(kind="mail", id="thread-2", label="The train")
    assert found.things == [Ref(kind="task", id="t1", label="Sign")]
    assert (found.mails, found.mail) == (["thread-2", "thread-1"], "thread-1")


@pytest.mark.parametrize(
    "args",
    [
        {"items": [{"title": "a", "source": "mail:7"}]},
        {"items": [{"title": "a", "source": "task:1"}]},
        {"items": [{"title": "a", "source": {"kind": "mail", "id": "forged"}}]},
        {"best": {"title": "a", "source": "thread-1"}},
        {"things": ["mail:1"]},
        {"things": [{"kind": "task", "id": "forged"}]},
        {"mails": ["mail:1", "thread-2"]},
        {"mail": "task:1"},
    ],
)
def test_what_was_not_shown_is_refused(args: dict[str, Any]) -> None:
    with pytest.raises(BadArgument, match="handle shown in this conversation"):
        filled(**args)


def test_the_model_is_told_that_a_pointer_is_text() -> None:
    schema = note.arguments.model_json_schema()
    assert schema["$defs"]["Item"]["properties"]["source"]["anyOf"] == [{"type": "string"}, {"type": "null"}]
    assert schema["properties"]["things"]["items"] == {"type": "string"}
