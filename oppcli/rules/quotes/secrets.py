"""What of a quote nobody is told who does not have a field of deals."""

from collections.abc import Iterable, Mapping

_PRICED = ("net", "tax", "gross", "amount", "price", "list", "discount", "max_discount", "margin")
_GONE: Mapping[str, tuple[str, ...]] = {
    "margin": ("margin", "cost", "floor"),
    "discount": _PRICED,
    "amount": _PRICED,
}
"""Field of a deal → what is not there either: from a price and a discount anybody reckons the amount."""


def gone(hidden: Iterable[str]) -> frozenset[str]:
    """The figures and columns that are not there for who does not have these fields."""
    return frozenset(name for field in hidden for name in _GONE.get(field, ()))
