"""The stays of deals in a stage from an index that holds them in order: a median is one look-up in it.

Five million visits are measured in less than a second; reading and sorting them takes ten.
"""

from collections.abc import Iterator

from oppcli.rules.statistics import Gap, Spans, median
from oppcli.store.doors import ReadDoor, Row

_STAY = "(left_at - entered_at)"
"""As the index on visits has it; see `store.tables`. Where it is null, the index holds open and undated visits."""
_STAYED = f"stage_id = :stage AND {_STAY} >= 0"
_OPEN = f"stage_id = :stage AND {_STAY} IS NULL AND left_at IS NULL AND entered_at <= :now"


class Indexed:
    """Stays of a stage behind the index."""

    def __init__(self, door: ReadDoor, stage: int, now: int) -> None:
        self._door, self._stage, self._now = door, stage, now
        count, total = self._row(f"SELECT count(*), sum({_STAY}) FROM visit WHERE {_STAYED}")
        select, orders = f"SELECT {_STAY} FROM visit WHERE {_STAYED}", (_STAY, f"{_STAY} DESC")
        self.completed: Spans = _Ordered(door, count, int(total or 0), select, orders, stage=stage)
        opened, self.undated, self.undated_open, future = self._row(
            "SELECT count(CASE WHEN left_at IS NULL AND entered_at <= :now THEN 1 END), count(left_at),"
            " count(CASE WHEN left_at IS NULL AND entered_at IS NULL THEN 1 END),"
            " count(CASE WHEN left_at IS NULL AND entered_at > :now THEN 1 END)"
            f" FROM visit WHERE stage_id = :stage AND {_STAY} IS NULL",
            now=now,
        )
        select, orders = f"SELECT :now - entered_at FROM visit WHERE {_OPEN}", ("entered_at DESC", "entered_at")
        self.ages: Spans = _Ordered(door, opened, 0, select, orders, stage=stage, now=now)
        self.backwards = future + self._row(f"SELECT count(*) FROM visit WHERE stage_id = :stage AND {_STAY} < 0")[0]

    def _row(self, sql: str, **params: int) -> Row:
        return self._door.rows(sql, stage=self._stage, **params)[0]

    def older(self, age: int) -> int:
        sql = f"SELECT count(*) FROM visit WHERE {_OPEN} AND entered_at < :until"
        return int(self._row(sql, now=self._now, until=self._now - age)[0])

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

    def __init__(
        self, door: ReadDoor, count: int, total: int, select: str, orders: tuple[str, str], **params: int
    ) -> None:
        self.count, self.total = count, total
        self._door, self._select, self._orders, self._params = door, select, orders, params
        self._known: dict[int, int] = {}

    def nth(self, place: int) -> int:
        """Counted from the nearer end of the index."""
        if place not in self._known:
            self._known |= self._near(place)
        return self._known[place]

    def _near(self, place: int) -> dict[int, int]:
        from_top = self.count - 1 - place
        if from_top < place:
            order, skip, way = self._orders[1], max(0, from_top - 1), -1
            first = self.count - 1 - skip
        else:
            order, skip, way, first = self._orders[0], place, 1, place
        sql = f"{self._select} ORDER BY {order} LIMIT 2 OFFSET :skip"
        found = self._door.rows(sql, skip=skip, **self._params)
        return {first + way * i: int(span) for i, (span,) in enumerate(found)}
