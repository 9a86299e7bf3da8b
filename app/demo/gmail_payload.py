"""A message's MIME tree as the Gmail API shows it: parts, headers, bodies, what is fetched as an attachment."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from app.demo.mail_text import as_text, header_values, part_bytes, part_charset, part_filename

if TYPE_CHECKING:
    from email.message import Message

Payload = dict[str, Any]


def payload_of(message: Message, identity: str) -> Payload:
    """The `payload` of format=full; `identity` is the message's id, from which attachment ids are made."""
    return _part(message, "", identity)


def headers_of(message: Message, wanted: Collection[str] = ()) -> Payload:
    """The `payload` of format=metadata: the type and the headers, all or only those wanted."""
    names = {name.lower() for name in wanted}
    headers = [header for header in _headers(message) if not names or header["name"].lower() in names]
    return {"mimeType": message.get_content_type(), "headers": headers}


def attachment_id(identity: str, part: str) -> str:
    """The opaque name under which a part of a message is fetched."""
    return "ANGjdJ" + encoded(f"demo:{identity}:{part}".encode()).rstrip("=")


def find_attachment(message: Message, identity: str, wanted: str) -> bytes | None:
    """The bytes of the part with that attachment id."""
    for place, part in _walk(message, ""):
        if attachment_id(identity, place) == wanted and not _children(part):
            return part_bytes(part)
    return None


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode()


def _part(part: Message, place: str, identity: str) -> Payload:
    children = _children(part)
    payload: Payload = {
        "partId": place,
        "mimeType": part.get_content_type(),
        "filename": part_filename(part),
        "headers": _headers(part),
        "body": {"size": 0} if children else _body(part, place, identity),
    }
    if children:
        payload["parts"] = [_part(child, _below(place, number), identity) for number, child in enumerate(children)]
    return payload


def _walk(part: Message, place: str) -> Iterator[tuple[str, Message]]:
    yield place, part
    for number, child in enumerate(_children(part)):
        yield from _walk(child, _below(place, number))


def _below(place: str, number: int) -> str:
    return f"{place}.{number}" if place else str(number)


def _children(part: Message) -> list[Message]:
    """Parts of a multipart, and the message inside a message/rfc822 part."""
    payload: Any = part.get_payload()
    return list(payload) if isinstance(payload, list) else []


def _headers(part: Message) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in header_values(part)]


def _body(part: Message, place: str, identity: str) -> Payload:
    """Text comes with the message, in UTF-8 whatever its charset was; everything else is fetched by its id."""
    data = part_bytes(part)
    if part.get_content_maintype() == "text" and not part_filename(part):
        text = as_text(data, part_charset(part)).encode()
        return {"size": len(text), "data": encoded(text)}
    return {"attachmentId": attachment_id(identity, place), "size": len(data)}
