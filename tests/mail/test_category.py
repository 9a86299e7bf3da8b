"""What kind of mail it is, told from headers, labels, words and relations, with the reason."""

from __future__ import annotations

import pytest

from tests.mail.made import Post, judged, mine
from tools.mail.category import RULES

LIST = {"List-Id": "<dev.lists.example>", "List-Post": "<mailto:dev@lists.example>"}
UNSUBSCRIBE = {"List-Unsubscribe": "<https://x.example/u>"}
PROMOTED = ("INBOX", "CATEGORY_PROMOTIONS")
UPDATED = ("INBOX", "CATEGORY_UPDATES")

RENEWAL = "We need the renewal terms for our contract, and our subscription still shows 40 seats."
APPLYING = "My application for the position is attached with my CV. When is the interview?"
SELLING = "I noticed your company is growing. Open to a quick call? Reply YES."
ISSUE = "In this issue: three recipes. Read more.\nUnsubscribe"
SALE = "30% off everything, today only! Shop now!"
PAID = "Thank you for your order. Total paid: € 24.90"
AWAY = "I am out of the office until Monday."

KINDS = [
    (Post("The numbers are in."), "colleague", "your own domain"),
    (Post("See you Sunday!", by="Rosa Rivera <rosa@mail.example>"), "personal", "family name"),
    (Post("Can you get the kids from school? Mum has the dentist.", by="Sam <sam@gmail.com>"), "personal", ""),
    (Post("The delivery leaves on Monday.", by="Lukas Brandt <l.brandt@movers.example>"), "contact", "a person"),
    (Post(RENEWAL, by="Roth <r@con.example>"), "customer", "customer"),
    (Post(APPLYING, by="Nadia K <n@gmail.com>"), "candidate", "application"),
    (Post("+1 for the rose bush", by="Dave <dave@mail.example>", headers=LIST), "list", "mailing list"),
    (Post(ISSUE, by="Weekly <news@food.example>", headers=UNSUBSCRIBE), "newsletter", "unsubscribe"),
    (Post(SALE, by="Shop <shop@x.example>", headers=UNSUBSCRIBE, labels=PROMOTED), "marketing", ""),
    (Post(SELLING, by="Chad <chad@sell.example>", labels=PROMOTED), "marketing", ""),
    (Post(PAID, by="Shop <orders@x.example>", subject="Your order 123", labels=UPDATED), "receipt", ""),
    (Post("Build 42 failed on main.", by="CI <notifications@ci.example>"), "notification", "automatic address"),
    (Post(AWAY, headers={"Auto-Submitted": "auto-replied"}), "automatic", "automatic reply"),
    (Post("The message was not delivered.", by="Mailer <mailer-daemon@x.example>"), "automatic", "delivery report"),
]


@pytest.mark.parametrize(("post", "category", "why"), KINDS)
def test_kind_and_reason(post: Post, category: str, why: str) -> None:
    found = judged(post)
    assert found.category == category, found.category_why
    assert why in found.category_why


def test_a_conversation_one_takes_part_in_is_with_a_person() -> None:
    shop = "Shop <orders@x.example>"
    found = judged(Post("Your order 123 is late.", by=shop), mine("When does it come?", Post("").ago / 2, to=shop))
    assert found.category in ("contact", "customer")


def test_having_written_to_somebody_tells() -> None:
    post = Post("Our offer is attached.", by="Mia <mia@partner.example>", labels=PROMOTED)
    assert judged(post, written_to=["mia@partner.example"]).category == "contact"


def test_every_rule_says_its_reason() -> None:
    assert all(rule.reason and rule.weight > 0 for rule in RULES)
