"""What conditions of another policy read of what was stored: snapshots of revisions, and deals as the journal tells."""

from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from oppcli.model.policy import Policy
from oppcli.rules import exchange, fields
from oppcli.rules.approvals.figures import by_policy, typed
from oppcli.rules.approvals.restaffing import names_of
from oppcli.store import rates
from oppcli.store.doors import ReadDoor
from oppcli.words import kinds
from oppcli.words.zones import today

RATE, CURRENCY = "rate", "currency"
"""Under which names a snapshot keeps what its currency was worth, and which that was."""


class Reader:
    """Makes facts of what was stored, under one policy; money in its currency by the rate that was shown, else by that
    of the day."""

    def __init__(self, door: ReadDoor, policy: Policy, applied: Policy, hidden: Collection[str] = ()) -> None:
        """`hidden`: what who asks does not have, of which they are told nothing in this way either."""
        self._door, self.policy = door, policy
        self._kinds, self._fields = fields.field_kinds(policy), fields.fields(policy)
        self._names = {name: names_of(rule).difference(hidden) for name, rule in policy.types.items()}
        self._shown_rates = applied.currency == policy.currency
        self._zone = applied.hours().timezone
        self._books: dict[str, exchange.Book] = {}

    def shown(self, type: str, snapshot: Mapping[str, str | None], currency: str, at: int) -> dict[str, Any]:
        """What a revision showed of the fields that the policy reads of a type; what was not shown, or was of another
        kind, is not there."""
        found = dict[str, Any]()
        for name in self._names.get(type, ()):
            if name not in snapshot:
                continue
            try:
                found[name] = typed(self._kinds.get(name, "text"), snapshot[name])
            except (ValueError, ArithmeticError):
                continue
        kept = snapshot.get(RATE) if self._shown_rates and snapshot.get(CURRENCY) == currency else None
        return self._converted(found, currency, lambda: Decimal(kept) if kept else self.rate(currency, at))

    def stood(self, type: str, state: Mapping[str, Any], at: int, customer: str | None) -> dict[str, Any]:
        """What was true of a deal, from its fields as they were stored then; what is of no field is not there."""
        return self.stood_of(self._names.get(type, ()), state, at, customer)

    def stood_of(
        self, names: Iterable[str], state: Mapping[str, Any], at: int, customer: str | None = None
    ) -> dict[str, Any]:
        """The same of these fields; money by the rate of this instant."""
        currency = state.get(CURRENCY) or self.policy.currency
        stage, found = self.policy.stage(state.get("stage", "")), dict[str, Any]()
        for name in names:
            field = self._fields.get(name)
            if field is not None:
                value = state.get(path(name, own=field.own))
                found[name] = kinds.comparable(field.kind, tuple(value) if isinstance(value, list) else value, currency)
        if "customer" in found:
            found["customer"] = customer
        if found.get("probability", ...) is None and stage is not None:
            found["probability"] = Decimal(stage.probability)
        return self._converted(found, currency, lambda: self.rate(currency, at))

    def _converted(self, found: dict[str, Any], currency: str, rate: Callable[[], Decimal | None]) -> dict[str, Any]:
        to = self.policy.currency
        money = [] if currency == to else [name for name in found if self._kinds.get(name) == "money"]
        told = [name for name in money if found[name] is not None and not by_policy(name)]
        if told:
            worth = rate()
            for name in told:
                found[name] = None if worth is None else exchange.rounded(found[name] * worth, to)
        return found

    def rate(self, currency: str, at: int) -> Decimal | None:
        """What one of a currency was worth in the policy's on the day of an instant; None where nobody said."""
        if currency not in self._books:
            self._books[currency] = exchange.Book(rates.of_all_days(self._door, [currency], self.policy.currency))
        day = today(at, self._zone).isoformat()
        worth = self._books[currency].worth(currency, self.policy.currency, day)
        return None if worth is None else worth.decimal


def path(name: str, *, own: bool) -> str:
    """Under which name the journal tells of a field of deals."""
    return f"extra.{name}" if own else "customer_id" if name == "customer" else name


def paths(policy: Policy, names: Iterable[str]) -> tuple[str, ...]:
    """Where the journal tells of these, of those that are fields of deals."""
    known = fields.fields(policy)
    return tuple(path(name, own=known[name].own) for name in sorted(known.keys() & names))


def read_by(policy: Policy, types: Collection[str]) -> tuple[str, ...]:
    """Where the journal tells of all that a policy reads of deals for these types."""
    return paths(policy, frozenset().union(*(names_of(policy.types[name]) for name in types if name in policy.types)))
