"""What approvers are shown of papers: the lines of a quote, clauses of a contract, files as they are now."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from oppcli.cli.request.customer_known import NOTHING, Section
from oppcli.model.records import LIVE
from oppcli.model.requests import CONTRACT, QUOTE, Request
from oppcli.model.said import Word
from oppcli.rules.approvals.figures import DIGITS
from oppcli.words.shown import iso

if TYPE_CHECKING:
    from oppcli.actions.act import Look
    from oppcli.model.contracts import Clause
    from oppcli.model.deals import File


def quote(look: "Look", request: Request, hidden: Sequence[str]) -> Section:
    """The lines of the quote that it names; nothing of one that names none. `look` sees everything."""
    if not request.facts.names(QUOTE):
        return NOTHING
    from oppcli.reads.quote_shown import rows, shown

    found = shown(look.door, request, look.policy.quote, hidden)
    return NOTHING if found is None else ({"version": found.version, "lines": list(found.lines)}, rows(found))


def contract(look: "Look", request: Request) -> Section:
    """The clauses of the contract that it names, in the version that it showed, as they are answered now."""
    if not request.facts.names(CONTRACT):
        return NOTHING
    from oppcli.model.contracts import Contract
    from oppcli.rules.papers import called

    found = next(iter(look.door.find(Contract, id=request.deal_id, standing=LIVE)), None)
    digest = request.facts.snapshot.get(CONTRACT)
    named = None if found is None else next((each for each in found.versions if each.hash == digest), found.in_effect)
    if found is None or named is None:
        return NOTHING
    clauses = [
        {name: getattr(each, name) for name in ("name", "state", "text")} | _answered(each) for each in named.clauses
    ]
    return {"version": called(found, named), "file": named.file, "clauses": clauses}, tuple(map(_clause, named.clauses))


def _answered(clause: "Clause") -> dict[str, Any]:
    at = clause.answered_at
    return {"by": clause.answered_by, "at": None if at is None else iso(at)}


def _clause(clause: "Clause") -> tuple[str, ...]:
    return clause.name, Word("clause", clause.state), clause.answered_by or "", clause.text or ""


def files(look: "Look", deal: int) -> tuple[list[dict[str, Any]], tuple[tuple[str, ...], ...]]:
    """The evidence of the deal: who gave it, and whether what lies there is still that."""
    from oppcli.actions.evidence import state

    found = [(file, state(file)) for file in look.files(deal)]
    return [_file(file, how) for file, how in found], tuple(
        (file.kind, file.name, file.sha256[:DIGITS], file.attached_by, Word("file", how)) for file, how in found
    )


def _file(file: "File", how: str) -> dict[str, Any]:
    told = {"kind": file.kind, "name": file.name, "sha256": file.sha256}
    return told | {"by": file.attached_by, "at": iso(file.attached_at), "state": how}
