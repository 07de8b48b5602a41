"""What conditions read of payments, of a deal's customer and of its risk: looked up where it is named, by its space.

Of quotes it is `actions.offers`. Nothing of it is kept: it is what it is when it is asked.
"""

from collections.abc import Collection
from decimal import Decimal
from functools import cached_property
from typing import Any

from oppcli.actions import owing
from oppcli.actions.act import Look
from oppcli.actions.rates import converter, today
from oppcli.model.deals import LOST, WON, Deal
from oppcli.model.facts import Fact
from oppcli.model.money import to_major
from oppcli.model.policy import Policy
from oppcli.model.spaces import CREDIT_LEFT, CREDIT_LIMIT, CUSTOMER, PAYMENT, named
from oppcli.rules import known
from oppcli.rules.owed import Convert
from oppcli.store import known_facts

Facts = dict[str, Any]
OWED = (f"{CUSTOMER}.receivable", f"{CUSTOMER}.overdue", f"{CUSTOMER}.late_days")
OTHERS = (f"{CUSTOMER}.won", f"{CUSTOMER}.lost", f"{CUSTOMER}.won_amount")


def dotted(look: Look) -> "Dotted":
    """What is looked up in one command, as long as nothing is written."""
    written = len(getattr(look.door, "written", ()))
    if look.known is None or look.known[0] != written:
        look.known = (written, Dotted(look))
    found: Dotted = look.known[1]
    return found


class Dotted:
    """What is looked up of deals in one command: what is of a customer once for all its deals."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self._owed: dict[tuple[int, frozenset[str]], Facts] = {}
        self._paid: dict[int, Facts] = {}
        self._closed: dict[int, Facts] = {}
        self._said: dict[int, dict[str, Fact]] = {}

    @cached_property
    def day(self) -> str:
        """Today, where business is done."""
        return today(self.look)

    @cached_property
    def own(self) -> Convert:
        """Into the policy's currency, by the rates of today."""
        return converter(self.look).minor

    def of(self, deal: Deal, policy: Policy, names: Collection[str] | None = None) -> Facts:
        """These of a deal but risk, by default all that the policy names. None: missing. Money of `customer.` is in the
        policy's currency, that of `payment.` in the deal's."""
        wanted = named(policy) if names is None else frozenset(names)
        found: Facts = {}
        if any(name.startswith(f"{PAYMENT}.") for name in wanted):
            found |= self.payments(deal)
        if any(name.startswith(f"{CUSTOMER}.") for name in wanted):
            found |= self._customer(deal, policy, wanted)
        return {name: found.get(name) for name in wanted}

    def payments(self, deal: Deal) -> Facts:
        """`payment.` of the deal, in its currency."""
        if deal.id not in self._paid:
            convert = converter(self.look, deal.currency).minor
            found = owing.facts_of_deal(self.look.door, deal.id, deal.currency, self.day, convert)
            self._paid[deal.id] = dict(found)
        return self._paid[deal.id]

    def _customer(self, deal: Deal, policy: Policy, wanted: Collection[str]) -> Facts:
        customer, found = deal.customer_id, Facts()
        if customer is None:
            return found
        left = CREDIT_LEFT in wanted
        owed = frozenset(name for name in OWED if name in wanted or (left and name == OWED[0]))
        if owed:
            found |= self._owing(customer, owed)
        if any(name in wanted for name in OTHERS):
            found |= self._others(customer, deal)
        if left or any(name.partition(".")[2] in policy.facts for name in wanted):
            found |= self._known(customer, policy)
        if left:
            found[CREDIT_LEFT] = self._left(deal, found)
        return found

    def _owing(self, customer: int, names: frozenset[str]) -> Facts:
        if (customer, names) not in self._owed:
            door, currency = self.look.door, self.look.policy.currency
            found = owing.facts_of_customer(door, customer, currency, self.day, self.own, names=names)
            self._owed[customer, names] = dict(found)
        return self._owed[customer, names]

    def _others(self, customer: int, deal: Deal) -> Facts:
        """Of its other deals: how many are won and lost, and what was won, each counted at the rate of its closing."""
        if deal.id in self._closed:
            return self._closed[deal.id]
        rows = known_facts.others(self.look.door, customer, deal.id)
        currency, won, minor = self.look.policy.currency, [row for row in rows if row[0] == WON], self._dated
        counted = [0 if amount is None else minor(amount, code, at) for _, code, amount, at in won]
        total = None if None in counted else to_major(sum(each or 0 for each in counted), currency)
        lost = sum(row[0] == LOST for row in rows)
        self._closed[deal.id] = dict(zip(OTHERS, (Decimal(len(won)), Decimal(lost), total), strict=True))
        return self._closed[deal.id]

    @cached_property
    def _dated(self) -> Any:
        return converter(self.look).minor

    def said(self, customer: int) -> dict[str, Fact]:
        """By name, the facts of a customer that count."""
        if customer not in self._said:
            self._said[customer] = known.newest(self.look.door.find(Fact, customer_id=customer))
        return self._said[customer]

    def _known(self, customer: int, policy: Policy) -> Facts:
        found = known.values(self.said(customer), policy.facts, self.day, self.own, self.look.policy.currency)
        return {f"{CUSTOMER}.{name}": value for name, value in found.items()}

    def _left(self, deal: Deal, found: Facts) -> Decimal | None:
        currency = self.look.policy.currency
        amount = deal.amount
        if amount is not None and deal.currency != currency:
            amount = self.own(amount, deal.currency)
        ledgers = owing.of_deal(self.look.door, deal.id, self.day)
        planned = any(each.planned for each in ledgers.values())
        of_deal = None if amount is None else to_major(amount, currency)
        return known.credit_left(found.get(CREDIT_LIMIT), found.get(OWED[0]), of_deal, planned)
