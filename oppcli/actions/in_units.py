"""Changes of an entry as programs are told them: in the units of exports, references by name."""

from collections.abc import Mapping
from typing import Any

from oppcli.model import money
from oppcli.model.fields import of
from oppcli.model.nouns import BY_WORD
from oppcli.model.refs import ref, referred
from oppcli.rules.undoing import ALWAYS_NEW
from oppcli.words.shown import iso

EXTRA = "extra."


def in_units(noun: str, changes: Mapping[str, Any], currency: str, own: Mapping[str, str]) -> dict[str, list[Any]]:
    """Field → what it was and what it is; `own` are the kinds of the team's own fields, which go by their names. What
    the parts of a thing became (stays, steps) is left out."""
    kinds = {field.name: field.kind for field in of(noun)} if noun in BY_WORD else {}
    kinds |= own
    return {
        name.removesuffix("_id") if referred(name) else name: [_value(kinds, name, each, currency) for each in pair]
        for name, pair in ((path.removeprefix(EXTRA), pair) for path, pair in changes.items())
        if isinstance(pair, list | tuple) and "." not in name and name not in ALWAYS_NEW
    }


def _value(kinds: Mapping[str, str], name: str, value: Any, currency: str) -> Any:
    kind = kinds.get(name)
    if kind == "money" and isinstance(value, int):
        return money.plain(value, currency)
    if kind == "percent" and isinstance(value, int):
        return value / 10_000 if value % 10_000 else value // 10_000
    if kind == "instant" and isinstance(value, int):
        return iso(value)
    about = referred(name)
    return ref(about.word, value) if about and value is not None else value
