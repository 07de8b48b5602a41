"""Programs that are killed (SIGKILL) in every verb: all of a line is there or nothing, and the line can be typed again.

OPP_KILLS=N kills each verb at every N-th thing it does that lasts, at every commit and in the middle of writing each
file, on both engines, and asks the whole database afterwards: `OPP_KILLS=1 pytest tests/cli/test_killed.py` takes some
hours; OPP_KILLS=40 kills each about its commits, and `-k "anywhere and sqlite and quote"` takes some of the verbs."""

import json
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from aged import aged
from command_line import InProcess, words_of
from killed_lines import ELSEWHERE, MORE, Typed, made
from killing import Typist, typist
from matrix import ASKED, LINES
from postgres import copied, dropped
from test_every_command import WRITES, commands

from oppcli import store
from oppcli.cli.tree import SHORTCUTS
from oppcli.store import backup
from oppcli.store.version import SCHEMA

KILLS = int(os.environ.get("OPP_KILLS", "0"))
ON_SERVER = (
    "deal advance",
    "request submit",
    "request approve",
    "import",
    "payment received",
    "rate add",
    "policy apply",
)
"""Verbs that are killed on a server, too, one after the other: they are of different things."""
NO_COMMIT = {"export", "report", "bundle", "audit anchor", "config set", "config unset", "db backup"}
"""They write files, and nothing into the database; `db backup` is killed while it writes another."""
NOTHING = {"db clock", "fact fetch", "notices send", "notices retry", "deal assign --by-rule", "import trusted"}
"""They have nothing to do here."""
MADE_UP = {"hash", "prev", "salt", "changes", "digest"}
"""What is made of dice, and the seals that follow from it."""
SPARE = re.compile(r"\.(part|new)$")
"""Files beside that the next line of the kind replaces, or takes away in an hour."""
ONCE_MORE = ("no.csv~", ".before-restore-20260302T090000Z-2.db")
"""How the names of files end that lie there where a line was typed again: what was there before, kept a second time."""
STEPS = {"tick later", "user pin", "login", "maildir", "several"}
"""They commit more than once, each time what is whole: what tick has done is done, a mail that was taken in is in, of
several deals one is changed, and the rest comes with the next."""


