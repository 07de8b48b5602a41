"""The forecast weighted by how likely deals are by those that closed (`rules.chances`), in place of what is shown of
them. Nothing else of it changes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.reads.breakdown_cells import Cell
from oppcli.reads.breakdown_gathering import Found, selected
from oppcli.reads.breakdown_keys import Key
from oppcli.reads.chances import History, Place, columns_of, fields_of, of_money, path_of, plain_values, values_of
from oppcli.reads.forecast_gathering import FROM, OPEN, UNWEIGHED, WEIGHTED, Question
from oppcli.reads.forecast_months import CATEGORY
from oppcli.reads.table import Footnote, Frame
from oppcli.reads.where import Where
from oppcli.rules.chances import FEWEST, Lacking, Model, learnt
from oppcli.rules.forecasting import COUNTED, SHARES, by_share
from oppcli.store.doors import ReadDoor

_REPORT = command("report", "probability")


class Learnt:
    """What was learnt, of each stage from the deals that closed and ever reached it; how likely the open deals are."""

    def __init__(self, door: ReadDoor, frame: Frame) -> None:
        """Refused (2) where who asks has none of the fields to learn from."""
        policy = frame.policy()
        fields = fields_of(policy, frame.hidden)
        if not fields:
            raise UsageError(say("there is no field to learn from that you see"))
        money = of_money(policy, fields)
        self._door, self._history = door, History(door, fields, frame.now, money)
        self._places: Mapping[int, Place] = {each.id: each for each in self._history.places}
        self._paths, self._money = [path_of(name) for name in fields], [name in money for name in fields]
        self._models: dict[int, Model | Lacking] = {}
        self._known: dict[tuple[Any, ...], int | None] = {}
        self._shares: dict[int, int | None] = {}
        self._without: Counter[int] = Counter()

    def weigh(self, found: Found, asked: Question) -> Found:
        """What was found, its deals weighed anew, each rounded half up before it is added up; of those of which nothing
        is learnt it is known how many there are."""
        cells = {raw: _unweighed(cell) for raw, cell in found.cells.items()}
        where, keys, months, by = asked
        quiet, width = by.again() if by else None, len(keys)
        clauses = where.copy()
        clauses.clauses.append(OPEN)
        for row in self._door.stream(self._sql(clauses, keys), **clauses.params):
            raw, (category, close, amount, *state) = row[:width], row[width:]
            share = self._share(*state)
            if category not in COUNTED or not months.holds(close) or amount is None:
                continue
            currency = state[2]
            minor = int(amount) if quiet is None else quiet.minor(int(amount), currency)
            cell = cells.setdefault(tuple(raw), Cell())
            if share is None:
                cell.sums[UNWEIGHED] += 1
                self._without[state[1]] += 1
            elif minor is not None:
                code = by.to if by else currency
                cell.money[WEIGHTED, code] += by_share(minor, share)
                cell.priced[WEIGHTED, code] += 1
        return found._replace(cells=cells)

    def _sql(self, where: Where, keys: Sequence[Key]) -> str:
        state = (
            f"{CATEGORY}, d.expected_close, d.amount, d.id, d.stage_id, d.currency, d.extra{columns_of(self._paths)}"
        )
        return f"SELECT {selected(keys)}{state} {FROM} {where.sql}"

    def _share(self, deal: int, stage: int, currency: str, extra: str, *columns: Any) -> int | None:
        """How likely an open deal is, as it stands now; None where too few closed that had reached its stage."""
        stood = values_of(self._paths, extra, columns)
        values = plain_values(stood.values(), self._money, currency)
        known = (stage, *values)
        if known not in self._known:
            model = self._model(stage)
            self._known[known] = None if isinstance(model, Lacking) else round(model.p(values) * SHARES)
        found = self._shares[deal] = self._known[known]
        return found

    def _model(self, stage: int) -> Model | Lacking:
        if stage not in self._models:
            place = self._places.get(stage)
            past = [] if place is None else [each.past for each in self._history.closed(place)]
            self._models[stage] = learnt(past)
        return self._models[stage]

    def of(self, deal: int, minor: int, probability: int) -> int | None:
        """What a deal weighs with another amount; None where nothing says how likely it is."""
        share = self._shares.get(deal)
        return None if share is None else by_share(minor, share)

    def told(self) -> Iterator[Footnote]:
        """How it was weighted, and of which deals nothing is learnt."""
        weighed = sum(share is not None for share in self._shares.values())
        yield Footnote("population", weighed, say("weighted by what closed deals say: {command}", command=_REPORT))
        for stage, deals in sorted(self._without.items()):
            model, place = self._models[stage], self._places.get(stage)
            if isinstance(model, Lacking):
                said = say(
                    "insufficient_history: {won:,} won and {lost:,} lost deals reached {stage}, and at least {n} of "
                    "each are needed: {deals:,} {deals:deal|deals} not weighted",
                    won=model.won,
                    lost=model.lost,
                    stage=place.name if place else say("a stage that is no more"),
                    n=FEWEST,
                    deals=deals,
                )
                yield Footnote("insufficient_history", deals, said)


def _unweighed(cell: Cell) -> Cell:
    """A cell without what its deals weigh."""
    found = Cell()
    found.add(cell)
    for each in [each for each in found.money if each[0] == WEIGHTED]:
        del found.money[each]
    return found
