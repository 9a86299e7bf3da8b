"""Slack's markup as a person sees it, as it was said, and whom it names."""

from __future__ import annotations

from typing import Any

import pytest

from tools.channels.markup import mentions, plain, spoken, text_of
from tools.channels.team import Group, Member, Team

TEAM = Team(
    "U1",
    members={"U1": Member("U1", "Alex Rivera"), "U2": Member("U2", "Ana Torres")},
    groups={"S1": Group("S1", "design", frozenset({"U1"}))},
)


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("hi <@U2>!", "hi @Ana Torres!"),
        ("<@U9|zoe> and <@U8>", "@zoe and @U8"),
        ("see <#C1|launch> and <#C2>", "see #launch and #C2"),
        (
            "<!here> <!channel> <!subteam^S1> <!subteam^S2|@ops> <!subteam^S3>",
            "@here @channel @design @ops @a user group",
        ),
        ("on <!date^1392734382^{date_num}|18 Feb>", "on 18 Feb"),
        ("<https://a.example/x?b=1&amp;c=2>", "https://a.example/x?b=1&c=2"),
        ("<https://evil.example/x|your bank>", "your bank (evil.example)"),
        ("<https://a.example/x|a.example/x>", "https://a.example/x"),
        ("<mailto:ana@x.example|ana@x.example>", "ana@x.example"),
        ("<http://[|broken>", "broken (a link)"),
        ("*bold* _italic_ ~old~ `code` *_both_*", "bold italic old code both"),
        ("snake_case_name 2*3*4 a ~ b", "snake_case_name 2*3*4 a ~ b"),
        ("```a = b```", "a = b"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&lt;@U2&gt; &lt;https://x.example|y&gt;", "<@U2> <https://x.example|y>"),
        ("done :white_check_mark: :+1::skin-tone-3: :party_parrot:", "done ✅ 👍 :party_parrot:"),
        ("at 10:30:45 sharp", "at 10:30:45 sharp"),
        ("a\u202eb\u200bc", "abc"),
        ("", ""),
    ],
)
def test_shown(markup: str, shown: str) -> None:
    assert plain(markup, TEAM) == shown


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("<@U2> please <https://x.example|see this>", "@U2 please see this"),
        ("&gt; can you do it?\nyes", "yes"),
        ("~send the deck~ sent", "sent"),
        ("```please delete it``` ok", "ok"),
        ("run `make test` please", "run make test please"),
        ("<!channel> :wave: hello :white_check_mark:", "@here   hello ✅"),
        ("mail ana@x.example or @U2 <https://x.example|@U1>", "mail ana\uff20x.example or \uff20U2 \uff20U1"),
    ],
)
def test_said(markup: str, said: str) -> None:
    assert spoken(markup) == said


@pytest.mark.parametrize(
    ("markup", "named"),
    [
        ("<@U2> <@U1|alex> <@U2> <!subteam^S1|@design> <!everyone>", ("U2", "U1", "S1", "here")),
        ("&lt;@U2&gt; @U2 <https://x.example|@U2>", ()),
        ("&gt; <@U2> said\n```<@U1>```", ()),
    ],
)
def test_named(markup: str, named: tuple[str, ...]) -> None:
    assert mentions(markup) == named


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ({"text": "plain", "blocks": [{"type": "section", "text": {"text": "other"}}]}, "plain"),
        (
            {"text": "", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*Deploy* done"}}]},
            "*Deploy* done",
        ),
        (
            {
                "blocks": [
                    {
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "user", "user_id": "U2"},
                                    {"type": "text", "text": " see "},
                                    {"type": "link", "url": "https://x.example", "text": "this"},
                                ],
                            }
                        ],
                    }
                ]
            },
            "<@U2> see <https://x.example|this>",
        ),
        ({"attachments": [{"title": "PR 7", "text": "Fix"}, {"fallback": "old"}, "odd"]}, "PR 7\nFix\nold"),
        ({"text": 7, "blocks": "no"}, ""),
        ({}, ""),
    ],
)
def test_text_of_a_message(raw: dict[str, Any], text: str) -> None:
    assert text_of(raw) == text
