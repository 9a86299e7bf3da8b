"""Settings: which layer wins, what a broken value says, and that a secret is never printed."""

import copy
import pickle
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
import pytest

from app.setting_rows import ROWS, example
from app.settings import Secret, Settings, SettingsError, load


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    return made


def read(home: Path, environ: dict[str, str] | None = None, **explicit: str) -> Settings:
    return load({"VALET_HOME": str(home), **(environ or {})}, cwd=home.parent, explicit=explicit)


def test_a_fresh_machine_gets_defaults(home: Path) -> None:
    settings = read(home)
    assert settings.model == "offline"
    assert settings.model_key is None
    assert settings.workspace_file == home / "workspaces" / "demo.db"
    assert (settings.calls_per_turn, settings.result_chars, settings.history_tokens) == (12, 16000, 24000)
    assert settings.now is None
    assert settings.colour
    assert set(settings.origins.values()) == {"default", "the environment"}


def test_each_layer_beats_the_next(home: Path) -> None:
    (home / "config.toml").write_text('zone = "Asia/Tokyo"\nmodel = "openai:c"\ncalls_per_turn = 3\nworkspace = "w"\n')
    (home.parent / ".env").write_text("VALET_MODEL=openai:b\nVALET_CALLS_PER_TURN=4\nOTHER=x\nVALET_ZONE=\n")
    settings = read(home, {"VALET_CALLS_PER_TURN": "5"}, VALET_CALLS_PER_TURN="6")
    assert settings.calls_per_turn == 6
    assert settings.origins["VALET_CALLS_PER_TURN"] == "the command line"
    assert read(home, {"VALET_CALLS_PER_TURN": "5"}).calls_per_turn == 5
    assert settings.model == "openai:b"
    assert settings.origins["VALET_MODEL"] == f"{home.parent / '.env'} line 1"
    assert settings.zone.key == "Asia/Tokyo"
    assert settings.origins["VALET_WORKSPACE"] == f"{home / 'config.toml'} line 4"


def test_the_home_may_be_named_in_dotenv(home: Path) -> None:
    (home.parent / ".env").write_text(f"VALET_HOME={home}\n")
    (home / "config.toml").write_text('workspace = "mine"\n')
    assert load({}, cwd=home.parent).workspace == "mine"


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("VALET_MODEL", "gpt-5", "openai:NAME"),
        ("VALET_MODEL_URL", "localhost:11434", "http://"),
        ("VALET_ZONE", "Mars/Base", "Europe/Zurich"),
        ("VALET_ZONE", "../../etc/passwd", "Europe/Zurich"),
        ("VALET_WORKSPACE", "../escape", "small letters"),
        ("VALET_CALLS_PER_TURN", "many", "from 1 to 200"),
        ("VALET_RESULT_CHARS", "0", "from 500"),
        ("VALET_DEMO_ORIGIN", "http://example.com:80", "127.0.0.1"),
        ("VALET_NOW", "2026-03-02T08:00:00", "needs its zone"),
        ("VALET_NOW", "yesterday", "looks like"),
        ("VALET_SLACK_WATCH", "launch,", "several by comma"),
        ("VALET_SLACK_WATCH", "launch #support", "several by comma"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_fix(home: Path, name: str, value: str, fix: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read(home, {name: value})
    assert name in raised.value.what
    assert value in raised.value.what
    assert fix in raised.value.what
    assert "the environment" in raised.value.next


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('model = "offline"\nzoen = "UTC"\n', "line 2", "Did you mean 'zone'?"),
        ('\n\ncalls_per_turn = "lots"\n', "line 3", "from 1 to 200"),
        ("model = offline\n", "line 1", "quotes"),
        ("[limits]\ncalls = 3\n", "line 1", "no setting"),
        ('home = "/elsewhere"\n', "line 1", "VALET_HOME"),
        ("result_chars = true\n", "line 1", "bool"),
        ('zone = ["UTC"]\n', "line 1", "list"),
        ('model = "offline"\nslack_watch = ["launch", ["support"]]\n', "line 2", "list"),
        ('slack_watch = ["launch", "all of them"]\n', "line 1", "several by comma"),
    ],
)
def test_a_broken_config_file_is_named_by_file_line_and_key(home: Path, text: str, line: str, says: str) -> None:
    (home / "config.toml").write_text(text)
    with pytest.raises(SettingsError) as raised:
        read(home)
    assert "config.toml" in str(raised.value)
    assert line in str(raised.value)
    assert says in str(raised.value)


