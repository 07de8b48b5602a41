"""How things are written in the tables about relations: `"3 workdays"`, kinds of activities, who moves a deal."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from oppcli.model.relations import DAYS, HOURS, OWNER, WORKDAYS, Span
from oppcli.model.said import say
from oppcli.policy.notation import Misread, approver, hours, many, number
from oppcli.toml.shape import quoted

_DATES = r"(\d{1,4}) (workday|day)s?"
_NUMBER = r"\s*(\d{1,4})\s*(\w*)\s*"


def span(value: Any) -> Span:
    """Business hours, following dates with business hours, or dates. Refuses (P020) anything else: `"3d"` could be
    either of the last two."""
    if match := _dates(value):
        return Span(WORKDAYS if match[2] == "workday" else DAYS, int(match[1]))
    if isinstance(value, str) and value.endswith("h"):
        return Span(HOURS, hours(value))
    count = _written(value)
    said = say(
        "{value}: write '{hours}h' for business hours, '{n} workdays' or '{n} days'",
        value=quoted(value),
        hours=int(count) * 8,
        n=count,
    )
    raise Misread("P020", said)


def days(value: Any) -> int:
    """Dates of `"14 days"`. Refuses (P020) every other unit, and none."""
    match = _dates(value)
    if match and match[2] == "day":
        return int(match[1])
    raise Misread("P020", say("{value}: write '{n} days'", value=quoted(value), n=_written(value)))


def _dates(value: Any) -> re.Match[str] | None:
    """A positive number and its unit."""
    match = re.fullmatch(_DATES, value) if isinstance(value, str) else None
    return match if match and int(match[1]) else None


def _written(value: Any) -> str:
    """The number somebody wrote, for the example of how to write it."""
    match = re.fullmatch(_NUMBER, str(value))
    return str(int(match[1])) if match and int(match[1]) else "3"


def activities(value: Any) -> dict[str, tuple[str, ...]]:
    """The team's own kinds of activities → other words for them: of a list, or of a table. Refuses (P037) what is
    neither, and a kind that is not one word."""
    found = value if isinstance(value, dict) else {kind: [] for kind in many(value) if isinstance(kind, str)}
    words = {kind: many(others) for kind, others in found.items()}
    every = [*words, *(other for others in words.values() for other in others)]
    if not words or not all(isinstance(word, str) and word.isidentifier() for word in every):
        raise Misread("P037", say("{value}: each kind is one word", value=quoted(value)))
    return words


def amount(value: Any) -> Decimal:
    """A number that is not negative. Refuses (P037) anything else."""
    try:
        found = number(value)
    except ValueError:
        found = Decimal(-1)
    if found < 0:
        raise Misread("P037", say("{value}: a number, 0 or more", value=quoted(value)))
    return found


def factors(table: Mapping[str, Any]) -> dict[str, Decimal]:
    """Grade → factor. Refuses (P037) what is no number, or negative."""
    return {name: amount(value) for name, value in table.items()}


def mover(value: Any) -> str:
    """`owner`, or an approver. Refuses (P006) anything else."""
    return OWNER if value == OWNER else approver(value)


def values(table: Mapping[str, Any]) -> dict[str, str]:
    """Field → value, as it would be typed."""
    return {name: _typed(value) for name, value in table.items()}


def _typed(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
