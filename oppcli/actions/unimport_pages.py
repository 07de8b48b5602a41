"""The pages of an import that is taken back: what it made and changed, who changed it since, and what is counted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.actions.act import Act
from oppcli.model.records import LIVE
from oppcli.model.said import say
from oppcli.rules import undoing
from oppcli.rules.undoing import Net
from oppcli.store import runs
from oppcli.store.changes import apply, plain, put_back, value_at
from oppcli.store.mapping import shape_of
from oppcli.tuples import NamedTuple

SHOWN = 20


class Tally:
    """What was taken back, and what was kept."""

    def __init__(self) -> None:
        self.withdrawn = self.restored = self.returned = self.customers = self.people = self.kept = 0
        self.lines: list[str] = []
        self.told: set[int] = set()
        """Deals that were kept, or have their old values: what becomes of their next steps is told with them."""
        self.figures: dict[str, list[int]] = {}
        """Kind → how many figures of it were withdrawn, were restored, have their old values, and were kept."""
        self.kept_deals: set[int] = set()

    @property
    def counts(self) -> tuple[int, ...]:
        figures = (n for each in self.figures.values() for n in each)
        deals = self.kept_of_deals
        return self.withdrawn, self.restored, self.returned, self.customers, self.people, deals, *figures

    @property
    def kept_of_deals(self) -> int:
        return self.kept - sum(kept for *_, kept in self.figures.values())

    def keep(self, line: str) -> None:
        self.kept += 1
        if len(self.lines) < SHOWN:
            self.lines.append(line)


class Page(NamedTuple):
    """Some of the things an import made or changed."""

    act: Act
    run: int
    nets: Sequence[Net]
    tally: Tally
    meta: dict[str, Any]

    def of(self, noun: str, *, made: bool) -> dict[int, Net]:
        """Things of a kind that were made, or that had values changed, by number."""
        chosen = (net for net in self.nets if net.noun == noun and net.made == made)
        return {int(net.key): net for net in chosen if made or net.changes.keys() != {"standing"}}

    def marked(self, noun: str, standing: str) -> list[int]:
        """Things of which an undo changed the standing alone, and that had this one before."""
        chosen = (net for net in self.nets if net.noun == noun and net.changes.keys() == {"standing"})
        return [int(net.key) for net in chosen if (net.changes["standing"][0] or LIVE) == standing]


def touched(page: Page, nets: Mapping[int, Net], noun: str = "deal") -> dict[int, str]:
    """Deals, or others, that another run changed, and who; the undo of this very import is no such run."""
    first = min(net.entries[0].seq for net in nets.values())
    found = runs.touched(page.act.door, noun, [str(key) for key in nets], first, page.run)
    return {
        int(key): say("changed by {who} on {when}", who=who.actor, when=page.act.when(who.at))
        for key, who in found.items()
    }


def old_values(things: Sequence[Any], nets: Mapping[int, Net]) -> Iterator[tuple[Any, Any]]:
    """(thing, with the values from before the run where it still has the run's), of those that have any."""
    for thing in things:
        shape = shape_of(type(thing))
        whole, net = plain(shape, thing), nets[thing.id]
        back = {path: (new, old) for path, (old, new) in net.changes.items() if value_at(shape, whole, path) == new}
        back = {path: pair for path, pair in back.items() if path not in undoing.ALWAYS_NEW}
        if back:
            apply(shape, whole, back)
            yield thing, put_back(shape, thing, whole)
