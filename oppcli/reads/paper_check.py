"""Whether quotes and contracts are what they say: every version has the hash of what stands in it, a deal what the
quote in effect comes to.

The store cannot ask this: what a quote comes to is reckoned by the rules, as the policy says that its prices are.
"""

from collections.abc import Callable, Iterator
from typing import Any

from oppcli.model.contracts import Contract
from oppcli.model.deals import Deal
from oppcli.model.policy import Policy
from oppcli.model.quotes import Quote
from oppcli.model.quoting import GROSS, NET, Quoting
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules import contracts as rules
from oppcli.rules import papers
from oppcli.rules.quotes import figures, versions
from oppcli.store.checked import Result
from oppcli.store.doors import ReadDoor

CHUNK = 200
MOST = 20
"""Faults that are listed."""


def results(door: ReadDoor, policy: Policy) -> Iterator[Result]:
    """What is wrong with the quotes there are, then with the contracts; nothing of what the policy does not know."""
    if policy.quote is not None:
        yield _quotes(door, policy)
    if policy.contract is not None:
        found = door.find(Contract)
        faults = [fault for contract in found for fault in _rewritten(contract, rules.content)]
        yield Result("contracts", len(found), tuple(faults[:MOST]))


def _quotes(door: ReadDoor, policy: Policy) -> Result:
    numbers = door.column("SELECT id FROM quote ORDER BY id")
    faults: list[str] = []
    for first in range(0, len(numbers), CHUNK):
        chunk = numbers[first : first + CHUNK]
        deals = {deal.id: deal for deal in door.find(Deal, id=chunk)}
        for quote in door.find(Quote, id=chunk):
            faults += [*_rewritten(quote, versions.content), *_unlike(quote, deals[quote.deal_id])]
    return Result("quotes", len(numbers), tuple(faults[:MOST]))


def _rewritten(paper: Quote | Contract, content: Callable[[Any], str]) -> Iterator[str]:
    """Versions that have another hash than that of what stands in them."""
    for version in paper.versions:
        if version.hash != content(version):
            yield say("{version} does not say what its hash tells", version=papers.called(paper, version))


def _unlike(quote: Quote, deal: Deal) -> Iterator[str]:
    """Fields of a deal that have another value than its quote in effect comes to."""
    now = quote.in_effect
    if now is None or quote.standing != LIVE:
        return
    # What was written by an earlier policy may have been without tax where it is with it by now.
    ways = [Quoting(amount=amount, prices=prices) for prices in (NET, GROSS) for amount in (NET, GROSS)]
    come = {way: versions.written(deal, now, figures.figures(now.lines, now.currency, way.prices), way) for way in ways}
    wrong = min(
        ([name for name in versions.FIGURES if getattr(after, name) != getattr(deal, name)] for after in come.values()),
        key=len,
    )
    if deal.currency != now.currency:
        wrong.append("currency")
    for name in wrong:
        values = {"deal": ref("deal", deal.id), "field": name, "version": papers.called(quote, now)}
        yield say("{deal}: {field} is not what {version} comes to", **values)
