"""Facts that conditions read under a dotted name, and needs and material name: by their first word, what each holds.

What they are of a deal is looked up where a policy names one of them: of its quote and contract in
`actions.offers`, all others in `actions.dotted`.
"""

from collections.abc import Mapping
from typing import Any

from oppcli.model.policy import Policy

QUOTE, CONTRACT, PAYMENT, CUSTOMER, RISK = "quote", "contract", "payment", "customer", "risk"
FLAGS = f"{RISK}.flags"
CREDIT_LIMIT, CREDIT_LEFT = f"{CUSTOMER}.credit_limit", f"{CUSTOMER}.credit_left"
OWED = (f"{CUSTOMER}.receivable", f"{CUSTOMER}.overdue", f"{CUSTOMER}.late_days")
OTHERS = (f"{CUSTOMER}.won", f"{CUSTOMER}.lost", f"{CUSTOMER}.won_amount")
"""How the other deals of the customer ended."""
OF_OTHERS = frozenset((*OWED, CREDIT_LEFT, *OTHERS))
"""What is reckoned over other deals of the customer, whoever sees them."""
SPACES: Mapping[str, Mapping[str, str]] = {
    QUOTE: {
        **dict.fromkeys(("net", "tax", "gross"), "money"),
        **dict.fromkeys(("discount", "max_discount", "margin"), "percent"),
        **dict.fromkeys(("below_floor", "unlisted", "costless", "stale", "lines", "version"), "int"),
        "valid_until": "date",
        **dict.fromkeys(("sent", "accepted"), "bool"),
    },
    CONTRACT: {
        **dict.fromkeys(("amount", "difference"), "money"),
        **dict.fromkeys(("start", "end"), "date"),
        **dict.fromkeys(("version", "clauses_open", "deviations"), "int"),
        "signed": "bool",
    },
    PAYMENT: {**dict.fromkeys(("planned", "received", "outstanding", "overdue"), "money"), "late_days": "int"},
    CUSTOMER: {
        **dict.fromkeys(("receivable", "overdue", "won_amount"), "money"),
        **dict.fromkeys(("late_days", "won", "lost"), "int"),
    },
    RISK: {"flags": "text"},
}
"""Space → name → kind; a team's own facts of customers come to these by its policy."""
WHOLE = (QUOTE, CONTRACT)
"""Spaces that are something as a whole: what it says, by its hash."""
KINDS: Mapping[str, str] = {
    **dict.fromkeys(WHOLE, "text"),
    **{f"{space}.{name}": kind for space, names in SPACES.items() for name, kind in names.items()},
    CREDIT_LEFT: "money",
}
"""By the whole name."""
FROM_QUOTE = frozenset(("amount", "discount", "margin", "currency"))
"""Fields of a deal that its quote says, where it has one: neither typed nor imported."""
HIDDEN_WITH: Mapping[str, tuple[str, ...]] = {
    "margin": ("quote.margin", "quote.costless", "quote.below_floor"),
    "discount": ("quote.discount", "quote.max_discount"),
    "amount": (
        *("quote.net", "quote.tax", "quote.gross", "contract.amount", "contract.difference"),
        *(f"{PAYMENT}.{name}" for name, kind in SPACES[PAYMENT].items() if kind == "money"),
        *(f"{CUSTOMER}.{name}" for name, kind in SPACES[CUSTOMER].items() if kind == "money"),
        CREDIT_LEFT,
    ),
}
"""Field of a deal → what is not there either for who does not have it."""
_NAMES = rf"\b(?:{PAYMENT}|{CUSTOMER}|{RISK})\.\w+|\b{RISK}\b"


_MARKS = (f"{PAYMENT}.", f"{CUSTOMER}.", RISK)


def known(policy: Policy) -> Mapping[str, str]:
    """Name → kind of those that a policy may name: those of quotes and contracts where it has the table, the
    credit that is left where it says what is known of credit, flags where it has a score that is called risk."""
    found = {name: kind for name, kind in KINDS.items() if _there(name, policy)}
    return {**found, **{f"{CUSTOMER}.{name}": rule.kind for name, rule in policy.facts.items()}}


def said_of(name: str, policy: Policy) -> str:
    """What the policy calls a fact of customers; nothing of any other name."""
    rule = policy.facts.get(name.removeprefix(f"{CUSTOMER}.")) if name.startswith(f"{CUSTOMER}.") else None
    return str(rule.title) if rule is not None else ""


def nothing(space: str) -> dict[str, Any]:
    """What conditions read of a deal without a quote, or without a contract."""
    return dict.fromkeys((space, *(f"{space}.{name}" for name in SPACES[space])))


def space_of(name: str) -> str:
    """quote or contract, of one of their facts; nothing of any other name."""
    space = name.partition(".")[0]
    return space if space in WHOLE and name in KINDS else ""


def _there(name: str, policy: Policy) -> bool:
    space = name.partition(".")[0]
    if space in WHOLE:
        return getattr(policy, space) is not None
    if name == CREDIT_LEFT:
        return CREDIT_LIMIT.partition(".")[2] in policy.facts
    return space != RISK or has_risk(policy)


def has_risk(policy: Policy) -> bool:
    """Whether it has a score that is called so: what is asked anew wherever it is read."""
    return any(score.name == RISK for score in policy.scores)


def read_by(text: str) -> frozenset[str]:
    """What a condition, a word of a gate or a whole policy may name of the spaces but the whole ones, and `risk`."""
    if not any(mark in text for mark in _MARKS):
        return frozenset()
    import re

    return frozenset(re.findall(_NAMES, text))


def named(policy: Policy) -> frozenset[str]:
    """What its text names of them, and has: nothing else is ever looked up for it."""
    found = read_by(policy.text)
    return found & {*known(policy), *((RISK,) if has_risk(policy) else ())} if found else found


def moves(name: str) -> bool:
    """Whether it changes without anybody changing the deal: it cannot be material."""
    return name == f"{QUOTE}.stale" or (name.partition(".")[0] in (PAYMENT, CUSTOMER, RISK) and "." in name)
