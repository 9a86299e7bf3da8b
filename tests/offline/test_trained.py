"""The trained model: its examples, its shares, its tags, and that it learns the same from the same."""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.offline.heard import pieces
from app.offline.slots import Skill
from app.offline.thread import Outcome, Past, Ref, Thread, Turn
from app.offline.trained import examples, features, tagging, training
from app.offline.trained.examples import Example, Line
from app.offline.trained.features import NOTHING
from app.offline.trained.model import CUT, ON, Classes, Model, model
from app.offline.trained.tagging import OUTSIDE, Span
from app.offline.words import tokens
from graphs.briefing import brief_me
from tests.offline.cases import REGISTRY

SKILLS = {tool.name: Skill(tool, node) for node in REGISTRY.nodes for tool in node.tools}
SKILLS |= {brief_me.name: Skill(brief_me)}
SILENT = {"chat", "none", "everywhere", "undo", "later"}
KINDS = ("mail", "event", "slot", "file", "draft", "message", "task")
BOTH_WAYS = {
    ("-", "mentions of me , slack , this week"): {"catch_up", "slack_action_items"},
    ("mails", "and slack"): {"catch_up", "search_slack"},
    ("mails", "then slack"): {"catch_up", "search_slack"},
}
"""What may be asked for by the same words, in the same context."""
TAGS = (OUTSIDE, "B-sender", "I-sender", "B-only=urgent", "I-only=urgent", "B-text", "I-text")
FEATURES = ("=", "0 mail", "-1 ^", "+1 from", "s C?")
Weights = Mapping[tuple[str, str], int]


@pytest.fixture(scope="module")
def found() -> list[Line]:
    return list(examples.lines(lambda context, names: pieces.after(context, names, SKILLS)))


@pytest.fixture(scope="module")
def requests(found: Sequence[Line]) -> list[Example]:
    return [one for line in found for one in line.requests]


def test_the_weights_are_those_of_the_examples() -> None:
    assert model().examples == examples.digest(), "Count the weights anew: `make learn`."


def test_every_line_is_an_example(requests: Sequence[Example]) -> None:
    assert len(requests) > 15000
    assert not [one for one in requests if not one.tokens]
    marks = [one for one in requests if {"[", "]"} & {token.text for token in one.tokens}]
    assert not marks, "A bracket that marks nothing."


def test_whatever_is_asked_for_is_a_tool(requests: Sequence[Example]) -> None:
    asked = {one.asked for one in requests}
    assert asked <= SKILLS.keys() | SILENT
    assert asked == set(model().names)


def test_whatever_is_asked_for_is_asked_for_in_many_words(requests: Sequence[Example]) -> None:
    assert min(Counter(one.asked for one in requests).values()) >= 100


def test_every_context_is_one_that_a_thread_can_have(requests: Sequence[Example]) -> None:
    behind = {pieces.after(NOTHING, [name], SKILLS) for name in SKILLS}
    assert {one.context for one in requests} <= _contexts() | behind


def _contexts() -> set[str]:
    """What is in view behind a result of each tool: nothing shown, one thing, several, a receipt."""
    found = {pieces.context(Thread((Turn("now"),), 1), SKILLS)}
    for name, skill in SKILLS.items():
        shown = [[Ref(f"{kind}:{i}", kind, "") for i in range(count)] for kind in skill.mints for count in (1, 2)]
        found |= {pieces.context(thread(name, refs), SKILLS) for refs in ([], *shown)}
        made = [[], *([Ref(f"{kind}:1", kind, "")] for kind in KINDS)] if skill.writes else []
        found |= {pieces.context(thread(name, refs, "w-1"), SKILLS) for refs in made}
    return found


def thread(name: str, refs: Sequence[Ref], receipt: str = "") -> Thread:
    """One turn that showed these things, and a new request."""
    outcome = Outcome("ok", refs=tuple(refs), receipt=receipt)
    return Thread((Turn("before", [Past("a", name, {})], {"a": outcome}), Turn("now")), 2)


@pytest.mark.parametrize(
    ("name", "kinds", "receipt", "context"),
    [
        ("summarise_inbox", ["mail", "mail"], "", "mails"),
        ("read_conversation", ["mail"], "", "mail"),
        ("find_slots", ["slot"], "", "slots"),
        ("draft_reply", ["draft"], "w-1", "draft"),
        ("create_event", ["event"], "w-1", "done"),
        ("archive", [], "w-1", "done"),
        ("calculate", [], "", "sum"),
        ("a tool that is gone", [], "", NOTHING),
    ],
)
def test_the_context_is_what_was_shown_last(name: str, kinds: list[str], receipt: str, context: str) -> None:
    refs = [Ref(f"{kind}:{i}", kind, "") for i, kind in enumerate(kinds)]
    assert pieces.context(thread(name, refs, receipt), SKILLS) == context
    later = Turn("next", [Past("b", "agenda", {})], {"b": Outcome("failed", refs=(Ref("event:1", "event", ""),))})
    turns = thread(name, refs, receipt).turns
    assert pieces.context(Thread((*turns[:-1], later, turns[-1]), 3), SKILLS) == context


