"""Splits the text of a mail into what its author wrote anew and the earlier or forwarded mail below or between it.

Law: works on structure first (quote marks, attribution lines, header blocks), on words of languages second.
"""

import re
from dataclasses import dataclass
from functools import cache

from tools.mail.page import CUT, MAYBE

HEAD_LINES = 400
"""Lines looked at for the start of an earlier mail by the reply library, whose patterns are costly on hostile text."""
HEAD_WIDTH = 160

_VERBS = (
    "wrote|writes|schrieb|schreibt|escribió|escribio|escreveu|a écrit|a ecrit|ha scritto|ha escrit|написал|написала|"
    "пишет|писал|skrev|schreef|napsal|napísal|napisał|napisała|kirjoitti|írta|yazdı|a scris|"
    "写道|写到|寫道|작성|書きました"
)
_FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|fw|wg|tr|rv|enc|i|doorst|转发|轉寄|転送)\s*[:\uff1a]", re.IGNORECASE)
_FORWARD_WORDS = re.compile(
    r"forward|weitergeleitet|reenviad|transféré|transfere|encaminhad|inoltrat|doorgestuurd|вперёд|пересыла|переслан|转发|転送",
    re.IGNORECASE,
)
_FORWARD_BEGIN = re.compile(
    r"^\W*(?:begin forwarded message|anfang der weitergeleiteten|inicio del mensaje reenviado|début du message|"
    r"início da mensagem encaminhada|inizio messaggio inoltrato)",
    re.IGNORECASE,
)
_KINDS: dict[str, str] = {
    "from": "from|von|de|da|od|van|från|fra|от|от кого|发件人|寄件者|差出人|보낸 사람|lähettäjä|gönderen|expéditeur",
    "sent": "sent|gesendet|enviado|enviado el|enviada em|enviado em|envoyé|envoyé le|inviato|verzonden|skickat|sendt|"
    "отправлено|发送时间|送信日時|보낸 날짜|odesláno|wysłano",
    "date": "date|datum|fecha|data|dato|дата|日期|日付",
    "to": "to|an|para|à|a|aan|till|til|кому|收件人|宛先|받는 사람|komu|do|pour",
    "subject": "subject|betreff|asunto|assunto|objet|oggetto|onderwerp|ämne|emne|тема|主题|主旨|件名|제목|"
    "předmět|temat",
    "copy": "cc|kopie|copia|cópia|копия|kopia|kopi|抄送|reply-to",
}
_LABELS = [
    (kind, re.compile(rf"^\W{{0,4}}(?:{words})\s?\*?\s?[:\uff1a]", re.IGNORECASE)) for kind, words in _KINDS.items()
]
_RULE = re.compile(r"^\s*[-_=*—]{2,}\s*(?P<words>[^\W\d_][^\n]{2,60}?)\s*[-_=*—]{2,}\s*$")
_BAR = re.compile(r"^\s*[-_=*—]{3,}\s*$")
_QUOTE = re.compile(rf"^{MAYBE}?\s?>")
_PEEL = re.compile(rf"^{MAYBE}?\s?> ?")
_VERB = re.compile(rf"(?:{_VERBS})[^\n]{{0,80}}$", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}\s?[:.h]\s?\d{2}|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d年|\d月")
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{2,}")
_COLON = re.compile(r"[:\uff1a]\s*$")


@dataclass(frozen=True)
class Parted:
    """`new`: what the author wrote. `forwarded`: a mail passed on. `quoted`: whether an earlier mail was taken off."""

    new: str
    forwarded: str = ""
    quoted: bool = False


def part(text: str, subject: str = "") -> Parted:
    """Part the text of one mail (visible characters, perhaps with `page` marks)."""
    lines = [line.rstrip() for line in text.split("\n")]
    start, skip, forward = _earlier_mail(lines)
    head, tail = lines[:start], lines[start + skip :]
    kept, dropped = _without_quotes(head)
    if start == len(lines) and not dropped and (found := _library_start(lines)) is not None:
        kept, tail = lines[:found], lines[found:]
    forward = forward or (bool(_FORWARD_SUBJECT.match(subject)) and bool(tail))
    forwarded = _settle([_PEEL.sub("", line) for line in tail]) if forward else ""
    return Parted(new=_settle(_without_bars(kept)), forwarded=forwarded, quoted=dropped or (bool(tail) and not forward))


def _earlier_mail(lines: list[str]) -> tuple[int, int, bool]:
    """Where an earlier mail starts that runs to the end: its line, how many lines to leave out, whether a forward."""
    for index, line in enumerate(lines):
        if CUT in line:
            return index, 1, _announces_forward(lines, index + 1)
        if _FORWARD_BEGIN.match(line):
            return index, 1, True
        rule = _RULE.match(line)
        if rule and (_FORWARD_WORDS.search(rule["words"]) or _is_header_block(lines, index + 1)):
            return index, 1, bool(_FORWARD_WORDS.search(rule["words"]))
        if _is_header_block(lines, index):
            return index, 0, False
        if (size := _attribution_size(lines, index)) and not _quote_follows(lines, index + size):
            return index, size, False
    return len(lines), 0, False


