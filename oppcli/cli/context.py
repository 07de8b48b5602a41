"""What a command is given: which database, who acts, when; the doors, and the policy that is applied."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, Any

from oppcli.errors import OppError
from oppcli.model.records import ANY
from oppcli.model.said import say
from oppcli.model.units import FAR_MS, LONG_MS

if TYPE_CHECKING:
    from datetime import date

    from oppcli.actions.act import Act, Look
    from oppcli.config import Settings
    from oppcli.errors import Conflict
    from oppcli.model.command import Command
    from oppcli.model.journal import Stamp
    from oppcli.model.policy import Calendar, Policy
    from oppcli.model.sight import Sight
    from oppcli.speech import Voice
    from oppcli.store.doors import ReadDoor, WriteDoor
    from oppcli.words.kinds import Reading


class Context:
    """One command's surroundings. Everything is looked up on first use."""

    def __init__(self, flags: dict[str, str | bool]) -> None:
        self.flags = flags
        self.dry_run = False
        self.clock_minded = False
        """Whether it was said that the clock was set back."""
        self.applied: Policy | None = None
        """The applied policy, once `policy` has read it."""
        self.sight: Sight | None = None
        """What the acting person sees, once a door was opened."""
        self.given: Mapping[str, Any] = {}  # the output flags of a read, as typed
        self.newest: int | None = None
        """So many rows are wanted of a read that is in order of time: its latest. None for all."""
        self.entries: list[Any] = []
        """Journal entries of the last write, for the dry run's report."""
        self.currencies: dict[tuple[str, str], str] = {}
        """(noun, key) → currency of what a dry run would have changed."""
        self.takes_back: Command | None = None
        """The undo of what this line did so far, where the person may give it."""
        self.run: int | None = None
        """The first journal entry that this command line wrote."""

    @cached_property
    def settings(self) -> "Settings":
        from oppcli import config

        return config.resolve(self.flags, os.environ)

    @property
    def db(self) -> str:
        """Path of the database file, or its postgresql:// address."""
        return self.settings.db

    @property
    def now(self) -> int:
        """Milliseconds since 1970 UTC: `--now`, `OPP_NOW`, or the clock."""
        return self.settings.now

    @property
    def tz(self) -> str:
        """IANA zone in which dates are typed and shown."""
        return self.settings.tz

    @property
    def os_user(self) -> str:
        """The login at this machine, whoever acts."""
        return self.settings.os_user

    @property
    def actor(self) -> str:
        """Login of the acting person: `--as`, `OPP_USER`, or the OS login. It need not be a user yet."""
        return self.settings.actor

    @cached_property
    def voice(self) -> "Voice":
        """Whom commands are printed for: they repeat the flags of this line, not of the environment."""
        from oppcli.speech import Voice, repeated

        if "://" in str(self.flags.get("db", "")):
            from oppcli.store.locations import shown  # a password is never printed

            return Voice(repeated({**self.flags, "db": shown(str(self.flags["db"]))}))
        return Voice(repeated(self.flags))

    def spoken(self, text: str) -> str:
        """The text as it is told here: each command within it with the flags that were typed."""
        from oppcli.speech import spoken

        return spoken(text, self.voice)

    @property
    def quiet(self) -> bool:
        return self.settings.quiet

    @property
    def interactive(self) -> bool:
        """May a question be asked? Only on a terminal, and not when told not to."""
        if self.settings.no_input:
            return False
        return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))

    def stamp(self, command: str, *, channel: str = "cli", on_behalf_of: str | None = None) -> "Stamp":
        from oppcli.model.journal import SYSTEM, TICK, Stamp, unasked

        return Stamp(
            by=unasked(self.actor, self.os_user, channel),
            actor=SYSTEM if channel == TICK else self.actor,
            run_by=self.actor if channel == TICK else "",
            now=self.now,
            channel=channel,
            command=command,
            os_user=self.os_user,
            tz=self.tz,
            on_behalf_of=on_behalf_of,
            run=self.run,
        )

    @contextmanager
    def read(self, standings: Sequence[str] = ANY, *, whole: bool = False) -> "Iterator[ReadDoor]":
        """A door that cannot write. It sees records of these standings: lists want `SHOWN`, figures `COUNTED`, one
        thing, its history and the journal any; and of them what the acting person may see, or the `whole`, for what is
        reckoned and not shown. Refused for somebody deactivated, and under a scope for who is no user."""
        from oppcli.store import open_read

        with open_read(self.db, standings, me=self.actor, sight=None if whole else self.see) as door:
            if door.active is False:
                from oppcli.actions.find import deactivated

                raise deactivated(self.actor)
            if self.settings.origins["now"] != "--now":  # who asks how it looked then knows that it is past
                self._mind_the_clock(door.last_at)
            yield door

    @contextmanager
    def write(self, command: str, *, channel: str = "cli") -> "Iterator[WriteDoor]":
        """One transaction: committed when the block ends, rolled back when it raises or in a dry run.

        A refusal that asks to be remembered (`attempt`) is journalled in a transaction of its own afterwards."""
        stamp = self.stamp(command, channel=channel)
        try:
            with self.opened(stamp) as door:
                if door.scope is not None and stamp.actor == self.actor:
                    from oppcli.actions.sights import sight_of_known

                    self.sight = door.sight = sight_of_known(door, self.actor, self.now)
                self._mind_the_clock(door.at, say("; the entry is written as of then"))
                yield door
                self.entries = list(getattr(door, "entries", ()))
                if self.dry_run:
                    valued = (noun for noun in door.written if hasattr(noun, "currency"))
                    self.currencies = {(type(noun).__name__.lower(), str(noun.id)): noun.currency for noun in valued}
            self.keep_run(door)
        except OppError as refusal:
            if refusal.attempt and not self.dry_run:
                from oppcli.cli.attempts import remember

                remember(self, refusal, stamp)
            raise

    @contextmanager
    def opened(self, stamp: "Stamp") -> "Iterator[WriteDoor]":
        """The write door, once its time may be believed; the lock is not held while somebody is asked."""
        from oppcli.store import open_write

        with open_write(self.db, stamp, wait_ms=self.wait_ms, dry_run=self.dry_run) as door:
            doubt = self._doubt(door, door.previous_at)
            if doubt is None:
                yield door
                return
        self._dispel(doubt)
        with open_write(self.db, stamp, wait_ms=self.wait_ms, dry_run=self.dry_run) as door:
            yield door

    def truth(self, door: "ReadDoor") -> "AbstractContextManager[ReadDoor]":
        """A door on the fields that who asks does not have, to reckon with and not to show; the same where none is."""
        return self.read(whole=True) if door.hidden else nullcontext(door)

    def see(self, door: "ReadDoor") -> "Sight | None":
        """What who asks sees through this door. Refused under a scope for who is no user."""
        from oppcli.actions.sights import sight_of

        self.sight = sight_of(door, self.actor, self.now)
        return self.sight

    def require_time(self, door: "ReadDoor") -> None:
        """Refuse a given time to what will write to this database, before it does anything."""
        if doubt := self._doubt(door, door.last_at):
            self._dispel(doubt)

    def _doubt(self, door: "ReadDoor", last_at: int) -> "Conflict | None":
        """Why the time of a write is not to be believed. Dry runs take any; one that was given is looked into."""
        given = self.settings.origins["now"] != "default"
        if self.dry_run or (not given and (self.now - last_at <= LONG_MS or "clock_ok" in self.flags)):
            return None
        from oppcli.cli import timekeeping

        return timekeeping.doubt(self.settings, door, last_at)

    def _dispel(self, doubt: "Conflict") -> None:
        """Somebody at the terminal says that the clock is right. Refused where nobody does."""
        import typer

        asked = say("{doubt}; is the clock right?", doubt=doubt.message)
        if not self.interactive or not typer.confirm(self.spoken(asked), err=True):
            raise doubt
        self.flags["clock_ok"] = True

    def keep_run(self, door: "WriteDoor") -> None:
        """What this line writes from here on belongs to the same run."""
        if not self.dry_run:
            self.run = door.run

    def _mind_the_clock(self, at: int, so: str = "") -> None:
        """Time never runs backwards in the journal; a clock that does is worth a word, once per command."""
        if at - self.now > FAR_MS and not self.clock_minded:
            from oppcli.cli import timekeeping

            self.clock_minded = True
            self.say(timekeeping.lag(self.settings, at, so))

    @property
    def wait_ms(self) -> int:
        """How long a writer waits for another one."""
        return int(self.settings.wait * 1000)

    @contextmanager
    def act(self, command: str, *, channel: str = "cli", anybody: bool = False) -> "Iterator[Act]":
        """What the acting person does in one transaction; refused for who is no active user, but with `anybody`."""
        from oppcli.actions.act import Act

        with self.write(command, channel=channel) as door:
            acting = Act(door, rules=self.policy)
            if not anybody:
                _ = acting.me
            yield acting
            whole = self.run is None or self.takes_back is not None
            self.takes_back = self._undo(acting) if whole and not anybody else None

    def _undo(self, act: "Act") -> "Command | None":
        """The command that takes this line back, where this person could give it now."""
        from oppcli.actions.act import undo_offered

        return undo_offered(act) if act.door.run is not None else None

    def look(self, door: "ReadDoor", policy: "Policy | None" = None) -> "Look":
        """What a question through this door needs: the policy (another than the applied one), who asks, when, where."""
        from oppcli.actions.act import Look

        rules = self.policy if policy is None else lambda _: policy
        return Look(door, self.actor, rules=rules, now=self.now, zone=self.tz)

    def policy(self, door: "ReadDoor") -> "Policy":
        """The applied policy. Its text was checked when it was applied."""
        from oppcli.actions.act import applied_policy

        self.applied = applied_policy(door)
        return self.applied

    def say(self, text: str) -> None:
        """A notice on stderr, not for `-q`."""
        if not self.quiet:
            print(self.spoken(text), file=sys.stderr)  # noqa: T201

    def read_date(self, text: str) -> "date":
        """A date as typed, relative to today in the user's zone; said back where it was not typed in full."""
        from oppcli.words.days import parse_date
        from oppcli.words.shown import echo
        from oppcli.words.zones import today

        day = today(self.now, self.tz)
        found = parse_date(text, today=day, calendar=self._calendar, order=self.settings.date_order)
        said = echo(text, found, today=day)
        if said:
            self.say(said)
        return found

    @property
    def reading(self) -> "Reading":
        """How what is typed for a field is read."""
        from oppcli.words.kinds import Reading

        return Reading(day=self.read_date, tell=self.say)

    def read_instant(self, text: str, *, edge: str = "start", past: bool = False) -> int:
        """An instant as typed, milliseconds; a day alone is its start, or with `edge="end"` the instant after it."""
        from oppcli.words.instants import parse_instant

        order = self.settings.date_order
        return parse_instant(
            text, now_ms=self.now, tz=self.tz, calendar=self._calendar, order=order, edge=edge, past=past
        )

    @property
    def _calendar(self) -> "Calendar | None":
        """The business days of what is typed: those of the policy, once the command has read it."""
        return self.applied.calendars.get(self.applied.calendar) if self.applied else None
