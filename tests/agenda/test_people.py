"""Who is meant by a name: one, or a question."""

from __future__ import annotations

import pytest

from tools.agenda.event import Person
from tools.agenda.people import Directory
from tools.errors import BadArgument

DIRECTORY = Directory.of(
    [
        Person("ana.moreira@example.com", "Ana Moreira"),
        Person("ana.moreira@example.com", "Moreira, Ana"),
        Person("li.wei@example.com", "Li Wei"),
        Person("tomas@example.com", "Tomás Ferreira"),
        Person("daniel.osei@example.com", "Daniel Osei"),
        Person("daniel.roth@contoso.example", "Daniel Roth"),
        Person("grace.okafor@example.com"),
        Person("zhang.min@freight.example", "张敏"),
        Person("me@example.com", "Alex Rivera"),
    ],
    frozenset({"me@example.com"}),
)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Ana", "ana.moreira@example.com"),
        ("ana moreira", "ana.moreira@example.com"),
        ("Moreira Ana", "ana.moreira@example.com"),
        ("Tomas", "tomas@example.com"),
        ("tom", "tomas@example.com"),
        ("Li", "li.wei@example.com"),
        ("Daniel Roth", "daniel.roth@contoso.example"),
        ("Grace", "grace.okafor@example.com"),
        ("张敏", "zhang.min@freight.example"),
        ("Eve <Eve@Elsewhere.example>", "eve@elsewhere.example"),
        ("eve@elsewhere.example", "eve@elsewhere.example"),
    ],
)
def test_one_person_fits(typed: str, address: str) -> None:
    assert [one.address for one in DIRECTORY.resolve([typed])] == [address]


def test_everybody_once_and_never_me() -> None:
    found = DIRECTORY.resolve(["Ana", "me", "ANA.moreira@example.com", "Alex", "Li"])
    assert [one.shown for one in found] == ["Ana Moreira <ana.moreira@example.com>", "Li Wei <li.wei@example.com>"]


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("Daniel", r"2 people fit the name 'Daniel': Daniel Osei <.*> and Daniel Roth <.*>\."),
        ("Anna", r"Nobody called 'Anna' .* Close: Ana Moreira"),
        ("Bob", "Nobody called 'Bob'"),
        ("a", "Nobody called 'a'"),
        ("", "Nobody called ''"),
        ("not@an address", "Nobody called"),
    ],
)
def test_nobody_or_several_is_a_question(typed: str, what: str) -> None:
    with pytest.raises(BadArgument, match=what) as caught:
        DIRECTORY.resolve([typed])
    assert "address" in caught.value.next


def test_a_long_list_of_candidates_is_cut() -> None:
    crowd = Directory.of([Person(f"sam{n}@example.com", f"Sam {n}") for n in range(9)], frozenset())
    with pytest.raises(BadArgument, match=r"9 people fit .* and 3 more\."):
        crowd.resolve(["Sam"])
