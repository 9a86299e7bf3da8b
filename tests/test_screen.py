"""The screen: right in every width, nothing of others interpreted, colour with meaning and none where unwanted."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from app.screen import Screen
from app.screen_widths import LEAST_GROW, laid_out
from tools.view import Block, Cell, DayView, Entry, Facts, Note, Table, Tone, cells

Texts = st.text(max_size=60)
Tables = st.integers(1, 6).flatmap(
    lambda n: st.builds(
        Table,
        title=Texts,
        columns=st.tuples(*[st.text(max_size=8)] * n),
        rows=st.lists(st.tuples(*[st.builds(Cell, text=Texts)] * n), max_size=4).map(tuple),
        grow=st.integers(0, n - 1),
        note=Texts,
    )
)


def printed(*blocks: Block, width: int = 80, colour: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="standard" if colour else None, markup=False,
        emoji=False, highlight=False,
    )  # fmt: skip
    Screen(console, None).show(blocks)
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(Tables, st.integers(20, 140))
def test_no_table_is_wider_than_the_screen(table: Table, width: int) -> None:
    for line in printed(table, width=width).splitlines():
        assert cell_len(line) <= width
        assert line == line.rstrip(" ")


def test_columns_give_way_before_the_table_is_stacked() -> None:
    table = Table(columns=("From", "Subject"), rows=(cells(("Priya Natarajan", "word " * 40)),), grow=1)
    layout = laid_out(table, 60)
    assert layout
    sender, subject = layout.wide
    assert sender + 2 + subject == 60
    assert subject > LEAST_GROW


def test_a_narrow_screen_gets_a_row_in_several_lines() -> None:
    row = ("a" * 12, "b" * 12, "c" * 12)
    table = Table(columns=("One", "Two", "Three"), rows=(cells(row), cells(row)))
    assert len(printed(table, width=60).splitlines()) < 6
    assert [line.split() for line in printed(table, width=30).splitlines()][:3] == [
        ["One", row[0]], ["Two", row[1]], ["Three", row[2]],
    ]  # fmt: skip


def test_words_are_broken_only_where_they_must_be() -> None:
    table = Table(columns=("", "What"), rows=(cells(("calendar_conflicts", "word " * 20)),), grow=1)
    assert "calendar_conflicts" in printed(table, width=50)


def test_a_short_column_is_not_wrapped_while_others_can_give_way() -> None:
    rows = tuple(cells(("Thu 19 Nov", "word " * 30, "by tomorrow 09:00")) for _ in range(3))
    table = Table(columns=("When", "What", "Reply"), rows=rows, grow=1)
    assert "Thu 19 Nov" in printed(table, width=60)
    assert "Thu 19 Nov" in printed(table, width=45)


def test_the_column_gives_way_that_costs_the_fewest_lines() -> None:
    notes = ("reply owed; instructs an assistant", *["by tomorrow 09:00"] * 5)
    rows = tuple(cells(("Ana", "word " * 20, note)) for note in notes)
    table = Table(columns=("Who", "What", "Why"), rows=rows, grow=1)
    assert "by tomorrow 09:00" in printed(table, width=90)  # and no column of single words


def test_tables_with_the_same_columns_look_the_same() -> None:
    low, high = (
        Table(columns=("What", "Why"), rows=(cells(("word " * n, "a")), cells(("word " * n, "b")))) for n in (1, 60)
    )
    assert printed(low).count("\n") == 4
    assert printed(low, high).split("\n")[2] == ""


def test_a_table_without_headings_has_no_line_for_them() -> None:
    assert printed(Table(columns=("", ""), rows=(cells(("a", "b")),))).splitlines()[0].split() == ["a", "b"]


def test_wide_characters_stay_in_their_columns() -> None:
    table = Table(
        columns=("From", "Age"), rows=(cells(("田中 健太", "2d")), cells(("Ann", "3d")), cells(("👍🏽 Bo", "4d")))
    )
    lines = printed(table).splitlines()
    assert len({cell_len(line[: line.rindex(" ")]) for line in lines if line}) == 1


def test_texts_of_others_are_never_markup_nor_steer_the_terminal() -> None:
    hostile = "[red]x[/red] :smile: \x1b]0;owned\x07 \u202eexe https://bank.example/x"
    for block in (
        Note(text=hostile),
        Facts(facts=((hostile, Cell(text=hostile)),)),
        Table(columns=(hostile,), rows=()),
    ):
        shown = " ".join(printed(block, width=200).split())
        assert "[red]x[/red] :smile:" in shown
        assert "\x1b" not in shown
        assert "\\u202eexe bank.example/x" in shown


def test_only_a_link_valet_built_is_live() -> None:
    built = Facts(facts=(("Open", Cell(text="in Gmail", link="https://mail.google.com/x")),))
    assert "\x1b]8;" in printed(built, colour=True)
    for text, link in (("https://evil.example", None), ("x", "javascript:alert(1)"), ("x", "https://a\x1b]8;;b")):
        assert "\x1b]8;" not in printed(Facts(facts=(("a", Cell(text=text, link=link)),)), colour=True)


@pytest.mark.parametrize(("tone", "code"), [("urgent", "\x1b[1;31m"), ("notice", "\x1b[33m"), ("good", "\x1b[32m")])
def test_colour_has_a_meaning_and_a_pipe_has_none(tone: Tone, code: str) -> None:
    note = Note(text="pay", tone=tone)
    assert code in printed(note, colour=True)
    assert "\x1b" not in printed(note)


def at(hour: int, minute: int = 0, day: int = 25) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def entry(start: datetime, end: datetime, title: str, **more: object) -> Entry:
    return Entry.model_validate({"start": start, "end": end, "title": title, "lane": "Work", **more})


DAY = DayView(
    title="Wednesday",
    zone="Europe/Zurich",
    entries=(
        entry(at(0), at(0, day=26), "Freeze", all_day=True),
        entry(at(8), at(9), "Stand-up"),
        entry(at(10), at(11), "Budget", clash=True),
        entry(at(10, 30), at(11, 30), "Dentist", clash=True, lane="Private"),
        entry(at(20), at(0, day=26), "Night train"),
    ),
)


def test_a_day_shows_hours_gaps_and_clashes() -> None:
    shown = printed(DAY)
    for part in ("all day", "09:00–10:00", "10:00–11:00", "free 1 h\n", "free 8 h 30 min", "21:00–01:00 +1"):
        assert part in shown
    marked = [line for line in shown.splitlines() if line.strip().startswith("!")]
    assert len(marked) == 2
    assert "Budget" in marked[0]


def test_what_takes_no_time_leaves_the_stretch_free() -> None:
    entries = (
        entry(at(8), at(9), "Stand-up"),
        entry(at(8, 30), at(8, 45), "Declined early", busy=False),
        entry(at(10), at(11), "Declined later", busy=False),
        entry(at(12), at(13), "Lunch"),
        entry(at(14), at(15), "Optional", busy=False),
    )
    shown = printed(DayView(title="Wednesday", zone="UTC", entries=entries))
    words = ("Stand-up", "Declined early", "free 3 h", "Declined later", "Lunch", "Optional")
    assert [word for line in shown.splitlines() for word in words if word in line] == list(words)
    assert shown.count("free ") == 1


def test_the_ruler_places_each_hour_in_its_column() -> None:
    hours, work, private = printed(DAY).splitlines()[1:4]
    assert work[hours.index(" 9 ") + 1] == "█"
    assert work[hours.index("10")] == "·"
    assert work[hours.index("11")] == "!"
    assert private[hours.index("11")] == "·"
    assert private[hours.index("12")] == "!"


def test_a_calendar_with_a_long_name_is_cut_with_a_sign() -> None:
    entries = (entry(at(8), at(9), "Stand-up"), entry(at(10), at(11), "Call", lane="Family and friends"))
    shown = printed(DayView(title="Wednesday", zone="UTC", entries=entries))
    assert "Family and fr…  ·" in shown


@pytest.mark.parametrize("width", [20, 30, 56, 80, 200])
def test_a_day_fits_every_width(width: int) -> None:
    assert all(cell_len(line) <= width for line in printed(DAY, width=width).splitlines())


def test_an_empty_day_says_so() -> None:
    assert "nothing on this day" in printed(DayView(title="Sunday", zone="UTC", entries=()))
