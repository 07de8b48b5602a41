"""What a policy says of quotes, and what is looked for in them."""

from oppcli.tuples import NamedTuple

NET, GROSS = "net", "gross"
"""Without tax; with it (含税)."""
BELOW_FLOOR, COSTLESS, UNLISTED, STALE, EXPIRED, TOO_LONG, NO_SUCH_RATE = "Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7"
CHECKS = (BELOW_FLOOR, COSTLESS, UNLISTED, STALE, EXPIRED, TOO_LONG, NO_SUCH_RATE)
"""What is looked for in a quote."""
STOPPING = (EXPIRED, TOO_LONG, NO_SUCH_RATE)
"""Those that stop a submit whatever `strict` says."""
VALID_DAYS = 30
"""How long a quote is valid where nobody says."""


class Quoting(NamedTuple):
    """`[quote]` of the policy."""

    approval: str | None = None
    """The type of request that has to pass before a quote is sent."""
    amount: str = NET
    """Which of its totals is the deal's amount."""
    prices: str = NET
    """Whether its prices are without tax or with it."""
    taxes: tuple[int, ...] = ()
    """The rates there are, the usual one first; empty: any."""
    strict: tuple[str, ...] = ()
    """The checks that stop a submit besides `STOPPING`."""
    valid_days: int = VALID_DAYS
    max_valid_days: int | None = None


ORDINARY = Quoting()
"""For a policy that says nothing of quotes."""
