"""A terminal's session: begun with a PIN, worth something in this terminal alone, over when it should be."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import InProcess
from terminal import Terminal

from oppcli.cli import sessions
from oppcli.model.units import MINUTE_MS
from oppcli.store import open_read

PIN = {"ann": "horse battery", "cay": "correct staple"}


class Desk:
    """A shop whose policy asks for PINs, and terminals in it."""

    def __init__(self, opp: InProcess) -> None:
        self.opp, self.folder = opp, opp.folder
        opp.ok("init --template b2b --lang en", user="ann")
        opp.ok("user add cay --role manager", user="ann")
        for name, pin in PIN.items():
            path = self.folder / name
            path.write_text(pin)
            path.chmod(0o600)
            opp.ok(f"user pin --new-file {path}", user=name)
        self.asks('idle = "5m"')
        self.env = {name: value for name, value in opp.env.items() if name != "OPP_USER"}
        self.env["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
        self.open: list[Terminal] = []

    def asks(self, more: str = "") -> None:
        before = self.opp.ok("policy show", user="ann").out.partition("\n[identity]")[0]
        (self.folder / "p.toml").write_text(f'{before}\n[identity]\nproof = "pin"\n{more}\n')
        self.opp.ok("policy apply p.toml", user="ann", env={"OPP_PIN_FILE": str(self.folder / "ann")})

    def terminal(self) -> Terminal:
        self.open.append(Terminal(self.env, str(self.folder)))
        return self.open[-1]

    @property
    def sessions(self) -> list[Path]:
        return sorted((Path(self.env["XDG_STATE_HOME"]) / "opp").glob("session-*"))

    def entries(self) -> list[dict[str, Any]]:
        return list(self.opp.ok("export journal --json", user="ann").json)


@pytest.fixture
def desk(opp: InProcess) -> Iterator[Desk]:
    found = Desk(opp)
    yield found
    for terminal in found.open:
        terminal.close()


def who(terminal: Terminal) -> tuple[str, str]:
    """Whom a terminal takes somebody for, and by what."""
    code, shown = terminal("user whoami --json")
    if code:
        return ("", "")
    told = json.loads(shown)
    return told["login"], told["by"]


def logged_in(desk: Desk, name: str = "cay") -> Terminal:
    terminal = desk.terminal()
    code, shown = terminal(f"login {name}", [(f"PIN of {name}", PIN[name])])
    assert code == 0, shown
    return terminal


def test_a_prompt_names_the_database_and_shows_nothing_of_the_pin(desk: Desk) -> None:
    code, shown = desk.terminal()("login cay", [("PIN of cay", PIN["cay"])])
    assert (code, f"PIN of cay for {desk.opp.db}: " in shown, PIN["cay"] in shown) == (0, True, False)


def test_a_session_writes_by_its_name_and_does_not_sign(desk: Desk) -> None:
    terminal = logged_in(desk)
    assert terminal("add Plant --customer Acme")[0] == 0
    assert (desk.entries()[-1]["actor"], desk.entries()[-1]["meta"]["by"]) == ("cay", "session")
    code, shown = terminal("deal assign D-1 --to ann", [("PIN of cay", PIN["cay"])])
    assert (code, desk.entries()[-1]["meta"]["by"]) == (0, "pin"), shown


def test_another_flag_beats_the_session_and_the_session_beats_the_environment(desk: Desk) -> None:
    terminal = logged_in(desk)
    terminal._write("export OPP_USER=ann")
    assert who(terminal) == ("cay", "session")
    code, shown = terminal("--as ann user whoami --json")
    assert (code, json.loads(shown)["by"]) == (0, "claim")


def test_a_session_is_a_file_of_ones_own_and_the_entry_keeps_no_token(desk: Desk) -> None:
    logged_in(desk)
    (file,) = desk.sessions
    assert file.stat().st_mode & 0o777 == 0o600
    login, seq, token = file.read_text().split()
    entry = next(entry for entry in desk.entries() if entry["action"] == "login")
    assert (login, f"e{seq}", entry["meta"]["by"]) == ("cay", entry["seq"], "pin")
    assert token not in json.dumps(desk.entries())


def test_a_copied_session_is_worth_nothing_in_another_terminal(desk: Desk) -> None:
    logged_in(desk)
    (stolen,) = desk.sessions
    other = logged_in(desk, "ann")
    (mine,) = [file for file in desk.sessions if file != stolen]
    shutil.copy2(stolen, mine)
    assert who(other)[1] != "session"


@pytest.mark.parametrize("text", ["cay\n1\n00", "cay\n999\n00", "cay", "\n\n\n", "cay\nx\ny"])
def test_a_session_made_by_hand_is_worth_nothing(desk: Desk, text: str) -> None:
    terminal = logged_in(desk)
    (file,) = desk.sessions
    file.write_text(text)
    assert who(terminal)[1] != "session"


def test_a_session_that_others_may_read_is_worth_nothing(desk: Desk) -> None:
    terminal = logged_in(desk)
    desk.sessions[0].chmod(0o644)
    assert who(terminal)[1] != "session"


def test_a_pipe_in_the_place_of_a_session_is_worth_nothing_and_keeps_nobody_waiting(desk: Desk) -> None:
    terminal = logged_in(desk)
    (file,) = desk.sessions
    file.unlink()
    os.mkfifo(file, 0o600)
    assert who(terminal)[1] != "session"


def test_lock_ends_a_session_for_good(desk: Desk) -> None:
    terminal = logged_in(desk)
    kept = desk.sessions[0].read_bytes()
    file = desk.sessions[0]
    assert terminal("lock")[0] == 0
    assert desk.sessions == []
    file.write_bytes(kept)
    file.chmod(0o600)
    assert who(terminal)[1] != "session"


def test_a_session_that_lay_idle_is_over_and_one_that_is_used_goes_on(desk: Desk) -> None:
    terminal = logged_in(desk)
    (file,) = desk.sessions
    os.utime(file, (time.time() - 290, time.time() - 290))
    assert who(terminal) == ("cay", "session")
    assert time.time() - file.stat().st_mtime < 60
    os.utime(file, (time.time() - 310, time.time() - 310))
    assert who(terminal)[1] != "session"


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    logged_in(desk)
    (entry,) = [entry for entry in desk.entries() if entry["action"] == "login"]
    meta, ends = entry["meta"], []
    with open_read(str(desk.opp.db)) as door:
        for minutes in (1, 11 * 60 + 59, 12 * 60):
            now = meta["wall"] + minutes * MINUTE_MS
            monkeypatch.setattr(time, "time_ns", lambda now=now: now * 1_000_000)
            ends.append(sessions._holds(door, "cay", int(entry["seq"][1:]), meta["session"], now))
    assert ends == [meta["wall"] + 6 * MINUTE_MS, meta["wall"] + 12 * 60 * MINUTE_MS, None]


@pytest.mark.parametrize("line", ["user deactivate cay", "user pin cay --code"])
def test_a_session_does_not_outlast_a_deactivation_or_a_code(desk: Desk, line: str) -> None:
    terminal = logged_in(desk)
    desk.opp.ok(line, user="ann", env={"OPP_PIN_FILE": str(desk.folder / "ann")})
    assert who(terminal)[1] != "session"


def test_a_session_does_not_outlast_a_new_pin(desk: Desk) -> None:
    terminal = logged_in(desk)
    asked = [("old PIN of cay", PIN["cay"]), ("new PIN of cay", "another staple"), ("again", "another staple")]
    assert terminal("user pin", asked)[0] == 0
    assert who(terminal)[1] != "session"


def test_without_a_terminal_there_is_no_session(desk: Desk) -> None:
    answer = desk.opp("login cay", env={"OPP_PIN_FILE": str(desk.folder / "cay")})
    assert (answer.code, desk.sessions) == (2, [])


def test_what_a_login_prints_is_for_who_was_named_and_its_undo_is_the_lock(desk: Desk) -> None:
    desk.opp.ok("user add dan", user="ann", env={"OPP_PIN_FILE": str(desk.folder / "ann")})
    terminal = desk.terminal()
    assert "hint: opp --as dan user pin" in terminal("login dan")[1]
    assert terminal("login cay", [("PIN of cay", PIN["cay"])])[0] == 0
    assert "hint: opp lock" in terminal("undo")[1]
