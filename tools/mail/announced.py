"""By when a program's mail wants something done: what runs out, or is lost, on a day.

Law: a date counts only where the mail says what ends or is lost, or orders something; when a parcel comes is none, nor
what a mass mailing says.
"""

from collections.abc import Sequence
from datetime import datetime

from tools.mail.asks import POLITE, pull, spoken_of
from tools.mail.conversation import Mail
from tools.mail.due import When

ENDS = frozenset(("due.ends", "loss", "stake", "returnable"))


def announced_due(mails: Sequence[Mail], now: datetime) -> When | None:
    """The next deadline ahead that the mails announce; None if there is none."""
    named = spoken_of(filter(_demands, mails), now)
    found = [when for when in named if when.kind == "deadline" and when.at >= now]
    return min(found, key=lambda when: when.at, default=None)


def _demands(mail: Mail) -> bool:
    if "list-unsubscribe" in mail.message.headers:
        return False
    return any(ENDS & sentence.words.concepts or pull(sentence) > POLITE for sentence in mail.letter.sentences)
