"""What an open deal weighs in the forecast, in which category it is, and how far what is open covers a target."""

from fractions import Fraction

from oppcli.model.deals import CATEGORIES, LEAD, OMITTED, OPEN, PIPELINE

CLOSED = "closed"
"""The category of a deal that is won."""
COUNTED = tuple(each for each in CATEGORIES if each != OMITTED)
"""Categories whose amounts are added up."""


def category(kind: str, own: str | None, stage: str | None) -> str | None:
    """In which category a deal in a stage of a kind is: its own, else the stage's, else the pipeline, of a lead none
    that counts; of a won one `closed`, None of a lost one."""
    if kind in (LEAD, OPEN):
        return own or stage or (OMITTED if kind == LEAD else PIPELINE)
    return CLOSED if kind == "won" else None


def weighted(minor: int, probability: int) -> int:
    """Minor units of an amount at a probability in per cent: rounded half up, deal by deal, before anything is added
    up, so that two of 1,234.50 at 25 % are 617.26."""
    return (minor * probability + 50) // 100


SHARES = 10_000
"""A probability that was learnt is told in so many parts."""


def by_share(minor: int, share: int) -> int:
    """The same at a probability in ten-thousandths."""
    return (minor * share + SHARES // 2) // SHARES


def coverage(open_: int, target: int | None, closed: int) -> Fraction | bool | None:
    """The weighted open amount as a part of what the target still lacks. True where nothing is lacking, None without a
    target."""
    if target is None:
        return None
    lacking = target - closed
    return Fraction(open_, lacking) if lacking > 0 else True
