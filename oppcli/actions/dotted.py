"""What conditions read of payments, of a deal's customer and of its risk: looked up where it is named, by its space.

Of quotes it is `actions.offers`. Nothing of it is kept: it is what it is when it is asked.
"""

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from oppcli.actions import owing
from oppcli.actions.act import Look
from oppcli.actions.rates import converter
from oppcli.model.deals import LOST, WON, Deal
from oppcli.model.facts import Fact
from oppcli.model.money import to_major
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.spaces import CREDIT_LEFT, CREDIT_LIMIT, CUSTOMER, OTHERS, OWED, PAYMENT, named
from oppcli.rules import known, ledger
from oppcli.rules.owed import Convert
from oppcli.store import dealings
from oppcli.store.doors import ReadDoor
from oppcli.words.kinds import shown

Facts = dict[str, Any]
Answer = TypeVar("Answer")


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
        return self.look.business_day.isoformat()

    @cached_property
    def own(self) -> Convert:
        """Into the policy's currency, by the rates of today."""
        return converter(self.look).minor

    def ask(self, question: Callable[[ReadDoor], Answer]) -> Answer:
        """What the door says that sees everything: a sum of what somebody sees would be smaller than it is."""
        return self.look.reckoned(question)

    def planned(self, deal: Deal) -> bool:
        """Whether a deal has instalments."""
        ledgers = self.ask(lambda door: owing.of_deal(door, deal.id, self.day))
        return any(each.planned for each in ledgers.values())

    def by_deal(self, deal: Deal, name: str) -> list[tuple[str, str]]:
        """(deal, what it adds) of a figure of the customer: of what is owed each deal that owes, and the customer for
        what it owes without one; of what was closed each such deal."""
        customer = deal.customer_id
        if customer is None:
            return []
        if name in OWED:
            rows = self.ask(lambda door: dealings.owing(door, customer))
            short = name.partition(".")[2]
            owed = [(row[0], told) for row in rows if (told := _owed(row, short, self.day))]
            return [(ref("customer", customer) if of is None else ref("deal", of), told) for of, told in owed]
        kind = LOST if name == OTHERS[1] else WON
        over = self.ask(lambda door: dealings.closed(door, customer, deal.id, kind))
        return [(ref("deal", row[0]), "" if row[2] is None else shown("money", row[2], row[1])) for row in over]

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
            found = self.ask(lambda door: owing.facts_of_deal(door, deal.id, deal.currency, self.day, convert))
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
        more = (found for (of, asked), found in self._owed.items() if of == customer and names < asked)
        if whole := next(more, None):
            return {name: value for name, value in whole.items() if name in names}
        if (customer, names) not in self._owed:
            currency, own = self.look.policy.currency, self.own
            self._owed[customer, names] = self.ask(
                lambda door: owing.facts_of_customer(door, customer, currency, self.day, own, names=names)
            )
        return self._owed[customer, names]

    def _others(self, customer: int, deal: Deal) -> Facts:
        """Of its other deals: how many are won and lost, and what was won, each counted at the rate of its closing."""
        if deal.id in self._closed:
            return self._closed[deal.id]
        rows = self.ask(lambda door: dealings.others(door, customer, deal.id))
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
            self._said[customer] = known.newest(self.ask(lambda door: door.find(Fact, customer_id=customer)))
        return self._said[customer]

    def stale(self, deal: Deal, name: str) -> str:
        """Why what was said of a fact of the deal's customer says nothing any more; "" of all else."""
        space, _, short = (CREDIT_LIMIT if name == CREDIT_LEFT else name).partition(".")
        rule = self.look.policy.facts.get(short) if space == CUSTOMER else None
        fact = None if rule is None or deal.customer_id is None else self.said(deal.customer_id).get(short)
        return "" if fact is None or rule is None else known.over(fact, rule, self.day) or ""

    def _known(self, customer: int, policy: Policy) -> Facts:
        found = known.values(self.said(customer), policy.facts, self.day, self.own, self.look.policy.currency)
        return {f"{CUSTOMER}.{name}": value for name, value in found.items()}

    def _left(self, deal: Deal, found: Facts) -> Decimal | None:
        currency = self.look.policy.currency
        amount = deal.amount
        if amount is not None and deal.currency != currency:
            amount = self.own(amount, deal.currency)
        of_deal = None if amount is None else to_major(amount, currency)
        return known.credit_left(found.get(CREDIT_LIMIT), found.get(OWED[0]), of_deal, self.planned(deal))


def _owed(row: Sequence[Any], name: str, day: str) -> str:
    """What a deal adds to what is owed: (deal, currency, rows of its ledger)."""
    found = ledger.ledger([ledger.Row(*each) for each in row[2]], day)
    amount = found.outstanding if name == "receivable" else found.overdue
    if name == "late_days":
        return str(found.late_days) if found.late_days else ""
    return shown("money", amount, row[1]) if amount else ""
