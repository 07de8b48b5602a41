"""A program that types lines for the tests of crashes: each in a process of its own that is killed where it is told.

It is run as `python killing.py`, reads an order a line, and answers each with what became of it. A process is forked
for each line, for Python itself takes longer to begin than most lines take to be done.
"""

import gc
import importlib
import json
import os
import pkgutil
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

READ_ONLY = ("SELECT", "PRAGMA", "WITH", "--", "EXPLAIN", "SET", "SHOW", "FETCH", "CLOSE", "DECLARE")
"""How statements begin that change nothing that lasts."""
FILES = ("os.rename", "os.remove", "os.mkdir", "os.link", "os.truncate", "os.rmdir", "os.chmod")
"""What is done to files, as Python's audit events call it; `open` where it is to write."""
KILLED = -signal.SIGKILL
TOO_LONG = -signal.SIGXFSZ
PATIENCE_S = 60


class Ended(NamedTuple):
    """How a line ended: its exit code, or the signal that ended it; what it had done by then; what it said."""

    code: int
    events: list[str]
    said: str
    mib: int
    """The most memory it took."""

    @property
    def killed(self) -> bool:
        return self.code in (KILLED, TOO_LONG)


class Typist:
    """Types lines as processes, in a folder and an environment, and kills them."""

    def __init__(self) -> None:
        here = Path(__file__)
        self._program = subprocess.Popen(
            [sys.executable, str(here)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(here.parents[1])},
        )

    def __call__(self, words: list[str], folder: Path, env: dict[str, str], **how: Any) -> Ended:
        """`at`: killed at that event; `word`: at the first that begins so; `beyond`: as it writes behind that byte of
        any file; `after`: so many seconds."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(json.dumps({"words": words, "folder": str(folder), "env": env, **how}) + "\n")
        self._program.stdin.flush()
        return Ended(**json.loads(self._program.stdout.readline()))

    def end(self) -> None:
        self._program.communicate("")


@contextmanager
def typist() -> Iterator[Typist]:
    made = Typist()
    try:
        yield made
    finally:
        made.end()


class Counting:
    """What a process does that lasts, one event after the other; killed at the one that was chosen."""

    def __init__(self, out: int, at: int | None, word: str | None) -> None:
        self._out, self._at, self._word, self._n = out, at, word, 0

    def __call__(self, what: str) -> None:
        self._n += 1
        os.write(self._out, f"{what[:60]}\n".encode("utf-8", "replace"))
        if self._n == self._at or (self._word is not None and what.startswith(self._word)):
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, sql: str) -> None:
        if not sql.lstrip().upper().startswith(READ_ONLY):
            self(" ".join(sql.split()))

    def heard(self, event: str, args: tuple[Any, ...]) -> None:
        name = Path(os.fsdecode(args[0])).name if args and isinstance(args[0], str | bytes) else ""
        if name and (event in FILES or (event == "open" and _writes(args[1], args[2]))):
            self(f"{event} {name}")

    def of_files(self) -> None:
        """Statements of SQLite, of each connection that is opened from here on."""
        import sqlite3

        plain = sqlite3.connect

        def connect(*args: Any, **given: Any) -> sqlite3.Connection:
            made: sqlite3.Connection = plain(*args, **given)
            made.set_trace_callback(self.statement)
            return made

        sqlite3.connect = connect  # type: ignore[assignment]

    def of_server(self) -> None:
        """Statements of psycopg, which tells nobody of them."""
        import psycopg

        def counted(holder: type[Any], name: str, told: Callable[..., str]) -> None:
            plain = getattr(holder, name)

            def around(this: Any, *args: Any, **given: Any) -> Any:
                self.statement(told(*args))
                return plain(this, *args, **given)

            setattr(holder, name, around)

        for name in ("execute", "executemany", "copy"):
            counted(psycopg.Cursor, name, lambda sql, *_: sql.decode() if isinstance(sql, bytes) else str(sql))
        counted(psycopg.Connection, "commit", lambda: "COMMIT")


def _writes(mode: Any, flags: Any) -> bool:
    return bool(set(str(mode or "")) & set("wax+")) or (
        isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
    )


def typed(order: dict[str, Any], out: int) -> int:
    """In the process of a line: become who types it, and type it."""
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["env"])
    if (most := order.get("beyond")) is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    from oppcli.cli.app import run

    counting = Counting(out, order.get("at"), order.get("word"))
    sys.addaudithook(counting.heard)
    counting.of_files()
    if "://" in order["env"].get("OPP_DB", ""):
        counting.of_server()
    if (after := order.get("after")) is not None:
        threading.Timer(after, os.kill, (os.getpid(), signal.SIGKILL)).start()
    code = run(order["words"])
    counting("the end")
    return code


def _answer(order: dict[str, Any]) -> Ended:
    with tempfile.TemporaryFile() as events, tempfile.TemporaryFile() as said:
        child = os.fork()
        if not child:
            code = 70
            try:
                null = os.open(os.devnull, os.O_RDWR)
                for number, stream in ((0, null), (1, said.fileno()), (2, said.fileno())):
                    os.dup2(stream, number)
                code = typed(order, events.fileno())
                sys.stdout.flush()
                sys.stderr.flush()
            except BaseException as error:
                os.write(said.fileno(), repr(error).encode())
            finally:
                os._exit(code)
        code, mib = _waited(child)
        for file in (events, said):
            file.seek(0)
        told = events.read().decode("utf-8", "replace").splitlines()
        return Ended(code, told, said.read().decode("utf-8", "replace"), mib)


def _waited(child: int) -> tuple[int, int]:
    """How it ended, and the most memory it took; a line that does not end is killed, and has the code of `timeout`."""
    until, late = time.monotonic() + PATIENCE_S, False
    while not (found := os.wait4(child, os.WNOHANG))[0]:
        if not late and time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            late = True
        time.sleep(0.001)
    return 124 if late else os.waitstatus_to_exitcode(found[1]), found[2].ru_maxrss // 1024


def read_modules() -> None:
    """Those of the program: read once, and not by each process again."""
    import oppcli

    rooms = "actions cli config files model policy reads render rules speech store words".split()
    for room in rooms:
        for each in pkgutil.walk_packages([f"{oppcli.__path__[0]}/{room}"], f"oppcli.{room}."):
            if not each.name.endswith("__main__"):
                importlib.import_module(each.name)
    gc.freeze()


def main() -> None:
    read_modules()
    for line in sys.stdin:
        order = json.loads(line)
        sys.stdout.write(json.dumps(_answer(order)._asdict()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
