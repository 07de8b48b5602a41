"""Files as evidence of a deal: what is kept of one, and whether what was attached and approved is still what lies
there. What follows from that is told elsewhere."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from oppcli.actions.act import Act
from oppcli.errors import OppError, Reason, UsageError
from oppcli.model.command import command
from oppcli.model.deals import Deal, File
from oppcli.model.digest import begun
from oppcli.model.fields import Field
from oppcli.model.noun import replace
from oppcli.model.refs import ref
from oppcli.model.said import of_system, say, told
from oppcli.rules import fields
from oppcli.words.invalid import Invalid

SAME, CHANGED, MISSING, UNREADABLE, LINK = "same", "changed", "missing", "unreadable", "link"


def fingerprint(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file, read in blocks. Refused for what is not a readable file."""
    try:
        if not path.is_file():
            raise UsageError(say("{path}: {what}", path=path, what=_instead(path)))
        digest, size = begun(path.stat().st_size), 0
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise UsageError(say("{path}: {what}", path=path, what=of_system(error))) from None
    return size, digest.hexdigest()


def _instead(path: Path) -> str:
    """What lies where a file should."""
    return say("is a directory") if path.is_dir() else say("is no file") if path.exists() else say("no such file")


def state(file: File) -> str:
    """Whether the file at its path is the one that was attached: same, changed, missing or unreadable (here);
    of a link, behind which nobody here looks, that it is one."""
    if "://" in file.path:
        return LINK
    try:
        if not Path(file.path).exists():
            return MISSING
        return SAME if fingerprint(Path(file.path))[1] == file.sha256 else CHANGED
    except (OppError, OSError, ValueError):
        return UNREADABLE


def approved(files: Iterable[File], shown: Mapping[str, frozenset[str]]) -> tuple[tuple[Reason, ...], tuple[str, ...]]:
    """What stands against the files that approvals rest on (kind → the fingerprints that were shown), and warnings of
    those that cannot be read here. Its name stands behind its reference: refusals are kept, and names can be erased."""
    reasons: list[Reason] = []
    warnings: list[str] = []
    for file in files:
        if file.sha256 not in shown.get(file.kind, ()):
            continue
        found, name = state(file), ref("file", file.id)
        if found == CHANGED:
            fix = command("deal", "attach", ref("deal", file.deal_id), file.path, "--kind", file.kind)
            reasons.append(Reason(name, say("{file} is not the file that was approved", file=file.name), fix))
        elif found in (MISSING, UNREADABLE):
            warnings.append(say("{file} ({name}) cannot be read here, so nobody looked", file=file.name, name=name))
    return tuple(reasons), tuple(warnings)


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
