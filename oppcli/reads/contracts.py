"""Contracts as tables: which there are and how they stand; the clauses of one, and what has changed in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from oppcli.errors import NotFound
from oppcli.model import money
from oppcli.model.command import command
from oppcli.model.contracting import ORDINARY
from oppcli.model.contracts import CONTRACT_STATES, DEVIATES, Contract, ContractVersion
from oppcli.model.records import ANY, LIVE
from oppcli.model.refs import ref
from oppcli.model.requests import CONTRACT
from oppcli.model.said import Word, label, listed, say
from oppcli.reads.papers import against, approved, customers
from oppcli.reads.table import NEEDED, Column, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules import contracts, papers
from oppcli.store.doors import ReadDoor

COLUMNS = ranked(
    (
        Column("contract", Kind.REF),
        Column("version", Kind.COUNT),
        Column("deal", Kind.REF),
        Column("customer", cut=True),
        Column("state", words="contract"),
        Column("amount", Kind.MONEY),
        Column("currency"),
        Column("starts_on", Kind.DATE),
        Column("ends_on", Kind.DATE),
        Column("clauses_open", Kind.COUNT),
        Column("deviations", Kind.COUNT),
        Column("signed_on", Kind.DATE),
        Column("file", cut=True),
    ),
    "contract version 1, deal 3, customer 2, state 1, amount 1, ends_on 2, clauses_open 1, signed_on 2, starts_on 4",
)
CLAUSES = (
    Column("position", Kind.COUNT),
    Column("name"),
    Column("state", words="clause"),
    Column("answered_by", Kind.REF),
    Column("answered_at", Kind.INSTANT),
    Column("text", cut=True),
    Column("kept_from", Kind.COUNT),
    Column("who", Kind.LIST),
)


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """The last version of every contract; with `--all`, or of some states, every version."""
    deal, asked, states = args.get("deal"), args.get("customer"), args.get("state") or ()
    wanted, heads = {} if deal is None else {"id": deal}, customers(door, "contract", deal)
    holds = _approved(door, frame, deal)
    rows = []
    for contract in door.find(Contract, standing=LIVE, **wanted):
        if contract.id not in heads:
            continue
        for version in contract.versions if args.get("all") or states else contract.versions[-1:]:
            row = _row(contract, version, heads[contract.id], holds)
            if (not states or row[4] in states) and (not asked or asked.casefold() in (row[3] or "").casefold()):
                rows.append(row)
    return Table(COLUMNS, rows, title=say("Contracts"), exact=True).without(frame.hidden)


def _approved(door: ReadDoor, frame: Frame, deal: int | None = None) -> frozenset[tuple[int, str]]:
    return approved(door, CONTRACT, (frame.policy().contract or ORDINARY).approval, frame, deal)


def _row(contract: Contract, version: ContractVersion, customer: str | None, holds: frozenset[tuple[int, str]]) -> Row:
    state = contracts.state(contract, version, approved=(contract.deal_id, version.hash) in holds)
    head = (ref("contract", contract.id), version.number, ref("deal", contract.deal_id), customer, state)
    said = (version.amount, version.currency, version.starts_on, version.ends_on)
    deviations = sum(each.state == DEVIATES for each in version.clauses)
    return (*head, *said, len(version.unanswered()), deviations, version.signed_on, version.file)


def show(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """The clauses of one version, above them what it says and how it stands, below them what is another than in the
    version before. Refused where the deal has no contract, or no such version."""
    contract = _contract(door, args["deal"])
    asked = args.get("version")
    version = papers.version_named(contract, asked) if asked else contract.versions[-1]
    holds = (contract.deal_id, version.hash) in _approved(door, frame, contract.deal_id)
    state = contracts.state(contract, version, approved=holds)
    rows = [tuple(getattr(clause, column.name) for column in CLAUSES) for clause in version.clauses]
    total: dict[str, Any] = {"contract": ref("contract", contract.id), "version": version.number, "state": state}
    if "amount" not in frame.hidden and version.amount is not None:
        total["amount"] = money.plain(version.amount, version.currency)
    told = ("currency", "starts_on", "ends_on", "file", "sha256", "hash", "signed_on", "signer", "scan")
    total |= {name: getattr(version, name) for name in told}
    return Table(
        CLAUSES,
        rows,
        title=say("Contract {version}", version=papers.called(contract, version)),
        above=_above(contract, version, state, frame),
        below=changes(contract, version, frame.hidden),
        total=total,
        exact=True,
    )


def _contract(door: ReadDoor, deal: int) -> Contract:
    found = door.find(Contract, id=deal, standing=LIVE)
    if not found:
        name = ref("deal", deal)
        fix = command("contract", "add", name, "FILE", ready=False)
        raise NotFound(say("{deal} has no contract yet", deal=name), hint=fix)
    return found[0]


def _above(contract: Contract, version: ContractVersion, state: str, frame: Frame) -> tuple[str, ...]:
    parts: list[str] = [papers.called(contract, version), Word("contract", state), version.file]
    if version.amount is not None and "amount" not in frame.hidden:
        parts.append(money.shown(version.amount, version.currency))
    if version.starts_on or version.ends_on:
        parts.append(say("{start} to {end}", start=version.starts_on or "…", end=version.ends_on or "…"))
    lines = [listed(parts), say("sha256 {digest}", digest=version.sha256)]
    if version.signed_on is not None:
        lines.append(say("signed on {day}, scan {digest}", day=version.signed_on, digest=version.scan))
        if version.signer:
            lines.append(say("signed by {signer}", signer=version.signer))
    return tuple(lines)


def changes(contract: Contract, version: ContractVersion, hidden: tuple[str, ...]) -> tuple[str, ...]:
    """What is another than in the version before."""
    return against(contract, version, lambda before: _changed(before, version, hidden))


def _changed(before: ContractVersion, after: ContractVersion, hidden: tuple[str, ...]) -> Iterator[str]:
    for name in ("file", "sha256", "amount", "starts_on", "ends_on"):
        old, new = _text(before, name), _text(after, name)
        if old != new and name not in hidden:
            yield say("{field} {old} → {new}", field=label(name), old=old, new=new)


def _text(version: ContractVersion, name: str) -> str:
    value = getattr(version, name)
    if name == "amount" and value is not None:
        return money.shown(value, version.currency)
    return "-" if value is None else value[:12] if name == "sha256" else str(value)


READS = (
    Read(
        path="contract list",
        title=say("Contracts"),
        help="What is agreed on deals: the last version of each contract, its open clauses, when it was signed",
        columns=COLUMNS,
        build=listing,
        params=(
            Param("deal", "only of this deal", "deal"),
            Param("customer", "whose customer is called so", metavar="NAME"),
            Param(
                "state",
                "these states, of every version",
                "choice",
                choices=CONTRACT_STATES,
                many=True,
                words="contract",
            ),
            Param("all", "every version", "flag"),
        ),
        examples=("opp contract list", "opp contract list --state signed", "opp contract list --all --csv"),
    ),
    Read(
        path="contract show",
        title=say("Contract"),
        help="The clauses of a contract, who said what of them, and what has changed since the version before",
        columns=CLAUSES,
        build=show,
        params=(
            Param("deal", "D-142, or its contract: K-142", "contract", default=NEEDED, place=True, metavar="DEAL"),
            Param("version", "this version: 1", metavar="N"),
        ),
        standing=ANY,
        narrows=False,
        examples=("opp contract show D-142", "opp contract show D-142 --version 1 -o json"),
    ),
)
