"""`opp contract`: add clause sign show list."""

from pathlib import Path
from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import Reason, UsageError
from oppcli.model.command import command
from oppcli.model.said import say

app = typer.Typer(help="Contracts: what is agreed on a deal, in versions.")

ContractRef = Annotated[str, argument("DEAL", "D-142, or its contract: K-142")]


@app.command()
@writes
def add(
    opp: Context,
    deal: ContractRef,
    file: Annotated[Path | None, argument("FILE", "the text; without it that of before")] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help="what it comes to, tax included")
    ] = None,
    start: Annotated[str | None, typer.Option("--start", metavar="DATE", help="its first day")] = None,
    end: Annotated[str | None, typer.Option("--end", metavar="DATE", help="its last day")] = None,
    message: options.Message = None,
) -> Outcome:
    """The next version of a contract: another text, amount or day. All clauses are open again.

    opp contract add D-142 v2.docx --amount 811500 --start 2026-04-01 --end 2027-03-31
    opp contract add D-142 --amount 800000
    """
    from oppcli.actions import contracts

    with opp.act("contract add") as act:
        _ = act.policy  # its business days count in what is typed
        found = options.deal_of(opp, act, deal, "contract")
        first, last = (None if each is None else opp.reading.day(each).isoformat() for each in (start, end))
        value = None if amount is None else _amount(amount, found.currency)
        return contracts.add(act, found, file, amount=value, start=first, end=last, note=message)


def _amount(text: str, currency: str) -> int:
    """What was typed in minor units. Refused (2) for what is no amount."""
    from oppcli.words import amounts
    from oppcli.words.invalid import Invalid

    try:
        return amounts.parse(text, currency)
    except Invalid as fault:
        raise UsageError(
            say("the amount cannot be read"), reasons=(Reason("--amount", fault.message, fault.hint),)
        ) from None


@app.command()
@writes
def clause(
    opp: Context,
    deal: ContractRef,
    name: Annotated[str | None, argument("CLAUSE", "as the policy calls it")] = None,
    ok: Annotated[bool, typer.Option("--ok", help="it is as it should be")] = False,
    deviates: Annotated[bool, typer.Option("--deviates", help="it is not; -m says in what")] = False,
    missing: Annotated[bool, typer.Option("--missing", help="it is not in the text")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="what I said of the version before; without CLAUSE of all")
    ] = False,
    message: options.Message = None,
) -> Outcome:
    """Answer a clause of the contract, which only who is asked for it may.

    opp contract clause D-142 Payment --ok
    opp contract clause D-142 Liability --deviates -m "capped at 50 %"
    opp contract clause D-142 --keep
    """
    from oppcli.actions.contracts import clauses

    state = clauses.one_of(deal, ok=ok, deviates=deviates, missing=missing, keep=keep)
    if name is None and state != "keep":
        raise UsageError(say("say which clause"), hint=command("contract", "show", deal))
    with opp.act("contract clause") as act:
        found = options.deal_of(opp, act, deal, "contract")
        if name is None or state == "keep":
            return clauses.keep(act, found, name)
        return clauses.answer(act, found, name, state, message)


@app.command()
@writes
def sign(
    opp: Context,
    deal: ContractRef,
    scan: Annotated[Path, argument("SCAN", "what was signed")],
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="when; today without it")] = None,
    signer: Annotated[str | None, typer.Option("--signer", metavar="NAME", help="who signed for the customer")] = None,
) -> Outcome:
    """The contract is signed: the version that was approved, and no other. Its scan is kept as evidence.

    opp contract sign D-142 scan.pdf --on 2026-03-20 --signer Wang
    """
    from oppcli.actions.contracts import signing

    with opp.act("contract sign") as act:
        _ = act.policy
        day = opp.reading.day(on).isoformat() if on else None
        return signing.sign(act, options.deal_of(opp, act, deal, "contract"), scan, on=day, signer=signer)
