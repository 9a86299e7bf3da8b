"""The parsing process from start to end: told what to read, confined, handed the bytes, answers once in JSON, gone."""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from tools.documents.parsing.confine import confine
from tools.documents.parsing.parsed import Limits, Parsed, Unparsable, Wanted

Parse = Callable[[bytes, Wanted], Parsed]

PARSERS = {
    "pdf": "tools.documents.parsing.pdf:parse",
    "docx": "tools.documents.parsing.word:parse",
    "xlsx": "tools.documents.parsing.sheets:parse",
    "csv": "tools.documents.parsing.sheets:parse_separated",
    "pptx": "tools.documents.parsing.slides:parse",
    "html": "tools.documents.parsing.page:parse",
    "markdown": "tools.documents.parsing.marked:parse",
    "text": "tools.documents.parsing.plain:parse",
}


def main(parsers: Mapping[str, str] = PARSERS) -> None:
    """Standard input: a line of JSON {"kind", "wanted", "limits"}, then the file. Standard output: a Parsed as JSON.

    Whatever a parser raises beyond Unparsable ends the process; whoever started it takes that for a broken file.
    """
    source, answer = sys.stdin.buffer, _private_output()
    told = json.loads(source.readline())
    parse = _loaded(parsers[told["kind"]])
    held = confine(Limits(**told["limits"]))
    parsed = dataclasses.replace(_parsed(parse, source, Wanted(**told["wanted"])), held=held)
    answer.write(json.dumps(dataclasses.asdict(parsed)).encode())
    answer.flush()
    os._exit(0)  # the libraries' farewells are of no use


def _private_output() -> BinaryIO:
    """The pipe to the parent; whatever a library prints goes nowhere."""
    private = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return private


def _loaded(name: str) -> Parse:
    module, _, function = name.partition(":")
    parse: Any = getattr(importlib.import_module(module), function)
    return parse  # type: ignore[no-any-return]  # named in PARSERS


def _parsed(parse: Parse, source: BinaryIO, wanted: Wanted) -> Parsed:
    try:
        data = source.read()
        return parse(data, wanted) if data else Parsed("empty")
    except Unparsable as error:
        return Parsed(error.outcome, error.reason)
    except MemoryError:
        return Parsed("too_large", "memory")
