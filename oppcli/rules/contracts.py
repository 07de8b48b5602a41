"""How the versions of a contract follow one another, and how their clauses are answered and kept."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from oppcli.errors import Conflict, NotFound, Reason, UsageError
from oppcli.model.command import command
from oppcli.model.contracting import Contracting
from oppcli.model.contracts import (
    APPROVED,
    DEVIATES,
    IN_EFFECT,
    OPEN,
    REPLACED,
    SIGNED,
    Clause,
    Contract,
    ContractVersion,
)
from oppcli.model.deals import Deal
from oppcli.model.digest import sha256
from oppcli.model.noun import replace
from oppcli.model.refs import ref
from oppcli.model.requests import CONTRACT, Request
from oppcli.model.said import listed, say
from oppcli.rules import conditions, papers

SAYS = ("sha256", "amount", "currency", "starts_on", "ends_on")
"""Fields of a version that are what it says: another of them is another version."""


def content(version: ContractVersion) -> str:
    """SHA-256 of all that it says: its file, amount, currency and dates. Not its number, nor what was said of its
    clauses: the same said again is the same."""
    told = [getattr(version, name) for name in SAYS]
    return sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())


def same(one: ContractVersion, other: ContractVersion) -> bool:
    """Whether two versions say the same."""
    return all(getattr(one, name) == getattr(other, name) for name in SAYS)


def clauses(rules: Contracting, facts: Mapping[str, Any]) -> tuple[Clause, ...]:
    """The clauses of a version that is opened now, all open: those of the policy but what surely is not in a contract
    of this deal. What its condition reads and nobody knows never means that nobody has to look."""
    asked = (rule for rule in rules.clauses if conditions.decided(rule.when, facts) is not False)
    return tuple(Clause(position=place, name=rule.name, who=rule.who) for place, rule in enumerate(asked, 1))


def with_version(contract: Contract, version: ContractVersion) -> Contract:
    """The contract with this version in its place, or behind the others."""
    kept = tuple(each for each in contract.versions if each.number != version.number)
    fresh = replace(version, hash=content(version))
    return replace(contract, versions=tuple(sorted((*kept, fresh), key=lambda each: each.number)))


def problems(version: ContractVersion) -> tuple[Reason, ...]:
    """Everything that is wrong with what a version says."""
    found = []
    if version.amount is not None and version.amount < 0:
        found.append(Reason("--amount", say("is below zero")))
    if version.starts_on and version.ends_on and version.ends_on < version.starts_on:
        what = say("{end} is before {start}, when it begins", end=version.ends_on, start=version.starts_on)
        found.append(Reason("--end", what))
    return tuple(found)


def frozen(contract: Contract, at: int) -> Contract:
    """With the version in effect frozen: somebody is shown it."""
    version = contract.in_effect
    if version is None or version.frozen_at is not None:
        return contract
    return with_version(contract, replace(version, frozen_at=at))


def counted_apart(deal: Deal, requests: Iterable[Request], approval: str | None) -> frozenset[str | None]:
    """Whose answers to clauses do not count: the owner of the deal, and who submitted its contract for approval, by one
    of the deal's requests that live or are approved."""
    asked = [each for each in requests if each.type == approval or each.facts.names(CONTRACT)]
    people = (deal.owner, *(login for each in asked for login in (each.submitted_by, each.owner)))
    return frozenset(login for login in people if login)


def state(contract: Contract, version: ContractVersion, *, approved: bool = False) -> str:
    """in_effect, approved, signed, replaced: what was signed stays so when an amendment follows."""
    if version.signed_on is not None:
        return SIGNED
    if version != contract.in_effect:
        return REPLACED
    return APPROVED if approved else IN_EFFECT


def clause_named(contract: Contract, version: ContractVersion, text: str) -> Clause:
    """The clause that is called so. Refused with those there are."""
    found = next((each for each in version.clauses if each.name == text), None)
    if found is None:
        from oppcli.words.spelling import did_you_mean

        names = [each.name for each in version.clauses]
        told = {"version": papers.called(contract, version), "name": text, "near": did_you_mean(text, names)}
        hint = say("its clauses are {known}", known=listed(names)) if names else say("the policy names no clauses")
        raise NotFound(say("{version} has no clause '{name}'{near}", **told), hint=hint)
    return found


def answered(clause: Clause, state: str, by: str, at: int, text: str | None) -> Clause:
    """The clause with an answer. Refused (2) for a deviation that nobody explains."""
    said = (text or "").strip() or None
    if state == DEVIATES and said is None:
        raise UsageError(say("say in what {clause} deviates", clause=clause.name), hint=say("add -m REASON"))
    return replace(clause, state=state, answered_by=by, answered_at=at, text=said, kept_from=None)


def with_clauses(contract: Contract, version: ContractVersion, changed: Iterable[Clause]) -> Contract:
    """The contract with these clauses of a version in their places. Refused (5) for what was signed."""
    if version.signed_on is not None:
        name = papers.called(contract, version)
        raise Conflict(
            say("{version} was signed on {day}: nothing is said of it any more", version=name, day=version.signed_on),
            hint=command("contract", "show", ref("deal", contract.deal_id)),
        )
    fresh = {each.position: each for each in changed}
    clauses = tuple(fresh.get(each.position, each) for each in version.clauses)
    return with_version(contract, replace(version, clauses=clauses))


def kept(
    contract: Contract, version: ContractVersion, by: str, at: int, names: Collection[str] | None = None
) -> tuple[Clause, ...]:
    """The open clauses (of these names) with what `by` said of them last, recorded as kept from that version. An answer
    of somebody else is not kept by anybody."""
    before = [each for each in reversed(contract.versions) if each.number < version.number]
    found = []
    for clause in version.clauses:
        if clause.state != OPEN or (names is not None and clause.name not in names):
            continue
        old = next((pair for pair in _answers(before, clause.name) if pair[1].answered_by == by), None)
        if old is not None:
            since = old[1].kept_from or old[0]
            told = {"state": old[1].state, "text": old[1].text, "kept_from": since}
            found.append(replace(clause, answered_by=by, answered_at=at, **told))
    return tuple(found)


def _answers(versions: Iterable[ContractVersion], name: str) -> Iterable[tuple[int, Clause]]:
    """(number of its version, the clause) of every answer, the newest first."""
    for version in versions:
        for clause in version.clauses:
            if clause.name == name and clause.state != OPEN:
                yield version.number, clause


def open_reasons(deal: str, clauses: Iterable[Clause], titles: Mapping[str, str]) -> tuple[Reason, ...]:
    """The clauses that nobody answered, as a refusal lists them, each with the command that answers it."""
    from oppcli.model.calling import every_called

    return tuple(
        Reason(
            say("clause {name}", name=each.name),
            say("is open; {who} answers it", who=every_called(each.who, titles)),
            command("contract", "clause", deal, each.name, "--ok"),
            "clauses_open",
        )
        for each in clauses
    )
