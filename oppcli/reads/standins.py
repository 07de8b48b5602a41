"""Who stands in for whom now, for reads that show a delegate what waits for the other."""

from collections.abc import Collection, Iterable

from oppcli.model.people import Delegation
from oppcli.reads.table import Frame
from oppcli.rules.delegations import covers
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple


class Lent(NamedTuple):
    """A delegation in force, with the currency its cap is in."""

    delegation: Delegation
    currency: str | None
    """None where there is no cap."""


def lent(door: ReadDoor, logins: Iterable[str], frame: Frame) -> dict[str, list[Lent]]:
    """Per delegate the delegations to them that are in force. The policy is read only where one has a cap."""
    found: dict[str, list[Lent]] = {}
    for each in door.find(Delegation, to=list(dict.fromkeys(logins))):
        if each.to is not None and each.starts_at <= frame.now < each.ends_at:
            currency = None if each.max_amount is None else frame.policy().currency
            found.setdefault(each.to, []).append(Lent(each, currency))
    return found


def any_for(
    known: Iterable[Lent], holders: Collection[str], kind: str, amount: int | None, currency: str | None
) -> bool:
    """Whether one of them is for a holder and about a request of this type and amount. What is in another currency
    than the cap is above it: nobody knows better."""
    return any(
        each.delegation.frm in holders
        and covers(each.delegation, kind, amount if each.currency in (None, currency) else None)
        for each in known
    )
