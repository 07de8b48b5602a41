"""One transaction of a command: its time is believed, who writes is known as well as the policy asks, and what was
refused is remembered."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from oppcli.errors import Busy, OppError, StoreError
from oppcli.model.journal import AGENT, Stamp
from oppcli.model.said import say
from oppcli.model.units import LONG_MS

if TYPE_CHECKING:
    from oppcli.actions.act import Act
    from oppcli.cli.proving import Signed
    from oppcli.cli.surroundings import Surroundings
    from oppcli.errors import Conflict
    from oppcli.store.doors import ReadDoor, WriteDoor


@contextmanager
def write(opp: "Surroundings", stamp: Stamp, signed: "Signed | None" = None) -> "Iterator[WriteDoor]":
    """One transaction: committed when the block ends, rolled back when it raises or in a dry run. `signed` says
    whether the verb is, where that depends on what it is done to.

    A refusal that asks to be remembered (`attempt`) is journalled in a transaction of its own afterwards."""
    try:
        with _opened(opp, stamp, signed) as door:
            if door.scope is not None and stamp.actor == opp.actor:
                from oppcli.actions.sights import sight_of_known
                from oppcli.cli.timekeeping import seen_at

                opp.sight = door.sight = sight_of_known(door, opp.actor, seen_at(opp.settings, door))
            yield door
            mind_hooks(opp, door)
            opp.entries, opp.written = list(getattr(door, "entries", ())), list(getattr(door, "written", ()))
            if opp.dry_run:
                valued = (noun for noun in door.written if hasattr(noun, "currency"))
                opp.currencies = {(type(noun).__name__.lower(), str(noun.id)): noun.currency for noun in valued}
        _keep_run(opp, door)
        _tell_time(opp, door)
    except OppError as refusal:
        if refusal.attempt and not opp.dry_run:
            remember(opp, refusal, stamp)
        raise


def ended(opp: "Surroundings", act: "Act") -> None:
    """Say the warnings of an act. Refused (5) where what it wrote is there already and the policy blocks that."""
    if act.door.matching is not None:
        from oppcli.store.matching import pending

        if pending(act.door):
            from oppcli.actions.duplicates import entered

            entered(act)
    for text in act.warnings:
        opp.say(say("warning: {text}", text=text))


def mind_hooks(opp: "Surroundings", door: "WriteDoor") -> None:
    """Nothing is committed that a hook was not asked of; nor is anything done outside of the database, before which a
    verb asks for this itself."""
    if door.hooked and not opp.dry_run:
        from oppcli.actions import hooks

        hooks.mind(door, opp.cleared)


def _tell_time(opp: "Surroundings", door: "WriteDoor") -> None:
    """What is said of the time once something was written: that it is that of the last entry, or pretended."""
    if opp.dry_run or not door.entries:
        opp.mind_the_clock(door.at)
        return
    opp.mind_the_clock(door.at, say("; the entry is written as of then"))
    if opp.settings.origins["now"] == "--now" and not opp.clock_minded and sys.stderr.isatty():
        opp.clock_minded = True
        opp.say(say("the clock is pretended"))


def remember(opp: "Surroundings", refusal: OppError, stamp: Stamp) -> None:
    """Journal a refused attempt, in a transaction of its own; where this login may write nothing, as by a role that
    only reads, it stays refused for its own reason."""
    from oppcli.actions.attempts import attempted

    noun, key = refusal.attempt or ("", "")
    try:
        with unasked(opp, _marking(opp, stamp)) as door:
            door.note("refused", noun, key, attempted(refusal))
    except Busy:
        raise
    except StoreError:
        return
    _keep_run(opp, door)


@contextmanager
def _opened(opp: "Surroundings", stamp: Stamp, signed: "Signed | None" = None) -> "Iterator[WriteDoor]":
    """The write door, once who writes is known as well as the policy asks."""
    with unasked(opp, _marking(opp, stamp)) as door:
        if opp.channel == AGENT:
            _require_person(stamp.command, door, signed)
        lacking = None
        if door.scope is not None and not (opp.dry_run or opp.known):
            from oppcli.cli import proving

            lacking = proving.lacking(opp, door, signed)
        if lacking is None:
            yield door
            return
    proving.answer(opp, lacking, unasked)
    with unasked(opp, _marking(opp, stamp)) as door:
        yield door


def _require_person(line: str, door: "WriteDoor", signed: "Signed | None") -> None:
    """Refuse an agent what is signed, whoever it acts for and whether or not the policy asks for proof."""
    from oppcli.cli.proving import is_signed
    from oppcli.rules.rights import not_by_agent

    if signed(door) if signed else is_signed(line):
        raise not_by_agent(line)


def _marking(opp: "Surroundings", stamp: Stamp) -> Stamp:
    return stamp if opp.sign is None else opp.stamp(stamp.command, channel=stamp.channel)


@contextmanager
def unasked(opp: "Surroundings", stamp: Stamp) -> "Iterator[WriteDoor]":
    """The write door, once its time may be believed; the lock is not held while somebody is asked."""
    from oppcli.store import open_write

    with open_write(opp.db, stamp, wait_ms=opp.wait_ms, dry_run=opp.dry_run) as door:
        opp.language = door.language
        doubt = doubted(opp, door, door.previous_at)
        if doubt is None:
            yield door
            return
    from oppcli.cli import timekeeping

    timekeeping.dispel(opp, doubt)
    with open_write(opp.db, stamp, wait_ms=opp.wait_ms, dry_run=opp.dry_run) as door:
        yield door


def require_time(opp: "Surroundings", door: "ReadDoor") -> None:
    """Refuse a given time to what will write to this database, before it does anything."""
    if doubt := doubted(opp, door, door.last_at):
        from oppcli.cli import timekeeping

        timekeeping.dispel(opp, doubt)


def doubted(opp: "Surroundings", door: "ReadDoor", last_at: int) -> "Conflict | None":
    """Why the time of a write is not to be believed. Dry runs take any; one that was given is looked into."""
    given = opp.settings.origins["now"] != "default"
    if opp.dry_run or (not given and (opp.now - last_at <= LONG_MS or "clock_ok" in opp.flags)):
        return None
    from oppcli.cli import timekeeping

    return timekeeping.doubt(opp.settings, door, last_at)


def _keep_run(opp: "Surroundings", door: "WriteDoor") -> None:
    """What this line writes from here on belongs to the same run."""
    if not opp.dry_run:
        opp.run = door.run
