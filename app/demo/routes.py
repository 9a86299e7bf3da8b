"""The methods of a Google API as its discovery document states them: paths, parameters, scopes, schemas.

Law: nothing about a method is written by hand here; the document bundled with google-api-python-client says it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

_VARIABLE = re.compile(r"\{\+?(\w+)\}")


@dataclass(frozen=True)
class Parameter:
    """One path or query parameter. `kind` is string, integer or boolean; `form` the document's format."""

    name: str
    kind: str
    form: str
    repeated: bool
    required: bool
    choices: tuple[str, ...]
    least: int | None


@dataclass(frozen=True)
class Method:
    """One API method; `request` and `response` name schemas of the document, "" for none.

    `media` says that it can answer the bytes of a file (alt=media).
    """

    id: str
    verb: str
    path: str
    scopes: frozenset[str]
    parameters: Mapping[str, Parameter]
    request: str
    response: str
    media: bool = False


@dataclass(frozen=True)
class Document:
    """One API: its methods by shape of path, its schemas, its host and the paths it takes batches on."""

    name: str
    host: str
    base: str
    batches: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    schemas: Mapping[str, Any]
    scopes: frozenset[str]
    methods: Mapping[str, Method]
    _shapes: Mapping[tuple[str, int], list[tuple[re.Pattern[str], Method]]]

    def find(self, verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
        """The method at an address, and the decoded values of its path parameters."""
        for pattern, method in self._shapes.get((verb, path.count("/")), ()):
            if found := pattern.fullmatch(path):
                return method, {name: unquote(value) for name, value in found.groupdict().items()}
        return None


def raw_document(name: str) -> dict[str, Any]:
    """A discovery document bundled with google-api-python-client, such as "gmail.v1"; read as data."""
    from importlib.resources import files

    place = files("googleapiclient") / "discovery_cache" / "documents" / f"{name}.json"
    document: dict[str, Any] = json.loads(place.read_text("utf-8"))
    return document


@cache
def load(name: str) -> Document:
    """Read one document, once in a process."""
    raw = raw_document(name)
    methods: dict[str, Method] = {}
    shapes: dict[tuple[str, int], list[tuple[re.Pattern[str], Method]]] = {}
    for stated in _walk(raw):
        method = _method(stated, "/" + raw["servicePath"])
        methods[method.id] = method
        for path in (method.path, *_upload_paths(stated)):
            shapes.setdefault((method.verb, path.count("/")), []).append((_pattern(path), method))
    for candidates in shapes.values():
        candidates.sort(key=lambda candidate: candidate[0].groups)
    batch = "/" + raw["batchPath"]
    return Document(
        name=raw["name"],
        host=urlsplit(raw["rootUrl"]).netloc,
        base=_base(methods),
        batches=tuple(dict.fromkeys((batch, f"/batch{_base(methods)}"))),
        parameters={name: _parameter(name, stated) for name, stated in raw["parameters"].items()},
        schemas=raw["schemas"],
        scopes=frozenset(raw["auth"]["oauth2"]["scopes"]),
        methods=methods,
        _shapes=shapes,
    )


def _base(methods: Mapping[str, Method]) -> str:
    """What all paths begin with: "/gmail/v1", "/calendar/v3"."""
    return "/".join(next(iter(methods.values())).path.split("/")[:3])


def _walk(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = list(resource.get("methods", {}).values())
    for child in resource.get("resources", {}).values():
        found += _walk(child)
    return found


def _method(stated: Mapping[str, Any], prefix: str) -> Method:
    return Method(
        id=stated["id"],
        verb=stated["httpMethod"],
        path=prefix + stated["path"],
        scopes=frozenset(stated.get("scopes", ())),
        parameters={name: _parameter(name, spec) for name, spec in stated.get("parameters", {}).items()},
        request=stated.get("request", {}).get("$ref", ""),
        response=stated.get("response", {}).get("$ref", ""),
        media=stated.get("supportsMediaDownload", False),
    )


def _parameter(name: str, stated: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name=name,
        kind=stated["type"],
        form=stated.get("format", ""),
        repeated=stated.get("repeated", False),
        required=stated.get("required", False),
        choices=tuple(stated.get("enum", ())),
        least=int(stated["minimum"]) if "minimum" in stated else None,
    )


def _upload_paths(stated: Mapping[str, Any]) -> list[str]:
    return [protocol["path"] for protocol in stated.get("mediaUpload", {}).get("protocols", {}).values()]


def _pattern(path: str) -> re.Pattern[str]:
    pieces = _VARIABLE.split(path)
    return re.compile(
        "".join(f"(?P<{piece}>[^/]+?)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))
    )
