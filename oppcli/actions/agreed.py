"""What is agreed on a deal, as needs, conditions, gates and approvers ask for it: one look-up of its contract."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from oppcli.actions.act import Look
from oppcli.actions.evidence import CHANGED, state
from oppcli.errors import Reason, Refused
from oppcli.model.command import command
from oppcli.model.contracting import ORDINARY, Contracting
from oppcli.model.contracts import Contract
from oppcli.model.deals import Deal, File
from oppcli.model.policy import CLAUSES, TypeRule
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, FILE, LIVE_STATES, Request
from oppcli.model.said import say
from oppcli.model.spaces import CONTRACT, nothing
from oppcli.rules import contracts
from oppcli.rules.approvals.world import Offered
from oppcli.rules.contract_facts import facts


def contracting(policy: Any) -> Contracting:
    """What the policy says of contracts."""
    found: Contracting | None = policy.contract
    return found or ORDINARY


def contract_of(look: Look, deal: int) -> Contract | None:
    """The contract of a deal; None where it has none, or it was withdrawn."""
    found = look.door.find(Contract, id=deal, standing=LIVE)
    return found[0] if found else None


def apart(look: Look, deal: Deal) -> frozenset[str | None]:
    """Whose answers to clauses do not count: the owner of the deal, and who submitted its contract for approval."""
    found = look.door.find(Request, deal_id=deal.id, state=(*LIVE_STATES, APPROVED))
    return contracts.counted_apart(deal, found, contracting(look.policy).approval)


def agreed(look: Look, deal: Deal, was: Contract | None, gross: Decimal | None) -> Offered:
    """What the rules are given of a deal's contract, or of what it `was`. `gross`: of its quote."""
    contract = was or contract_of(look, deal.id)
    version = contract.in_effect if contract is not None else None
    if version is None:
        fix = command("contract", "add", ref("deal", deal.id), "FILE", ready=False)
        return Offered(nothing(CONTRACT), {CONTRACT: (Reason(CONTRACT, say("there is none"), fix, "missing"),)})
    left = version.unanswered(apart(look, deal))
    unmet = {CLAUSES: contracts.open_reasons(ref("deal", deal.id), left, look.policy.role_titles)}
    return Offered(facts(version, deal.currency, gross, len(left)), unmet)


def require_same_files(look: Look, deal: Deal, rule: TypeRule, request: Request | None = None) -> None:
    """Refuse (7) to submit or approve where a file that the type names, or the text of the contract, is on the disk
    another than was attached. Of a request: those that it showed. What cannot be read here is no reason."""
    named = {word.removeprefix(FILE) for word in (*rule.needs, *rule.material) if word.startswith(FILE)}
    table = contracting(look.policy)
    rests = CONTRACT in (*rule.needs, *rule.material) or table.approval == rule.name
    if not named and not rests:
        return
    found = look.door.find(File, deal_id=deal.id, standing=LIVE)
    contract = contract_of(look, deal.id) if rests else None
    version = contract.in_effect if contract is not None else None
    text = {version.sha256} if version is not None else set()
    shown = _shown(request)
    files = [
        each
        for each in found
        if (each.kind in named and (shown is None or each.sha256 in shown))
        or (each.kind == table.file and each.sha256 in text)
    ]
    changed = tuple(_changed(each, text) for each in _last(files) if state(each) == CHANGED)
    if changed:
        raise Refused(
            say("{n} {n:file|files} of {deal} changed since", n=len(changed), deal=ref("deal", deal.id)),
            reasons=changed,
            slug="file_changed",
        )


def _shown(request: Request | None) -> set[str] | None:
    """The fingerprints that a request showed; None where there is none yet."""
    if request is None:
        return None
    seen = request.facts.snapshot
    return {one for name, text in seen.items() if name.startswith(FILE) and text for one in text.split(",")}


def _last(files: Iterable[File]) -> list[File]:
    """Of files that were attached with the same fingerprint, and of those that lay in the same place, the last: there
    it lies now, and that lies there."""
    last = {(each.kind, each.sha256): each for each in files}.values()
    return list({(each.kind, each.path): each for each in sorted(last, key=lambda each: each.id)}.values())


def _changed(file: File, text: Collection[str]) -> Reason:
    """`text`: the fingerprint of the contract, of which another text is the next version."""
    name, path = ref("deal", file.deal_id), str(Path(file.path))
    again = command("deal", "attach", name, path, "--kind", file.kind)
    fix = command("contract", "add", name, path) if file.sha256 in text else again
    return Reason(
        ref("file", file.id), say("{file} is not the file that was attached", file=file.name), fix, "file_changed"
    )