def _announces_forward(lines: list[str], start: int) -> bool:
    return any(_FORWARD_BEGIN.match(line) or _FORWARD_WORDS.search(line) for line in lines[start : start + 2])


def _is_header_block(lines: list[str], start: int) -> bool:
    """Whether the headers of a mail stand here as text: at least three kinds, a sender among the first two lines."""
    first = lines[start] if start < len(lines) else ""
    if not first.strip() and start < len(lines):
        return start + 1 < len(lines) and bool(lines[start + 1].strip()) and _is_header_block(lines, start + 1)
    kinds: list[str] = []
    for line in lines[start : start + 8]:
        label = _PEEL.sub("", line)
        found = next((kind for kind, pattern in _LABELS if pattern.match(label)), "")
        if not found and not kinds:
            return False
        if not line.strip():
            break
        kinds.append(found)
    block = "\n".join(lines[start : start + len(kinds)])
    enough = len(set(kinds) - {""}) >= 3 and "from" in kinds[:3] and not first.lstrip().startswith(">")
    return enough and _is_of_mail(block, set(kinds))


def _is_of_mail(block: str, kinds: set[str]) -> bool:
    """Whether such lines head a mail, and not a journey ("From: Zurich, To: Porto, Date: …")."""
    return bool(kinds & {"sent", "subject"}) or bool(_ADDRESS.search(block))


def _attribution_size(lines: list[str], start: int) -> int:
    """How many lines (at most 3) an attribution that starts here takes ("On …, Ana wrote:"), 0 if there is none."""
    joined = ""
    for size in (1, 2, 3):
        if start + size > len(lines) or not lines[start + size - 1].strip() or _QUOTE.match(lines[start + size - 1]):
            return 0
        joined = f"{joined} {lines[start + size - 1].strip()}"
        if len(joined) > 400:
            return 0
        if _COLON.search(joined):
            return size if _VERB.search(joined) and _DATE.search(joined) else 0
    return 0


def _quote_follows(lines: list[str], start: int) -> bool:
    following = next((line for line in lines[start : start + 4] if line.strip()), "")
    return bool(_QUOTE.match(following))


def _without_quotes(lines: list[str]) -> tuple[list[str], bool]:
    """The lines that are not quoted, and whether any was left out, with the attributions above them."""
    kept: list[str] = []
    dropped = False
    index = 0
    while index < len(lines):
        if not _QUOTE.match(lines[index]):
            kept.append(lines[index])
            index += 1
            continue
        end = index
        while end < len(lines) and _QUOTE.match(lines[end]):
            end += 1
        if _drop_attribution(kept) or not lines[index].startswith(MAYBE):
            dropped = True
            kept.append("")
        else:
            kept.extend(_PEEL.sub("", line) for line in lines[index:end])
        index = end
    return kept, dropped


def _drop_attribution(kept: list[str]) -> bool:
    """Remove the attribution at the end of `kept`; answer whether there was one."""
    end = len(kept)
    while end > 0 and end > len(kept) - 3 and not kept[end - 1].strip():
        end -= 1
    if end == 0 or not (_COLON.search(kept[end - 1]) or _VERB.search(kept[end - 1])):
        return False
    joined = ""
    for size in (1, 2, 3):
        if size > end or not kept[end - size].strip():
            break
        joined = f"{kept[end - size].strip()} {joined}"
        if _DATE.search(joined) and (_VERB.search(joined.strip()) or _ADDRESS.search(joined)):
            del kept[end - size :]
            return True
    if _VERB.search(kept[end - 1]):
        del kept[end - 1 :]
        return True
    return False


def _library_start(lines: list[str]) -> int | None:
    """The line at which the reply library sees an earlier mail's header, in the languages it knows; None if nowhere."""
    head = [line if len(line) <= HEAD_WIDTH else "" for line in lines[:HEAD_LINES]]
    if not any(_COLON.search(line) for line in head):
        return None
    found = _library_pattern().search("\n".join(line.strip() for line in head))
    if found is None:
        return None
    kinds = {kind for line in found.group().split("\n") for kind, label in _LABELS if label.match(line)}
    if kinds and not _is_of_mail(found.group(), kinds):
        return None
    start = found.string.count("\n", 0, found.start()) + (1 if found.group().startswith("\n") else 0)
    return start if any(line.strip() for line in lines[:start]) else None


@cache
def _library_pattern() -> re.Pattern[str]:
    from mailparser_reply import EmailReplyParser

    languages = ["en", "de", "es", "fr", "it", "nl", "cs", "da", "ja", "ko", "zh", "david"]
    pattern: re.Pattern[str] = EmailReplyParser(languages=languages).read("").HEADER_REGEX
    return pattern


def _without_bars(lines: list[str]) -> list[str]:
    """Without the rules and marks that stood between the new text and the earlier mail."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or _BAR.match(lines[end - 1])):
        end -= 1
    return lines[:end]


def _settle(lines: list[str]) -> str:
    text = "\n".join(lines).replace(CUT, "").replace(MAYBE, "")
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n ")
