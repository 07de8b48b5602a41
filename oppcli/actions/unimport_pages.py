"""The pages of an import that is taken back: what it made and changed, who changed it since, and what is counted.

Rates, targets, costs and judgements stand for themselves: new ones are withdrawn, corrected ones as they were.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from oppcli.actions import judgements, targets
from oppcli.actions.act import Act
from oppcli.model.costs import Cost
from oppcli.model.judgements import Judgement
from oppcli.model.rates import Rate
from oppcli.model.records import LIVE, WITHDRAWN
from oppcli.model.said import Said, Word, listed, say
from oppcli.model.targets import Target
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


class Figure(NamedTuple):
    """A noun that stands for itself."""

    noun: type[Any]
    several: str
    """What several are called."""
    key: tuple[str, ...]
    """What there is one of; a judgement by what it has of these."""


FIGURES = {
    "rate": Figure(Rate, "rates", ("base", "currency", "day")),
    "target": Figure(Target, "targets", ("who", "month", "measure")),
    "cost": Figure(Cost, "costs", ("source", "first", "last", "currency")),
    "judgement": Figure(Judgement, "judgements", ("deal_id", "owner", "month", "judged_by")),
}


def figures(page: Page) -> None:
    """Figures of each kind: new ones withdrawn, corrected ones with their old values, but those that another run
    changed since. Refused to who may not enter them."""
    door, meta = page.act.door, page.meta
    for name, (noun, several, unique) in FIGURES.items():
        made, changed = page.of(name, made=True), page.of(name, made=False)
        gone, back = page.marked(name, WITHDRAWN), page.marked(name, LIVE)
        if not (made or changed or gone or back):
            continue
        things = {each.id: each for each in door.find(noun, id=[*made, *changed, *gone, *back])}
        _require_right(page.act, name, things.values())
        kept = touched(page, made | changed, name) if made or changed else {}
        for key in back:
            same = {field: value for field in unique if (value := getattr(things[key], field)) is not None}
            if door.find(noun, **same, standing=LIVE):
                kept[key] = say("another one was entered since")
        back = [key for key in back if key not in kept]
        for key, why in sorted(kept.items()):
            page.tally.keep(say("kept: {what} {key} {why}", what=Word("noun", name), key=key, why=why))
        gone += [key for key in made if key not in kept]
        pairs = list(old_values([things[key] for key in changed if key not in kept], changed))
        counted = page.tally.figures.setdefault(several, [0, 0, 0, 0])
        counted[0] += door.mark(noun, gone, WITHDRAWN, action="undo", meta=meta)
        counted[1] += door.mark(noun, back, LIVE, action="undo", meta=meta)
        counted[2] += door.save_many(pairs, action="undo", meta=meta)
        counted[3] += len(kept)


def _require_right(act: Act, name: str, things: Iterable[Any]) -> None:
    if name == "target":
        for who in {each.who for each in things}:
            targets.require(act, who)
        return
    if name == "judgement":
        for login in {each.judged_by for each in things}:
            judgements.require_word(act, login)
        return
    act.require(f"{name} add", say("enter rates") if name == "rate" else say("enter costs"))


def of_figures(tally: Tally) -> Iterator[Said]:
    """A line for each kind of which there were any: how many are gone, are there again, have old values, were kept."""
    for several, (withdrawn, restored, returned, kept) in tally.figures.items():
        counts = [
            (withdrawn, say("{n:,} withdrawn", n=withdrawn)),
            (restored, say("{n:,} restored", n=restored)),
            (returned, say("{n:,} as before", n=returned)),
            (kept, say("{n:,} kept", n=kept)),
        ]
        said = listed(part for count, part in counts if count)
        if said:
            yield say("{what}: {counts}", what=Word("plural", several), counts=said)
