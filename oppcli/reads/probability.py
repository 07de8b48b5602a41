"""How good a probability is that is learnt from fields: fitted on the older deals, judged on the newer ones."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.errors import NotFound, UsageError
from oppcli.model.command import command
from oppcli.model.deals import OPEN
from oppcli.model.records import COUNTED
from oppcli.model.said import Word, label, listed, say
from oppcli.reads import pipelines
from oppcli.reads.chances import Closed, Place, closed, fields_of, of_money, places
from oppcli.reads.population import ids_meeting
from oppcli.reads.table import WHERE, Column, Footnote, Frame, Kind, Param, Read, Table, ranked
from oppcli.reads.touch_rows import PIPELINE
from oppcli.rules.chances import FEWEST, Lacking, Model, auc, brier, learnt, parted, tenth_of
from oppcli.rules.statistics import wilson
from oppcli.store.doors import ReadDoor

TENTHS = ranked(
    (
        Column("tenth", Kind.COUNT),
        Column("deals", Kind.COUNT),
        Column("predicted", Kind.FRACTION),
        Column("observed", Kind.FRACTION, bar=True),
        Column("low", Kind.FRACTION, title=say("LOW")),
        Column("high", Kind.FRACTION, title=say("HIGH")),
    ),
    "tenth deals predicted observed 1, low high 2",
)
FIGURES = {
    "brier_model": say("BRIER MODEL"),
    "brier_own": say("BRIER OWN"),
    "brier_base": say("BRIER BASE"),
    "auc_model": say("AUC MODEL"),
    "auc_own": say("AUC OWN"),
}
POLICY = command("policy", "show")
KEYS = ("owner", "source")


def by_key(key: str) -> tuple[Column, ...]:
    """The columns where deals are split."""
    return (
        Column(key, rank=1, blank=say("(none)")),
        Column("deals", Kind.COUNT, rank=1),
        *(Column(name, Kind.NUMBER, title=title, rank=2) for name, title in FIGURES.items()),
    )


class Judged:
    """The newer deals, with what was told of each by the model, by the figure that was shown, and by the share that was
    won of the older ones."""

    def __init__(self, model: Model, newer: Sequence[Closed]) -> None:
        self.newer = newer
        base = model.won / (model.won + model.lost)
        self.told = [(model.p(each.past.values), each.past.won) for each in newer]
        self.base = [(base, each.past.won) for each in newer]

    def figures(self, which: Sequence[int]) -> tuple[Any, ...]:
        """Of some of them, by their places."""
        model, base = [self.told[at] for at in which], [self.base[at] for at in which]
        known = [self.newer[at] for at in which]
        own = [(each.shown, each.past.won) for each in known if each.shown is not None]
        whole = own if len(own) == len(known) else []  # of some of them it would be of other deals
        found = (brier(model), brier(whole), brier(base), auc(model), auc(whole))
        return (len(which), *(None if each is None else round(each, 4) for each in found))

    def tenths(self) -> Iterator[tuple[Any, ...]]:
        """A row for each tenth that a deal was told to be in: what was predicted, and what came true."""
        groups: dict[int, list[tuple[float, bool]]] = defaultdict(list)
        for told in self.told:
            groups[tenth_of(told[0])].append(told)
        for tenth, found in sorted(groups.items()):
            won = sum(each for _, each in found)
            predicted = sum(p for p, _ in found) / len(found)
            yield tenth + 1, len(found), predicted, won / len(found), *wilson(won, len(found))


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row for each tenth of the probabilities, or for each value of the key. A note alone where fewer than 30 of the
    older deals were won or lost. Refused (3) for what is no stage."""
    stage = stage_of(door, args)
    fields = fields_of(frame.policy(), frame.hidden)
    if not fields:
        raise UsageError(say("there is no field to learn from that you see"))
    found = closed(door, stage, fields, frame.now, of_money(frame.policy(), fields))
    meeting, told = ids_meeting(door, args, frame)
    if meeting is not None:
        found = [each for each in found if each.id in meeting]
    older, newer = parted(found)
    model = learnt([each.past for each in older])
    key = args.get("by")
    columns = by_key(key) if key else TENTHS
    notes = (*_notes(found, len(older), fields, stage), *told)
    if isinstance(model, Lacking):
        return Table(columns, [], READ.title, notes=(lacking(model), *notes))
    judged = Judged(model, newer)
    whole = dict(zip(("deals", *FIGURES), judged.figures(range(len(judged.newer))), strict=True))
    rows = list(_split(judged, key) if key else judged.tenths())
    return Table(columns, rows, READ.title, notes=notes, total=whole, summed=(_summed(whole),))


