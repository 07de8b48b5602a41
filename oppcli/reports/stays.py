"""The stays of deals in one stage: from an index that holds them in order, or from rows read one by one.

The index serves a whole stage in calendar time: a median is one look-up in it. Filters, business hours and sums per
deal need the rows. Both answer the same questions; a test compares them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

from oppcli.reports.where import Where
from oppcli.rules.statistics import Gap, Listed, Spans, gaps, median
from oppcli.store.doors import ReadDoor, Row

if TYPE_CHECKING:
    from oppcli.rules.clock import Clock

Measure = Callable[[int, int], int]
"""From, to → the time between, in milliseconds of the clock that is wanted."""


class Stays(Protocol):
    """What is known of one stage. Stays are milliseconds."""

    @property
    def completed(self) -> Spans:
        """Visits that are over and whose beginning is known."""
        ...

    @property
    def ages(self) -> Spans:
        """Open visits so far."""
        ...

    @property
    def undated(self) -> int:
        """Completed visits whose beginning nobody knows."""
        ...

    @property
    def undated_open(self) -> int: ...

    @property
    def backwards(self) -> int:
        """Visits that end before they begin, or begin after now."""
        ...

    def between(self) -> Iterator[Gap]:
        """The completed stays counted between the ages of open ones."""
        ...


class Read:
    """Stays in memory."""

    def __init__(self) -> None:
        self.spans: list[int] = []
        self.so_far: list[int] = []
        self.undated = self.undated_open = self.backwards = 0

    def settle(self) -> "Read":
        """Sort, once all are there."""
        self.completed, self.ages = Listed(self.spans), Listed(self.so_far)
        return self

    def between(self) -> Iterator[Gap]:
        return gaps(self.completed.spans, self.ages.spans)


def read(rows: Iterable[Row], now: int, measure: Measure, *, cumulative: bool = False) -> dict[int, Read]:
    """Rows (stage, deal, entered, left), ordered by stage and deal when `cumulative`, → what is known per stage."""
    found: dict[int, Read] = defaultdict(Read)
    for stage, visits in _stays(rows, now, cumulative=cumulative):
        _add(found[stage], visits, now, measure)
    return {stage: stays.settle() for stage, stays in found.items()}


def _stays(
    rows: Iterable[Row], now: int, *, cumulative: bool
) -> Iterator[tuple[int, list[tuple[int | None, int | None]]]]:
    """The visits that make up one stay: each alone, or all of a deal in a stage together."""
    if not cumulative:
        for stage, _, entered, left in rows:
            yield stage, [(entered, left)]
        return
    last, visits = None, []
    for stage, deal, entered, left in rows:
        if (stage, deal) != last and last is not None:
            yield last[0], visits
            visits = []
        last = (stage, deal)
        visits.append((entered, left))
    if last is not None:
        yield last[0], visits


def _add(stays: Read, visits: list[tuple[int | None, int | None]], now: int, measure: Measure) -> None:
    opened = any(left is None for _, left in visits)
    total = 0
    for entered, left in visits:
        end = now if left is None else left
        if entered is None:
            stays.undated_open += opened
            stays.undated += not opened
            return
        if end < entered:
            stays.backwards += 1
            return
        total += measure(entered, end)
    (stays.so_far if opened else stays.spans).append(total)


def rows(door: ReadDoor, where: Where, *, cumulative: bool = False, stage: int | None = None) -> Iterator[Row]:
    """(stage, deal, entered, left) of the visits of the deals chosen, or of one stage of them."""
    of_stage = [] if stage is None else ["v.stage_id = :stage"]
    order = "ORDER BY v.stage_id, v.deal_id, v.number" if cumulative else ""
    sql = f"SELECT v.stage_id, v.deal_id, v.entered_at, v.left_at {_visits(where, *of_stage)} {order}"
    return door.stream(sql, **where.params, **({} if stage is None else {"stage": stage}))


def _visits(where: Where, *more: str) -> str:
    """FROM and WHERE over `visit v`; deals are joined only where they are asked about."""
    clauses = " AND ".join([*where.clauses, *more])
    deals = "JOIN deal d ON d.id = v.deal_id" if where.clauses else ""
    return f"FROM visit v {deals} {'WHERE ' + clauses if clauses else ''}"


def longer(door: ReadDoor, where: Where, stage: int, target: int, hours: "Clock") -> int:
    """How many completed stays took more than `target` of business time.

    From how little and how much elapsed time a moment more than the target can take, most are told without the
    calendar."""
    of_stage, stay = "v.stage_id = :stage", "(v.left_at - v.entered_at)"
    given = {"stage": stage, **where.params}
    found = _visits(where, of_stage, f"{stay} > :target")
    first, last = door.rows(f"SELECT min(v.entered_at), max(v.entered_at) {found}", target=target, **given)[0]
    if first is None:
        return 0
    least, most = hours.spread(target + 1, first, last)
    certain = door.rows(f"SELECT count(*) {_visits(where, of_stage, f'{stay} >= :most')}", most=most, **given)[0][0]
    among = _visits(where, of_stage, f"{stay} >= :least", f"{stay} < :most")
    unclear = door.stream(f"SELECT v.entered_at, v.left_at {among}", least=least, most=most, **given)
    between = hours.between
    return int(certain) + sum(between(entered, left) > target for entered, left in unclear)


_STAY = "(left_at - entered_at)"
"""As the index on visits has it; see `store.tables`. Where it is null, the index holds open and undated visits."""
_STAYED = f"stage_id = :stage AND {_STAY} >= 0"
_OPEN = f"stage_id = :stage AND {_STAY} IS NULL AND left_at IS NULL AND entered_at <= :now"


class Indexed:
    """Stays of a stage behind the index."""

    def __init__(self, door: ReadDoor, stage: int, now: int) -> None:
        self._door, self._stage, self._now = door, stage, now
        count, total = self._row(f"SELECT count(*), sum({_STAY}) FROM visit WHERE {_STAYED}")
        self.completed: Spans = _Completed(door, stage, count, int(total or 0))
        opened, self.undated, self.undated_open, future = self._row(
            "SELECT count(CASE WHEN left_at IS NULL AND entered_at <= :now THEN 1 END), count(left_at),"
            " count(CASE WHEN left_at IS NULL AND entered_at IS NULL THEN 1 END),"
            " count(CASE WHEN left_at IS NULL AND entered_at > :now THEN 1 END)"
            f" FROM visit WHERE stage_id = :stage AND {_STAY} IS NULL",
            now=now,
        )
        self.ages: Spans = _Ages(door, stage, opened, now)
        self.backwards = future + self._row(f"SELECT count(*) FROM visit WHERE stage_id = :stage AND {_STAY} < 0")[0]

    def _row(self, sql: str, **params: int) -> Row:
        return self._door.rows(sql, stage=self._stage, **params)[0]

    def between(self) -> Iterator[Gap]:
        """Read in portions, for each gap is a search in the index and the median needs the younger ones only. It is
        never below the median of the completed ones, and seldom far above."""
        middle = median(self.completed)
        portion = 16 + (self._younger(middle) if middle else 0)
        done, last = 0, -1
        while found := self._portion(done, last, portion):
            yield from found
            done, last, portion = done + len(found), found[-1].age, 16 + done // 8

    def _younger(self, age: float) -> int:
        sql = f"SELECT count(*) FROM visit WHERE {_OPEN} AND entered_at >= :since"
        return int(self._row(sql, now=self._now, since=int(self._now - age))[0])

    def _portion(self, done: int, last: int, portion: int) -> list[Gap]:
        found = self._door.rows(
            "SELECT age, (SELECT count(*) FROM visit v WHERE v.stage_id = :stage"
            "  AND (v.left_at - v.entered_at) > younger AND (v.left_at - v.entered_at) <= age)"
            " FROM (SELECT :now - entered_at AS age,"
            "  lag(:now - entered_at, 1, :last) OVER (ORDER BY entered_at DESC) AS younger"
            "  FROM (SELECT entered_at FROM visit"
            f"   WHERE {_OPEN} ORDER BY entered_at DESC LIMIT :portion OFFSET :done) a) b"
            " ORDER BY age",
            stage=self._stage,
            now=self._now,
            last=last,
            portion=portion,
            done=done,
        )
        return [Gap._make(row) for row in found]


class _Ordered:
    """Durations that an index holds in order; two neighbours are read at a time, as a median needs them."""

    _sql = ""

    def __init__(self, door: ReadDoor, count: int, total: int, **params: int) -> None:
        self._door, self.count, self.total, self._params = door, count, total, params
        self._known: dict[int, int] = {}

    def nth(self, place: int) -> int:
        """Counted from the nearer end of the index."""
        if place not in self._known:
            self._known |= self._near(place)
        return self._known[place]

    def _near(self, place: int) -> dict[int, int]:
        from_top = self.count - 1 - place
        if from_top < place:
            skip, way, step = max(0, from_top - 1), "DESC", -1
            first = self.count - 1 - skip
        else:
            skip, way, step, first = place, "ASC", 1, place
        sql = self._sql.format(way=way, other="ASC" if way == "DESC" else "DESC")
        found = self._door.rows(f"{sql} LIMIT 2 OFFSET :skip", skip=skip, **self._params)
        return {first + step * i: int(span) for i, (span,) in enumerate(found)}


class _Completed(_Ordered):
    _sql = f"SELECT {_STAY} FROM visit WHERE {_STAYED} ORDER BY {_STAY} {{way}}"

    def __init__(self, door: ReadDoor, stage: int, count: int, total: int) -> None:
        super().__init__(door, count, total, stage=stage)


class _Ages(_Ordered):
    _sql = f"SELECT :now - entered_at FROM visit WHERE {_OPEN} ORDER BY entered_at {{other}}"

    def __init__(self, door: ReadDoor, stage: int, count: int, now: int) -> None:
        super().__init__(door, count, 0, stage=stage, now=now)
