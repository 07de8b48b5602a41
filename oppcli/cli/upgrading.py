"""`opp db upgrade`: the schema of this program, and the triggers that keep the journal, each on record."""

from pathlib import Path
from typing import TYPE_CHECKING

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.places import beside, place
from oppcli.cli.writing import require_time, unasked
from oppcli.model.said import listed, say

if TYPE_CHECKING:
    from oppcli.store.doors import WriteDoor

TRUST = "0009"
"""The first schema of which a policy may ask who writes."""


def upgraded(opp: Context, to: Path | None) -> Outcome:
    """Bring the database to the newest schema, after a backup; triggers that are gone or changed are made anew, in one
    transaction with the entry that says so. Refused for who is neither an admin nor the owner of the file."""
    from oppcli.cli import proving
    from oppcli.store import replacing, version

    _allowed(opp)
    with replacing.reading(opp.db) as door:
        before = version.known(door, place(opp))
        require_time(opp, door)
        if before >= TRUST and not opp.known:
            proving.require_reader(opp, door)
    opp.known = True
    if before >= version.SCHEMA:
        version.compare(before, place(opp))
        return _triggers(opp, before)
    return _schema(opp, before, to)


def _allowed(opp: Context) -> None:
    from oppcli.actions import find
    from oppcli.rules import rights
    from oppcli.store import replacing

    people = replacing.people(opp.db)
    opp.known = replacing.owned(opp.db)
    if not opp.known:
        rights.require_role("db upgrade", find.active(people, opp.actor), say("upgrade the database"), people)


def _schema(opp: Context, before: str, to: Path | None) -> Outcome:
    from oppcli.store import backup, migrate, triggers, version

    target = to or beside(opp, f"schema-{before}")
    names: list[str] = []
    if not opp.dry_run:

        def note(door: "WriteDoor") -> None:
            names.extend(triggers.put_back(door))
            told = {"from": before, "to": version.SCHEMA, "backup": target.name}
            door.note("upgrade", "database", "1", {**told, **({"triggers": names} if names else {})})

        kept = (opp.stamp("db upgrade"), note)
        migrate.upgrade(opp.db, lambda: backup.back_up(opp.db, target), kept, wait_ms=opp.wait_ms)
    said = {"place": place(opp), "before": before, "schema": version.SCHEMA, "target": target}
    done = say("{place} upgraded from schema {before} to {schema}; backup in {target}", **said)
    return Outcome(done=(done, *_put_back(names)), ids=(str(target),))


def _triggers(opp: Context, before: str) -> Outcome:
    """A database that has the schema: nothing is written where its triggers are as they should be."""
    from oppcli.store import replacing, triggers

    with replacing.reading(opp.db) as reader:
        names = triggers.astray(reader)
    if names:
        with unasked(opp, opp.stamp("db upgrade")) as door:
            names = triggers.put_back(door)
            if names:
                door.note("upgrade", "database", "1", {"triggers": names})
    done = say("{place} is at schema {before} already", place=place(opp), before=before)
    return Outcome(done=(done, *_put_back(names)))


def _put_back(names: list[str]) -> tuple[str, ...]:
    return (
        (say("put back: {names}", names=listed(say("trigger {name}", name=name) for name in names)),) if names else ()
    )
