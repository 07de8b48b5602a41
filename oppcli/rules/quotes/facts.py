"""What a version of a quote is to conditions: every fact under its dotted name, comparable."""

from datetime import date
from decimal import Decimal
from typing import Any

from oppcli.model import money
from oppcli.model.quotes import QuoteVersion
from oppcli.model.spaces import QUOTE
from oppcli.rules.quotes.figures import Figures
from oppcli.words import percents


def facts(version: QuoteVersion, found: Figures, stale: int | None) -> dict[str, Any]:
    """By dotted name, as conditions compare them."""
    told: dict[str, Any] = {
        name: money.to_major(getattr(found, name), version.currency) for name in ("net", "tax", "gross")
    }
    for name in ("discount", "max_discount", "margin"):
        value = getattr(found, name)
        told[name] = None if value is None else Decimal(value) / percents.UNIT
    for name in ("below_floor", "unlisted", "costless"):
        told[name] = Decimal(len(getattr(found, name)))
    told |= {"stale": None if stale is None else Decimal(stale), "lines": Decimal(len(version.lines))}
    told |= {
        "version": Decimal(version.number),
        "sent": bool(version.sent),
        "accepted": version.accepted_on is not None,
    }
    told["valid_until"] = None if version.valid_until is None else date.fromisoformat(version.valid_until)
    return {QUOTE: version.hash, **{f"{QUOTE}.{name}": value for name, value in told.items()}}
