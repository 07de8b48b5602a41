"""Facts that conditions read under a dotted name, and needs and material name: by their first word, what each holds.

What they are of a deal is looked up where a policy names one of them, in one place (`actions.offers`).
"""

from collections.abc import Iterable, Mapping

from oppcli.model.policy import Policy

QUOTE = "quote"
SPACES: Mapping[str, Mapping[str, str]] = {
    QUOTE: {
        **dict.fromkeys(("net", "tax", "gross"), "money"),
        **dict.fromkeys(("discount", "max_discount", "margin"), "percent"),
        **dict.fromkeys(("below_floor", "unlisted", "costless", "stale", "lines", "version"), "int"),
        "valid_until": "date",
        **dict.fromkeys(("sent", "accepted"), "bool"),
    }
}
"""Space → name → kind."""
KINDS: Mapping[str, str] = {
    **dict.fromkeys(SPACES, "text"),
    **{f"{space}.{name}": kind for space, names in SPACES.items() for name, kind in names.items()},
}
"""By the whole name. A space by itself is what it says as a whole, by its hash."""
MOVING = (f"{QUOTE}.stale",)
"""What changes without anybody changing the deal: it cannot be material."""
FROM_QUOTE = frozenset(("amount", "discount", "margin", "currency"))
"""Fields of a deal that its quote says, where it has one: neither typed nor imported."""
HIDDEN_WITH: Mapping[str, tuple[str, ...]] = {
    "margin": ("quote.margin", "quote.costless", "quote.below_floor"),
    "discount": ("quote.discount", "quote.max_discount"),
    "amount": ("quote.net", "quote.tax", "quote.gross"),
}
"""Field of a deal → what is not there either for who does not have it."""


def known(policy: Policy) -> Mapping[str, str]:
    """Name → kind of those that a policy may name: it has to have the table of the space."""
    return {} if policy.quote is None else KINDS


def is_dotted(name: str) -> bool:
    """Whether it is the name of such a fact, or of a space."""
    return name in KINDS


def of(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that are of a space."""
    return tuple(name for name in names if name in KINDS)
