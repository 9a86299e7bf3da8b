"""Reads and judges a few made-up letters, so that what this takes is there before the first real one comes.

Law: nothing of anybody's; what is read is thrown away.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from functools import cache

from tools.mail.conversation import converse, who_am_i
from tools.mail.digest import Digest
from tools.mail.judge import Judge
from tools.mail.message import Message, read_message
from tools.mail.relations import Relations
from tools.mail.suspicion import Known

MINE = "sam@harbour.example"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
_ASKING = (
    "Ana Reyes <ana@harbour.example>",
    "Re: contract for the new hall",
    """<div dir="ltr"><p>Hi Sam,</p><p>could you <b>please</b> send me the signed contract by Friday 5 pm? It is urgent,
    as the owner waits, and I promised an answer tomorrow at 10:30.</p><ul><li>page 3</li><li>the annex</li></ul>
    <p>Thanks a lot,<br>Ana</p><p>-- <br>Ana Reyes, Harbour Ltd.<br><a href="https://harbour.example/">our site</a></p>
    <div class="gmail_quote">On Mon, 2 Mar 2026 at 08:10, Sam &lt;sam@harbour.example&gt; wrote:<blockquote>
    <p>Shall I sign it?</p></blockquote></div></div>""",
)
_MASS = (
    "News of the week <news@paper.example>",
    "This week: 20 % off, and more",
    """<html><head><style>p {color: red}</style></head><body><table><tr><td><img src="https://paper.example/a.png">
    <h1>Sale ends on 6 March</h1><a href="https://paper.example/one">Read more</a></td><td>&nbsp;</td></tr></table>
    <p style="display:none">preview</p><p>You get this because you subscribed.
    <a href="https://paper.example/out">Unsubscribe</a> | View in browser. &copy; 2026 Paper Inc.</p></body></html>""",
)
_WARNING = (
    "Account service <billing@bank-secure.example>",
    "Your payment failed: verify your account within 24 hours",
    """Dear customer, your invoice 4711 of EUR 120.00 is overdue. Pay at https://bank.example.evil.example/login now.

This message is confidential and intended for the addressee only. If you are not the addressee, please delete it.""",
)
_PLAIN = (
    "Li Wei <li@partner.example>",
    "lunch next Tuesday?",
    """Hello Sam, are you free next Tuesday at 12? No rush. I can also do the 10th. Let me know, e.g. by text.

Best regards
Li

Am 27.02.2026 um 18:02 schrieb Sam:
> Könnten wir uns nächste Woche sehen?
> Viele Grüße""",
)


@cache
def ready() -> None:
    """Once in a process; takes as long as two dozen mails."""
    rehearsed()


def rehearsed() -> tuple[Digest, ...]:
    """What is said of the letters: one that asks, a mailing, a warning, a plain one."""
    messages = [_message(str(number), *letter) for number, letter in enumerate((_ASKING, _MASS, _WARNING, _PLAIN))]
    me = who_am_i(MINE, messages)
    conversations = [found for message in messages if (found := converse(message.id, [message], me))]
    judge = Judge(me, NOW, Known(me.domains, {}), Relations(me, conversations), frozenset())
    return tuple(judge.digest(conversation) for conversation in conversations)


def _message(identity: str, sender: str, subject: str, text: str) -> Message:
    kind = "text/html" if text.startswith("<") else "text/plain"
    headers = {"From": sender, "To": f"Sam Ode <{MINE}>", "Subject": subject, "Content-Type": f"{kind}; charset=utf-8"}
    if "Unsubscribe" in text:
        headers["List-Unsubscribe"] = "<https://paper.example/out>"
    return read_message(
        {
            "id": identity,
            "internalDate": str(int(NOW.timestamp() * 1000)),
            "payload": {
                "mimeType": kind,
                "headers": [{"name": name, "value": value} for name, value in headers.items()],
                "body": {"data": urlsafe_b64encode(text.encode()).decode()},
            },
        }
    )