def test_the_same_words_ask_for_the_same(requests: Sequence[Example]) -> None:
    asked = defaultdict[tuple[str, str], set[str]](set)
    for one in requests:
        asked[one.context, " ".join(token.text for token in one.tokens).lower()].add(one.asked)
    several = {words: names for words, names in asked.items() if len(names) > 1}
    assert {words: names for words, names in several.items() if BOTH_WAYS.get(words) != names} == {}


def test_marked_words_begin_before_they_go_on(requests: Sequence[Example]) -> None:
    for one in requests:
        for before, tag in itertools.pairwise((OUTSIDE, *one.tags)):
            assert not tag.startswith("I-") or before[2:] == tag[2:], one


def test_the_model_has_learnt_its_examples(requests: Sequence[Example]) -> None:
    some = [(one, model().asked(one.tokens, one.context)) for one in requests[::40]]
    right = sum(max(shares, key=shares.__getitem__) == one.asked for one, shares in some)
    assert right >= 0.98 * len(some)
    marked = [one for one in requests if one.tags][::60]
    found = ((one, model().spans(one.tokens, training.timed(one), one.asked)) for one in marked)
    same = sum([*spans] == tagging.spans(one.tags) for one, spans in found)
    assert same >= 0.9 * len(marked)


def test_requests_are_cut_where_the_examples_are(found: Sequence[Line]) -> None:
    told = list(training.cuts(found[::40], model().leads))
    cuts = [goal for _, goal in told]
    assert {CUT, ON} == set(cuts)
    right = 0
    for line in found[::40]:
        row = tuple(token for one in line.requests for token in one.tokens)
        shares = [model().cut(row, i) for i in features.joints(row)]
        goals = [goal for _, goal in training.cuts([line], model().leads)]
        right += sum((share > 0.5) == (goal == CUT) for share, goal in zip(shares, goals, strict=True))
    assert right >= 0.97 * len(cuts)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.sampled_from([NOTHING, "mails", "done", "weather", "no such context"]))
@example("", NOTHING)
@example("ξένα λόγια", "mails")
def test_shares_are_a_distribution_whatever_the_words(text: str, context: str) -> None:
    shares = model().asked(tokens(text), context)
    assert set(shares) == set(model().names)
    assert sum(shares.values()) == pytest.approx(1)
    assert all(0 <= share <= 1 for share in shares.values())
    assert shares == model().asked(tokens(text), context)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-127, 127), min_size=6, max_size=6), st.lists(st.sampled_from("ab?"), max_size=6))
def test_shares_follow_the_weights(weights: list[int], told: list[str]) -> None:
    named = b"a\tb"
    names = ["x", "y", "z"]
    classes = Classes({"names": names, "named": len(named)}, named + bytes(value & 0xFF for value in weights))
    shares = classes.shares(told)
    sums = [sum(weights["ab".index(one) * 3 + k] for one in told if one != "?") for k in range(3)]
    assert sum(shares.values()) == pytest.approx(1)
    for (a, one), (b, other) in itertools.combinations(zip(names, sums, strict=True), 2):
        assert one == other or (shares[a] >= shares[b]) == (one > other)
    assert "a" in told or "b" in told or len(set(shares.values())) == 1


@st.composite
def rows(draw: st.DrawFn, longest: int) -> tuple[list[list[str]], list[str], Weights]:
    """The features of a row of tokens, the tags it may have, and weights."""
    told = draw(st.lists(st.lists(st.sampled_from(FEATURES), max_size=3), max_size=longest))
    tags = [OUTSIDE, *draw(st.lists(st.sampled_from(TAGS[1:]), max_size=4, unique=True))]
    keys = [(f, tag) for f in (*FEATURES, *(f"> {one}" for one in ("^", *TAGS))) for tag in tags]
    chance = random.Random(draw(st.integers(0, 9999)))
    return told, tags, {key: chance.randint(-9, 9) for key in keys}


def _allowed(tags: Sequence[str]) -> bool:
    return all(not tag.startswith("I-") or a[2:] == tag[2:] for a, tag in itertools.pairwise((OUTSIDE, *tags)))


def _weight(told: Sequence[Sequence[str]], tags: Sequence[str], weights: Weights) -> int:
    own = sum(weights[feature, tag] for one, tag in zip(told, tags, strict=True) for feature in one)
    return own + sum(weights[f"> {before}", tag] for before, tag in itertools.pairwise(("^", *tags)))


@settings(max_examples=80, deadline=None)
@given(rows(longest=12))
def test_an_argument_goes_on_only_where_it_has_begun(one: tuple[list[list[str]], list[str], Weights]) -> None:
    told, tags, weights = one
    best = tagging.best(told, tags, lambda feature, tag: weights[feature, tag])
    assert len(best) == len(told)
    assert set(best) <= set(tags)
    assert _allowed(best)


