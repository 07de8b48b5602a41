"""What was found: one row of `opp audit risks` before it is put into words and columns."""

from collections.abc import Iterable, Mapping, Sequence

from oppcli.model.said import listed
from oppcli.tuples import NamedTuple


class Finding(NamedTuple):
    """One risk. `seq` is the entry that completed it, `at` when that was."""

    risk: str
    seq: int
    at: int
    what: str
    who: str = ""
    others: tuple[str, ...] = ()
    """The other people of it."""
    deals: tuple[int, ...] = ()
    requests: tuple[int, ...] = ()
    customer: str | None = None
    amount: int | None = None
    """Minor units of `currency`."""
    currency: str | None = None
    unrated: int = 0
    """Amounts in a currency that no rate leads from: left out of `amount`."""

    @property
    def id(self) -> str:
        return f"{self.risk}:e{self.seq}"


def merged(found: Iterable[Finding]) -> list[Finding]:
    """Those that one entry completed are one: told together, about all their deals and requests. The newest first,
    then by id."""
    by_id: dict[str, Finding] = {}
    for one in found:
        first = by_id.get(one.id)
        by_id[one.id] = one if first is None else _joined(first, one)
    return sorted(by_id.values(), key=lambda one: (-one.at, one.id))


def _joined(first: Finding, other: Finding) -> Finding:
    def both(one: Sequence[int], more: Sequence[int]) -> tuple[int, ...]:
        return tuple(dict.fromkeys((*one, *more)))

    same = first.deals == other.deals and first.requests == other.requests
    amount = first.amount if same or other.amount is None or first.currency != other.currency else None
    return first._replace(
        what=listed(dict.fromkeys((first.what, other.what)), "; "),
        others=tuple(dict.fromkeys((*first.others, *other.others))),
        deals=both(first.deals, other.deals),
        requests=both(first.requests, other.requests),
        amount=first.amount + other.amount if not same and first.amount and other.amount and amount else amount,
        unrated=first.unrated if same else first.unrated + other.unrated,
    )


def total(amounts: Iterable[tuple[int | None, str]], currency: str) -> tuple[int | None, int]:
    """(sum in `currency`, how many amounts in another one it leaves out); no sum where nothing is left."""
    known = [(amount, of) for amount, of in amounts if amount is not None]
    rated = [amount for amount, of in known if of == currency]
    return (sum(rated) if rated else None), len(known) - len(rated)


class Version(NamedTuple):
    """A policy that was applied, from then until the next."""

    seq: int
    at: int
    actor: str
    hash: str


class Entries(NamedTuple):
    """Entries by which something of a request or deal is looked up: (seq, at) in order, by its id."""

    of: Mapping[int, Sequence[tuple[int, int]]]

    def last(self, key: int, before: int) -> tuple[int, int] | None:
        """The last one before an entry."""
        return next((each for each in reversed(self.of.get(key, ())) if each[0] < before), None)
