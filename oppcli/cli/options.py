"""Arguments and options that several commands share, each said once."""

from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.cli.context import Context
from oppcli.cli.output import argument
from oppcli.errors import UsageError
from oppcli.model.said import say

if TYPE_CHECKING:
    from oppcli.actions.act import Act
    from oppcli.actions.values import Typed
    from oppcli.model.deals import Deal

DealRef = Annotated[str, argument("DEAL", "D-142, 142, or a title")]
DealRefs = Annotated[list[str], argument("DEAL...", "one or more deals")]
Login = Annotated[str, argument("LOGIN", "a person's login")]
Logins = Annotated[list[str], argument("LOGIN...", "one or more logins")]
Message = Annotated[str | None, typer.Option("--message", "-m", metavar="TEXT", help="why, for the journal")]
Sets = Annotated[
    list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="any field; may be repeated; empty clears")
]
Customer = Annotated[str | None, typer.Option("--customer", metavar="NAME", help="the company; made when it is new")]
Amount = Annotated[str | None, typer.Option("--amount", metavar="N", help="500000, 500,000.00 or 500k")]
Currency = Annotated[str | None, typer.Option("--currency", metavar="CUR", help="at first the policy's")]
Source = Annotated[str | None, typer.Option("--source", metavar="S", help="where it came from")]
Close = Annotated[str | None, typer.Option("--close", metavar="DATE", help="expected close: 2026-11-27, +3w, eom")]
Anyway = Annotated[bool, typer.Option("--anyway", help="a manager's: write what may be there already; -m says why")]
Reason = Annotated[str | None, typer.Option("--reason", metavar="R", help="a reason of the policy")]

Part = Annotated[str, argument("LOGIN|CONTACT", "a colleague, or a contact: P-4")]
Attitude = Annotated[str | None, typer.Option("--attitude", metavar="WORD", help="of a contact: for, neutral, against")]
Phones = Annotated[
    list[str] | None, typer.Option("--phone", metavar="NUMBER", help="may be repeated; takes the place of those there")
]
Emails = Annotated[list[str] | None, typer.Option("--email", metavar="ADDRESS", help="the same")]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="one more tag; may be repeated")]
Untags = Annotated[list[str] | None, typer.Option("--untag", metavar="TAG", help="one tag less; may be repeated")]


def deal_of(opp: Context, act: "Act", text: str, noun: str) -> "Deal":
    """The deal that is meant, by itself or by its quote or contract (`noun`)."""
    from oppcli.actions import find

    return find.deal_of(act.door, noun, text, ids_only=not opp.interactive)


def typed(sets: list[str] | None, **named: str | list[str] | None) -> "Typed":
    """What was typed by options of their own, several values of one between commas, and by `--set`."""
    from oppcli.actions.values import Typed, split

    given = (
        (name, ", ".join(value) if isinstance(value, list) else value)
        for name, value in named.items()
        if value is not None
    )
    return Typed((*given, *split(sets or []).pairs))


def new_customers(opp: Context, refs: list[str] | None = None) -> frozenset[str] | None:
    """The customers that were said to be new ones; None where that is not asked: without a terminal, of `refs` that may
    be several."""
    if not opp.interactive or (refs is not None and (len(refs) > 1 or "," in refs[0] or refs == ["-"])):
        return None
    from oppcli.cli.answers import new_ones

    return new_ones(opp.line)


def write_anyway(opp: Context, why: str | None, *, asked: bool) -> None:
    """Write what may be there already, where that is `asked` for. Refused (2) without a reason."""
    if asked and not (why or "").strip():
        raise UsageError(say("say why it is written all the same"), hint=say("add -m REASON"))
    opp.anyway = why if asked else None


FromRequest = Annotated[
    str | None, typer.Option("--from", metavar="REQUEST", help="what R-31 (R-31.2: its revision 2) showed")
]
