"""Of prices, quotes, contracts, facts and forecasts, what is not there for who does not have a field of deals."""

from collections.abc import Callable, Iterator
from typing import Protocol

from oppcli.model.sight import OFFERING


class Veil(Protocol):
    """How one engine is told which fields are not there for them (`store.scope.Veil`)."""

    @property
    def hidden(self) -> tuple[str, ...]: ...
    @property
    def column(self) -> Callable[[str, str], str]: ...


_PRICED = ("amount", "discount")
OFFERED: dict[str, dict[str, tuple[str, ...]]] = {
    "fact": {"value": ("amount",)},
    "judgement": {
        **dict.fromkeys(("amount", "change"), ("amount",)),
        **{"category": ("category",), "expected_close": ("expected_close",)},
    },
    "price": {"floor": ("margin",), "cost": ("margin",)},
    "contractversion": {"amount": ("amount",)},
    "payment": {"amount": ("amount",)},
    "forecast": dict.fromkeys(("committed", "best"), ("amount",)),
    "forecastline": {name: (name,) for name in ("amount", "category", "probability", "expected_close")},
    "line": {
        **dict.fromkeys(("floor", "cost"), ("margin",)),
        **dict.fromkeys(("price", "discount", "list"), _PRICED),
    },
}
"""Table → columns that are not there either for who does not have a field of deals."""
_SEEN = "'seen'"


def offered(veil: Veil, table: str) -> Iterator[tuple[str, str]]:
    """Of prices, lines of quotes and contracts: what follows from a field of deals that may be hidden."""
    for name, fields in OFFERED.get(table, {}).items():
        told = column = f"{table}.{name}"
        for field in fields:
            told = veil.column(field, told) if field in veil.hidden else told
        if told != column:
            yield name, told


def told_of_offers(veil: Veil, table: str, changes: str) -> str:
    """The changes of an entry: of a price or a quote none, where any of it may not be seen."""
    whens = ""
    for fields in dict.fromkeys(OFFERING.values()):
        gone = " OR ".join(f"{veil.column(name, _SEEN)} IS NULL" for name in fields if name in veil.hidden)
        nouns = ", ".join(f"'{noun}'" for noun, told in OFFERING.items() if told == fields)
        whens += f"WHEN {table}.noun IN ({nouns}) AND ({gone}) THEN '{{}}' " if gone else ""
    return f"CASE {whens}ELSE {changes} END" if whens else changes
