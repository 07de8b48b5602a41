"""What state the database, the policy in it and the acting person are in. Nothing is written."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from oppcli.cli.context import Context
from oppcli.cli.doctor.finding import Finding, fail, ok, warn
from oppcli.errors import Busy, OppError, PolicyError
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.store.locations import is_server, shown

if TYPE_CHECKING:
    from oppcli.store.doors import ReadDoor

AHEAD_MS = 60_000
"""How far the journal's last entry may lie after the clock: two machines rarely agree to the second."""


def examine(opp: Context) -> Iterator[Finding]:
    """What can be said as far as the database can be opened."""
    try:
        with opp.read() as door:
            yield ok("database", f"{shown(opp.db)}: {_contents(door)}")
            yield integrity(door)
            yield journal(opp, door)
            yield policy(opp, door)
            yield person(opp, door)
    except OppError as error:
        yield fail("database", error.message, error.hint or command("db", "info"))
        return
    yield writing(opp)


def _contents(door: "ReadDoor") -> str:
    from oppcli.store.queries import counts

    deals, requests = counts(door)
    return f"{_count(deals, 'deal')}, {_count(requests, 'request')}, schema current"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def integrity(door: "ReadDoor") -> Finding:
    """SQLite's own quick check; a server looks after itself."""
    from oppcli.store.queries import health

    version, said = health(door)
    if said is None:
        return ok("integrity", version)
    if said == "ok":
        return ok("integrity", f"quick check passed, SQLite {version}")
    restore = command("db", "restore", "FILE", ready=False)
    return fail("integrity", said, say("{check}; then {restore}", check=command("db", "check"), restore=restore))


def journal(opp: Context, door: "ReadDoor") -> Finding:
    """Whether the clock agrees with the newest entry. The chain itself is proven by `opp audit verify`."""
    from oppcli.store.journal import head
    from oppcli.words.shown import show_instant

    newest = head(door)
    if not newest.seq:
        return warn("journal", "empty: nothing was ever recorded here", command("init"))
    last = f"e{newest.seq}, {show_instant(newest.at, opp.tz, opp.now)}"
    if newest.at > opp.now + AHEAD_MS:
        return warn("journal", f"its last entry {last} is in the future", "set the machine's clock")
    return ok("journal", f"last entry {last}")


def policy(opp: Context, door: "ReadDoor") -> Finding:
    """The applied policy, checked as `policy apply` would check it today."""
    from oppcli.policy import load
    from oppcli.store.queries import policy_text

    try:
        day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=opp.now)).date()
        found = load(policy_text(door), source="the applied policy", today=day)
    except PolicyError as error:
        return fail(
            "policy",
            f"{error.message} ({_count(len(error.reasons), 'problem')})",
            command("policy", "check", "FILE", ready=False),
        )
    except OppError as error:
        return fail("policy", error.message, error.hint or command("policy", "apply", "FILE", ready=False))
    if found.warnings:
        return warn(
            "policy",
            f"{found.policy.name}: {_count(len(found.warnings), 'warning')}",
            say(
                "{show} > team.toml; {check}",
                show=command("policy", "show"),
                check=command("policy", "check", "team.toml"),
            ),
        )
    types = "1 type of request" if len(found.policy.types) == 1 else f"{len(found.policy.types)} types of request"
    return ok("policy", f"{found.policy.name}: {_count(len(found.policy.stages), 'stage')}, {types}")


def person(opp: Context, door: "ReadDoor") -> Finding:
    try:
        me = opp.look(door).me
    except OppError as error:
        return warn("person", error.message, error.hint or "")
    return ok("person", f"{me.login} ({', '.join(me.roles)})")


def writing(opp: Context) -> Finding:
    """Takes the lock for a moment and gives it back."""
    from oppcli import store

    try:
        with store.open_write(opp.db, opp.stamp("doctor"), wait_ms=0, dry_run=True):
            pass
    except Busy:
        return warn(
            "writing",
            "another program is writing just now",
            say("{doctor}, again in a moment", doctor=command("doctor")),
        )
    except OppError as error:
        return warn("writing", error.message, error.hint or "ask its owner for the right to write")
    if is_server(opp.db):
        return ok("writing", "allowed")
    folder = Path(opp.db).absolute().parent
    # SQLite takes a lock on a file system that it cannot write to.
    if not all(os.access(path, os.W_OK) for path in (opp.db, folder)):
        return warn("writing", f"{opp.db} or its folder is read-only", "ask its owner for the right to write")
    return ok("writing", f"allowed in {folder}")
