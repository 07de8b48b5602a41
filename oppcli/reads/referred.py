"""What entries refer to by number, called as people know it: `C-3 Beta`."""

import re
from collections.abc import Iterable, Mapping

from oppcli.model.coded import titled
from oppcli.model.refs import referred
from oppcli.store.doors import ReadDoor

Names = Mapping[str, str]
"""Reference → what tells it from another, of those that are there to be seen."""
_REFERENCE = re.compile(r'"(\w+_id)": ?\[(null|\d+), ?(null|\d+)\]')
"""A changed reference, as an entry tells it; with blanks where the server has read and veiled it."""


def names(door: ReadDoor, changes: Iterable[str]) -> Names:
    """The names of all that these entries refer to, one statement for each kind."""
    wanted: dict[str, set[int]] = {}
    for text in changes:
        for field, *numbers in _REFERENCE.findall(text):
            wanted.setdefault(field, set()).update(int(number) for number in numbers if number != "null")
    found: dict[str, str] = {}
    for field, numbers in wanted.items():
        noun = referred(field)
        if noun is not None and noun.prefix:
            condition, bound = door.any_of("id", "ids", sorted(numbers))
            rows = door.rows(f"SELECT id, {noun.title} FROM {noun.table} WHERE {condition}", ids=bound)
            found |= {f"{noun.prefix}{number}": titled(noun, name) for number, name in rows}
    return found