def _split(judged: Judged, key: str) -> Iterator[tuple[Any, ...]]:
    """By the value of the key, those of most deals first, what has none last."""
    groups: dict[str | None, list[int]] = defaultdict(list)
    for at, each in enumerate(judged.newer):
        groups[getattr(each, key) or None].append(at)

    def order(each: str | None) -> tuple[bool, int, str]:
        return each is None, -len(groups[each]), each or ""

    for value in sorted(groups, key=order):
        yield value, *judged.figures(groups[value])


def stage_of(door: ReadDoor, args: Mapping[str, Any]) -> Place:
    """The stage that was asked for, else the first open one, of a pipeline where one is named. Refused (3) for what is
    none."""
    known = places(door)
    if args.get("pipeline"):
        within = pipelines.stages(door, args)
        known = tuple(each for each in known if each.id in within)
    wanted = (args.get("stage") or ((), ()))[0]
    if wanted:
        found = next((each for each in known if each.name == wanted[0]), None)
    else:
        found = next((each for each in known if each.kind == OPEN), None)
    if found is None:
        name = wanted[0] if wanted else OPEN
        raise NotFound(
            say("no such {noun}: {text}", noun=Word("noun", "stage"), text=name), hint=command("policy", "show")
        )
    return found


def lacking(found: Lacking) -> Footnote:
    """What is said where nothing is learnt."""
    said = say(
        "insufficient_history: {won:,} won and {lost:,} lost deals, and at least {n} of each are needed",
        won=found.won,
        lost=found.lost,
        n=FEWEST,
    )
    return Footnote("insufficient_history", found.won + found.lost, said)


def _summed(whole: Mapping[str, Any]) -> str:
    return say(
        "Brier score {model} (by the share won {base}), AUC {auc}",
        model=whole["brier_model"],
        base=whole["brier_base"],
        auc="-" if whole["auc_model"] is None else whole["auc_model"],
    )


def _notes(found: Sequence[Closed], older: int, fields: Sequence[str], stage: Place) -> Iterator[Footnote]:
    said = say(
        "learnt from {older:,} deals that closed and had reached {stage}, judged on the {newer:,} that closed last; "
        "by {fields}",
        older=older,
        newer=len(found) - older,
        stage=stage.name,
        fields=listed(map(label, fields)),
    )
    yield Footnote("population", len(found), said)
    imported = sum(each.imported for each in found)
    if imported:
        said = say("{n:,} {n:deal|deals} came by import: their values are those they came with", n=imported)
        yield Footnote("imported_later", imported, said)


READ = Read(
    path="report probability",
    title=say("Probability"),
    help="How good a probability is that is learnt from fields of closed deals: what was predicted, what came true",
    more="Learnt are the older seven tenths by closing, judged the rest, values as they stood on entering the stage. "
    "Tenth 4 is from 30 to 40 %. With --by: Brier score and AUC of the model, of the figure shown then, "
    "and of the share won. Fewer than 30 won or lost deals: no number.",
    columns=TENTHS,
    standing=COUNTED,
    build=build,
    params=(
        Param("by", "split by it", "choice", choices=KEYS),
        Param("stage", "deals that reached this stage; default the first open one", "stage", many=True),
        PIPELINE,
        WHERE,
    ),
    examples=("opp report probability", "opp report probability --by source --csv"),
)
READS = (READ,)
