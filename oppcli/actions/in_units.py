"""Changes of an entry as programs are told them: in the units of exports, references by name."""

from collections.abc import Iterator, Mapping
from typing import Any

from oppcli.model import money
from oppcli.model.fields import FINER, MEASURES, is_instant, of
from oppcli.model.nouns import BY_WORD
from oppcli.model.refs import ref, referred
from oppcli.rules.undoing import ALWAYS_NEW
from oppcli.words.shown import iso

EXTRA, VERSIONS = "extra.", "versions."
KEPT = ("hash", "frozen_at", "opened_at", "opened_by")
"""What the program keeps of a version for itself: no change by anybody."""


def in_units(
    noun: str, changes: Mapping[str, Any], currency: str, own: Mapping[str, str], version: str = ""
) -> dict[str, list[Any]]:
    """Field → what it was and what it is; `own` are the kinds of the team's own fields, which go by their names. What
    the parts of a thing became (stays, steps) is left out, but of one `version` of it, by its number: `terms`,
    `lines.2.discount`."""
    kinds = {field.name: field.kind for field in of(noun)} if noun in BY_WORD else {}
    kinds |= own
    told = {
        name.removesuffix("_id") if referred(name) else name: [_value(kinds, name, each, currency) for each in pair]
        for name, pair in ((path.removeprefix(EXTRA), pair) for path, pair in changes.items())
        if isinstance(pair, list | tuple) and "." not in name and name not in ALWAYS_NEW
    }
    for name, pair in _of_version(changes, version) if version else ():
        field = name.rpartition(".")[2]
        kinds[field] = MEASURES.get(noun, {}).get(field) or ("instant" if is_instant(field) else "text")
        told[name] = [_value(kinds, field, each, currency) for each in pair]
    return told


def _of_version(changes: Mapping[str, Any], version: str) -> Iterator[tuple[str, list[Any]]]:
    for path, pair in changes.items():
        number, _, name = path.removeprefix(VERSIONS).partition(".")
        if path.startswith(VERSIONS) and number == version and isinstance(pair, list | tuple):
            yield from _leaves(name, pair[0], pair[1])


def _leaves(name: str, old: Any, new: Any) -> Iterator[tuple[str, list[Any]]]:
    """What was added or dropped whole, field by field."""
    if not isinstance(old, Mapping) and not isinstance(new, Mapping):
        if name.rpartition(".")[2] not in KEPT:
            yield name, [old, new]
        return
    olds, news = (each if isinstance(each, Mapping) else {} for each in (old, new))
    for each in dict.fromkeys((*olds, *news)):
        yield from _leaves(f"{name}.{each}" if name else str(each), olds.get(each), news.get(each))


def _value(kinds: Mapping[str, str], name: str, value: Any, currency: str) -> Any:
    kind = kinds.get(name)
    if kind == "money" and isinstance(value, int):
        return money.plain(value, currency)
    if kind in FINER and isinstance(value, int):
        from oppcli.words.unit_prices import decimal_of

        finer = decimal_of(str(kind), value, currency)
        return int(finer) if finer == int(finer) else float(finer)
    if kind == "percent" and isinstance(value, int):
        return value / 10_000 if value % 10_000 else value // 10_000
    if kind == "instant" and isinstance(value, int):
        return iso(value)
    about = referred(name)
    return ref(about.word, value) if about and value is not None else value
