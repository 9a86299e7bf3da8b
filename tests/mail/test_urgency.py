"""Urgency and its named reasons: a quiet deadline counts, shouting does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.mail.made import NOW, Post, judged, mine
from tools.mail.digest import Digest

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CUSTOMER = "Roth <roth@contoso.example>"

URGENT = [
    (Post("Could you sign the order by Wednesday noon?"), "deadline “by Wednesday noon”, asked of you"),
    (Post("Kannst du das bitte bis morgen 10 Uhr freigeben?"), "deadline “bis morgen 10 Uhr”, asked of you"),
    (Post("¿Puedes confirmarlo antes del miércoles a las 12?"), "asked of you"),
    (Post("Podes rever isto até amanhã?"), "asked of you"),
    (Post("Peux-tu valider avant demain 18h ?"), "asked of you"),
    (Post("明日までにご確認をお願いします。"), "asked of you"),
    (Post("请在明天前确认合同。"), "asked of you"),
    (Post("Our whole site is down and nobody can log in. Can you help?", by=CUSTOMER), "somebody is blocked"),
    (
        Post("Today's meeting at 14:00 is cancelled, the client is ill."),
        "a meeting of these days is cancelled or moved",
    ),
    (Post("Die Besprechung morgen wird auf 16 Uhr verschoben."), "a meeting of these days is cancelled or moved"),
    (Post("Somebody phished the finance team, please rotate your keys now."), "a security matter"),
]


@pytest.mark.parametrize(("post", "reason"), URGENT)
def test_urgent_with_the_reason(post: Post, reason: str) -> None:
    found = judged(post)
    assert found.urgency == "urgent", (found.score, found.reasons)
    assert any(reason in said for said in found.reasons)


BULK = {"List-Unsubscribe": "<mailto:out@shop.example>"}
NOT_URGENT = [
    Post("URGENT!!! LAST CHANCE!!! 70% OFF, ENDS TODAY! Order now!", by="Deals <deals@shop.example>", headers=BULK),
    Post("Please reply by tomorrow to keep your discount!", by="News <news@shop.example>", headers=BULK),
    Post("Could you look at it when you have a moment? No rush at all."),
    Post("Could you send me the slides by the end of next month?"),
    Post("The meeting on 12 December was moved to the big room."),
    Post("Our site was down last month, all solved since. Thanks again!"),
    Post("I read the report. Good work."),
    Post("Your build has passed.", by="CI <ci@northwind.example>"),
]


@pytest.mark.parametrize("post", NOT_URGENT)
def test_not_urgent(post: Post) -> None:
    found = judged(post)
    assert found.urgency != "urgent", found.reasons


def test_shouting_alone_is_soon_at_most() -> None:
    assert judged(Post("URGENT! CALL ME ASAP!!!")).urgency in ("soon", "normal")


def test_no_hurry_outweighs_a_question() -> None:
    assert judged(Post("Could you read it? No rush, next week is fine.")).urgency == "low"


def test_chasing_counts() -> None:
    asked = [Post("Could you send the plan?", ago=9 * DAY), Post("Any news on the plan?", ago=4 * DAY)]
    chased = judged(*asked, Post("Just following up on this again.", ago=HOUR))
    assert "they chase an answer" in chased.reasons
    assert chased.urgency == "soon"
    assert judged(asked[0]).score < chased.score


def test_an_answered_deadline_is_over() -> None:
    assert judged(Post("Could you sign by tomorrow?", ago=2 * HOUR), mine("Signed!", HOUR)).urgency == "low"


def test_a_deadline_of_others_is_not_mine() -> None:
    found = judged(Post("Li, can you send it by tomorrow?", to="Li <li@northwind.example>", cc=Post("").to))
    assert found.urgency in ("low", "normal")


def test_a_passed_deadline_is_said_to_have_passed() -> None:
    found = judged(Post("Could you answer by Monday?", ago=4 * DAY))
    assert any("has passed" in reason for reason in found.reasons)
    assert found.due is not None
    assert found.due.at < NOW


def invitation(method: str, start: str) -> Digest:
    lines = ["BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", "UID:1", "SUMMARY:Review", f"DTSTART:{start}"]
    calendar = "\r\n".join([*lines, "LOCATION:Room 3", "END:VEVENT", "END:VCALENDAR"])
    from tests.mail.made import ME, leaf, tree
    from tools.mail.conversation import converse
    from tools.mail.judge import Judge
    from tools.mail.message import read_message
    from tools.mail.relations import Relations
    from tools.mail.suspicion import Known

    post = Post("You are invited.").resource()
    headers = post["payload"]["headers"]
    post["payload"] = tree("mixed", leaf("text/plain", "You are invited."), leaf("text/calendar", calendar))
    post["payload"]["headers"] = headers
    found = converse("t", [read_message(post)], ME)
    assert found is not None
    return Judge(ME, NOW, Known(frozenset(), {}), Relations(ME, [found]), frozenset()).digest(found)


def test_invitations_are_recognised_with_their_time() -> None:
    found = invitation("REQUEST", "20251120T090000Z")
    assert found.category == "invitation"
    assert found.invitation is not None
    assert (found.invitation.title, found.invitation.place) == ("Review", "Room 3")
    assert found.invitation.start == NOW.replace(day=20, hour=10, minute=0)
    assert not found.owed


def test_a_meeting_of_tomorrow_that_is_cancelled_is_urgent() -> None:
    assert invitation("CANCEL", "20251119T090000Z").urgency == "urgent"
    assert invitation("CANCEL", "20251219T090000Z").urgency != "urgent"
    assert invitation("CANCEL", "not a time").invitation is not None
