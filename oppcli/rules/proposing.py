"""What proposals say: fields with their new values, and with what was seen of those they would change."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.model.fields import Field
from oppcli.rules import fields
from oppcli.rules.record_fields import shown

STAGE = "stage"


def pairs(changes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Field → the new value as people type it."""
    for name, value in changes.items():
        yield name, str(value[1] if _pair(value) else value)


def seen(changes: Mapping[str, Any]) -> dict[str, str]:
    """Field → what was seen when it was proposed, of those that it would change."""
    return {name: str(value[0] or "") for name, value in changes.items() if _pair(value)}


def _pair(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2


def held(thing: Any, changes: Mapping[str, Any], known: Mapping[str, Field], currency: str) -> dict[str, str]:
    """Field → what a thing has in it now, as people type it."""
    values = {name: fields.stored(thing, known[name]) for name in changes if name in known}
    return {name: "" if value is None else shown(known[name], value, currency) for name, value in values.items()}
