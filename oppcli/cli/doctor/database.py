"""What state the database, the policy in it and the acting person are in. Nothing is written."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from oppcli import store
from oppcli.cli.context import Context
from oppcli.cli.doctor.finding import Finding, fail, ok, warn
from oppcli.config.machine import guarded
from oppcli.errors import Busy, NoDatabase, OppError, PolicyError
from oppcli.model.command import command
from oppcli.model.journal import CLAIM
from oppcli.model.said import listed, say
from oppcli.model.units import EPOCH, MINUTE_MS
from oppcli.rules import identity as rules
from oppcli.store import knowing
from oppcli.store.locations import file_of, is_server, shown
from oppcli.store.modes import chmod, unwritten

if TYPE_CHECKING:
    from oppcli.store.doors import ReadDoor

AHEAD_MS = MINUTE_MS
"""How far the journal's last entry may lie after the clock: two machines rarely agree to the second."""


def examine(opp: Context) -> Iterator[Finding]:
    """What can be said as far as the database can be opened."""
    try:
        with opp.read() as door:
            yield ok("database", say("{shown}: {contents}", shown=shown(opp.db), contents=_contents(door)))
            yield integrity(door)
            yield from replica(opp, door)
            yield journal(opp, door)
            yield policy(opp, door)
            yield from hooks(opp, door)
            yield person(opp, door)
            yield identity(opp, door)
            if door.sight is not None:
                yield from scope(opp)
    except OppError as error:
        # Nobody named a place, and nothing is there yet: that is how it is before `opp init`.
        new = isinstance(error, NoDatabase) and opp.settings.origins["db"] == "default"
        yield (warn if new else fail)("database", error.message, error.hint or command("db", "info"))
        return
    yield writing(opp)


def _contents(door: "ReadDoor") -> str:
    from oppcli.store.queries import counts

    deals, requests = counts(door)
    return say(
        "{deals:,} {deals:deal|deals}, {requests:,} {requests:request|requests}, schema current",
        deals=deals,
        requests=requests,
    )


def integrity(door: "ReadDoor") -> Finding:
    """SQLite's own quick check; a server looks after itself."""
    from oppcli.store.queries import health

    version, said = health(door)
    if said is None:
        return ok("integrity", version)
    if said == "ok":
        return ok("integrity", say("quick check passed, SQLite {version}", version=version))
    restore = command("db", "restore", "FILE", ready=False)
    return fail("integrity", said, say("first {check}, then {restore}", check=command("db", "check"), restore=restore))


