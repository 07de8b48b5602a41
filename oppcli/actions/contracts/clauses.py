"""Clauses as a verb: who answers one says how it stands, or keeps what they said of the version before."""

from oppcli.actions.act import Act
from oppcli.actions.agreed import apart
from oppcli.actions.contracts import follow, meant, require_going_on, require_table
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, NotAllowed, UsageError
from oppcli.model.approver import approver
from oppcli.model.command import command
from oppcli.model.contracts import OPEN, Clause, Contract, ContractVersion
from oppcli.model.deals import Deal, File
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import Word, listed, say
from oppcli.rules import contracts, papers
from oppcli.rules.holders import meant as people_meant


def answer(act: Act, deal: Deal, name: str, state: str, note: str | None = None) -> Outcome:
    """One clause of the version in effect answered, or answered otherwise. Refused (4) to who does not answer it, to
    the owner and the submitter; (5) for what was signed; (2) for a deviation without a reason."""
    contract, version = _going_on(act, deal)
    clause = contracts.clause_named(contract, version, name)
    _require(act, deal, contract, (clause,))
    fresh = contracts.answered(clause, state, act.by, act.now, note)
    if _said(fresh) == _said(clause):
        told = say("{clause}: said so already", clause=clause.name)
        return Outcome(done=(told,), ids=(papers.called(contract, version),))
    return _kept(act, deal, contract, version, (fresh,))


def _said(clause: Clause) -> tuple[object, ...]:
    return (clause.state, clause.answered_by, clause.text, clause.kept_from)


def keep(act: Act, deal: Deal, name: str | None = None) -> Outcome:
    """What I said of the clauses before, said of this version, too, and recorded as kept; of one, or of all that are
    open. Refused (5) where there is nothing of mine to keep."""
    contract, version = _going_on(act, deal)
    if name is not None:
        contracts.clause_named(contract, version, name)
    found = contracts.kept(contract, version, act.by, act.now, None if name is None else (name,))
    if not found:
        what = {"version": papers.called(contract, version), "who": act.by}
        raise Conflict(
            say("no open clause of {version} was answered by {who} before", **what),
            hint=command("contract", "show", ref("deal", deal.id)),
        )
    _require(act, deal, contract, found)
    return _kept(act, deal, contract, version, found)


def _going_on(act: Act, deal: Deal) -> tuple[Contract, ContractVersion]:
    require_table(act)
    act.require_kept(deal)
    require_going_on(act, deal)
    return meant(act, deal)


def _require(act: Act, deal: Deal, contract: Contract, clauses: tuple[Clause, ...]) -> None:
    """Refuse (4) who answers a clause and is none of its `who`, or owns the deal, or submitted its contract."""
    barred = apart(act, deal)
    for clause in clauses:
        able = {
            login
            for term in clause.who
            for login in people_meant(approver(term), deal.owner, act.policy, act.people)
            if login not in barred
        }
        if act.by in able:
            continue
        told = {"who": act.by, "clause": clause.name}
        if act.by in barred:
            said = say("{who} owns the deal or submitted its contract and cannot answer {clause}", **told)
        else:
            said = say("{who} does not answer {clause}", **told)
        error = NotAllowed(said, hint=say("{able} may", able=listed(sorted(able)) or say("nobody")))
        error.attempt = ("contract", str(contract.id))
        raise error


def _kept(act: Act, deal: Deal, contract: Contract, version: ContractVersion, fresh: tuple[Clause, ...]) -> Outcome:
    had = act.door.find(File, deal_id=deal.id, standing=LIVE)
    saved = act.door.save(contract, contracts.with_clauses(contract, version, fresh), action="clause")
    follows = follow(act, deal, contract, had)
    name = papers.called(saved, version)
    done = tuple(_line(name, each) for each in fresh)
    left = [each for each in (saved.in_effect or version).clauses if each.state == OPEN]
    more = say("open: {names}", names=listed(each.name for each in left)) if left else say("every clause is answered")
    return Outcome(done=done, ids=(name,), details=(more, *follows))


def _line(version: str, clause: Clause) -> str:
    """`K-142.2 付款条件: deviates, 90 days instead of 60`."""
    told = {"version": version, "clause": clause.name, "state": Word("clause", clause.state)}
    line = say("{version} {clause}: {state}", **told)
    if clause.text:
        line = say("{line}, {text}", line=line, text=clause.text)
    return say("{line} (kept from {n})", line=line, n=clause.kept_from) if clause.kept_from else line


def one_of(deal: str, *, ok: bool, deviates: bool, missing: bool, keep: bool) -> str:
    """Which of the flags was typed. Refused (2) for none and for several."""
    flags = {"ok": ok, "deviates": deviates, "missing": missing, "keep": keep}
    typed = [name for name, given in flags.items() if given]
    if len(typed) != 1:
        raise UsageError(
            say("say how it stands, one of these: --ok, --deviates -m TEXT, --missing, --keep"),
            hint=command("contract", "show", deal),
        )
    return typed[0]
