"""What the mails of others say, phrase by phrase: each concept with the words that say it first."""

from collections.abc import Iterable

from tools.mail.conversation import Conversation
from tools.mail.lexicon import Sign, Words
from tools.text.characters import cut

QUOTED_LENGTH = 60
NOBODY = frozenset(("niemand", "nobody", "nadie", "personne", "nessuno", "ninguem", "keiner"))


def waiting(conversation: Conversation) -> dict[str, str]:
    """What was said after the person's last word, and by the subject, as long as it is that of a single mail."""
    subject = [conversation.subject_words] if len(conversation.mails) == 1 else []
    sentences = (sentence.words for mail in conversation.since_mine for sentence in mail.letter.sentences)
    return _quoted(subject) | _quoted(sentences)


def _quoted(texts: Iterable[Words]) -> dict[str, str]:
    found: dict[str, str] = {}
    for words in texts:
        for sign in words.signs:
            if sign.concept not in found and not (sign.concept == "trouble.harm" and _spared(words, sign)):
                found[sign.concept] = f"“{cut(words.text[sign.at : sign.until], QUOTED_LENGTH)}”"
    return found


def _spared(words: Words, sign: Sign) -> bool:
    """Whether a harm is only named to say that it was not done: "nobody was hurt", "verletzt wurde niemand"."""
    after = (word.folded for word in words.words[sign.end : sign.end + 2])
    return words.denied(sign, 2) or not NOBODY.isdisjoint(after)
