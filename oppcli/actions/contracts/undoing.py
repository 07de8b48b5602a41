"""Versions of contracts and answers to clauses taken back: what a request showed stays, what was signed stays whole."""

from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.contracts import ADD, follow
from oppcli.actions.undo_conflicts import Step, Told
from oppcli.errors import Conflict, NotAllowed
from oppcli.model.command import command
from oppcli.model.contracts import Contract, ContractVersion
from oppcli.model.deals import Deal, File
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules.papers import called
from oppcli.rules.undoing import Net

CLAUSES = "clauses"


def require_open(net: Net, contract: Contract) -> None:
    """Refuse (5) to take back a version that somebody was shown, but for the answers to its clauses, and anything of
    one that was signed."""
    paths = [path.split(".") for path in net.changes if path.startswith("versions.")]
    whole = {path[1] for path in paths if CLAUSES not in path[2:3]}
    touched = {path[1] for path in paths}
    shown = [each for each in contract.versions if _fixed(each, net, whole, touched)]
    if shown:
        raise Conflict(
            say("{version} was shown to somebody: nothing of it changes any more", version=called(contract, shown[-1])),
            hint=command("contract", "add", ref("deal", contract.deal_id), "FILE", ready=False),
        )


def _fixed(version: ContractVersion, net: Net, whole: set[str], touched: set[str]) -> bool:
    if version.frozen_at is None:
        return False
    number = str(version.number)
    return net.made or number in whole or (version.signed_on is not None and number in touched)


def taken_back(act: Act, step: Step, meta: dict[str, Any]) -> Told:
    """A contract as it was, or not there any more. Refused (4) to who may not edit the deal, and of answers to clauses
    to everybody but who gave them."""
    deal = act.door.get(Deal, step.before.deal_id)
    answers = [path for path in step.net.changes if path.startswith("versions.") and path.split(".")[2:3] == [CLAUSES]]
    if answers and len(answers) == len(step.net.changes):
        _require_theirs(act, step.before, answers)
    else:
        act.require_deal(ADD, deal)
    had = act.door.find(File, deal_id=deal.id, standing=LIVE)
    saved = step.saved(act, meta)
    return say("{ref} {state}", ref=ref("contract", saved.id), state=step.state()), follow(act, deal, step.before, had)


def _require_theirs(act: Act, contract: Contract, paths: list[str]) -> None:
    numbers = {tuple(path.split(".")[1:4:2]) for path in paths}
    given = {
        each.answered_by
        for version in contract.versions
        for each in version.clauses
        if (str(version.number), str(each.position)) in numbers
    }
    if given - {act.by, None}:
        raise NotAllowed(say("an answer to a clause is taken back by who gave it"))
