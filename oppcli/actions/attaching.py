"""Evidence of a deal: a file, known by its fingerprint, or a link to where it lies."""

import re
from pathlib import Path

from oppcli.actions.act import EDITED, Act, Cause
from oppcli.actions.consequences import following
from oppcli.actions.evidence import file_of, keep, kind_of
from oppcli.actions.outcome import Outcome
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.deals import Deal, File
from oppcli.model.digest import sha256
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import say


def evidence(
    act: Act, deal: Deal, file: Path | None, url: str | None, kind: str, *, note: str | None = None
) -> Outcome:
    """A file or a link as evidence. Refused (2) for both, and for neither."""
    if file is not None and url is None:
        return attach(act, deal, file, kind, note=note)
    if url is not None and file is None:
        return link(act, deal, url, kind, note=note)
    raise UsageError(say("say one of both: a file, or --link URL"))


def attach(act: Act, deal: Deal, path: Path, kind: str, *, note: str | None = None) -> Outcome:
    """Record a file as evidence: its name, size and SHA-256. The file itself stays where it is."""
    act.require_deal("deal attach", deal)
    made = file_of(deal, path, kind)
    line = say(
        "{name}: {kind} attached, {file}, {size:,} bytes, sha256 {digest}",
        name=ref("deal", deal.id),
        kind=made.kind,
        file=path.name,
        size=made.size,
        digest=made.sha256[:12],
    )
    return _kept(act, deal, made, line, note)


def link(act: Act, deal: Deal, url: str, kind: str, *, note: str | None = None) -> Outcome:
    """Record where evidence lies: its fingerprint is that of the address, for nobody here looks behind it. Refused for
    what is no address of the web."""
    act.require_deal("deal attach", deal)
    url, kind = url.strip(), kind_of(kind)
    if not re.fullmatch(r"https?://[^\s/]\S*", url):
        raise UsageError(say("--link {url}: not an address that begins with https://", url=url))
    made = File(deal_id=deal.id, kind=kind, name=url, size=0, sha256=sha256(url.encode()), path=url)
    return _kept(
        act, deal, made, say("{name}: {kind} attached, {file}", name=ref("deal", deal.id), kind=kind, file=url), note
    )


def _kept(act: Act, deal: Deal, made: File, line: str, note: str | None) -> Outcome:
    """The evidence stored, and what follows from it; nothing where the last one of its kind is the same."""
    from oppcli.actions.requests import deal_changed

    door, name = act.door, ref("deal", deal.id)
    had = door.find(File, deal_id=deal.id, standing=LIVE)
    latest = [file for file in had if file.kind == made.kind][-1:]
    if latest and latest[0].sha256 == made.sha256:
        there = say("{name}: this {kind} is attached already ({file})", name=name, kind=made.kind, file=latest[0].name)
        return Outcome(done=(there,), ids=(name,))
    keep(act, made, note)
    details = (*deal_changed(act, deal, deal, had=had, why=note), *following(act, Cause(EDITED, deal)))
    return Outcome(done=(line,), ids=(name,), details=details, next=(command("gate", name),))
