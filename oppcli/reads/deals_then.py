"""Deals as they stood at an instant, by the journal: the old value of the first entry after it, the present one where
there is none. What was created after it was not there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from oppcli.model.deals import LIVE_KINDS
from oppcli.model.rates import Pair, Rates
from oppcli.model.records import COUNTED, LIVE, WITHDRAWN
from oppcli.rules.bridge import Place, State
from oppcli.store.doors import ReadDoor, Row
from oppcli.store.olds import Change, changes
from oppcli.tuples import NamedTuple

DEAL, STAGE, RATE = "deal", "stage", "rate"
_DEALS = """
SELECT d.id, d.title, d.owner, d.source, d.stage_id, d.amount, d.currency, d.probability, d.category, d.expected_close,
d.standing FROM deal d {where} ORDER BY d.id
"""
_STAGES = "SELECT id, name, kind, position, probability, category FROM stage"
_RATES = "SELECT id, base, currency, day, rate, standing FROM rate"
Old = Mapping[str, Any]
"""Old values by path."""
NOTHING: Old = {}


class Known(NamedTuple):
    """A deal as it is stored now."""

    id: int
    title: str
    owner: str | None
    source: str | None
    stage_id: int
    amount: int | None
    currency: str
    probability: int | None
    category: str | None
    expected_close: str | None
    standing: str


class Past:
    """What entries after an instant say of before it."""

    def __init__(self, at: int | None) -> None:
        self.at = at
        """None for now."""
        self.old: dict[str, dict[int, dict[str, Any]]] = {DEAL: {}, STAGE: {}, RATE: {}}
        self.made: set[tuple[str, int]] = set()
        """What was not there yet."""

    def take(self, change: Change) -> None:
        """A change, told in order, so that the first one after the instant stays."""
        if self.at is None or change.at < self.at:
            return
        olds = self.old[change.noun].setdefault(change.key, {})
        for path, (old, _) in change.pairs.items():
            if path not in olds:
                olds[path] = old
        if change.makes:
            self.made.add((change.noun, change.key))

    def of(self, noun: str, key: int) -> Old:
        return self.old[noun].get(key, NOTHING)


class Then:
    """Deals, stages and rates at some instants; None is now."""

    def __init__(
        self, door: ReadDoor, instants: Sequence[int | None], *, rates: bool = False, closed: bool = True
    ) -> None:
        """Without `closed` none that was closed all the while."""
        self._door = door
        self.pasts = tuple(map(Past, instants))
        self._read(rates)
        self._stages = list(door.rows(_STAGES))
        self.names = self._named()
        self.places = tuple(dict(self._placed(past)) for past in self.pasts)
        self.by_id = {
            int(row[0]): Known(*row) for row in (door.rows(_DEALS.format(where="")) if closed else self._open())
        }

    def _open(self) -> Iterable[Row]:
        """Those that are open, or of which something was otherwise at an instant, or of their stage."""
        stages = {int(row[0]) for row in self._stages if row[2] in LIVE_KINDS}.union(
            *(past.old[STAGE] for past in self.pasts)
        )
        deals = set[int]().union(*(past.old[DEAL] for past in self.pasts))
        standing, there = self._door.any_of("d.stage_id", "stages", sorted(stages))
        changed, those = self._door.any_of("d.id", "changed", sorted(deals))
        return self._door.rows(_DEALS.format(where=f"WHERE {standing} OR {changed}"), stages=there, changed=those)

    def _read(self, rates: bool) -> None:
        since = min((past.at for past in self.pasts if past.at is not None), default=None)
        if since is None:
            return
        for change in changes(self._door, (DEAL, STAGE, *([RATE] if rates else ())), since=since):
            for past in self.pasts:
                past.take(change)

    def _named(self) -> dict[str, int]:
        """Every name that a stage has now or had meanwhile."""
        names = {str(row[1]): int(row[0]) for row in self._stages}
        for past in self.pasts:
            for key, old in past.old[STAGE].items():
                if old.get("name"):
                    names.setdefault(old["name"], key)
        return names

    def _placed(self, past: Past) -> Iterator[tuple[int, Place]]:
        for number, _, kind, position, probability, category in self._stages:
            old = past.of(STAGE, number)
            if (STAGE, number) in past.made:
                old = NOTHING  # no deal was in it
            yield (
                number,
                Place(
                    old.get("kind", kind),
                    old.get("position", position),
                    old.get("probability", probability),
                    old.get("category", category),
                ),
            )

    def stage_of(self, deal: Known, old: Old) -> int:
        """The id of the stage that a deal was in."""
        return self.names.get(old["stage"], deal.stage_id) if "stage" in old else deal.stage_id

    def states(self, deal: Known, within: Sequence[bool]) -> tuple[State | None, ...]:
        """The deal at each instant; None where it was not there yet. `within`: whether it passed the filter."""
        return tuple(
            self._state(deal, past, places, holds)
            for past, places, holds in zip(self.pasts, self.places, within, strict=True)
        )

    def _state(self, deal: Known, past: Past, places: Mapping[int, Place], within: bool) -> State | None:
        if (DEAL, deal.id) in past.made:
            return None
        old = past.of(DEAL, deal.id)
        stage = self.stage_of(deal, old)
        return State(
            stage=stage,
            place=places[stage],
            amount=old.get("amount", deal.amount),
            currency=old.get("currency", deal.currency),
            probability=old.get("probability", deal.probability),
            category=old.get("category", deal.category),
            close=old.get("expected_close", deal.expected_close),
            counted=(old.get("standing", deal.standing) or LIVE) in COUNTED,
            within=within,
        )

    def rates(self, past: Past) -> Rates:
        """The rates that were known at an instant, by pair, those of each in the order of their days."""
        found: dict[Pair, list[tuple[str, str]]] = {}
        for key, base, currency, day, rate, standing in self._door.rows(_RATES):
            old = past.of(RATE, key)
            if (RATE, key) in past.made or (old.get("standing", standing) or LIVE) == WITHDRAWN:
                continue
            pair = old.get("base", base), old.get("currency", currency)
            found.setdefault(pair, []).append((old.get("day", day), old.get("rate", rate)))
        return {pair: tuple(sorted(dated)) for pair, dated in found.items()}
