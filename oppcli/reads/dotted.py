"""Among the fields of a deal what a policy names besides them and its quote: payments, its customer, its risk."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oppcli.model.fields import Field
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.said import Said, say
from oppcli.model.spaces import CREDIT_LEFT, CUSTOMER, FLAGS, RISK, has_risk, known, said_of, space_of
from oppcli.reads.table import Column, Footnote, Frame, Table

DEFINITIONS: Mapping[str, Said] = {
    "payment.planned": say("the sum of the instalments of the deal"),
    "payment.received": say("what was received for the deal, refunds taken off"),
    "payment.outstanding": say("what of the instalments is unpaid"),
    "payment.overdue": say("what of it was due before today"),
    "payment.late_days": say("days since the oldest of that was due"),
    "customer.receivable": say("what its customer has not paid yet, over all its deals"),
    "customer.overdue": say("what of that was due before today"),
    "customer.late_days": say("days since the oldest of that was due, over all deals of the customer"),
    "customer.won": say("how many other deals of the customer are won"),
    "customer.lost": say("how many other deals of the customer are lost"),
    "customer.won_amount": say("what the other won deals came to, each at the rate of its closing"),
    CREDIT_LEFT: say("credit limit − receivable − the amount of this deal, while it has no instalments"),
    FLAGS: say("the names of the rules of risk that are true"),
}
COLUMNS = (Column("part"), Column("value"), Column("more", cut=True))


def fields(policy: Policy) -> tuple[Field, ...]:
    """Each as a field that nobody sets; a fact of customers by its title."""
    there = {name: kind for name, kind in known(policy).items() if not space_of(name)}
    return tuple(
        Field(name, kind, editable=False, set_by="", title=said_of(name, policy)) for name, kind in there.items()
    )


def definition(name: str) -> Said | None:
    """What one is; of a fact of customers where it is from."""
    if name in DEFINITIONS:
        return DEFINITIONS[name]
    return say("a fact of the customer, from [fact] of the policy") if name.startswith(f"{CUSTOMER}.") else None


def is_one(name: str, policy: Policy) -> bool:
    """Whether it is told how this came about by what it is made of, and not by who changed it."""
    dotted = "." in name and name in known(policy) and not space_of(name)
    return dotted or (name == RISK and has_risk(policy))


def told_with(name: str, frame: Frame) -> tuple[str, ...]:
    """The field of deals without which it is not there, where that is none that is called so."""
    from oppcli.rules.told_values import unseen

    gone = name not in frame.hidden and unseen(name, frame.policy(), frame.hidden)
    return ("amount",) if gone else ()


def came_about(deal: int, name: str, frame: Frame) -> Table:
    """What it is made of (part, what that is, more of it), and what it is now, as `frame.beside` says both."""
    values, parts = frame.beside(deal, name)
    return told(deal, name, values.get(name), parts)


def told(deal: int, name: str, value: Any, parts: Iterable[Sequence[Any]]) -> Table:
    """The parts of a fact of a deal as a table, and what it is now."""
    title = say("{field} of {thing}", field=name, thing=ref("deal", deal))
    said = say("{name} is missing", name=name) if value is None else say("{name} is {value}", name=name, value=value)
    rows = [tuple(each) for each in parts]
    return Table(COLUMNS, rows, title=title, notes=(Footnote("population", len(rows), said),))
