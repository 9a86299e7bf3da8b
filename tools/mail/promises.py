"""What the person promised in their own last mail of a conversation, and has not taken care of since.

Law: only the person's own words promise; a question, or what hangs on a condition, is none. An act in the present
promises only beside a day ahead.
"""

from datetime import datetime, timedelta

from tools.mail.asks import times_of
from tools.mail.conversation import Conversation, Mail
from tools.mail.digest import Due, Promise
from tools.mail.due import When
from tools.mail.lexicon import Words
from tools.mail.sentences import Sentence
from tools.text.characters import cut

LENGTH = 160
SHOWN = 2
FORGOTTEN = timedelta(days=14)
"""A promise older than this is not held up to anybody."""


def promises(conversation: Conversation, now: datetime) -> tuple[Promise, ...]:
    """The open promises, as written; times stand in the zone of `now`."""
    place = max((index for index, mail in enumerate(conversation.mails) if mail.mine), default=-1)
    mine = conversation.mails[place]
    if place < 0 or now - mine.message.at > FORGOTTEN or not any(not mail.mine for mail in conversation.mails):
        return ()
    if any(_withdraws(mail) for mail in conversation.mails[place + 1 :]):
        return ()
    found = []
    for sentence, times in zip(mine.letter.sentences, times_of(mine, now), strict=True):
        acts = "promise.act" in sentence.words.concepts and any(when.at > mine.message.at for when in times)
        if (acts or _promises(sentence)) and not _hangs(sentence.words) and not sentence.is_question:
            at = mine.message.at.astimezone(now.tzinfo)
            found.append(Promise(text=cut(sentence.text, LENGTH), at=at, due=_due(times)))
    return tuple(found[:SHOWN])


def _promises(sentence: Sentence) -> bool:
    """Whether the author says they will do something: "I'll send it", or without a subject at the head, "Will do"."""
    return any(
        sign.concept == "promise" or (sign.concept == "promise.bare" and sign.start == 0)
        for sign in sentence.words.signs
    )


def _hangs(words: Words) -> bool:
    """Whether it hangs on a condition; the Spanish "sí" is none, though "si" is."""
    return any(words.text[sign.at : sign.until].lower() != "sí" for sign in words.of("conditional"))


def _withdraws(mail: Mail) -> bool:
    return any("withdrawn" in sentence.words.concepts for sentence in mail.letter.sentences)


def _due(times: tuple[When, ...]) -> Due | None:
    if not times:
        return None
    when = times[0]
    return Due(at=when.at, has_time=when.has_time, before=when.before, phrase=cut(when.phrase, 60))
