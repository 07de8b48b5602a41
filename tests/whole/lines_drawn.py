"""The next line: a command of the tree with drawn parameters, or one that the program itself printed, and by whom."""

import random
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

import aims
import printed
from team_drawn import PEOPLE, ZONES, Drawing, Line, Team, signing
from words_drawn import choices, filled

from oppcli.cli.app import root
from oppcli.cli.globals import options
from oppcli.cli.tree import SHORTCUTS
from oppcli.model.command import BLANK
from oppcli.store.journal import RUN_OF

LEFT_OUT = {
    "demo": "makes a database of its own, half a minute of work",
    "mcp": "speaks on stdin until it is closed",
    "request wait": "waits",
    "login": "asks on a terminal",
    "lock": "ends what `login` begins",
    "policy edit": "opens an editor",
    "db restore": "puts another database in this one's place, whose ids are others",
    "init": "is typed once",
    "fact fetch": "runs a program of the machine",
}
"""Commands that are not drawn, each with why."""
NEVER = {"--watch", "--interval", "--editor", "--output", "--json", "--csv", "--ids", "--out", "--excel", "--no-header"}
NEVER |= {spelling for option in options() for spelling in option.opts} | {"--dry-run", "--since-last", "--clock-ok"}
"""Options that are drawn otherwise, or for nobody."""
USUAL = {
    "--message": 0.7, "--reason": 0.8, "--to": 0.7, "--end": 1, "--kind": 0.5, "--amount": 0.5, "--customer": 0.5,
    "--set": 0.5, "--mapping": 1, "--out": 1, "--part": 1, "--item": 0.6, "--sku": 0.4, "--price": 0.5, "--list": 0.9,
    "--template": 0, "--commit": 0.5, "--for": 0.6, "--yes": 0.9, "--beside": 0.5, "--ok": 0.5, "--choose": 0.3,
    "--new-file": 0.8, "--title": 0.3, "--text": 0.6, "--due": 0.5, "--recover": 0, "--other": 0, "--as-of": 0.05,
}  # fmt: skip
"""How often an option is given; the others seldom."""
FORMATS = ("table", "json", "json", "csv", "jsonl", "tsv", "md", "html", "ids", "plain", "full")
SELDOM, SELDOM_READ = 0.08, 0.12
BUSY = (
    "deal advance", "deal win", "request submit", "request approve", "request return", "request resubmit", "deal edit",
    "quote line", "contract add", "payment plan", "lead add", "undo", "tick", "note", "task done", "deal lose",
    "deal reopen", "withdraw", "restore", "merge", "deal attach", "request met", "payment received", "contract sign",
)  # fmt: skip
"""What people type most."""


class Command(NamedTuple):
    """A command of the tree, what it takes, and whether it writes."""

    path: str
    params: tuple[Any, ...]
    writes: bool


@cache
def commands() -> dict[str, Command]:
    """All of them, shortcuts left out."""
    return {path: Command(path, tuple(made.params), _knows(made, "--dry-run")) for path, made in _walked()}


def _walked() -> Iterator[tuple[str, Any]]:
    tree = root()
    for name in tree.list_commands(None):
        command = tree.get_command(None, name)
        if name in SHORTCUTS:
            continue
        if hasattr(command, "list_commands"):
            yield from ((f"{name} {verb}", command.get_command(None, verb)) for verb in command.list_commands(None))
        else:
            yield name, command


def _knows(command: Any, flag: str) -> bool:
    return any(flag in param.opts for param in command.params)


def path_of(words: tuple[str, ...]) -> str:
    """Which command is typed."""
    given = [*SHORTCUTS.get(words[0], ()), *words[1:]] if words[:1] and words[0] in SHORTCUTS else [*words]
    two = " ".join(given[:2])
    return two if two in commands() else " ".join(given[:1])


def spelling(param: Any) -> str:
    """Of an option the longest of its names, `--message`; of an argument its name, as the table has it."""
    longest: str = max(param.opts, key=len)
    return longest if param.param_type_name == "option" else longest.rstrip("_")


