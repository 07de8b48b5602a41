"""Whose a deal was, from when to when, and who gave it: the history of its owners."""

from oppcli.model.deals import Deal, Tenure
from oppcli.model.noun import replace
from oppcli.model.requests import IMPORT
from oppcli.tuples import NamedTuple

ADD, ASSIGN, CLAIM, RETURN, LEFT = "add", "assign", "claim", "return", "left"
"""How a tenure came about; besides IMPORT and, where a rule gave it, `rule:NAME`."""
RULE = "rule:"


class Hand(NamedTuple):
    """By whose hand, when, how and why a deal becomes another's."""

    by: str
    at: int
    how: str = ASSIGN
    reason: str | None = None


def all_of(deal: Deal) -> tuple[Tenure, ...]:
    """Every tenure in order, the last one lasting. The first of a deal that never changed hands is what it was made
    with: nothing is stored of it."""
    if deal.tenures:
        return deal.tenures
    how = IMPORT if deal.channel == IMPORT else ADD
    return (Tenure(owner=deal.owner, began_at=deal.created_at, given_by=deal.created_by, how=how),)


def begun(deal: Deal, owner: str | None, hand: Hand) -> Deal:
    """A deal that is made somebody's, or nobody's, by a rule: its first tenure says so."""
    first = Tenure(owner=owner, began_at=hand.at, given_by=hand.by, how=hand.how, reason=hand.reason)
    return replace(deal, owner=owner, tenures=(first,))


def passed(deal: Deal, owner: str | None, hand: Hand) -> Deal:
    """The deal in other hands: the tenure that lasted has ended, the next begins. The same where it is theirs."""
    if deal.owner == owner:
        return deal
    *before, last = all_of(deal)
    ended = replace(last, ended_at=max(hand.at, last.began_at or hand.at))
    fresh = Tenure(owner=owner, began_at=hand.at, given_by=hand.by, how=hand.how, reason=hand.reason)
    return replace(deal, owner=owner, tenures=(*before, ended, fresh), updated_at=hand.at)


def last_of(deal: Deal, login: str) -> int | None:
    """When a deal last stopped being this person's; None where it never was, or is."""
    ends = [each.ended_at for each in all_of(deal) if each.owner == login]
    return None if None in ends else max((end for end in ends if end is not None), default=None)


def pooled_at(deal: Deal) -> int | None:
    """Since when a deal without an owner lies in the pool."""
    return all_of(deal)[-1].began_at


def by_rule(deal: Deal) -> str | None:
    """The rule by which it is whose it is."""
    how = all_of(deal)[-1].how
    return how.removeprefix(RULE) if how.startswith(RULE) else None


def carried(before: Deal, after: Deal, hand: Hand) -> Deal:
    """A deal that was given another owner among other things: the history of its owners goes on with it."""
    return replace(after, tenures=passed(before, after.owner, hand).tenures)
