"""`opp config`: what is in force, where it is from, and changing it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from oppcli.cli.config import BY_HAND
from oppcli.cli.topics import summaries
from oppcli.config import SETTINGS


class Home:
    """A home and a working folder of its own."""

    def __init__(self, home: Path) -> None:
        self.here = home / "work"
        self.here.mkdir()
        self.own = home / ".config/opp/config.toml"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPP_", "XDG_"))}
        self.environ = {name: value for name, value in kept.items() if name not in ("CI", "COLUMNS")} | {
            "HOME": str(home)
        }

    def run(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "oppcli", *words]
        env = self.environ | environ
        return subprocess.run(command, cwd=self.here, env=env, capture_output=True, text=True, check=False)

    def get(self, key: str, **environ: str) -> str:
        return self.run("config", "get", key, **environ).stdout


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_the_list_has_every_setting_with_its_value_and_origin(home: Home) -> None:
    home.run("config", "set", "tz", "Asia/Tokyo")
    done = home.run("config", "list", "--show-origin", "--json", OPP_USER="li")
    found = {row["key"]: (row["value"], row["origin"]) for row in json.loads(done.stdout)}
    assert list(found) == [setting.key for setting in SETTINGS]
    assert (found["tz"], found["user"]) == (("Asia/Tokyo", str(home.own)), ("li", "OPP_USER"))


def test_the_origin_is_shown_to_people_when_they_ask_for_it(home: Home) -> None:
    headings = [home.run("config", "list", *more).stdout.splitlines()[0].split() for more in ([], ["--show-origin"])]
    assert [("ORIGIN" in words) for words in headings] == [False, True]


def test_what_is_set_is_in_force_until_it_is_unset(home: Home) -> None:
    done = home.run("config", "set", "defaults.source", "展会 2026")
    assert done.stdout.splitlines()[-1] == "Undo: opp config unset defaults.source"
    seen = [home.get("defaults.source")]
    home.run("config", "unset", "defaults.source")
    seen.append(home.get("defaults.source"))
    assert seen == ["展会 2026\n", "\n"]


def test_the_undo_of_a_setting_gives_back_what_was_set_before(home: Home) -> None:
    home.run("config", "set", "defaults.source", "trade fair")
    done = home.run("config", "set", "defaults.source", "web")
    assert done.stdout.splitlines()[-1] == "Undo: opp config set defaults.source 'trade fair'"
    done = home.run("config", "unset", "defaults.source")
    assert done.stdout.splitlines()[-1] == "Undo: opp config set defaults.source web"


def test_the_undo_of_a_number_is_the_number_as_it_was_typed(home: Home) -> None:
    home.run("config", "set", "wait", "5")
    said = [home.run("config", "set", "wait", each).stdout.splitlines()[-1] for each in ("2.5", "7")]
    assert said == ["Undo: opp config set wait 5", "Undo: opp config set wait 2.5"]


def test_a_folder_has_settings_of_its_own(home: Home) -> None:
    assert home.run("config", "set", "db", "team.db", "--here").returncode == 0
    assert home.get("db") == f"{home.here / 'team.db'}\n"
    assert home.run("config", "path").stdout.splitlines() == [
        str(home.here / ".opp.toml"),
        f"{home.own} (not there yet)",
    ]


def test_a_path_in_your_own_file_means_what_it_meant_where_you_typed_it(home: Home) -> None:
    home.run("config", "set", "db", "team.db")
    assert home.get("db") == f"{home.here / 'team.db'}\n"


@pytest.mark.parametrize("words", [("set", "db", "/tmp/theirs.db"), ("unset", "db")])
def test_through_sudo_nobody_sets_what_holds_for_all_who_come_that_way(home: Home, words: tuple[str, ...]) -> None:
    assert home.run("config", "set", "db", "ours.db").returncode == 0
    before = home.own.read_bytes()
    refused = home.run("config", *words, SUDO_UID="4242")
    assert (refused.returncode, "holds for everybody who comes through sudo" in refused.stderr) == (4, True)
    assert home.own.read_bytes() == before
    assert home.run("config", *words, SUDO_UID=str(os.geteuid())).returncode == 0


def test_a_dry_run_writes_nothing(home: Home) -> None:
    done = home.run("config", "set", "tz", "UTC", "-n")
    assert (done.returncode, done.stderr) == (0, "Nothing was written.\n")
    assert not home.own.exists()


def test_a_password_is_never_shown(home: Home) -> None:
    url = "postgresql://li:secret@db.example/sales"
    shown = home.get("db", OPP_DB=url) + home.run("config", "list", "--csv", OPP_DB=url).stdout
    assert "secret" not in shown
    assert shown.count("postgresql://li:***@db.example/sales") == 2


@pytest.mark.parametrize(
    ("words", "message", "code"),
    [
        (["get", "dbb"], "error: no such setting: dbb\nhint: opp config get db\n", 2),
        (["set", "tz", "Mars"], "error: tz: there is no time zone 'Mars'\nhint: opp config list\n", 2),
        (
            ["set", "color", "pink"],
            "error: color: color is one of auto, always, never, not 'pink'\nhint: opp config list\n",
            2,
        ),
        (
            ["set", "user", "li", "--here"],
            "error: user: not for a folder's file, which may hold db, tz and defaults only\nhint: opp config list\n",
            2,
        ),
    ],
)
def test_what_cannot_be_set_is_refused(home: Home, words: list[str], message: str, code: int) -> None:
    done = home.run("config", *words)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", message)
    assert not home.own.exists()


def test_a_table_that_is_written_by_hand_is_no_setting_and_says_which_file_and_page_it_stands_in(home: Home) -> None:
    done = home.run("config", "set", "notify.mail.kind", "smtp")
    told = f"error: no such setting: notify.mail.kind\nhint: written by hand into {home.own}: opp help notices\n"
    assert (done.returncode, done.stderr) == (2, told)
    assert {page for page in BY_HAND.values() if page not in summaries()} == set()


def test_a_file_that_is_wrong_is_refused_by_every_command_with_all_its_problems(home: Home) -> None:
    (home.here / ".opp.toml").write_text('alias = "x"\ntz = "Mars"\n')
    done = home.run("config", "list")
    assert done.returncode == 8
    assert done.stderr.splitlines()[0] == f"error: {home.here / '.opp.toml'} cannot be used"
    assert [line.split()[0] for line in done.stderr.splitlines()[1:3]] == ["alias", "tz"]


@pytest.mark.parametrize(("lang", "said"), [("en", "not UTF-8 at byte 2"), ("zh", "第 2 字节不是 UTF-8")])
def test_a_file_that_is_not_utf_8_is_refused_in_the_words_of_the_program(home: Home, lang: str, said: str) -> None:
    home.own.parent.mkdir(parents=True)
    home.own.write_bytes(b'x=\xff"1"')
    answer = home.run("config", "list", OPP_LANG=lang)
    assert said in answer.stderr and "codec" not in answer.stderr
