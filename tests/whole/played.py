"""A script: drawn and played line by line, played again, made shorter while it breaks the same, and printed."""

import random
import shutil
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shlex import quote

import printed
from asked import dear
from command_line import InProcess
from held import Broken, Held
from lines_drawn import Typist
from postgres import given_back, lent
from team_drawn import Line, Team, begun, papers

EVERY = 40
"""After so many lines the dear ones are asked."""
PATIENCE_S = 60
"""How long a script is made shorter."""


@contextmanager
def team_of(seed: str, server: str | None) -> Iterator[Team]:
    """A new team on a file; with the address of a server also there."""
    folder = Path(tempfile.gettempdir(), f"opp-whole-{uuid.uuid4().hex}")  # of letters that Markdown takes as they are
    names = ["file", "wire"] if server else ["file"]  # equally long: tables are as wide as what is in them
    opps, database = [], ""
    for name in names:
        (folder / name).mkdir(parents=True)
        opps.append(InProcess(folder / name))
    if server:
        database = lent(server)
        opps[1].env["OPP_DB"] = server.format(database)
    looking: list[sqlite3.Connection] = []

    def look(sql: str) -> list[tuple[object, ...]]:
        if not looking:
            looking.append(sqlite3.connect(f"file:{opps[0].db}?mode=ro", uri=True))
        return looking[0].execute(sql).fetchall()

    try:
        yield Team(seed, opps, look)
    finally:
        for file in looking:
            file.close()
        if server:
            given_back(server, database)
        shutil.rmtree(folder, ignore_errors=True)


def language(seed: str) -> str:
    return random.Random(f"{seed} language").choice(("en", "zh"))


def started(team: Team) -> Held | None:
    """The team at work; None where its policy is no policy."""
    printed.watch()
    for line in begun(team, language(team.seed)):
        answers = team.typed(line)
        if answers[0].code and line.words[0] == "init":
            return None
    printed.MADE.clear()
    return Held(team)


def play(seed: str, count: int, server: str | None = None) -> tuple[list[Line], Broken | None]:
    """Draw and type so many lines. What was typed, and what broke; nothing is typed where no policy was drawn."""
    typed: list[Line] = []
    with team_of(seed, server) as team:
        held = started(team)
        if held is None:
            return typed, None
        typist = Typist(team, random.Random(seed))
        try:
            for number in range(1, count + 1):
                typed.append(typist.line())
                step(team, held, typed[-1], typist)
                if number % EVERY == 0 or number == count:
                    dear(team)
        except Broken as broken:
            return typed, broken
    return typed, None


def step(team: Team, held: Held, line: Line, typist: Typist | None = None) -> None:
    printed.MADE.clear()
    answers = team.typed(line)
    held.after(line, answers)
    if typist is not None:
        typist.heard(line)


def again(seed: str, lines: Sequence[Line], server: str | None = None) -> Broken | None:
    """Type these lines; what broke."""
    from datetime import datetime

    with team_of(seed, server) as team:
        held = started(team)
        if held is None:
            return None
        try:
            for line in lines:
                team.now = datetime.fromisoformat(line.now)
                step(team, held, line)
            dear(team)
        except Broken as broken:
            return broken
    return None


def shorter(seed: str, lines: list[Line], rule: str, server: str | None = None) -> list[Line]:
    """Lines that are enough to break the same rule: halves, quarters and so on are left out as long as it breaks, for
    `PATIENCE_S`."""
    size, end = max(1, len(lines) // 2), time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        at = 0
        while at < len(lines) and time.monotonic() < end:
            fewer = [*lines[:at], *lines[at + size :]]
            broken = again(seed, fewer, server)
            if broken is not None and broken.rule == rule:
                lines = fewer
            else:
                at += size
        if size == 1:
            return lines
        size = max(1, size // 2)
    return lines


def script(seed: str, lines: Sequence[Line]) -> str:
    """The same as a shell would have it, from an empty folder."""
    lang = language(seed)
    files = papers(seed, lang)
    words = {word for line in lines for word in line.words} | {"p1.toml"}
    made = [f"cat > {quote(name)} <<'END'\n{text}END\n" for name, text in files.items() if name in words]
    start = Team(seed, [], lambda sql: [])
    typed = [*begun(start, lang), *lines]
    return "export OPP_DB=whole.db\n" + "".join(made) + "\n".join(map(shown, typed)) + "\n"


def shown(line: Line) -> str:
    front = " ".join(f"{name}={value}" for name, value in line.env.items())
    return f"{front} opp {' '.join(map(quote, line.words))}"
