"""Words for the corpus: paragraphs with a code word each, quotes as two mail clients write them, pages of bulk mail."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from html import escape

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
_WORDS = (
    "river garden letter budget autumn window market bridge kitchen engine paper silver winter summer contract "
    "meeting travel station schedule picture record village colour number balance project review dinner customer "
    "harbour teacher library reason supply ticket machine history mountain office planet season signal theatre"
)
_VERBS = "moves holds brings needs keeps opens follows settles changes covers reaches repeats"
_FIRST = "Ana Li Priya Jonas Elena Sam Camille Omar Ingrid Tomas Yuki Noor"
_LAST = "Costa Wei Nair Berg Rossi Okafor Martin Haddad Larsen Novak Tanaka Khan"
WORDS, VERBS, FIRST, LAST = (text.split() for text in (_WORDS, _VERBS, _FIRST, _LAST))
_CODE = re.compile(r"\bx[0-9a-f]{5,6}[nq]\d+\b")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def word(draw: random.Random) -> str:
    return draw.choice(WORDS)


def person(draw: random.Random) -> str:
    first, last = draw.choice(FIRST), draw.choice(LAST)
    return f"{first} {last} <{first.lower()}.{last.lower()}@corp.example>"


def moment(number: int) -> datetime:
    """When the mail of that number came: the first is the newest."""
    return NOW - timedelta(minutes=7 * (number + 1))


def noise(draw: random.Random, length: int) -> str:
    """What a signature or a tracking address looks like."""
    return "".join(draw.choices(_LETTERS, k=length))


def sentence(draw: random.Random, code: str) -> str:
    words = [word(draw), draw.choice(VERBS), "the", word(draw), "of", "the", word(draw), "before", "the", word(draw)]
    return f"{' '.join(words[: draw.randint(7, 10)]).capitalize()}{' ' + code if code else ''}."


def paragraph(draw: random.Random, code: str) -> str:
    """Two to four sentences; the code word stands in the first."""
    return " ".join([sentence(draw, f"x{code}"), *(sentence(draw, "") for _ in range(draw.randint(1, 3)))])


def codes(text: str) -> set[str]:
    """The code words in a text."""
    return set(_CODE.findall(text))


def code_of(text: str) -> str:
    return min(codes(text), key=text.index)


def gmail_plain(name: str, new: list[str], quoted: list[str]) -> str:
    shown = "\n>\n".join(f"> {paragraph}" for paragraph in quoted)
    return "\n\n".join([*new, name]) + f"\n\nOn Mon, Nov 16, 2026 at 9:12 AM Kim <kim@home.example> wrote:\n\n{shown}\n"


def gmail_page(name: str, new: list[str], quoted: list[str]) -> str:
    ours = "".join(f'<div dir="ltr">{escape(paragraph)}</div><div><br></div>' for paragraph in [*new, name])
    theirs = "".join(f"<div>{escape(paragraph)}</div><div><br></div>" for paragraph in quoted)
    return (
        f'<div dir="ltr">{ours}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Nov 16, '
        f'2026 at 9:12 AM Kim &lt;<a href="mailto:kim@home.example">kim@home.example</a>&gt; wrote:<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{theirs}</blockquote></div>'
    )


_OUTLOOK_HEAD = (
    "From: Kim <kim@home.example>\nSent: Monday, November 16, 2026 9:12 AM\nTo: {name}\nSubject: RE: the matter\n"
)
_RULE = "________________________________"


def outlook_plain(name: str, new: list[str], quoted: list[str]) -> str:
    ours = "\n\n".join([*new, f"Best regards,\n{name}"])
    return f"{ours}\n\n{_RULE}\n{_OUTLOOK_HEAD.format(name=name)}\n" + "\n\n".join(quoted) + "\n"


def outlook_page(name: str, new: list[str], quoted: list[str]) -> str:
    style = "".join(f"@font-face {{font-family:Face{i}; panose-1:2 15 5 2 2 2 4 3 2 {i};}}\n" for i in range(40))
    ours = "".join(f'<p class="MsoNormal">{escape(text)}<o:p></o:p></p>' for text in [*new, "Best regards,", name])
    theirs = "".join(f'<p class="MsoNormal">{escape(paragraph)}<o:p></o:p></p>' for paragraph in quoted)
    head = "<br>".join(f"<b>{escape(line)}</b>" for line in _OUTLOOK_HEAD.format(name=name).splitlines())
    return (
        f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!--\n{style}--></style></head>'
        f'<body lang="EN-GB"><div class="WordSection1">{ours}<div><div style="border:none;border-top:solid #E1E1E1 '
        f'1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{head}<o:p></o:p></p></div></div>{theirs}</div>'
        "</body></html>"
    )


def page(draw: random.Random, new: list[str], *, rows: int) -> str:
    """Bulk mail: nested tables, inline style, tracking addresses, one paragraph of text every few rows."""
    style = "font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:21px;color:#333333;padding:12px 24px"
    texts = {round(i * rows / len(new)): text for i, text in enumerate(new)}
    cells = []
    for row in range(rows):
        text = escape(texts.get(row, ""))
        link = f'<a href="https://click.track.example/c/{noise(draw, 300)}" style="{style}">{word(draw)}</a>'
        cells.append(
            f'<tr><td style="{style}"><table role="presentation"><tr><td style="{style}">{text}</td></tr>'
            f'<tr><td style="{style}">{link}</td></tr></table></td></tr>'
        )
    return f"<html><body><style>td {{padding:0}}</style><table>{''.join(cells)}</table></body></html>"


def invitation(uid: str) -> str:
    return (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}@bench.example\r\nDTSTART:20261120T100000Z\r\nDTEND:20261120T110000Z\r\nSUMMARY:Review\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
