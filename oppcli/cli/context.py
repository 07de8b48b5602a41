"""What a command is given: which database, who acts, when; the doors, and the policy that is applied."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, Any

from oppcli.model.records import ANY
from oppcli.model.units import FAR_MS

if TYPE_CHECKING:
    from datetime import date

    from oppcli.actions.act import Act, Look
    from oppcli.cli.proving import Signed
    from oppcli.cli.sessions import Session
    from oppcli.config import Settings
    from oppcli.model.command import Command
    from oppcli.model.journal import Stamp
    from oppcli.model.policy import Policy
    from oppcli.model.sight import Sight
    from oppcli.speech import Voice
    from oppcli.store.doors import ReadDoor, WriteDoor
    from oppcli.store.then import Then
    from oppcli.words.kinds import Reading

JSON = ("json", "jsonl", "full")
"""Formats of programs that await JSON: nothing is asked, and what fails is told as an object."""


class Context:
    """One command's surroundings. Everything is looked up on first use."""

    def __init__(self, flags: dict[str, str | bool]) -> None:
        self.flags = flags
        self.channel = "cli"  # through which this line came: `agent` where a program typed it
        self.dry_run = False
        self.clock_minded = False  # whether it was said that the clock was set back
        self.applied: Policy | None = None  # the applied policy, once `policy` has read it
        self.sight: Sight | None = None  # what the acting person sees, once a door was opened
        self.alone = False  # whether `opp` was typed without a command
        self.seeks_view = False  # whether `opp view` was typed with a name that no view has
        self.given: Mapping[str, Any] = {}  # the output flags of a read, as typed
        self.screen = False  # whether a read is shown to people at a terminal
        self.aside = True  # whether columns are wanted that people see only where they ask for them
        self.newest: int | None = None  # rows that are wanted of what is in order of time: the latest; None for all
        self.first: Any = None  # the order in which rows are wanted, and how many of the first; None for all
        self.after: int | None = None  # the number behind which the next piece of a long answer begins
        self.entries, self.written = list[Any](), list[Any]()  # of the last write: for a report; records after it
        self.notes: list[str] = []  # what would have been said on stderr, where the answer is JSON
        self.still = ExitStack()  # what is open until the answer is told
        self.currencies: dict[tuple[str, str], str] = {}  # by (noun, key), of what a dry run would have changed
        self.takes_back: Command | None = None  # the undo of what this line did so far, where the person may give it
        self.run: int | None = None  # the first journal entry that this command line wrote
        self.sign: Callable[[str], str] | None = None  # makes the marks of entries, once the PIN was given
        self.language: str | None = None  # the policy's, empty where it has none; None until a door was opened
        self.known = False  # whether it was looked into who writes here, whatever a database asks that comes meanwhile
        self.anyway: str | None = None  # why what may be there already is written all the same
        self.argv: Sequence[str] = ()  # the line as it was typed
        self.waits = 0.0  # since when this line waits, in seconds of the steady clock
        self.cleared: set[str] = set()  # what hooks said yes to (`cli.hooked`)
        self.heard: list[str] = []  # what was said on stderr
        self.taker: Callable[..., None] | None = None  # takes the table of a read in place of stdout
        self.cursor: Any = None  # of `--since-last`: hears of each row that is told, kept once all are
        self.again = False  # whether this is done once more, after hooks were asked
        self.line: Any = None  # what Typer read of the line, once it did
        self.then: Then | None = None  # the instant that a read is asked about, where that is not now
        self.later = 0  # deals that came after it by an import, with earlier dates

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
        """Milliseconds since 1970 UTC: `--now`, `OPP_NOW`, or the clock; of a read that is asked `--as-of`, that."""
        return self.settings.now if self.then is None else self.then.at

    @property
    def tz(self) -> str:
        """IANA zone in which dates are typed and shown."""
        return self.settings.tz

    @property
    def os_user(self) -> str:
        """The login at this machine, whoever acts."""
        return self.settings.os_user

    @cached_property
    def session(self) -> "Session | None":
        """The session of this terminal, where there is one that holds."""
        from oppcli.config.machine import sessions_begun

        if not sessions_begun(os.environ):
            return None
        from oppcli.cli import sessions

        return sessions.held(self)

    @cached_property
    def actor(self) -> str:
        """Login of the acting person: `--as`, this terminal's session, `OPP_USER`, the configuration, the server's
        role, or the OS login. It need not be a user yet. What is given may be a mail address or a name, too."""
        origin = self.settings.origins["user"]
        if origin != "--as" and self.session is not None:
            return self.session.login
        if origin == "default" and "://" in self.db:
            from oppcli.cli.proving import named_by_server

            return named_by_server(self) or self.settings.actor
        from oppcli.config.machine import plain_login

        if origin == "default" or plain_login(self.settings.actor):
            return self.settings.actor
        from oppcli.cli.proving import called_so

        return called_so(self, self.settings.actor)

    @property
    def basis(self) -> str:
        """By what the acting person is known, as far as this machine can tell."""
        from oppcli.model.journal import unasked

        if self.sign is not None:
            return "pin"
        known = self.session is not None and self.session.login == self.actor
        return "session" if known else unasked(self.actor, self.os_user)

    @cached_property
    def voice(self) -> "Voice":
        """Who is answered here, in which language."""
        from oppcli.cli.language import voice

        return voice(self)

    def spoken(self, text: str) -> str:
        """The text as it is told here: each command within it with the flags that were typed."""
        from oppcli.speech import spoken

        return spoken(text, self.voice)

    @property
    def quiet(self) -> bool:
        """A flag alone: known where the settings cannot be read."""
        return bool(self.flags.get("quiet"))

    @property
    def interactive(self) -> bool:
        """May a question be asked? Only on a terminal, not when told not to, and not where JSON is awaited."""
        if self.settings.no_input or self.given.get("output") in JSON:
            return False
        return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))

    def stamp(self, command: str, *, channel: str = "", on_behalf_of: str | None = None) -> "Stamp":
        from oppcli.model.journal import SYSTEM, TICK, UNTYPED, Stamp

        channel = channel or self.channel
        return Stamp(
            by=channel if channel in UNTYPED else self.basis,
            sign=None if channel in UNTYPED else self.sign,
            actor=SYSTEM if channel == TICK else self.actor,
            run_by=self.actor if channel == TICK else "",
            now=self.settings.now,  # whatever time a read is about
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

        if self.settings.pin_file and self.sign is None:
            from oppcli.cli import proving
            from oppcli.cli.writing import unasked

            proving.prove_reader(self, unasked)
        sight = None if whole else self.see
        with open_read(self.db, standings, me=self.actor, sight=sight, then=self.then) as door:
            self.language, self.later = door.language, door.came_later
            if door.active is False:
                from oppcli.actions.find import left

                raise left(self.actor)
            if self.settings.origins["now"] != "--now" and self.then is None:  # else it is known to be past
                self.mind_the_clock(door.last_at)
            yield door

    def write(
        self, command: str, *, channel: str = "", signed: "Signed | None" = None
    ) -> "AbstractContextManager[WriteDoor]":
        """One transaction: see `cli.writing`. `signed` says whether the verb is, where that depends on what it is done
        to."""
        from oppcli.cli import writing

        return writing.write(self, self.stamp(command, channel=channel), signed)

    def truth(self, door: "ReadDoor") -> "AbstractContextManager[ReadDoor]":
        """A door on the fields that who asks does not have, to reckon with and not to show; the same where none is."""
        return self.read(whole=True) if door.hidden else nullcontext(door)

    def see(self, door: "ReadDoor") -> "Sight | None":
        """What who asks sees through this door. Refused under a scope for who is no user."""
        from oppcli.actions.sights import sight_of
        from oppcli.cli.timekeeping import seen_at

        self.sight = sight_of(door, self.actor, seen_at(self.settings, door))
        if self.sight is not None:
            from oppcli.cli.proving import require_reader

            require_reader(self, door)
        return self.sight

    def mind_the_clock(self, at: int, so: str = "") -> None:
        """Time never runs backwards in the journal; a clock that does is worth a word, once per command."""
        if at - self.settings.now > FAR_MS and not self.clock_minded:
            from oppcli.cli import timekeeping

            self.clock_minded = True
            self.say(timekeeping.lag(self.settings, at, so))

    @property
    def wait_ms(self) -> int:
        """How long a writer waits for another one."""
        return int(self.settings.wait * 1000)

    @contextmanager
    def act(
        self, command: str, *, channel: str = "", anybody: bool = False, signed: "Signed | None" = None
    ) -> "Iterator[Act]":
        """What the acting person does in one transaction; refused for who is no active user, but with `anybody`."""
        from oppcli.actions.act import Act, policy_kept, undo_offered

        with self.write(command, channel=channel, signed=signed) as door:
            acting = Act(door, rules=lambda _: self.policy(door, policy_kept))
            _ = None if anybody else acting.me
            acting.anyway = self.anyway
            yield acting
            if door.matching is not None or acting.warnings:
                from oppcli.cli import writing

                writing.ended(self, acting)
            if door.entries:  # else what was written before is still what may be taken back
                whole = not anybody and (self.run is None or self.takes_back is not None)
                self.takes_back = undo_offered(acting) if whole else None

    def look(self, door: "ReadDoor", policy: "Policy | None" = None) -> "Look":
        """What a question through this door needs: the policy (another than the applied one), who asks, when, where."""
        from oppcli.actions.act import Look

        rules = self.policy if policy is None else lambda _: policy
        return Look(door, self.actor, rules=rules, now=self.now, zone=self.tz, whole=self.read)

    def policy(self, door: Any, read: "Callable[[Any], Policy] | None" = None) -> "Policy":
        """The applied policy, known to this command from now on; `read` is how, where that is not mere reading."""
        from oppcli.actions.act import applied_policy

        self.applied = (read or applied_policy)(door)
        return self.applied

    def say(self, text: str) -> None:
        """A notice on stderr, not for `-q`."""
        if self.again and text in self.heard:
            return
        self.heard.append(text)
        if self.given.get("answer") == "json":
            self.notes.append(text)
        else:
            from oppcli.render import fitted

            self.tell(fitted(self.spoken(text), terminal=sys.stderr.isatty()))

    def tell(self, lines: str) -> None:
        """Lines on stderr as they are laid out, not for `-q`: what people typed in them is harmless already."""
        if not self.quiet:
            print(lines, file=sys.stderr)  # noqa: T201

    def _day(self, text: str) -> "date":
        from oppcli.cli.dates_typed import day

        return day(self, text)

    @property
    def reading(self) -> "Reading":
        """How what is typed for a field is read."""
        from oppcli.words.kinds import Reading

        return Reading(day=self._day, tell=self.say)