def test_a_config_file_that_is_not_text_is_named(home: Path) -> None:
    (home / "config.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"config\.toml cannot be read"):
        read(home)


def test_a_broken_dotenv_is_named_by_line(home: Path) -> None:
    (home.parent / ".env").write_text("A=1\n'unclosed\n")
    with pytest.raises(SettingsError, match=r"\.env line 2"):
        read(home)


def test_toml_times_and_numbers_need_no_quotes(home: Path) -> None:
    (home / "config.toml").write_text("now = 2026-03-02T08:00:00Z\nresult_chars = 900\n")
    settings = read(home)
    assert settings.now == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert settings.result_chars == 900


def test_watched_channels_are_named_by_comma_or_as_a_list(home: Path) -> None:
    assert read(home).watched == ()
    assert read(home, {"VALET_SLACK_WATCH": "launch, #support ,C0123ABCD"}).watched == (
        "launch", "support", "C0123ABCD",
    )  # fmt: skip
    (home / "config.toml").write_text('slack_watch = ["launch", "#support"]\n')
    assert read(home).watched == ("launch", "support")
    (home / "config.toml").write_text("slack_watch = []\n")
    assert read(home).watched == ()


def test_a_sign_that_begins_a_comment_in_dotenv_loses_no_channel_unseen(home: Path) -> None:
    (home.parent / ".env").write_text("VALET_SLACK_WATCH=launch, #support\n")
    with pytest.raises(SettingsError, match="without the #"):
        read(home)
    (home.parent / ".env").write_text('VALET_SLACK_WATCH="launch, #support"\n')
    assert read(home).watched == ("launch", "support")


def test_the_model_key_falls_back_and_is_never_printed(home: Path) -> None:
    settings = read(home, {"OPENAI_API_KEY": "sk-canary"})
    assert settings.model_key is not None
    assert settings.model_key.reveal() == "sk-canary"
    assert "canary" not in f"{settings!r} {settings.model_key} {settings.model_key!r}"
    both = read(home, {"OPENAI_API_KEY": "sk-a", "VALET_MODEL_KEY": "sk-b"})
    assert both.model_key is not None
    assert both.model_key.reveal() == "sk-b"


def test_a_secret_cannot_be_written_down() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("x"))
    with pytest.raises(TypeError):
        copy.copy(Secret("x"))


def test_settings_are_frozen(home: Path) -> None:
    with pytest.raises(AttributeError, match="frozen"):
        read(home).model = "openai:x"  # type: ignore[misc]


def test_no_colour_is_honoured(home: Path) -> None:
    assert not read(home, {"NO_COLOR": "1"}).colour
    assert not read(home, {"TERM": "dumb"}).colour


def test_strange_names_are_noticed(home: Path) -> None:
    told = "VALET_MODLE in the environment is no setting of Valet, and changes nothing. Did you mean 'VALET_MODEL'?"
    assert read(home, {"VALET_MODLE": "x", "MODLE": "x"}).strangers == [told]
    (home.parent / ".env").write_text("OTHER=x\nVALET_TIME_ZONE=Asia/Tokyo\n")
    (told,) = read(home).strangers
    assert "line 2 is no setting" in told
    assert "VALET_ZONE" in told
    assert read(home).with_passphrase("p").strangers == [told]


def test_the_default_home_is_the_user_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for data in ("", str(tmp_path / "data")):
        monkeypatch.setenv("XDG_DATA_HOME", data)
        settings = load({"HOME": str(tmp_path), "XDG_DATA_HOME": data}, cwd=tmp_path)
        assert settings.home_text == platformdirs.user_data_dir("valet", appauthor=False)


def test_the_example_file_is_the_table() -> None:
    assert (Path(__file__).parent.parent / ".env.example").read_text(encoding="utf-8") == example()


def test_every_example_value_is_usable() -> None:
    for row in ROWS.values():
        if row.example:
            row.parse(row.example)
        if row.default:
            row.parse(row.default)


def test_reading_settings_loads_nothing_heavy() -> None:
    heavy = {"pydantic", "rich", "typer", "dataclasses", "pathlib", "dotenv", "tomllib", "platformdirs", "asyncio"}
    code = "import sys; before = set(sys.modules); import app.settings as s; s.load({'HOME': '/x'}, cwd='/nowhere')"
    answer = subprocess.run(
        [sys.executable, "-c", f"{code}; print(*(set(sys.modules) - before))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not heavy & set(answer.stdout.split())


HOMES = """
import os, sys
from app import settings
def both(): return settings.home("."), settings.load(cwd=".").home_text
before = both()
given = settings.environment()
settings.take_over({b"HOME": b"/other", b"TZ": b"Asia/Tokyo", b"ODD": b"\\xff"})
import time
print(before, both(), sorted(os.environb) == [b"HOME", b"ODD", b"TZ"], given[b"GONE"], time.tzname[0], sep="|")
"""


def test_the_home_is_found_alone_and_an_environment_is_replaced_whole(tmp_path: Path) -> None:
    env = {"HOME": "/x", "GONE": "1", "PYTHONPATH": str(Path(__file__).parent.parent)}
    (tmp_path / ".env").write_text("VALET_HOME=mine\n")
    told = subprocess.run(
        [sys.executable, "-c", HOMES], capture_output=True, text=True, env=env, cwd=tmp_path, check=True
    )
    mine = str(tmp_path / "mine")
    assert told.stdout.strip() == f"{(mine, mine)}|{(mine, mine)}|True|b'1'|JST"
