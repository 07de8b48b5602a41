"""A file as evidence of a deal: what is known of it, and that it is kept. What follows from that is told elsewhere."""

from pathlib import Path

from oppcli.actions.act import Act
from oppcli.actions.evidence import fingerprint
from oppcli.errors import UsageError
from oppcli.model.deals import Deal, File
from oppcli.model.fields import Field
from oppcli.model.noun import replace
from oppcli.model.said import say, told
from oppcli.rules import fields
from oppcli.words.invalid import Invalid


def file_of(deal: Deal, path: Path, kind: str) -> File:
    """A file as evidence of a deal, not kept yet. Refused where it cannot be read, and for a kind that is none."""
    kind = kind_of(kind)
    size, digest = fingerprint(path)
    return File(deal_id=deal.id, kind=kind, name=path.name, size=size, sha256=digest, path=str(path.resolve()))


def keep(act: Act, made: File, note: str | None = None) -> File:
    """The evidence stored, by who acts, now."""
    meta = {"reason": note} if note else None
    return act.door.add(replace(made, attached_at=act.door.at, attached_by=act.by), meta=meta)


def kind_of(text: str) -> str:
    """What a file is, as typed. Refused when it is empty or no text."""
    try:
        kind = fields.parse(Field("kind"), text)
    except Invalid as wrong:
        raise UsageError(say("--kind: {wrong}", wrong=told(wrong))) from None
    if kind is None:
        raise UsageError(say("say what the file is"), hint="--kind 报价单")
    return str(kind)