def replica(opp: Context, door: "ReadDoor") -> Iterator[Finding]:
    """How far a server that follows another is behind; nothing for one that does not."""
    if not is_server(opp.db):
        return
    from oppcli.store.replica import state
    from oppcli.words.shown import show_seconds

    found = state(door)
    if found is None:
        return
    age = say("nothing new since it was started")
    if found.age_ms is not None:
        age = say("its newest change is {age} old", age=show_seconds(found.age_ms // 1000))
    if not found.follows:
        told = say("a replica that hears nothing of the server it follows: {age}", age=age)
        yield warn("replica", told, say("its log says why; ask the server it follows meanwhile"))
    elif found.behind:
        yield ok("replica", say("follows another server, {n:,} bytes behind: {age}", n=found.behind, age=age))
    else:
        yield ok("replica", say("follows another server and shows all that came: {age}", age=age))


def journal(opp: Context, door: "ReadDoor") -> Finding:
    """Whether the clock agrees with the newest entry. The chain itself is proven by `opp audit verify`."""
    from oppcli.store.journal import head
    from oppcli.words.shown import show_instant

    newest = head(door)
    if not newest.seq:
        return warn("journal", say("empty: nothing was ever recorded here"), command("init"))
    last = say("e{seq}, {at}", seq=newest.seq, at=show_instant(newest.at, opp.tz, opp.now))
    if newest.at > opp.now + AHEAD_MS:
        return warn("journal", say("its last entry {last} is in the future", last=last), say("set the machine's clock"))
    return ok("journal", say("last entry {last}", last=last))


def policy(opp: Context, door: "ReadDoor") -> Finding:
    """The applied policy, checked as `policy apply` would check it today."""
    from oppcli.policy import load
    from oppcli.store.queries import policy_text

    try:
        day = (EPOCH + timedelta(milliseconds=opp.now)).date()
        found = load(policy_text(door), source=say("the applied policy"), today=day)
    except PolicyError as error:
        return fail(
            "policy",
            say(
                "{message} ({reasons:,} {reasons:problem|problems})", message=error.message, reasons=len(error.reasons)
            ),
            command("policy", "check", "FILE", ready=False),
        )
    except OppError as error:
        return fail("policy", error.message, error.hint or command("policy", "apply", "FILE", ready=False))
    if found.warnings:
        return warn(
            "policy",
            say(
                "{name}: {warnings:,} {warnings:warning|warnings}", name=found.policy.name, warnings=len(found.warnings)
            ),
            say(
                "{show} > team.toml; {check}",
                show=command("policy", "show"),
                check=command("policy", "check", "team.toml"),
            ),
        )
    types = say("{types} {types:type of request|types of request}", types=len(found.policy.types))
    return ok(
        "policy",
        say(
            "{name}: {stages:,} {stages:stage|stages}, {types}",
            name=found.policy.name,
            stages=len(found.policy.stages),
            types=types,
        ),
    )


def hooks(opp: Context, door: "ReadDoor") -> Iterator[Finding]:
    """Whether each hook of the policy has a command on this machine; nothing without hooks."""
    from oppcli.store.journal import HOOKED
    from oppcli.store.queries import derived

    if not derived(door, HOOKED):
        return
    from oppcli.cli.hooked import lacks, setting, without_command

    names = [hook.name for hook in opp.policy(door).hooks]
    missing = without_command(names)
    for name in missing:
        yield warn("hooks", say("P062: {what}", what=lacks(name)), setting(name))
    if names and not missing:
        yield ok("hooks", listed(names))


def person(opp: Context, door: "ReadDoor") -> Finding:
    try:
        me = opp.look(door).me
    except OppError as error:
        return warn("person", error.message, error.hint or "")
    return ok("person", say("{login} ({roles})", login=me.login, roles=listed(me.roles)))


def identity(opp: Context, door: "ReadDoor") -> Finding:
    """How people are known, and whether they can get past it."""
    proof = rules.read(knowing.scope(door)).proof
    if is_server(opp.db):
        whose = knowing.person_of_role(door)
        told = say("proof {proof}; the server knows you by the role of {whose}", proof=proof, whose=whose)
        return ok("identity", told if whose else say("proof {proof}; your role is nobody's own", proof=proof))
    file = file_of(opp.db)
    if guarded(file):
        told = say("proof {proof}; guarded: one login writes the file, and sudo says who uses it", proof=proof)
        if not os.environ.get("SUDO_UID"):
            told = say(
                "proof {proof}; guarded: one login writes the file; sudo alone tells apart who shares it", proof=proof
            )
        return ok("identity", say("{told}: {os_user}", told=told, os_user=opp.os_user))
    told = say("proof {proof}; others may write the file or its folder without opp", proof=proof)
    fix = chmod("go-w", [Path(file), Path(file).absolute().parent])
    return warn("identity", told, fix) if proof != CLAIM else ok("identity", told)


def scope(opp: Context) -> Iterator[Finding]:
    """Whether the policy's scope binds people, or any program may read the file past it."""
    if is_server(opp.db):
        yield ok("scope", say("binds who has no other way to the server"))
    elif Path(file_of(opp.db)).stat().st_mode & 0o044:
        told = say("a courtesy: others than the file's owner may read it without opp")
        yield warn("scope", told, chmod("600", [Path(file_of(opp.db))]))
    else:
        yield ok("scope", say("the file is its owner's alone"))


def writing(opp: Context) -> Finding:
    """Takes the lock for a moment and gives it back."""
    try:
        with store.open_write(opp.db, opp.stamp("doctor"), wait_ms=0, dry_run=True):
            pass
    except Busy:
        return warn(
            "writing",
            say("another program is writing just now"),
            say("again in a moment: {doctor}", doctor=command("doctor")),
        )
    except OppError as error:
        return warn("writing", error.message, error.hint or say("ask its owner for the right to write"))
    if is_server(opp.db):
        return ok("writing", "allowed")
    folder = Path(opp.db).absolute().parent
    # SQLite takes a lock on a file system that it cannot write to.
    if not all(os.access(path, os.W_OK) for path in (opp.db, folder)):
        shut = unwritten(opp.db)
        return warn("writing", shut.message, shut.hint or say("ask its owner for the right to write"))
    return ok("writing", say("allowed in {folder}", folder=folder))
