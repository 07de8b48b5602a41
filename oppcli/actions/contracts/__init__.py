"""Contracts as verbs: the next version of the text, and what all verbs of them begin and end with."""

from pathlib import Path
from typing import Any

from oppcli.actions.act import EDITED, Act, Cause, Look
from oppcli.actions.agreed import contract_of, contracting
from oppcli.actions.consequences import following
from oppcli.actions.deals import require_not_lost, require_unlocked
from oppcli.actions.evidence import fingerprint, keep
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, PolicyError, UsageError
from oppcli.model import money
from oppcli.model.command import Command, command
from oppcli.model.contracts import Contract, ContractVersion
from oppcli.model.deals import Deal, File
from oppcli.model.noun import replace
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.requests import LIVE_STATES, Request
from oppcli.model.said import listed, say
from oppcli.rules import contracts, fields, papers
from oppcli.rules.scopes import require_fields

ADD, CLAUSE, SIGN = "contract add", "contract clause", "contract sign"


def require_table(look: Look) -> None:
    """Refuse (8) where the policy says nothing of contracts."""
    if look.policy.contract is None:
        raise PolicyError(
            say("the policy has no [contract], so there are no contracts here"),
            hint=say("add the table [contract]: {edit}", edit=command("policy", "edit")),
        )


def require(act: Act, verb: str, deal: Deal) -> None:
    """Refuse who may not, a deal that is lost, and a policy that knows no contracts."""
    require_table(act)
    act.require_deal(verb, deal)
    require_going_on(act, deal)


def require_going_on(act: Act, deal: Deal) -> None:
    """Refuse (5) a deal that is lost."""
    require_not_lost(act, deal, say("{deal} is lost: nothing is agreed any more", deal=ref("deal", deal.id)))


def meant(act: Look, deal: Deal) -> tuple[Contract, ContractVersion]:
    """The deal's contract and its version in effect. Refused where it has none."""
    found = contract_of(act, deal.id)
    version = found.in_effect if found is not None else None
    if found is None or version is None:
        name = ref("deal", deal.id)
        raise Conflict(
            say("{deal} has no contract yet", deal=name), hint=command("contract", "add", name, "FILE", ready=False)
        )
    return found, version


def add(
    act: Act,
    deal: Deal,
    file: Path | None = None,
    *,
    amount: int | None = None,
    start: str | None = None,
    end: str | None = None,
    note: str | None = None,
) -> Outcome:
    """The next version of a deal's contract, all clauses open; what is not said is as in the one before. The same again
    changes nothing. Refused (4) an amount to who does not have amounts, (2) without a file for the first, and for dates
    that cannot be."""
    require(act, ADD, deal)
    require_unlocked(act, deal, note)
    require_fields(act.door.sight, () if amount is None else ("amount",))
    before = _there(act, deal)
    last = before.in_effect if before.standing == LIVE else None
    made = _next(act, deal, before, last, file, {"amount": amount, "starts_on": start, "ends_on": end})
    name = ref("contract", before.id)
    if last is not None and contracts.same(last, made):
        name = papers.called(before, last)
        return Outcome(done=(say("{version} says the same already", version=name),), ids=(name,))
    had = act.door.find(File, deal_id=deal.id, standing=LIVE)
    _attached(act, deal, file, made, had)
    after = contracts.with_version(replace(before, standing=LIVE), made)
    meta = {"reason": note} if note else None
    saved = act.door.save(before, after, meta=meta) if before.versions else act.door.add(after, meta=meta)
    return _told(act, deal, saved, follow(act, deal, before, had))


def _there(act: Act, deal: Deal) -> Contract:
    """The contract as it is stored, also what was withdrawn of it: its numbers are not given again."""
    found = act.door.find(Contract, id=deal.id)
    return found[0] if found else Contract(id=deal.id, deal_id=deal.id)


def _next(
    act: Act, deal: Deal, before: Contract, last: ContractVersion | None, file: Path | None, given: dict[str, Any]
) -> ContractVersion:
    if file is None and last is None:
        raise UsageError(
            say("say which file the contract is"),
            hint=command("contract", "add", ref("deal", deal.id), "FILE", ready=False),
        )
    carried: dict[str, Any] = {}
    if last is not None:
        carried = {name: getattr(last, name) for name in ("file", "sha256", "amount", "starts_on", "ends_on")}
    if file is not None:
        carried |= {"file": file.name, "sha256": fingerprint(file)[1]}
    carried |= {name: value for name, value in given.items() if value is not None}
    number = before.versions[-1].number + 1 if before.versions else 1
    facts = fields.facts(deal, act.policy)
    made = ContractVersion(
        number=number,
        currency=deal.currency,
        opened_at=act.now,
        opened_by=act.by,
        clauses=contracts.clauses(contracting(act.policy), facts),
        **carried,
    )
    wrong = contracts.problems(made)
    if wrong:
        raise UsageError(say("the contract of {deal} cannot be kept", deal=ref("deal", deal.id)), reasons=wrong)
    return made


def _attached(act: Act, deal: Deal, file: Path | None, made: ContractVersion, had: list[File]) -> None:
    """The text as evidence of its kind, unless the last of that kind is it."""
    kind = contracting(act.policy).file
    latest = [each for each in had if each.kind == kind][-1:]
    if file is None or (latest and latest[0].sha256 == made.sha256):
        return
    kept(act, deal, file, kind, made.sha256)


def kept(act: Act, deal: Deal, path: Path, kind: str, digest: str) -> File:
    """A file as evidence of a deal; what follows from it is for the caller."""
    size = path.stat().st_size
    made = File(deal_id=deal.id, kind=kind, name=path.name, size=size, sha256=digest, path=str(path.resolve()))
    return keep(act, made)


def follow(act: Act, deal: Deal, before: Contract, had: list[File]) -> tuple[str, ...]:
    """What another contract does to the deal's requests, and the rules of the policy."""
    from oppcli.actions.offers import offers
    from oppcli.actions.requests import deal_changed

    said = deal_changed(act, deal, deal, had=had, offered=offers(act, deal, before))
    return (*said, *following(act, Cause(EDITED, deal)))


def described(act: Act, contract: Contract, version: ContractVersion) -> str:
    """`K-142.2: v2.docx, CNY 811,500.00, 2026-04-01 to 2027-03-31, 3 clauses open`."""
    parts: list[str] = [version.file]
    if version.amount is not None and "amount" not in act.door.hidden:
        parts.append(money.shown(version.amount, version.currency))
    if version.starts_on or version.ends_on:
        parts.append(say("{start} to {end}", start=version.starts_on or "…", end=version.ends_on or "…"))
    if version.clauses:
        n = len(version.unanswered())
        parts.append(say("{n} {n:clause|clauses} open", n=n))
    return say("{version}: {parts}", version=papers.called(contract, version), parts=listed(parts))


def _told(act: Act, deal: Deal, contract: Contract, follows: tuple[str, ...]) -> Outcome:
    version = contract.in_effect
    assert version is not None
    approval = contracting(act.policy).approval
    next_: tuple[Command, ...] = ()
    asked = act.door.find(Request, deal_id=deal.id, type=approval, state=LIVE_STATES) if approval is not None else []
    if asked:
        next_ = (command("request", "show", ref("request", asked[0].id)),)
    elif approval is not None:
        next_ = (command("submit", ref("deal", deal.id), approval),)
    return Outcome(
        done=(described(act, contract, version),),
        ids=(papers.called(contract, version),),
        details=follows,
        next=next_,
    )
