"""What stages were called before: entries keep the names of their time, and whoever reads them back wants today's."""

from collections.abc import Iterable, Mapping
from typing import Any

from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import STAGES

FIELDS = {field for fields in STAGES.values() for field in fields}
Renames = list[tuple[int, dict[str, str]]]
"""In order: the transaction in which stages were renamed, and old name → new name."""


def renames(door: ReadDoor) -> Renames:
    """All of the journal. Two stages may change names with each other: one transaction renames at once."""
    import json

    sql = "SELECT txn, changes FROM journal WHERE noun = 'stage' AND action <> 'create' ORDER BY seq"
    found: dict[int, dict[str, str]] = {}
    for txn, text in door.rows(sql):
        try:
            pair = json.loads(text).get("name")
        except (ValueError, TypeError, AttributeError):  # an entry that cannot be read renames nothing
            continue
        if isinstance(pair, list) and len(pair) == 2 and pair[0]:
            found.setdefault(txn, {})[pair[0]] = pair[1]
    return list(found.items())


def today(changes: dict[str, Any], seq: int, known: Renames) -> dict[str, Any]:
    """The changes of an entry with stages called as they are called now."""
    later = [names for txn, names in known if txn > seq]
    if not later:
        return changes
    return {path: _in(value, later, path.split(".")[-1] in FIELDS) for path, value in changes.items()}


def _in(value: Any, later: Iterable[Mapping[str, str]], stage: bool) -> Any:
    if isinstance(value, list):
        return [_in(item, later, stage) for item in value]
    if isinstance(value, dict):
        return {name: _in(item, later, name in FIELDS) for name, item in value.items()}
    if stage and isinstance(value, str):
        for names in later:
            value = names.get(value, value)
    return value
