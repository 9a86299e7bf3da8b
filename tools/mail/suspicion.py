"""Signs that a mail is not what it says it is, and text that addresses an assistant.

Law: this only warns. Nothing is made safe by it; mail is untrusted whatever it says here.
"""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from tools.mail.conversation import Mail, Me
from tools.mail.lexicon import Words

SUSPECT = 3.0
TEXT = 6_000

_DOMAIN = re.compile(r"\b((?:[a-z0-9-]+\.)+[a-z]{2,})\b", re.IGNORECASE)
_RISKY_FILE = re.compile(r"\.(?:exe|scr|js|vbs|bat|cmd|iso|img|lnk|hta|html?|jar|ps1|docm|xlsm)$", re.IGNORECASE)
_AUTHORITY = re.compile(r"https?://[^/?#\\\s]*(?=[/?#]|$)", re.IGNORECASE)
_ADDRESS = re.compile(r"@((?:[a-z0-9-]+\.)+[a-z]{2,})", re.IGNORECASE)
_IP_HOST = re.compile(r"^(?:\d{1,3}\.){3}\d{1,3}$")
_ROLE = re.compile(
    r"^\W{0,3}(?:assistant|system|developer|ai|llm)\s*:|</?(?:system|assistant|tool|data|instructions?|prompt)\b[^>]{0,80}>"
    r"|\[/?(?:system|inst|assistant|tool)\]|<\|[a-z_]{2,20}\|>",
    re.IGNORECASE | re.MULTILINE,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,4000}={0,2}")
_CONFUSED = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"), ("-", ""))


@dataclass(frozen=True)
class Known:
    """What is known before this mail: domains written to, and colleagues' names with the addresses they write from."""

    domains: frozenset[str]
    names: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Trial:
    mail: Mail
    me: Me
    known: Known
    written_to: bool
    words: Words


@dataclass(frozen=True)
class Charge:
    """If it holds, the mail is that much more suspect. What stands in `reason` is said to the person."""

    weight: float
    reason: str
    holds: Callable[[Trial], bool]


def site(host: str) -> str:
    """The registrable part of a host, near enough: its last two labels (three below co.uk and the like)."""
    labels = host.lower().strip(".").split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in ("co", "com", "ac", "gov", "org", "net")
    return ".".join(labels[-3:] if short else labels[-2:])


def looks_like(domain: str, known: frozenset[str]) -> bool:
    """Whether a domain imitates a known one: confusable letters, an added word, or one or two letters off."""
    own = site(domain)
    name = own.partition(".")[0]
    for other in known:
        theirs = site(other)
        target = theirs.partition(".")[0]
        if own == theirs or len(target) < 5:
            continue
        if _plain(name) == _plain(target) or (target in name and name != target) or _distance(name, target) <= 1:
            return True
    return False


def _plain(name: str) -> str:
    for fake, real in _CONFUSED:
        name = name.replace(fake, real)
    return name


