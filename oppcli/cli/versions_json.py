"""What a write answers of a version of a quote or contract with `-o json`: its number, its state, its currency."""

from typing import Any

from oppcli.cli.context import Context
from oppcli.model.contracts import Contract
from oppcli.model.quotes import Quote


def numbered(called: str) -> tuple[str, str]:
    """`Q-142.2` as the thing and the number of its version; "" for what is no version."""
    thing, _, number = called.partition(".")
    return thing, number if number.isdecimal() else ""


def state(context: Context, thing: Any, number: str) -> str | None:
    """Where the version stands; None for what has no versions."""
    if isinstance(thing, Contract):
        from oppcli.rules import contracts

        return next((contracts.state(thing, each) for each in thing.versions if str(each.number) == number), None)
    if isinstance(thing, Quote):
        from oppcli.rules.quotes import versions
        from oppcli.words.zones import today

        zone = context.tz if context.applied is None else context.applied.hours().timezone
        day = today(context.now, zone).isoformat()
        return next((versions.state(thing, each, day) for each in thing.versions if str(each.number) == number), None)
    return None


def currency(thing: Any, number: str) -> str:
    """The currency of the version; "" for what has no versions."""
    found = (each.currency for each in getattr(thing, "versions", ()) if str(each.number) == number)
    return str(next(found, ""))