class World:
    """A team in a folder of its own that is put back, and somebody who types and is killed."""

    def __init__(self, folder: Path, types: Typist) -> None:
        self.kept, self.folder = folder / "kept", folder / "work"
        self.folder.mkdir(parents=True)
        self.opp, self.types = InProcess(self.folder), types
        self.lines = made(self.opp)
        with closing(sqlite3.connect(self.opp.db)) as file:
            self.tables = backup.tables_of(file)
        shutil.copytree(self.folder, self.kept)
        self.server, self.names = "", list[str]()

    def fresh(self, typed: Typed) -> None:
        """As it was, and what has to be done before the line."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.kept, self.folder)
        if self.server:
            self.names.append(copied(self.server, self.names[0]))
            self.opp.env["OPP_DB"] = self.server.format(self.names[-1])
            if len(self.names) > 2:
                dropped(self.server, self.names.pop(1))
        for line in typed.before:
            self.opp.ok(line, user="root")

    def on(self, server: str) -> None:
        """From now on on a server, with what is in the file."""
        self.server, self.names = server, [copied(server, "opp_new")]
        backup.restore(self.kept / "opp.db", server.format(self.names[0]))
        self.opp.env["OPP_DB"] = server.format(self.names[0])

    def type(self, typed: Typed, **how: Any) -> Any:
        words, env = words_of((typed.line,)), self.opp.environment(typed.who, None, None)
        if words[0] == "init":
            env["OPP_DB"] = str(self.folder / "new.db")
        return self.types(words, self.folder, env, **how)

    def files(self) -> dict[str, bytes]:
        """All but what is spare, and a file of SQLite that has nothing to say."""
        found = {
            str(each.relative_to(self.folder)): each.read_bytes() for each in self.folder.rglob("*") if each.is_file()
        }
        return {name: held for name, held in found.items() if held and not SPARE.search(name)}

    def rows(self) -> dict[str, list[str]]:
        """What is in the database, table by table."""
        with store.open_read(self.opp.env["OPP_DB"]) as door:
            return {table: sorted(self._told(door, table, names)) for table, names in self.tables.items()}

    @staticmethod
    def _told(door: Any, table: str, columns: list[str]) -> Iterator[str]:
        names = ", ".join(f'"{name}"' for name in columns if name not in MADE_UP)
        for row in door.rows(f"SELECT {names} FROM {table}"):
            if table not in ("meta", "code", "credential"):
                yield re.sub(r'"(wall|digest|replaced)": ?"?[^,}]*', "", repr(row))

    def sound(self) -> list[tuple[int, str]]:
        """What the two commands that look find wrong."""
        answers = [self.opp(line, user="root") for line in ("db check", "audit verify")]
        return [(each.code, each.out + each.err) for each in answers if each.code]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with typist() as types:
        yield World(tmp_path_factory.mktemp("killed"), types)


def test_every_verb_that_writes_has_a_line_to_be_killed_in(world: World) -> None:
    known = [name for name, _ in commands()]

    def verb(line: str) -> str:
        words = [word for word in line.split() if not word.startswith("--now")]
        words = words[1:] if words[0].startswith("20") else words
        words = [*SHORTCUTS.get(words[0], (words[0],)), *words[1:]]
        return next(name for name in (" ".join(words[:2]), words[0]) if name in known)

    assert set(WRITES) - {verb(each.line) for each in world.lines.values()} - ELSEWHERE == set()


def test_a_file_that_a_killed_program_was_writing_is_as_it_was_and_the_line_works(world: World) -> None:
    """In the middle of its commit, with half of the pages written; and before it, with nothing. A third of the verbs;
    OPP_KILLS takes all."""
    found: dict[str, Any] = {}
    names = [name for name in world.lines if name not in NOTHING][:: 1 if KILLS else 3]
    wanted = {name: [True, True, 9 if name == "rejects" else 0] for name in names}
    middle = world.kept.joinpath("opp.db").stat().st_size // 2
    for number, name in enumerate(wanted):
        typed = world.lines[name]
        world.fresh(typed)
        before = world.files()
        in_commit = {"beyond": 0} if name in NO_COMMIT else {"word": "COMMIT"} if number % 2 else {"beyond": middle}
        ended = world.type(typed, **in_commit)
        if not ended.killed:  # it wrote nothing behind the middle
            world.fresh(typed)
            ended = world.type(typed, word="COMMIT")
        world.rows()  # whoever comes next rolls back what was cut off
        now = world.files()
        same = {each: held for each, held in now.items() if each in before} == before
        found[name] = [ended.killed, same, world.type(typed).code]
    assert {name: each for name, each in found.items() if each != wanted[name]} == {}


def test_a_server_has_nothing_of_a_line_that_was_killed_before_its_commit(world: World, pg_server: str) -> None:
    was = dict(world.opp.env)
    world.on(pg_server)
    try:
        world.fresh(Typed("root", ""))
        found: dict[str, Any] = {}
        for name in ON_SERVER:
            before = world.rows()
            killed = world.type(world.lines[name], word="COMMIT").killed
            found[name] = [killed, world.rows() == before, world.type(world.lines[name]).code]
        assert found == {name: [True, True, 0] for name in ON_SERVER}
        assert world.sound() == []
    finally:
        world.server, world.opp.env = "", was


def at_each(world: World, typed: Typed, *words: str) -> list[int]:
    """The events that begin with one of these words, where the line is let be."""
    world.fresh(typed)
    return [at for at, told in enumerate(world.type(typed).events, 1) if told.startswith(words)]


def test_a_restore_that_is_killed_gives_nobody_back_who_was_erased(world: World) -> None:
    typed = world.lines["restore erased"]
    found = set()
    for at in at_each(world, typed, "COMMIT", "os.remove", "the end"):
        world.fresh(typed)
        killed = world.type(typed, at=at).killed
        there = world.rows()
        told = sum("'restore'" in entry for entry in there["journal"])
        found.add((killed, told, any("'客户'" in each for each in there["customer"])))
    assert found == {(True, 0, False), (True, 1, False)}


def test_an_upgrade_that_is_killed_is_not_made_or_is_on_record(world: World) -> None:
    typed = Typed("root", "db upgrade")
    world.fresh(typed)
    old = aged(str(world.kept / "opp.db"), "0017", world.folder.parent / "old.db")

    def upgraded(**how: int) -> Any:
        shutil.copy(old, world.opp.db)
        return world.type(typed, **how)

    found = set()
    for at in (at for at, told in enumerate(upgraded().events, 1) if told.startswith(("COMMIT", "the end"))):
        killed = upgraded(at=at).killed
        with closing(sqlite3.connect(world.opp.db)) as file:
            ((schema,),) = file.execute("SELECT version_num FROM alembic_version")
            ((told,),) = file.execute("SELECT count(*) FROM journal WHERE action = 'upgrade'")
        found.add((killed, schema, told))
    assert found == {(True, "0017", 0), (True, SCHEMA, 1)}


def test_an_init_that_was_killed_before_its_first_user_is_gone_on_with(world: World) -> None:
    typed = world.lines["init"]
    world.fresh(typed)
    killed = world.type(typed, word="BEGIN IMMEDIATE").killed
    made_by_then = world.folder.joinpath("new.db").stat().st_size > 0
    assert (killed, made_by_then, world.type(typed).code, world.type(typed).code) == (True, True, 0, 5)


def test_an_answer_that_was_cut_off_leaves_nothing_beside_its_file(world: World) -> None:
    world.fresh(Typed("root", ""))
    before = {path.name for path in world.folder.iterdir()}
    lines = ("export deals -O deals.csv", f"bundle {ASKED} -O big.zip", "report list -O reports.json")
    killed = [world.type(Typed("root", line), beyond=0).killed for line in lines]
    assert (killed, {path.name for path in world.folder.iterdir()} - before) == ([True] * 3, set())


def test_a_key_that_was_being_made_is_made_whole_by_the_next(world: World) -> None:
    typed = Typed("root", "export deals --redact key -o csv")
    world.fresh(typed)
    assert (world.type(typed, beyond=0).killed, world.type(typed).code) == (True, 0)


def test_what_dated_backups_left_that_were_killed_is_taken_away_in_an_hour(world: World) -> None:
    typed = world.lines["db backup"]
    world.fresh(typed)
    assert world.type(typed, word="os.rename").killed
    (left,) = world.folder.glob("*.part")
    old = left.rename(left.with_name(left.name.replace("2026", "2025")))
    fresh = Path(shutil.copy(old, old.with_name(old.name.replace("2025", "2024"))))
    os.utime(old, (0, 0))
    assert world.type(typed).code == 0
    assert (old.exists(), fresh.exists()) == (False, True)


# ---------- the long version ----------


def hows(events: list[str], size: int, every: int) -> Iterator[dict[str, Any]]:
    """Every N-th event, those at each commit, and bytes of the file."""
    commits = [at for at, told in enumerate(events, 1) if told == "COMMIT"]
    for at in range(1, len(events) + 1):
        if at % every == every // 2 or at in commits or at - 1 in commits:
            yield {"at": at}
    yield from ({"beyond": int(size * share)} for share in (0.05, 0.3, 0, 0.004, 0.7, 0.95)[::every] if size)
    yield from ({"after": seconds} for seconds in (0.03, 0.01, 0.06)[::every])


def same(name: str, found: dict[str, list[str]], wanted: dict[str, list[str]]) -> bool:
    """Whether all is there; of what was done in two runs, as many of each thing, whatever the journal tells of them."""
    if name not in STEPS:
        return found == wanted
    return all(len(found[table]) == len(wanted[table]) for table in wanted.keys() - {"journal"})


def faults(world: World, name: str, every: int) -> Iterator[str]:
    """What is wrong after a verb was killed, each time anew, wherever it can be."""
    typed = world.lines[name]
    world.fresh(typed)
    nothing = world.rows()
    whole = world.type(typed)
    everything, files = world.rows(), set(world.files())
    again = world.type(typed).code
    size, killed = 0 if world.server else world.opp.db.stat().st_size, 0
    for how in hows(whole.events, size, every):
        world.fresh(typed)
        ended = world.type(typed, **how)
        if not ended.killed:
            continue
        killed += 1
        yield from (f"{name} {how}: {said}" for said in world.sound())
        found = world.rows()
        there = found == everything
        if not there and found != nothing and name not in STEPS:
            yield f"{name} {how}: half of it, at {whole.events[how.get('at', 1) - 1 :][:1]}"
        code = world.type(typed).code
        wanted = {again} if there and everything != nothing else {whole.code, again}
        if code not in wanted:
            yield f"{name} {how}: typed again {code}, not {wanted}"
        if not there and code == whole.code and not same(name, world.rows(), everything):
            yield f"{name} {how}: typed again, it is another thing"
        if more := {each for each in set(world.files()) - files if not each.endswith(ONCE_MORE)}:
            yield f"{name} {how}: {more} lies about"
    sys.stderr.write(f"{name}: killed {killed} times\n")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def anywhere(world: World, request: pytest.FixtureRequest) -> Iterator[World]:
    was = dict(world.opp.env)
    if request.param == "postgresql":
        world.on(request.getfixturevalue("pg_server"))
    yield world
    world.server, world.opp.env = "", was


@pytest.mark.skipif(not KILLS, reason="OPP_KILLS=1 takes hours, OPP_KILLS=40 kills each verb about its commits")
@pytest.mark.parametrize("name", sorted((LINES | MORE).keys() - NOTHING - {"init"}) if KILLS else ["every verb"])
def test_a_line_that_is_killed_anywhere_is_all_there_or_not_at_all(anywhere: World, name: str) -> None:
    assert json.dumps([*faults(anywhere, name, KILLS)], ensure_ascii=False, indent=1) == "[]"
