"""Type a line as a person and read the answer: in this process (fast), or as a process of its own (real streams)."""

import io
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import printed
import pytest

from oppcli.cli import app, line
from oppcli.cli.reading import Lazy
from oppcli.reads import catalog

AT = "2026-03-02T17:00:00+08:00"
"""The fixed clock: a Monday afternoon in Shanghai."""


BUILT: dict[tuple[str, int], tuple[object, Any]] = {}
"""What a command is called, and what it is made of → that, and the command as Typer built it."""


def _built_once(info: Any, path: str) -> Any:
    """A process builds the one command that is typed; this one is typed tens of thousands, and builds each once."""
    made_of = catalog.read(info.path) if isinstance(info, Lazy) else info.callback
    key = path, id(made_of)
    if key not in BUILT:
        BUILT[key] = made_of, line.command_of(info, path)
    command = copy(BUILT[key][1])  # what is looked up for one line, it keeps to itself
    command.params = [*command.params]
    return command


app.command_of = _built_once  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Answer:
    """What came back: exit code, stdout and stderr, stdout also as the bytes that were written."""

    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode("utf-8", "surrogateescape")

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def error(self) -> dict[str, Any]:
        """The error of a command with -o json: the one object on stderr."""
        found: dict[str, Any] = json.loads(self.err)["error"]
        return found


def words_of(words: tuple[str, ...]) -> list[str]:
    """One text is a whole line as in a shell; several are the words themselves."""
    return shlex.split(words[0]) if len(words) == 1 else list(words)


class Surroundings:
    """A person's machine: an empty home, a fixed clock and zone, a login."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = folder / "opp.db"
        home = folder / "home"
        home.mkdir(exist_ok=True)
        self.env = {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "state"),
            "OPP_DB": str(self.db),
            "OPP_NOW": AT,
            "OPP_TZ": "Asia/Shanghai",
            "OPP_USER": "wang",
            "LC_ALL": "C.UTF-8",
            "OPP_LANG": "en",
            "PATH": os.environ.get("PATH", os.defpath),
        }

    def environment(self, user: str | None, now: str | None, env: Mapping[str, str | None] | None) -> dict[str, str]:
        """The whole environment of one command; None takes a variable out."""
        given = {**self.env, **({"OPP_USER": user} if user else {}), **({"OPP_NOW": now} if now else {}), **(env or {})}
        return {name: value for name, value in given.items() if value is not None}


class InProcess(Surroundings):
    """`opp("deal list --json")` runs in this process."""

    def __call__(
        self,
        *words: str,
        user: str | None = None,
        now: str | None = None,
        env: Mapping[str, str | None] | None = None,
        stdin: bytes = b"",
        screen: bool = False,
    ) -> Answer:
        """`screen`: as if stdout and stderr were a terminal, of the size that COLUMNS and LINES say."""
        from oppcli.cli.app import run

        with _at(self.folder, self.environment(user, now, env)), _streams(stdin, screen=screen) as (out, err):
            code = run(words_of(words))
            sys.stdout.flush()
            sys.stderr.flush()
            return Answer(code, out.getvalue(), err.getvalue().decode("utf-8", "surrogateescape"))

    def ok(self, *words: str, **given: Any) -> Answer:
        """The same, for a line that must succeed."""
        answer = self(*words, **given)
        assert answer.code == 0, f"opp {shlex.join(words_of(words))} -> {answer.code}\n{answer.err}{answer.out}"
        return answer


@contextmanager
def _at(folder: Path, environment: dict[str, str]) -> Iterator[None]:
    before, here = dict(os.environ), Path.cwd()
    _become(before, environment)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        _become(dict(os.environ), before)


def _become(there: dict[str, str], wanted: dict[str, str]) -> None:
    """Make the environment what is wanted: what is so already is left, for a name costs as much as a small command."""
    for name in there.keys() - wanted.keys():
        del os.environ[name]
    for name, value in wanted.items():
        if there.get(name) != value:
            os.environ[name] = value


class Screen(io.TextIOWrapper):
    """A stream to a terminal."""

    def isatty(self) -> bool:
        return True


@contextmanager
def _streams(stdin: bytes, *, screen: bool = False) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    out, err = io.BytesIO(), io.BytesIO()
    made = Screen if screen else io.TextIOWrapper
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    sys.stdout = made(out, encoding="utf-8")
    sys.stderr = made(err, encoding="utf-8")
    try:
        yield out, err
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


class Process(Surroundings):
    """`opp_process("deal list --json")` runs `python -m oppcli` with real streams."""

    before: tuple[str, ...] = ()
    """A command that runs it: `("nice",)`."""

    def start(
        self,
        *words: str,
        user: str | None = None,
        now: str | None = None,
        env: Mapping[str, str | None] | None = None,
        **given: Any,
    ) -> "subprocess.Popen[bytes]":
        streams: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        } | given
        command = [*self.before, sys.executable, "-m", "oppcli", *words_of(words)]
        return subprocess.Popen(command, env=self.environment(user, now, env), cwd=self.folder, **streams)

    def __call__(self, *words: str, **given: Any) -> Answer:
        with self.start(*words, **given) as process:
            out, err = process.communicate(timeout=60)
        return Answer(process.returncode, out or b"", (err or b"").decode("utf-8", "surrogateescape"))

    def shell(self, script: str, **env: str | None) -> Answer:
        """A bash script in which `opp` is this program."""
        program = f'opp() {{ {shlex.quote(sys.executable)} -m oppcli "$@"; }}\n'
        done = subprocess.run(
            ["bash", "-c", program + script],
            env=self.environment(None, None, env),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "surrogateescape"))


@pytest.fixture
def opp(tmp_path: Path) -> Iterator[InProcess]:
    """Type a line and read the answer, in this process. There is no database yet: `opp.ok("init")`.

    Afterwards every command that was printed is parsed against the tree."""
    printed.watch()
    yield InProcess(tmp_path)
    troubles = printed.troubles()
    assert troubles == {}, f"printed, and not to be typed: {troubles}"


@pytest.fixture
def opp_process(tmp_path: Path) -> Process:
    """The same as a process of its own, in the same folder and on the same database as `opp`."""
    return Process(tmp_path)
