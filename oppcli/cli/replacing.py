"""`opp db restore`: a backup takes the place of the database, by its admin, where its journal is a beginning of its."""

from pathlib import Path
from typing import TYPE_CHECKING

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.places import beside, confirm, place
from oppcli.errors import Busy, Conflict, NeedsUpgrade, NoDatabase, NotAllowed, OppError, StoreError
from oppcli.model.command import command
from oppcli.model.said import say

if TYPE_CHECKING:
    from oppcli.store.doors import WriteDoor
    from oppcli.store.journal import Head, Proof
    from oppcli.store.replacing import History


def restored(opp: Context, file: Path, *, yes: bool, other: bool) -> Outcome:
    """Put the backup in place of the database; what is there now is backed up first.

    Refused (4) for anybody but an admin of what is replaced, or the owner of a file that cannot be read; (5) for a
    backup whose journal is no beginning of the present one, without `other`."""
    from oppcli.cli.writing import require_time
    from oppcli.store import backup, sqlite, version
    from oppcli.store.locations import is_server

    proof = backup.examine(file, opp.db)
    readable = allowed(opp)
    past = _history(opp, file, other=other) if readable else None
    with sqlite.reading(str(file)) as door:
        require_time(opp, door)
        schema = version.known(door, str(file))
    if opp.dry_run:
        return Outcome(done=(_would(opp, file, proof, past),))
    if not yes:
        confirm(opp)
    kept = _kept(opp)
    lines: list[str] = []
    noted = _told(file, proof, past, schema)
    try:
        backup.restore(file, opp.db, opp.stamp("db restore"), lambda door: lines.extend(_noted(opp, door, noted, past)))
    except OppError:
        if kept and is_server(opp.db):  # one transaction: what was there is there
            kept.unlink(missing_ok=True)
        raise
    details = _erased(opp, lines, past, file)
    told = {"place": place(opp), "file": file, "entries": proof.entries}
    done = say("{place} restored from {file}: {entries} journal entries", **told)
    check = command("db", "check", why=say("is it what it was?"))
    undo = command("db", "restore", str(kept), "--other") if kept else None
    return Outcome(done=(done,), details=details, next=(check,), undo=undo)


def _noted(opp: Context, door: "WriteDoor", told: dict[str, object], past: "History | None") -> tuple[str, ...]:
    """The entry, and what was erased in the database that is replaced erased again, one line each: a backup does not
    give it back. Nobody is asked again: who restores was known to what is replaced, and may not be to the backup; nor
    is the clock, for a backup may be as old as it is."""
    from oppcli.actions.act import Act

    opp.language = door.language
    door.note("restore", "database", "1", told)
    if past is None or not past.erased:
        return ()
    from oppcli.actions.erasing import erase_again

    return tuple(erase_again(Act(door, rules=opp.policy), past.erased))


def _erased(opp: Context, lines: list[str], past: "History | None", file: Path) -> tuple[str, ...]:
    """What was erased again, and which backups still hold it."""
    from oppcli.cli.customer import after_erasing

    if past is None or not lines:
        return ()
    return (*lines, *after_erasing(opp, [each.customer for each in past.erased], file))


def allowed(opp: Context) -> bool:
    """Whether there is a database that can be read. Refuses whom it does not know as an admin, and of one that cannot
    be read anybody but its owner."""
    from oppcli.actions import find
    from oppcli.rules import rights
    from oppcli.store import replacing

    what = say("restore the database")
    try:
        with opp.act("db restore") as act:
            act.require("db restore", what)
        return True
    except NoDatabase:
        return False
    except Busy:
        raise
    except NeedsUpgrade:
        people = replacing.people(opp.db)
        rights.require_role("db restore", find.active(people, opp.actor), what, people)
        return True
    except StoreError as error:
        _require_owner(opp, error)
        return False


def _require_owner(opp: Context, error: StoreError) -> None:
    from oppcli.store import replacing
    from oppcli.store.locations import is_server

    if is_server(opp.db):
        raise error
    if not replacing.owned(opp.db):
        told = say("{place} cannot be read, so that only the owner of the file may replace it", place=place(opp))
        raise NotAllowed(told, hint=error.message)


def _history(opp: Context, file: Path, *, other: bool) -> "History | None":
    """How the journals fit; None where the present one cannot be read. Refused (5) where they do not."""
    from oppcli.store import replacing

    try:
        found = replacing.history(opp.db, file)
    except StoreError as error:
        _require_owner(opp, error)
        return None
    if found.parts_at is not None and not other:
        told = say("{file} has another history from e{seq} on", file=file, seq=found.parts_at)
        raise Conflict(told, hint=say("--other replaces the database all the same, and the journal says so"))
    return found


def _would(opp: Context, file: Path, proof: "Proof", past: "History | None") -> str:
    told = {"place": place(opp), "file": file, "entries": proof.entries}
    if past is None:
        return say("{place} would be replaced by {file}: {entries} journal entries", **told)
    return say(
        "{place} would be replaced by {file}: {entries} journal entries, {dropped} dropped",
        dropped=past.dropped(proof.head),
        **told,
    )


def _told(file: Path, proof: "Proof", past: "History | None", schema: str) -> dict[str, object]:
    """What the entry keeps: both heads, how many entries were dropped, from where on the history is another, and the
    schema that the backup had."""
    from oppcli.store.version import SCHEMA

    told: dict[str, object] = {"file": file.name, "head": _shown(proof.head)}
    if past is not None:
        told |= {"replaced": _shown(past.head), "dropped": past.dropped(proof.head)}
        told |= {} if past.parts_at is None else {"other": past.parts_at}
    told |= {} if schema == SCHEMA else {"from": schema, "to": SCHEMA}
    return told


def _shown(head: "Head") -> str:
    return f"{head.seq}:{head.hash}"


def _kept(opp: Context) -> Path | None:
    """Back up what is about to be replaced, byte by byte where it is too damaged for more; None if there is none."""
    from oppcli.store.backup import back_up, copy_bytes
    from oppcli.store.locations import is_server

    target = beside(opp, "before-restore")
    try:
        back_up(opp.db, target)
    except NoDatabase:
        return None
    except StoreError:
        if is_server(opp.db):
            raise
        copy_bytes(opp.db, target)
    return target