@settings(max_examples=60, deadline=None)
@given(rows(longest=4))
def test_the_best_tags_weigh_as_much_as_any(one: tuple[list[list[str]], list[str], Weights]) -> None:
    told, tags, weights = one
    best = tagging.best(told, tags, lambda feature, tag: weights[feature, tag])
    every = (row for row in itertools.product(tags, repeat=len(told)) if _allowed(row))
    assert _weight(told, best, weights) == max(_weight(told, row, weights) for row in every)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([OUTSIDE, "sender", "only=urgent", "text"]), st.integers(1, 3)), max_size=6))
def test_spans_say_where_each_argument_stands(parts: list[tuple[str, int]]) -> None:
    tags, spans = list[str](), list[Span]()
    for name, size in parts:
        at = len(tags)
        tags += [OUTSIDE] * size if name == OUTSIDE else [f"B-{name}", *[f"I-{name}"] * (size - 1)]
        argument, _, value = name.partition("=")
        spans += [Span(at, at + size, argument, value)] if name != OUTSIDE else []
    assert tagging.spans(tags) == spans


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_there_are_features_of_every_token_and_of_every_joint(text: str) -> None:
    found = tokens(text)
    assert len(features.of_tokens(found, [False] * len(found), "agenda")) == len(found)
    assert all(features.of_joint(found, i, {"then": 1}) for i in features.joints(found))
    assert features.of_request(found, NOTHING)[0] == "="


def _marked(asked: str, *parts: tuple[str, str]) -> Example:
    """A request of pieces of text, each with the argument it fills or ""."""
    row, tags = tokens(" ".join(text for text, _ in parts)), list[str]()
    for text, name in parts:
        size = len(tokens(text))
        tags += [f"B-{name}", *[f"I-{name}"] * (size - 1)] if name else [OUTSIDE] * size
    return Example(NOTHING, asked, row, tuple(tags))


def toy() -> list[Line]:
    """A few lines in which letters are sought and rain is asked about."""
    people, towns = ("Ana", "Tom Baker", "Li", "Priya"), ("Rome", "New York", "Lyon", "Bergen")
    mail = [_marked("search_mail", ("mail from", ""), (name, "sender")) for name in people]
    rain = [_marked("forecast", ("will it rain in", ""), (town, "place")) for town in towns]
    more = [_marked("forecast", ("and will it rain in", ""), (town, "place")) for town in towns]
    pairs = [Line(both) for both in zip(mail, more, strict=True)]
    joined = [_marked("search_mail", ("mail from", ""), (f"{name} and Bo", "sender")) for name in people]
    return [*(Line((one,)) for one in (*mail, *rain, *joined)), *pairs]


def test_little_is_learnt_from_little() -> None:
    learnt = Model(training.stored(toy(), "of the toy"))
    assert learnt.examples == "of the toy"
    assert learnt.names == ("forecast", "search_mail")
    assert learnt.asked(tokens("mail from Zoe"), NOTHING)["search_mail"] > 0.9
    assert learnt.asked(tokens("will it rain in Oslo"), NOTHING)["forecast"] > 0.9
    unseen = tokens("mail from Zoe")
    assert [*learnt.spans(unseen, [False] * len(unseen), "search_mail")] == [Span(2, 3, "sender")]
    assert not learnt.spans(unseen, [False] * len(unseen), "nothing known")
    both = tokens("mail from Li and will it rain in Rome")
    assert [i for i in features.joints(both) if learnt.cut(both, i) > 0.5] == [4]
    named = tokens("mail from Li and Bo")
    assert [i for i in features.joints(named) if learnt.cut(named, i) > 0.5] == []


def test_the_same_examples_give_the_same_weights() -> None:
    assert training.stored(toy(), "d") == training.stored(toy(), "d")


def test_classes_part_what_differs_and_forget_what_is_rare() -> None:
    told = [["=", "rain"], ["=", "snow"], ["=", "mail"], ["=", "post"]] * 4 + [["=", "once"]]
    right = ["sky", "sky", "desk", "desk"] * 4 + ["sky"]
    weights = training.classes(told, right, ["desk", "sky"])
    assert weights["rain"][1] > 0 > weights["rain"][0]
    assert weights["post"][0] > 0 > weights["post"][1]
    assert "once" not in weights
    assert json.dumps(weights) == json.dumps(training.classes(told, right, ["desk", "sky"]))


def test_words_are_tagged_by_what_stands_beside_them() -> None:
    found = [one for line in toy() for one in line.requests]
    weights, arguments = training.words(found)
    assert arguments == {"forecast": ["B-place", "I-place", "O"], "search_mail": ["B-sender", "I-sender", "O"]}
    for one in found:
        told = features.of_tokens(one.tokens, training.timed(one), one.asked)
        best = tagging.best(told, arguments[one.asked], lambda feature, tag: weights.get((feature, tag), 0.0))
        assert tuple(best) == one.tags
    assert training.words(found) == (weights, arguments)


def test_where_nobody_marked_words_none_are_learnt() -> None:
    bare = [Example(NOTHING, "forecast", tokens("will it rain"), ())] * 3
    assert training.words(bare) == ({}, {})
