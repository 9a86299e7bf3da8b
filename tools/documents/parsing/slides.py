"""Presentations to slides: title, text from top to bottom, tables, and the speaker's notes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pptx import Presentation
from pptx.exc import PythonPptxError

from tools.documents.parsing import archive, cells
from tools.documents.parsing.parsed import Parsed, Passage, Unparsable, Wanted, bounded

NESTED = 6


def parse(data: bytes, wanted: Wanted) -> Parsed:
    """Read every slide. Raises Unparsable."""
    archive.opened(data)
    try:
        slides = list(Presentation(io.BytesIO(data)).slides)
    except (PythonPptxError, SyntaxError, KeyError, ValueError) as error:
        raise Unparsable("broken") from error
    if not slides:
        raise Unparsable("empty")
    passages = [_slide(slide, number) for number, slide in enumerate(slides, 1)]
    silent = [passage.number for passage in passages if not passage.text and not passage.heading]
    gaps = (f"{len(silent)} of {len(slides)} slides hold no text, only pictures or nothing.",) if silent else ()
    said = [passage for passage in passages if passage.text or passage.heading]
    if not said:
        raise Unparsable("scanned")
    if not any(passage.text for passage in said):
        return Parsed("text", "", "slide", len(slides), 1, len(slides), tuple(said), gaps)
    return bounded(said, "slide", gaps, total=len(slides))


def _slide(slide: Any, number: int) -> Passage:
    title = slide.shapes.title
    heading = " ".join(title.text_frame.text.split()) if title is not None and title.has_text_frame else ""
    parts = [text for shape in _ordered(slide.shapes, title) for text in _texts(shape, 0)]
    hidden = slide.element.get("show") == "0"
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    said = " ".join(notes.text.split()) if notes is not None else ""
    text = "\n".join(part for part in (*parts, f"Speaker notes: {said}" if said else "") if part)
    return Passage(number, heading + (" (hidden slide)" if hidden else ""), 1 if heading else 0, text)


def _ordered(shapes: Any, title: Any) -> list[Any]:
    others = [shape for shape in shapes if title is None or shape.shape_id != title.shape_id]
    return sorted(others, key=lambda shape: (shape.top or 0, shape.left or 0))


def _texts(shape: Any, nested: int) -> Iterator[str]:
    if getattr(shape, "shapes", None) is not None and nested < NESTED:
        for inner in shape.shapes:
            yield from _texts(inner, nested + 1)
    elif getattr(shape, "has_table", False):
        yield cells.as_text([cell.text for cell in row.cells] for row in shape.table.rows)
    elif shape.has_text_frame:
        paragraphs = [" ".join(p.text.split()) for p in shape.text_frame.paragraphs]
        said = [text for text in paragraphs if text]
        yield "\n".join(f"- {text}" for text in said) if len(said) > 1 else "\n".join(said)
