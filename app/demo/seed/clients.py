"""How mail programs dress a text: its HTML, the signature, and the quotation of what is answered.

The shapes are those of Gmail, Outlook, Apple Mail, iPhone and Thunderbird; the words are in languages.toml.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from app.demo.seed.days import languages

LINK = re.compile(r"https?://[^\s<>()]+[^\s<>().,;:]")


@dataclass(frozen=True)
class Written:
    """What a person wrote, in full: with the signature and everything quoted below it."""

    text: str
    html: str


@dataclass(frozen=True)
class Quoted:
    """The mail that is answered. `when` is on the clock of the one who answers."""

    name: str
    address: str
    when: datetime
    to: str
    cc: str
    subject: str
    written: Written


@dataclass(frozen=True)
class Client:
    """How one mail program marks up paragraphs, and the headers it is known by; no page means plain text."""

    paragraph: str
    gap: str
    page: str = ""
    headers: tuple[tuple[str, str], ...] = ()


CLIENTS: Mapping[str, Client] = {
    "gmail": Client("<div>{}</div>", "<div><br></div>", "gmail.html"),
    "outlook": Client(
        '<p class="MsoNormal">{}<o:p></o:p></p>',
        '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>',
        "outlook.html",
        (("Accept-Language", "en-GB, en-US"), ("X-MS-Has-Attach", ""), ("X-MS-TNEF-Correlator", "")),
    ),
    "apple": Client(
        "<div>{}</div>", "<div><br></div>", "apple.html", (("X-Mailer", "Apple Mail (2.3826.300.87.4.3)"),)
    ),
    "iphone": Client("{}", "<br><br>", "iphone.html", (("X-Mailer", "iPhone Mail (22D82)"),)),
    "thunderbird": Client("<p>{}</p>", "", "", (("User-Agent", "Mozilla Thunderbird"), ("Content-Language", "en-US"))),
    "plain": Client("<p>{}</p>", ""),
}


def dress(body: str, client: str, signature: str, language: str, quoted: Quoted | None) -> Written:
    """The full text and the inner HTML of a mail written with `client`."""
    signed = _signed(body.strip(), client, signature.strip())
    rich = markup(body.strip(), client) + _signature_markup(client, signature.strip())
    if quoted is None:
        return Written(signed, rich)
    if client == "outlook":
        return Written(f"{signed}\n\n{_header_block(quoted, language)}", rich + _header_markup(quoted, language))
    said = attribution(quoted, client, language)
    lines = "\n".join(_quoted_line(line) for line in quoted.written.text.split("\n"))
    return Written(f"{signed}\n\n{said}\n\n{lines}", rich + _quote_markup(quoted, client, said))


def page(written: Written, client: str) -> str:
    """The whole HTML document as that program sends it."""
    return _template(CLIENTS[client].page).substitute(body=written.html, quote="")


def markup(body: str, client: str) -> str:
    """Paragraphs, lists and links of a plain text as that program marks them up."""
    style = CLIENTS[client]
    return style.gap.join(_block(block, style) for block in re.split(r"\n{2,}", body) if block.strip())


def attribution(quoted: Quoted, client: str, language: str) -> str:
    """The line that announces a quotation, in the program's and the person's words."""
    tongue = languages()[language]
    pattern = {"apple": tongue.apple, "iphone": tongue.apple, "gmail": tongue.gmail}.get(client, tongue.thunderbird)
    when = quoted.when
    clocks = {"time": when.strftime("%H:%M"), "ampm": f"{when.hour % 12 or 12}:{when:%M} {when:%p}"}
    slash = when.strftime("%d.%m.%y" if language == "de" else "%d/%m/%Y")
    people = {"name": quoted.name, "address": quoted.address, "slash": slash}
    return pattern.format(**tongue.words(when.date()), **clocks, **people)


def linked(line: str) -> str:
    """A line of text as HTML, its addresses made links."""
    return LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(line, quote=False))


def _block(block: str, style: Client) -> str:
    lines = block.strip().split("\n")
    for mark, tag in (("- ", "ul"), ("1. ", "ol")):
        if lines[0].startswith(mark) and len(lines) > 1:
            items = "".join(f"<li>{linked(re.sub(r'^(-|[0-9]+[.]) ', '', line))}</li>" for line in lines)
            return f"<{tag}>{items}</{tag}>"
    return style.paragraph.format("<br>".join(linked(line) for line in lines))


def _quoted_line(line: str) -> str:
    return f">{line}" if not line or line.startswith(">") else f"> {line}"


def _signed(body: str, client: str, signature: str) -> str:
    if not signature:
        return body
    separator = "\n\n-- \n" if client in ("gmail", "thunderbird") and "\n" in signature else "\n\n"
    return body + separator + signature


def _signature_markup(client: str, signature: str) -> str:
    if not signature:
        return ""
    style, lines = CLIENTS[client], "<br>".join(linked(line) for line in signature.split("\n"))
    if client == "gmail" and "\n" in signature:
        return (
            '<div><br></div><span class="gmail_signature_prefix">-- </span><br>'
            '<div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">'
            f'<div dir="ltr">{lines}</div></div>'
        )
    if client == "iphone":
        return f'<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{lines}</div>'
    return style.gap + style.paragraph.format(lines)


def _quote_markup(quoted: Quoted, client: str, said: str) -> str:
    announced, inner = linked(said), quoted.written.html
    if client == "gmail":
        return (
            '<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
            f'{announced}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;'
            f'border-left:1px solid rgb(204,204,204);padding-left:1ex">{inner}</blockquote></div>'
        )
    return (
        f'<div><br><blockquote type="cite"><div>{announced}</div><br class="Apple-interchange-newline">'
        f"<div>{inner}</div></blockquote></div>"
    )


def _header_lines(quoted: Quoted, language: str) -> list[tuple[str, str]]:
    when = quoted.when
    day = languages()[language].long.format(**languages()[language].words(when.date()))
    values = [
        f"{quoted.name} <{quoted.address}>",
        f"{day} {when.year} {when:%H:%M}",
        quoted.to,
        quoted.cc,
        quoted.subject,
    ]
    return [(label, value) for label, value in zip(languages()[language].outlook, values, strict=True) if value]


def _header_block(quoted: Quoted, language: str) -> str:
    lines = "\n".join(f"{label} {value}" for label, value in _header_lines(quoted, language))
    return f"{'_' * 32}\n{lines}\n\n{quoted.written.text}"


def _header_markup(quoted: Quoted, language: str) -> str:
    lines = "<br>\n".join(f"<b>{label}</b> {escape(value)}" for label, value in _header_lines(quoted, language))
    return (
        '<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;'
        f'padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{lines}<o:p></o:p></p></div></div>'
        f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p>{quoted.written.html}'
    )


@cache
def _template(name: str) -> Template:
    return Template((files("app.demo") / "data" / "clients" / name).read_text("utf-8"))
