"""Passwords stay where they belong, and a folder's file reaches nobody else's server."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from command_line import InProcess

from oppcli.words.secrets import is_address, masked

WITH_PASSWORD = [
    "postgresql://ann:geheim@host/sales",
    "postgresql://ann:ge%40heim@host:5432/sales?sslmode=require",
    "postgresql://ann:ge@heim@host/sales",
    "postgresql://host/sales?user=ann&password=geheim",
    "host=db dbname=sales user=ann password=geheim",
    "host=db password = 'geheim heim'",
    "postgresql://host/sales?sslpassword=geheim",
]


@pytest.mark.parametrize("place", WITH_PASSWORD)
@pytest.mark.parametrize("flag", ["", "--here"])
def test_a_password_is_not_put_into_a_configuration(opp: InProcess, place: str, flag: str) -> None:
    answer = opp("config", "set", "db", place, *filter(None, [flag]))
    assert (answer.code, "~/.pgpass" in answer.err, "heim" in answer.err) == (8, True, False)
    assert list(opp.folder.rglob("*.toml")) == []


@pytest.mark.parametrize("place", WITH_PASSWORD)
def test_what_is_written_down_of_a_failure_holds_no_password(place: str) -> None:
    assert "heim" not in masked(f"opp --db {place!r} ls\nTraceback … connect({place!r})")


def test_an_address_without_one_is_kept(opp: InProcess) -> None:
    opp.ok("config set db postgresql://ann@host/sales")
    assert opp.ok("config get db", env={"OPP_DB": None}).out == "postgresql://ann@host/sales\n"


@pytest.fixture
def ear() -> Iterator[tuple[socket.socket, int]]:
    """A server of somebody else's, who waits for what is sent there."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        listening.settimeout(0.2)
        yield listening, listening.getsockname()[1]


@pytest.mark.parametrize("line", ["deal list", "lead add X --customer Y", "config list", "tick"])
@pytest.mark.parametrize("place", ["postgresql://127.0.0.1:{port}/x", "host=127.0.0.1 port={port} dbname=x"])
def test_a_folder_s_file_names_no_server_and_nobody_is_contacted(
    opp: InProcess, ear: tuple[socket.socket, int], line: str, place: str
) -> None:
    listening, port = ear
    (opp.folder / ".opp.toml").write_text(f'db = "{place.format(port=port)}"\n', "utf-8")
    answer = opp(line, env={"OPP_DB": None})
    assert (answer.code, "the path of a file" in answer.err, str(port) in answer.err) == (8, True, False)
    with pytest.raises(TimeoutError):
        listening.accept()


def test_an_address_is_not_put_into_a_folder_s_file(opp: InProcess) -> None:
    assert opp("config set db postgresql://host/sales --here").code == 8
    opp.ok("config set db team.db --here")


@pytest.mark.parametrize("mode", [0o666, 0o602, 0o622])
def test_a_folder_s_file_that_others_may_write_is_passed_over(opp: InProcess, mode: int) -> None:
    below = opp.folder / "below"
    below.mkdir()
    (opp.folder / ".opp.toml").write_text('tz = "Asia/Tokyo"\n', "utf-8")
    file = below / ".opp.toml"
    file.write_text('tz = "Europe/Paris"\n', "utf-8")
    opp.folder = below
    assert opp.ok("config get tz", env={"OPP_TZ": None}).out == "Europe/Paris\n"
    file.chmod(mode)
    assert opp.ok("config get tz", env={"OPP_TZ": None}).out == "Asia/Tokyo\n"
    assert f"{file} (passed over: others may write it)" in opp.ok("config path").out.splitlines()


def test_a_folder_s_file_of_somebody_else_is_passed_over(opp: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    file = opp.folder / ".opp.toml"
    file.write_text('tz = "Europe/Paris"\n', "utf-8")
    os.chown(file, 4711, -1)
    assert opp.ok("config get tz", env={"OPP_TZ": None, "TZ": "UTC"}).out == "UTC\n"


@pytest.mark.parametrize("place", ["team.db", "./a b=c.db", "sqlite:///x.db", "C:\\\\team.db", "/srv/host/opp.db"])
def test_a_path_is_no_address(place: str) -> None:
    assert not is_address(place)


def test_a_crash_is_written_down_without_a_password(opp: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    from oppcli import store

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("postgresql://ann:geheim@host/sales")

    monkeypatch.setattr(store, "open_read", broken)
    answer = opp("--db postgresql://ann:geheim@host/sales deal list")
    (log,) = Path(opp.folder / "home" / "state" / "opp").glob("crash-*.log")
    assert (answer.code, "geheim" in answer.err, "geheim" in log.read_text("utf-8")) == (1, False, False)


@pytest.mark.parametrize("line", ["ls", "init", "add x"])
def test_a_password_in_what_would_be_a_file_is_refused_and_not_told(opp: InProcess, line: str) -> None:
    refused = opp(f"--db 'host=x password=geheim' {line}")
    assert (refused.code, refused.err.partition("\n")[0]) == (
        2,
        "error: host=x password=*** is no file: give an address, postgresql://…",
    )
    assert b"geheim" not in refused.raw + refused.err.encode()
