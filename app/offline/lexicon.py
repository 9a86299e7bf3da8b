"""Words as data: what means the same, what means nothing by itself, what asks for a change.

Law: nothing here names a tool; a tool is reached through its own asks, which these groups only widen.
"""

from __future__ import annotations


def listed(text: str) -> tuple[str, ...]:
    """Words written in a row."""
    return tuple(text.split())


CONCEPTS: dict[str, str] = {
    "mail": "mail email gmail message inbox mailbox correspondence thread conversation",
    "inbox": "inbox mailbox",
    "thread": "thread conversation",
    "calendar": "calendar schedule diary agenda itinerary programme",
    "meeting": "meeting appointment event standup invite invitation",
    "attend": "attend attendee participant invited coming joining guest",
    "conflict": "conflict clash overlap collide collision problem doublebook double overbook",
    "free": "free available availability slot gap spare unbooked clear",
    "meet": "meet talk sync",
    "busy": "busy packed full happening planned upcoming",
    "urgent": "urgent urgently pressing critical asap burning immediate emergency attention",
    "important": "important matter significant priority crucial relevant",
    "owed": "owe reply answer respond response unanswered waiting outstanding",
    "unread": "unread new unseen unopened fresh",
    "summary": "summarise summary overview digest recap gist sum catch tldr",
    "find": "find search look locate dig seek lookup pull fetch",
    "read": "read open view",
    "detail": "detail more full whole exactly",
    "say": "say said write wrote written mention mentioned sent",
    "suggest": "suggest propose offer",
    "calculate": "calculate compute evaluate",
    "convert": "convert conversion turn",
    "latest": "latest newest recent",
    "change": "change changed edit edited update updated modified moved cancelled rescheduled added new",
    "file": "file document doc sheet spreadsheet slide presentation deck pdf folder drive",
    "channel": "slack channel dm",
    "message": "message thread discussion post",
    "spreadsheet": "spreadsheet sheet excel xlsx workbook",
    "presentation": "presentation slide deck powerpoint pptx",
    "document": "document doc docx",
    "task": "task todo item",
    "overdue": "overdue late behind",
    "done": "done finish finished complete completed ticked",
    "weather": "weather forecast temperature rain sunny umbrella frost snow icy storm windy drizzle sleet hail",
    "brief": "brief briefing",
}
"""Concept -> words that stand for it. A word may belong to several."""

SORTS: dict[str, str] = {
    "writing": "contract agreement offer proposal plan roadmap handbook manual policy payslip memo report minutes lease"
    " tender deck paper guide playbook cv resume spec specification brochure whitepaper guideline"
    " certificate transcript factsheet",
}
"""Sort of thing -> words for such things. Each means something else, but people ask for them alike."""

SETS = frozenset({"slides", "minutes", "news"})
"""Plurals that are one thing."""

EMPTY = frozenset(
    listed(
        """
        a an the this that these those it its is are was were be been am i me my mine we us our you your he she
        they them their his her do does did doing done have has had having will would can could shall should may
        might must of in on at for to from by with without about into onto over under than then as and or but if
        so not no nor any some all each every both either there here what which who whom whose when where how why
        whether please pls plz kindly just only also too again now ok okay well hey hi hello thanks thank get
        got give gives show showing tell let lets see know want wanna need like go going got make made thing
        things something anything everything anyone someone everyone one ones out up off back still yet
        already very really much many more most next last first same other another else instead rather between during
        within until since after before through w re vs via per etc im ill ive id dont oh hm hmm um uh yes no
        sorry maybe perhaps actually currently quick quickly possible able latest newest recent look looking display
        list valet right
        away check far long put take come came comes coming around exactly currently help ask asked asking
        wonder wondering use using & + use had keep lot bit mind today run walk
        anybody somebody nobody everybody yourself myself
        sitting lying once stuff try neither
        while because though although later ever never always often sometimes however therefore
        """
    )
)
"""Words that no tool need explain."""

FILLERS = frozenset(
    listed("please pls plz kindly valet just also now then so well sorry quickly maybe perhaps actually")
)
"""Words that can be left out of any request."""

ASKING = frozenset(listed("hello hi hey thanks thank help when who where how which time"))
"""Those of them that still speak for one intent rather than another."""

ACTIONS = frozenset(
    listed(
        """
        send forward reply respond answer write compose draft delete remove trash erase archive unsubscribe
        unarchive label star unstar flag mark mute snooze move reschedule postpone shift push cancel decline
        accept rsvp book reserve schedule create add invite uninvite post publish share upload rename edit
        change update modify rewrite remind notify email mail message call text ping slack dm save copy insert
        attach assign complete tick close approve sign pay buy order put arrange set start stop undo block unblock
        report clear empty organise sort file replace overwrite
        """
    )
)
"""Verbs that ask for a change. They bind only where no tool present is asked for with the same verb."""

MILD = frozenset(
    listed(
        """
        write compose order set create add draft change edit update start stop pay buy copy save clear close complete
        report sort organise call text push share stop undo insert start
        """
    )
)
"""Actions that are asked of anyone: they count only where they are done to a thing of ours."""

OURS = ("mail", "meeting", "calendar", "channel", "file", "task", "owed")
"""Concepts that are things of ours."""

NOUNS_TOO = frozenset(
    listed(
        "mail email message schedule book post draft label note call text slack file report share reply answer update"
    )
)
"""Actions that are as often nouns: they are verbs only where an object follows them."""

POLITE = frozenset(
    listed(
        """
        please pls plz kindly can could would will you i we want wanna need to like ld d for me us just now then
        also and ok okay so well hey hi hello valet go ahead let lets quickly immediately help sorry must should
        have
        """
    )
)
"""What may stand before the verb of a request."""

OBJECT_STARTS = frozenset(listed("a an the this that these those my our his her their it them me us him all every"))

ELSEWHERE = (
    "tell me a joke",
    "write a story",
    "write an essay",
    "what is the population of Spain",
    "who invented the telephone",
    "who is the president of the country",
    "how tall is the tower",
    "how do I cook rice",
    "play some music",
    "turn on the lights",
    "open the door",
    "open the window",
    "order some food",
    "find me a restaurant",
    "find a good film to watch",
    "recommend a good restaurant",
    "translate this into German",
    "what does this word mean",
    "explain how a motor works",
    "fix my code",
    "what is the meaning of life",
    "how old is the universe",
    "is the shop open today",
    "what is the stock price",
    "what should I wear",
    "sing a song",
    "who won the match last night",
    "read me a bedtime story",
    "is there life on other planets",
    "how far is the moon",
    "show me pictures of cats",
    "what colour is the sky",
)
"""Requests for something else, so that their common words count for nothing."""
