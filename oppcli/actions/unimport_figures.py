"""Rates, targets, costs and judgements of a file, taken back: new ones withdrawn, corrected ones as they were."""

from collections.abc import Iterable, Iterator
from typing import Any

from oppcli.actions import judgements, targets
from oppcli.actions.act import Act
from oppcli.actions.unimport_pages import Page, Tally, old_values, touched
from oppcli.model.costs import Cost
from oppcli.model.judgements import Judgement
from oppcli.model.rates import Rate
from oppcli.model.records import LIVE, WITHDRAWN
from oppcli.model.said import Said, Word, listed, say
from oppcli.model.targets import Target
from oppcli.tuples import NamedTuple


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
        _require(page.act, name, things.values())
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


def _require(act: Act, name: str, things: Iterable[Any]) -> None:
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