def drawable(command: Command) -> Iterator[tuple[str, str, Any]]:
    """(argument | option | flag, name in the table, parameter) of what is drawn for it."""
    for param in command.params:
        name = spelling(param)
        if param.param_type_name == "argument":
            yield "argument", name, param
        elif name not in NEVER or param.required:
            yield ("flag" if param.is_flag else "option"), name, param


class Typist:
    """Draws one line after the other."""

    def __init__(self, team: Team, dice: random.Random) -> None:
        self.team, self.dice, self.draw = team, dice, Drawing(team, dice)
        self.offered: list[tuple[str, tuple[str, ...]]] = []
        """Who was told to type what, lately."""
        self.next: Line | None = None
        """What is typed next: the last line in earnest, in another language, or what takes it back."""
        self.writes = [path for path, command in commands().items() if command.writes and path not in LEFT_OUT]
        self.reads = [path for path, command in commands().items() if not command.writes and path not in LEFT_OUT]

    def line(self) -> Line:
        """The next one. The clock goes on by seconds, hours or, over a weekend, days."""
        if self.next is not None:
            return self.next
        dice = self.dice
        hours = dice.choice((0, 0, 0.01, 0.2, 1, 3)) if dice.random() < 0.93 else dice.choice((15, 40, 70, 200))
        self.team.now += timedelta(hours=hours)
        user, words = self._offered() if self.offered and dice.random() < 0.3 else self._drawn()
        lang, signed = dice.choice(("en", "zh")), signing(self.team.seed) and dice.random() < 0.9
        return Line(
            user, self.team.now.isoformat(), dice.choice((ZONES[0], ZONES[0], ZONES[1])), lang, words, signed=signed
        )

    def heard(self, line: Line) -> None:
        """What was printed is offered to who typed the line."""
        self.next = self._after(line) if self.next is None and self.dice.random() < 0.5 else None
        self.offered += [(line.user, words) for words in sorted(printed.MADE)]
        del self.offered[:-40]

    def _after(self, line: Line) -> Line | None:
        """The same in earnest, or in the other language; what takes it back, now and then, or who submitted something
        says yes to it."""
        if "--dry-run" in line.words:
            return replace(line, words=tuple(word for word in line.words if word != "--dry-run"))
        known = commands().get(path_of(line.words))
        if known is not None and not known.writes:
            return replace(line, lang="zh" if line.lang == "en" else "en") if self.dice.random() < 0.3 else None
        if path_of(line.words).endswith("submit") and self.dice.random() < 0.5:
            found = self.team.asked(f"SELECT max(id) FROM request WHERE submitted_by = '{line.user}'")[0][0]
            return replace(line, words=("request", "approve", f"R-{found}")) if found else None
        if self.dice.random() < 0.7:
            return None
        sql = f"SELECT {RUN_OF['sqlite']} FROM journal WHERE action <> 'refused' ORDER BY seq DESC LIMIT 1"
        return replace(line, words=("undo", f"e{self.team.asked(sql)[0][0]}", "-m", "why"))

    def _offered(self) -> tuple[str, tuple[str, ...]]:
        """What somebody was told to type, its blanks filled, by them or by somebody else."""
        user, words = self.dice.choice(self.offered)
        if words[:1] in (("help",), ("init",), ("db",), ("demo",), ("login",), ("mcp",)) or "--help" in words:
            return self._drawn()
        given = tuple(self._blank(words, at) for at in range(len(words)))
        return (user if self.dice.random() < 0.6 else self._somebody(given)), given

    def _blank(self, words: tuple[str, ...], at: int) -> str:
        word, before = words[at], words[at - 1] if at else ""
        if BLANK in word:
            known = choices("option", "", before.lstrip("-")) or ["{text}"]
            field = word.partition("=")[0]
            known = {"amount": ["{money}"], "discount": ["5"], "expected_close": ["{date}"]}.get(field, known)
            return word.replace(BLANK, filled(self.dice.choice(known), self.draw))
        if word.isupper() and word.isalpha() and len(word) > 1 and word not in ("MES",):
            known = choices("argument", "", word.lower()) or ["{text}"]
            return filled(self.dice.choice(known), self.draw)
        return word

    def _drawn(self) -> tuple[str, tuple[str, ...]]:
        dice = self.dice
        if dice.random() < 0.55:
            for _ in range(4):
                if found := aims.drawn(self.team, dice):
                    who, recipe = found
                    words = tuple(filled(word, self.draw) for word in shlex.split(recipe))
                    return who if dice.random() < 0.85 else self._somebody(words), self._formed(words)
        if dice.random() < 0.3:
            path = dice.choice(self.reads)
        else:
            path = dice.choice([name for name in BUSY if name in commands()] if dice.random() < 0.5 else self.writes)
        words = self.words(commands()[path])
        return self._somebody(words), words

    def words(self, command: Command) -> tuple[str, ...]:
        """The command with its arguments, some of its options, and now and then a form of the answer."""
        dice, words, behind = self.dice, command.path.split(), []
        for kind, name, param in drawable(command):
            known = choices(kind, command.path, name.lstrip("-")) or [""]
            if kind == "argument":
                behind += self._argument(param, known)
            elif param.required or dice.random() < USUAL.get(name, SELDOM if command.writes else SELDOM_READ):
                words += [name] if kind == "flag" else [name, filled(dice.choice(known), self.draw)]
        return (*words, *self._form(command), *(("--", *behind) if any(w[:1] == "-" for w in behind) else behind))

    def _argument(self, param: Any, known: Any) -> list[str]:
        if not param.required and self.dice.random() < 0.4:
            return []
        many = 1 if param.nargs == 1 or self.dice.random() < 0.8 else self.dice.randrange(2, 4)
        if param.nargs == -1 and param.name == "ref" and known[0] == "{C}" and len(known) > 2:  # pairs of one kind
            kind = self.dice.choice(known)
            return [filled(kind, self.draw) for _ in range(2)]
        return [filled(self.dice.choice(known), self.draw) for _ in range(many)]

    def _formed(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """With a form of the answer, before what no flag may follow."""
        form = self._form(commands()[path_of(words)])
        return (
            (*words[:2], *form, *words[2:])
            if path_of(words) == " ".join(words[:2])
            else (*words[:1], *form, *words[1:])
        )

    def _form(self, command: Command) -> list[str]:
        chance = self.dice.random()
        if command.writes:
            return (
                ["--dry-run"] if chance < 0.1 else ["-o", "json"] if chance < 0.2 else ["-q"] if chance < 0.23 else []
            )
        if not _knows_output(command):
            return []
        return ["-o", self.dice.choice(FORMATS)]

    def _somebody(self, words: tuple[str, ...]) -> str:
        """Mostly who may: a seat's holder, the owner of a deal, an admin."""
        chance, dice = self.dice.random(), self.dice
        if chance < 0.45:
            for word in words:
                found = self._concerned(word)
                if found:
                    return dice.choice(found)
        if chance < 0.65:
            return "boss"
        return dice.choice(tuple(PEOPLE))

    def _concerned(self, word: str) -> list[str]:
        prefix, _, number = word.partition("-")
        if not number.isdigit() or prefix not in ("D", "R"):
            return []
        if prefix == "D":
            found = self.team.asked(f"SELECT owner FROM deal WHERE id = {number} AND owner IS NOT NULL")
        else:
            found = self.team.asked(
                "SELECT h.login FROM holder h JOIN request r ON r.id = h.request_id AND r.revision = h.revision "
                f"WHERE r.id = {number} UNION SELECT submitted_by FROM request WHERE id = {number} ORDER BY 1"
            )
        return [str(login) for (login,) in found]


def _knows_output(command: Command) -> bool:
    return any("--output" in param.opts for param in command.params)
