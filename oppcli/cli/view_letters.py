"""What a view that goes out tells each of its readers: the line is run as if they had typed it, and nothing is written
or printed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from oppcli.actions.outbox import language
from oppcli.actions.timed_views import Make, Sheet
from oppcli.cli.context import Context
from oppcli.cli.saved_line import resolved
from oppcli.errors import OppError, UsageError
from oppcli.model.people import User
from oppcli.model.records import ANY
from oppcli.model.said import say
from oppcli.model.saved import View
from oppcli.reads.table import Table
from oppcli.render.output import Output
from oppcli.speech import Voice
from oppcli.store import open_read

if TYPE_CHECKING:
    from oppcli.model.sight import Sight
    from oppcli.store.doors import ReadDoor

MOST = 50
"""Rows of a letter, unless the line says how many."""


class Theirs(Context):
    """The surroundings of a reader who is not there: this database, now, what they see, whatever the line names. It is
    proved by nobody, and only reads."""

    def __init__(self, opp: Context, login: str, zone: str, lang: str) -> None:
        super().__init__({"no_input": True, "tz": zone, "lang": lang, "wait": str(opp.settings.wait)})
        self._opp, self._login = opp, login

    @cached_property
    def actor(self) -> str:
        """The reader."""
        return self._login

    @property
    def db(self) -> str:
        """The database of who lets time do its work."""
        return self._opp.db

    @property
    def now(self) -> int:
        """The same now."""
        return self._opp.now if self.then is None else self.then.at

    @contextmanager
    def read(self, standings: Sequence[str] = ANY, *, whole: bool = False) -> "Iterator[ReadDoor]":
        """A door as `Context.read` opens it, without asking for proof."""
        sight = None if whole else self.see
        with open_read(self.db, standings, me=self.actor, sight=sight, then=self.then) as door:
            self.language, self.later = door.language, door.came_later
            yield door

    def see(self, door: "ReadDoor") -> "Sight | None":
        """What the reader sees."""
        from oppcli.actions.sights import sight_of

        self.sight = sight_of(door, self.actor, self.now)
        return self.sight

    def say(self, text: str) -> None:
        """Nobody is there who could hear it."""

    def write(self, command: str, **_: Any) -> Any:
        """Refused: a letter tells, and nothing else."""
        raise UsageError(say("a letter only reads, not {command}", command=command))


def maker(opp: Context, voice: Voice, passed: list[Callable[[], None]]) -> Make:
    """What makes the sheets of views; `voice` tells what commands in them repeat, and to `passed` comes what is to be
    done once the letters are written: cursors of `--since-last` move on."""
    zones: dict[str, str] = {}

    def made(view: View, person: User) -> Sheet | None:
        with opp.read() as door:
            zone = person.zone or zones.setdefault("", opp.policy(door).hours().timezone)
            lang = language(person, door)
        theirs = Theirs(opp, person.login, zone, lang)
        told = voice._replace(lang=lang)
        found: list[Sheet | None] = []
        theirs.taker = lambda *answer: found.append(_sheet(view.name, theirs, told, *answer))
        typed(theirs, view.command)
        if theirs.cursor is not None:
            passed.append(theirs.cursor.keep)
        return found[0] if found else None

    return made


def typed(theirs: Context, words: Sequence[str]) -> None:
    """Run the line of a read. Refused as that, and for what Typer does not understand."""
    from oppcli.cli.app import root
    from oppcli.cli.tree import SHORTCUTS, SYNONYMS

    resolved(words, SHORTCUTS, SYNONYMS)
    tree: Any = root()
    try:
        with tree.make_context("opp", list(words), obj=theirs) as ctx:
            tree.invoke(ctx)
    except OppError:
        raise
    except Exception as wrong:
        if not hasattr(wrong, "format_message"):  # what Typer refuses has no base that Typer names
            raise
        raise UsageError(wrong.format_message().rstrip(".")) from None


def _sheet(
    name: str,
    theirs: Context,
    voice: Voice,
    table: Table,
    _: Context,
    chosen: str,
    flags: Mapping[str, Any],
    asked: Mapping[str, Any],
) -> Sheet | None:
    """The answer as a sheet; None where it has no rows."""
    from oppcli.render import sheet

    del chosen
    table = table._replace(rows=list(table.rows), verbatim=False)
    if not (table.rows or table.single):
        return None
    out = Output(
        columns=flags["columns"],
        sort=flags["sort"],
        tz=theirs.tz,
        now=theirs.now,
        asked=asked,
        voice=voice,
        showing=theirs.cursor and theirs.cursor.hear,
    )
    most = min(flags["limit"] or MOST, MOST)
    heading = f"{name} · {out.told(table.title)}" if table.title else name
    return Sheet(sheet.text(heading, table, out, most), sheet.part(heading, table, out, most))
