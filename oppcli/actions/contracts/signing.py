"""A contract is signed: only the version that was approved, its scan beside the text; what was due after signing gets
its day."""

from datetime import date
from pathlib import Path

from oppcli.actions.act import Act
from oppcli.actions.agreed import contracting
from oppcli.actions.contracts import SIGN, follow, kept, meant, require
from oppcli.actions.evidence import fingerprint
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, Reason, Refused, UsageError
from oppcli.model.command import command
from oppcli.model.contracts import SCAN, Contract, ContractVersion
from oppcli.model.deals import Deal, File
from oppcli.model.noun import replace
from oppcli.model.payments import DUE, Payment
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, Request
from oppcli.model.said import say
from oppcli.rules import contracts, instalments, papers


def sign(act: Act, deal: Deal, scan: Path, *, on: str | None = None, signer: str | None = None) -> Outcome:
    """The version in effect signed. The same again changes nothing. Refused (5) where it was signed otherwise, (2) for
    a day to come, (7) while the approval of this very version is not there, with everything in its way."""
    require(act, SIGN, deal)
    contract, version = meant(act, deal)
    name, when = papers.called(contract, version), on or act.business_day.isoformat()
    digest = fingerprint(scan)[1]
    if version.signed_on is not None:
        if (version.scan, version.signed_on) == (digest, on or version.signed_on):
            return Outcome(done=(say("{version} is signed so already", version=name),), ids=(name,))
        raise Conflict(
            say("{version} was signed on {day}: an amendment is the next version", version=name, day=version.signed_on),
            hint=command("contract", "add", ref("deal", deal.id), "FILE", ready=False),
        )
    if act.is_to_come(date.fromisoformat(when)):
        raise UsageError(say("{day} is to come: a contract was signed today or earlier", day=when), hint="--on today")
    reasons = _unapproved(act, deal, version)
    if reasons:
        raise Refused(say("{version} cannot be signed yet", version=name), reasons=reasons, slug="not_approved")
    return _signed(act, deal, contract, replace(version, signed_on=when, signer=signer, scan=digest), scan)


def _signed(act: Act, deal: Deal, contract: Contract, version: ContractVersion, scan: Path) -> Outcome:
    had = act.door.find(File, deal_id=deal.id, standing=LIVE)
    told = {"signed_at": act.now, "signed_by": act.by, "frozen_at": version.frozen_at or act.now}
    fresh = replace(version, **told)
    saved = act.door.save(contract, contracts.with_version(contract, fresh), action="sign")
    if not any(file.kind == SCAN and file.sha256 == fresh.scan for file in had):
        kept(act, deal, scan, SCAN, fresh.scan or "")
    follows = (*_dated(act, deal, fresh.signed_on or ""), *follow(act, deal, contract, had))
    name = papers.called(saved, fresh)
    parts = {"version": name, "day": fresh.signed_on, "file": scan.name, "digest": (fresh.scan or "")[:12]}
    done = say("{version} signed on {day}: {file}, sha256 {digest}", **parts)
    gate = command("gate", ref("deal", deal.id), why=say("what the next stage needs"))
    return Outcome(done=(done,), ids=(name,), details=follows, next=(gate,))


def _unapproved(act: Act, deal: Deal, version: ContractVersion) -> tuple[Reason, ...]:
    """What is in the way of the type that approves contracts: its gate, and that what it saw is this version."""
    approval = contracting(act.policy).approval
    if approval is None:
        return ()
    from oppcli.actions.requests import move_reasons

    found = move_reasons(act, deal, (approval,))
    if found:
        return found
    asked = [each for each in act.door.find(Request, deal_id=deal.id, type=approval) if each.state == APPROVED]
    last = asked[-1] if asked else None
    if last is None or last.facts.snapshot.get("contract") == version.hash:
        return ()
    what = say("{request} was approved for another version", request=ref("request", last.id))
    fix = command("request", "revoke", ref("request", last.id), "-m", "…")
    return (Reason(say("approval {type}", type=approval), what, fix, "not_approved"),)


def _dated(act: Act, deal: Deal, signed_on: str) -> tuple[str, ...]:
    """The instalments that waited for the signature, with their days."""
    found = act.door.find(Payment, deal_id=deal.id, kind=DUE, voided_at=None)
    lines = []
    for each in found:
        if each.on is None and each.sign_days is not None:
            due = instalments.due(date.fromisoformat(signed_on), each.sign_days)
            act.door.save(each, replace(each, on=due), action="sign")
            lines.append(say("{payment} is due {day}", payment=ref("payment", each.id), day=due))
    return tuple(lines)
