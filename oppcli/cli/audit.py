"""`opp audit`: verify anchor files mine risks."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.errors import Conflict
from oppcli.model.command import command
from oppcli.model.said import listed, say
from oppcli.reads.table import Table

if TYPE_CHECKING:
    from oppcli.store.doors import ReadDoor
    from oppcli.store.marks import Tally

app = typer.Typer(help="Proof that the journal is as it was written.")


@app.command()
def mine(ctx: typer.Context) -> int:
    """Which decisions in your name are yours: asks your PIN and checks the marks that only it makes. 5 for one that is
    not.

    opp audit mine
    """
    import json

    from oppcli.cli import proving, secrets_typed
    from oppcli.cli.output import answer
    from oppcli.cli.writing import unasked
    from oppcli.rules import pins
    from oppcli.store import marks

    opp: Context = ctx.obj
    with opp.read(whole=True) as door:
        me = opp.look(door).me.login
        credential = proving.required(opp, door)
    text = secrets_typed.asked(opp, say("PIN of {login}", login=me))
    key = proving.check(opp, credential, text, "PIN", unasked)
    secrets = pins.secrets(key, json.loads(credential.earlier or "[]"))
    with opp.read(whole=True) as door:
        found = marks.tally(door, me, [pins.marker(secret) for secret in secrets])
    return answer(opp, Outcome(done=(_told(found),), code=Conflict.code if found.not_yours else 0))


def _told(found: "Tally") -> str:
    """`41 decisions in your name: 38 yours, 2 claimed, 1 not yours: e812`."""
    parts = [say("{n} yours", n=len(found.yours))]
    parts += [say("{n} by your role", n=len(found.by_role))] if found.by_role else []
    parts += [say("{n} claimed", n=len(found.claimed))] if found.claimed else []
    parts += [say("{n} by a PIN that a code took", n=len(found.earlier))] if found.earlier else []
    if found.not_yours:
        refs = listed(f"e{seq}" for seq in found.not_yours)
        parts.append(say("{n} not yours: {refs}", n=len(found.not_yours), refs=refs))
    return say("{n} {n:decision|decisions} in your name: {parts}", n=found.total, parts=listed(parts))


def verify(opp: Context, anchor: str | None, anchor_file: str | None) -> tuple[Table, int]:
    """What recomputing the chain showed; 5 when it does not hold, or an anchor does not fit. Refused for a text that is
    no anchor, and a file that is missing or has none."""
    from oppcli.cli.seeing import read_all
    from oppcli.files import anchors
    from oppcli.reads.database import proof
    from oppcli.reads.given import decided
    from oppcli.store import erasing, journal

    wanted = [] if anchor is None else [anchors.anchor(anchor)]
    wanted += [] if anchor_file is None else anchors.anchors(Path(anchor_file))
    with read_all(opp, say("verify the journal")) as door:
        found, trial, given = erasing.proof(door, wanted), journal.trial(door), decided(door)
    return proof(found, given, trial=trial), Conflict.code if found.fault else 0


def anchor(opp: Context, append: str | None) -> Table:
    """The last entry and its hash. With `append` it is noted at the end of that file, if it is new there.

    Refused (5) where the last anchor of the file does not fit the journal: then nothing is noted."""
    from oppcli.cli.seeing import read_all
    from oppcli.reads.database import ANCHOR
    from oppcli.store import journal

    with read_all(opp, say("anchor the journal")) as door:
        if append is not None:
            _note(opp, door, Path(append))
        seq, at, digest = journal.head(door)
    return Table(ANCHOR, [(f"{seq}:{digest}", seq, at if seq else None, digest)], title=say("Anchor"), single=True)


def _note(opp: Context, door: "ReadDoor", file: Path) -> None:
    """Append the head where the file does not end with it already."""
    from oppcli.files import anchors
    from oppcli.store import erasing
    from oppcli.words.shown import iso

    before = anchors.last(file)
    found = erasing.proof(door, before)
    if found.fault is not None:
        fault = {"file": file, "seq": found.fault.seq, "what": found.fault.what}
        told = say("nothing was noted in {file}: entry e{seq} {what}", **fault)
        raise Conflict(told, hint=command("audit", "verify", "--anchor-file", str(file)))
    if found.head.seq and found.head.seq not in (seq for seq, _ in before):
        anchors.append(file, f"{found.head.seq}:{found.head.hash} {iso(opp.now)}")


def files(opp: Context, deal: str | None, exit_code: bool) -> tuple[Table, int]:
    """Every file, live or not, as it lies on the disk now; 10 where one is changed and a code was asked for."""
    from oppcli.actions import evidence, find
    from oppcli.model.deals import File
    from oppcli.model.refs import ref
    from oppcli.reads.put_together import FILES
    from oppcli.store import waiting

    with opp.read() as door:
        found = door.find(File, **({"deal_id": find.deal(door, deal).id} if deal else {}))
        given = waiting.approvals_of(door, {file.deal_id for file in found})
    rows = [
        (
            ref("file", file.id),
            ref("deal", file.deal_id),
            file.kind,
            file.name,
            evidence.state(file),
            tuple(ref("request", number) for number in given.get((file.deal_id, file.kind, file.sha256), ())),
            file.attached_at,
            file.attached_by,
            file.path,
            file.sha256,
        )
        for file in found
    ]
    changed = any(row[4] == evidence.CHANGED for row in rows)
    return Table(FILES, rows, title=say("Files")), 10 if exit_code and changed else 0