def _distance(one: str, other: str) -> int:
    """Edits from one name to the other, exchanged neighbours as one; 9 when the lengths differ by more than one."""
    if abs(len(one) - len(other)) > 1:
        return 9
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(row[-1] + 1, rows[-1][j] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def _fails_authentication(trial: Trial) -> bool:
    results = trial.mail.message.headers.get("authentication-results", "").lower()
    return "dmarc=fail" in results or ("spf=fail" in results and "dkim=pass" not in results)


def _imitates_name(trial: Trial) -> bool:
    """A colleague's name over an address of another domain."""
    sender = trial.mail.message.sender
    used = trial.known.names.get(sender.name.casefold(), frozenset())
    return bool(used) and sender.address not in used and sender.domain not in trial.me.domains


def _names_other_domain(trial: Trial) -> bool:
    sender = trial.mail.message.sender
    return any(site(found) != site(sender.domain) for found in _ADDRESS.findall(sender.name))


def _replies_elsewhere(trial: Trial) -> bool:
    found = _ADDRESS.findall(trial.mail.message.headers.get("reply-to", ""))
    return bool(found) and all(site(domain) != site(trial.mail.message.sender.domain) for domain in found)


def _link_lies(trial: Trial) -> bool:
    """A link that shows one site and leads to another."""
    for link in trial.mail.message.links:
        shown = _DOMAIN.search(link.text)
        host = _host(link.href) if shown else ""
        if (
            shown
            and host
            and "." in shown[1]
            and site(shown[1]) != site(host)
            and link.text.strip() == shown.string.strip()
        ):
            if shown[1].lower().rpartition(".")[2] in ("pdf", "docx", "xlsx", "png", "jpg", "html", "md", "txt", "py"):
                continue
            return True
    return False


def _link_host_odd(trial: Trial) -> bool:
    hosts = {_host(link.href) for link in trial.mail.message.links}
    return any(
        _IP_HOST.match(host) or "xn--" in host or looks_like(host, trial.known.domains) for host in hosts if host
    )


def _host(href: str) -> str:
    """The host of a link; only what stands before its path is taken apart, which many links have in common."""
    authority = _AUTHORITY.match(href)
    return _parsed_host(authority.group() if authority else href)


@lru_cache(maxsize=1024)
def _parsed_host(href: str) -> str:
    try:
        return (urlsplit(href).hostname or "").lower() if href.lower().startswith("http") else ""
    except ValueError:
        return ""


CHARGES: tuple[Charge, ...] = (
    Charge(
        3.0,
        "the sender's domain imitates one you know",
        lambda t: looks_like(t.mail.message.sender.domain, t.known.domains),
    ),
    Charge(2.5, "a colleague's name over a foreign address", _imitates_name),
    Charge(2.0, "the sender's name holds another address", _names_other_domain),
    Charge(1.5, "it fails the sender's authentication", _fails_authentication),
    Charge(1.5, "a link shows one site and leads to another", _link_lies),
    Charge(1.5, "a link leads to a disguised host", _link_host_odd),
    Charge(1.0, "replies go to another domain", _replies_elsewhere),
    Charge(1.0, "it presses for credentials or money", lambda t: "lure" in t.words.concepts),
    Charge(0.5, "it presses more than once", lambda t: t.words.count("lure") >= 2),
    Charge(
        1.0,
        "it presses, and does not know your name",
        lambda t: "greeting.generic" in t.words.concepts and t.words.count("lure") >= 2,
    ),
    Charge(0.5, "it presses again and again", lambda t: t.words.count("lure") >= 3),
    Charge(
        1.0,
        "it carries a file that can run",
        lambda t: any(_RISKY_FILE.search(a.name) for a in t.mail.message.attachments),
    ),
    Charge(0.5, "you never wrote to the sender", lambda t: not t.written_to),
    Charge(-2.5, "you have written to the sender", lambda t: t.written_to),
)


def suspect(mail: Mail, me: Me, known: Known, *, written_to: bool) -> tuple[float, tuple[str, ...]]:
    """How suspect a mail is, and what speaks against it. SUSPECT and more is worth a warning."""
    trial = Trial(mail, me, known, written_to, mail.seen)
    held = [charge for charge in CHARGES if charge.holds(trial)]
    return sum(charge.weight for charge in held), tuple(charge.reason for charge in held if charge.weight > 0.5)


def instructs(mail: Mail) -> bool:
    """Whether a mail, seen, hidden or encoded, holds text that tries to instruct an assistant."""
    message = mail.message
    names = (attachment.name for attachment in message.attachments)
    texts = [message.sender.name, message.hidden, message.forwarded[:TEXT], *names]
    texts += [text for blob in _BASE64.findall(message.text[:TEXT]) if (text := _decoded(blob))]
    if _instruct(mail.seen) or _ROLE.search(message.subject):
        return True
    return any(_instruct(Words(text)) for text in texts if text)


def _instruct(words: Words) -> bool:
    return bool(_ROLE.search(words.text)) or "instructs.strong" in words.concepts


def _decoded(blob: str) -> str:
    try:
        return base64.b64decode(blob[: len(blob) // 4 * 4], validate=True).decode("utf-8")
    except ValueError:
        return ""
