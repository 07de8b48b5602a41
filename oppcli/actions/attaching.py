"""Files as evidence: what is recorded of them."""

from pathlib import Path

from oppcli.actions.act import EDITED, Act, Cause
from oppcli.actions.consequences import following
from oppcli.actions.deals import require_unlocked
from oppcli.actions.evidence import fingerprint
from oppcli.actions.outcome import Outcome
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.deals import Deal, File
from oppcli.model.fields import Field
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import say, told
from oppcli.rules import fields
from oppcli.words.invalid import Invalid


def attach(act: Act, deal: Deal, path: Path, kind: str, *, note: str | None = None) -> Outcome:
    """Record a file as evidence: its name, size and SHA-256. The file itself stays where it is."""
    act.require_deal("deal attach", deal)
    require_unlocked(act, deal, note)
    door, kind = act.door, _kind(kind)
    size, digest = fingerprint(path)
    name = ref("deal", deal.id)
    had = door.find(File, deal_id=deal.id, standing=LIVE)
    latest = [file for file in had if file.kind == kind][-1:]
    if latest and latest[0].sha256 == digest:
        there = say("{name}: this {kind} is attached already ({file})", name=name, kind=kind, file=latest[0].name)
        return Outcome(done=(there,), ids=(name,))
    door.add(
        File(
            deal_id=deal.id,
            kind=kind,
            name=path.name,
            size=size,
            sha256=digest,
            path=str(path.resolve()),
            attached_at=door.at,
            attached_by=act.by,
        ),
        meta={"reason": note} if note else None,
    )
    from oppcli.actions.requests import deal_changed

    details = (*deal_changed(act, deal, deal, had=had), *following(act, Cause(EDITED, deal)))
    done = say(
        "{name}: {kind} attached, {file}, {size:,} bytes, sha256 {digest}",
        name=name,
        kind=kind,
        file=path.name,
        size=size,
        digest=digest[:12],
    )
    return Outcome(done=(done,), ids=(name,), details=details, next=(command("gate", name),))


def _kind(text: str) -> str:
    """What a file is, as typed. Refused when it is empty or no text."""
    try:
        kind = fields.parse(Field("kind"), text)
    except Invalid as wrong:
        raise UsageError(say("--kind: {wrong}", wrong=told(wrong))) from None
    if kind is None:
        raise UsageError(say("say what the file is"), hint="--kind 报价单")
    return str(kind)
