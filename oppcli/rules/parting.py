"""Two databases that began as one: what each field came to in the copy, and what the other made of it meanwhile."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from oppcli.tuples import NamedTuple

Thing = tuple[str, str]
"""(noun, id), as entries name it."""
Net = Mapping[Thing, Mapping[str, tuple[Any, Any]]]
"""Of each thing, path → what it was before the first entry and is after the last; only where that differs."""


class Parted(NamedTuple):
    """A field that the copy has otherwise than it was when both were one."""

    thing: Thing
    path: str
    before: Any
    tried: Any
    live: Any
    """What the other database has now, where it changed it too; None where it did not."""
    touched: bool
    """Whether it did."""

    @property
    def conflict(self) -> bool:
        """Whether both changed it, and not to the same."""
        return self.touched and self.live != self.tried


def net(entries: Iterable[tuple[Thing, Mapping[str, Any]]]) -> Net:
    """What entries, in their order, come to: of each path the first old value and the last new one. What is again what
    it was is left out."""
    found: dict[Thing, dict[str, tuple[Any, Any]]] = {}
    for thing, changes in entries:
        paths = found.setdefault(thing, {})
        for path, (old, new) in changes.items():
            paths[path] = (paths[path][0] if path in paths else old, new)
    kept = {thing: {path: pair for path, pair in paths.items() if pair[0] != pair[1]} for thing, paths in found.items()}
    return {thing: paths for thing, paths in kept.items() if paths}


def parted(tried: Net, live: Net, made: Collection[Thing]) -> Iterator[Parted]:
    """A row for each field, in the order in which things were first changed in the copy. Of what was `made` there a
    number says nothing: what the other database calls so is another thing; not what is named by people, as a login."""
    for thing, paths in tried.items():
        theirs = {} if thing in made and thing[1].isdecimal() else live.get(thing, {})
        for path, (before, now) in paths.items():
            touched = path in theirs
            yield Parted(thing, path, before, now, theirs[path][1] if touched else None, touched)
