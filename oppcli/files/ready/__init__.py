"""Mappings of other programs' exports that are ready, one TOML text each: columns by field, the first that a file has.

Columns that a file does not have are left out; `won` and `lost` below `[entered]` are the policy's stages of that kind.
What only the file can tell (values of stages, forms of dates and numbers) is drafted from it.
"""

from collections.abc import Collection, Iterable
from importlib import resources
from typing import Any

from oppcli.files.drafts.names import CLOSED, STATUS
from oppcli.tuples import NamedTuple
from oppcli.words.names import key

NEEDED = ("external_id", "title", "stage")
"""A ready mapping fits a file that has a column for each of these."""
OWN = "opp"
"""The one of own exports, which their whole header tells."""


class Ready(NamedTuple):
    """A mapping that is ready."""

    name: str
    text: str
    columns: dict[str, tuple[str, ...]]
    """Field → what its column may be called; `status` and `closed` besides."""
    verified: bool
    """Whether its columns were seen in files that people published, and not only in the documents of an API."""

    def fits(self, header: Collection[str]) -> bool:
        """Whether a file with these columns is of this program."""
        there = {key(name) for name in header}
        return all(any(key(name) in there for name in self.columns[field]) for field in NEEDED)

    def places(self, header: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
        """Column of the file → the fields it fills, and how far down the list of each it stands."""
        known: dict[str, list[tuple[str, int]]] = {}
        for field, called in self.columns.items():
            for rank, name in enumerate(called):
                known.setdefault(key(name), []).append((field, rank))
        return {name: known[key(name)] for name in header if key(name) in known}


def names() -> list[str]:
    """What the ready mappings are called."""
    folder = resources.files(__name__)
    return sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))


def ready(name: str) -> Ready | None:
    """The ready mapping called so; None where there is none."""
    import tomllib

    if name not in names():
        return None
    text = (resources.files(__name__) / f"{name}.toml").read_text("utf-8")
    tree = tomllib.loads(text)
    columns = {field: _listed(found) for field, found in tree["fields"].items()}
    ended = tree.get("entered", {})
    if ended:
        columns[CLOSED] = tuple(dict.fromkeys(name for found in ended.values() for name in _listed(found)))
    if STATUS in tree:
        columns[STATUS] = _listed(tree[STATUS])
    return Ready(name, text, columns, "unverified" not in text.partition("\n")[0])


def all_of_them() -> list[Ready]:
    """Every ready mapping, by name."""
    return [found for name in names() if (found := ready(name)) is not None]


def fitting(header: Collection[str]) -> Ready | None:
    """The ready mapping of the program that a file with these columns is of; None where it is of no known one."""
    return next((each for each in all_of_them() if each.name != OWN and each.fits(header)), None)


def _listed(found: Any) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else tuple(found)
