"""The approvals of turnaround: waits, verdicts and what is open, each into the cell of its keys."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.model.requests import APPROVE, APPROVED, LIVE_STATES, OPEN, REDONE, REJECT, REJECTED
from oppcli.model.said import Word, say
from oppcli.reads import population, turnaround_figures
from oppcli.reads.breakdown_cells import Cell
from oppcli.reads.breakdown_gathering import Found, Times
from oppcli.reads.breakdown_keys import Key, Keys, one_value
from oppcli.reads.breakdown_records import Records
from oppcli.reads.fates import fates
from oppcli.reads.hours import Hours
from oppcli.reads.seats import returned, turns_of
from oppcli.reads.table import Column, Footnote, Frame, Kind
from oppcli.reads.turnaround_figures import FATES, VERDICTS, Waits
from oppcli.reads.where import Where
from oppcli.rules.holding import came
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted

TYPE, STEP, PERSON = Column("type", rank=1), Column("step", rank=1), Column("person", Kind.REF, rank=1)
_STEPS = """
p.request_id, r.type, p.name, p.position, p.calendar, p.opened_at, p.closed_at, p.due_at, p.breached_at,
       r.title
FROM step p
JOIN request r ON r.id = p.request_id
JOIN deal d ON d.id = r.deal_id
"""
_BY_PEOPLE = """EXISTS (SELECT 1 FROM decision c WHERE c.request_id = p.request_id AND c.revision = p.revision
        AND c.step = p.position AND {deciders})"""
_ASKED_AGAIN = f"""(p.state = '{REDONE}' AND EXISTS (SELECT 1 FROM decision y WHERE y.request_id = p.request_id
        AND y.revision = p.revision AND y.step = p.position AND y.verdict = '{APPROVE}' AND y.at = p.closed_at))"""
"""Steps that were approved before they were asked again: the time that they took was taken."""
_OF_DECISIONS = """
FROM decision c
JOIN request r ON r.id = c.request_id
JOIN step p ON p.request_id = c.request_id AND p.revision = c.revision AND p.position = c.step
JOIN deal d ON d.id = r.deal_id
"""
_DECISIONS = f"""
c.request_id, r.type, p.name, p.position, c.actor, c.verdict, coalesce(c.code, c.reason), c.at, p.calendar,
       p.opened_at, p.due_at, p.breached_at, c.revision, c.seat, coalesce(c.on_behalf_of, c.actor), r.title
{_OF_DECISIONS}"""
_OPEN = """
FROM step p
JOIN request r ON r.id = p.request_id AND r.revision = p.revision
JOIN deal d ON d.id = r.deal_id
"""
_HELD = f"""
JOIN seat s ON s.request_id = p.request_id AND s.revision = p.revision AND s.step = p.position AND s.state = '{OPEN}'
JOIN holder h ON h.request_id = s.request_id AND h.revision = s.revision AND h.step = s.step AND h.seat = s.number
"""
_HELD_BY = "h.request_id = p.request_id AND h.revision = p.revision AND h.step = p.position"
ENDS = {None: (APPROVED, REJECTED), APPROVE: (APPROVED,), REJECT: (REJECTED,)}
"""Verdict asked for → states in which a step ended so; a return ends none."""
INSTANTS = {"step": "p.closed_at", "decision": "c.at", "open": "CAST(NULL AS BIGINT)", "request": "r.decided_at"}
"""When something was decided."""


class _Step(str):
    """The name of a step, with where it stands at the latest, for one before it may not have been asked for: of one
    type where rows are split by type, for a step of another type may be called the same and stand elsewhere."""

    __slots__ = ("kind", "place")
    kind: str
    place: int

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) is True and getattr(other, "kind", self.kind) == self.kind

    __hash__ = str.__hash__


class Looking:
    """The approvals of a population at a time."""

    def __init__(
        self, door: ReadDoor, args: Mapping[str, Any], frame: Frame, typed: str, on: str, limit: int | None
    ) -> None:
        self._door, self._args, self._limit = door, args, limit
        self._about, self._told = population.approvals(door, args, frame)
        self._apart = 0
        """Open steps that stand in no row: nothing was decided there."""
        self._steps: dict[tuple[str, str], _Step] = {}
        self._met: dict[Any, Cell] = {}
        self._on = on
        own = {
            TYPE.name: Key(TYPE, "", one_value, str),
            STEP.name: Key(STEP, "", one_value, lambda step: (step.place, str(step), step.kind)),
            PERSON.name: Key(PERSON, "", one_value, str),
        }
        stages = population.stages(door, {})

        def read(of: str) -> tuple[Sequence[Key], Where]:
            where = self._about.copy()
            return Keys(door, frame, where, stages, on, own, self.instant(of)).read(typed), where

        known = read("step")
        self.keys = known[0]
        dated = on == "decided" and any(key.unit for key in self.keys)
        self._known = {of: read(of) if dated else known for of in INSTANTS}
        self._by_type = any(key.name == TYPE.name for key in self.keys)
        self.of_people = any(key.name == PERSON.name for key in self.keys)
        self._clock = Waits(returned(door), Hours(frame.policy).between)
        self._held = turns_of(door) if self.of_people else {}

    def notes(self) -> Iterator[Footnote]:
        yield from self._told
        if self._apart:
            said = say("{n:,} open {n:step stands|steps stand} in no row: nothing was decided there", n=self._apart)
            yield Footnote("population", self._apart, said)

    def instant(self, of: str) -> str:
        """SQL for when something was decided; nothing where the date is one of the deal's."""
        return INSTANTS[of] if self._on == "decided" else ""

    def found(self, times: Times) -> Found:
        """The waits, verdicts and reasons into the cells of their keys. A step's wait is from its opening to its end,
        and only where a person decided it; a person's from when the seat came to them to their decision."""
        records: Records | None = None
        self._met = {}
        for of, put in (("decision", self._decided), ("step", self._stepped), ("open", self._opened)):
            if of == "step" and self.of_people:
                continue
            keys, where = self._known[of]
            records = Records(keys, records)
            put(records, where.copy(), times._replace(instant=self.instant(of)))
        assert records is not None
        if [key.name for key in self.keys] == [TYPE.name]:
            self._fates(records, times)
        return records.found

    def _decided(self, records: Records, where: Where, times: Times) -> None:
        where = times.narrowed(where)
        where.among("c.verdict", ((self._args["verdict"],) if self._args.get("verdict") else VERDICTS))
        where.among("c.actor", *(self._args.get("team") or ((), ())))
        where.clauses.append("c.automatic = 0")
        if self.of_people:
            self._decided_by(records, where, times)
            return
        columns = ("r.type", "r.title", "p.name", "p.position", "c.verdict", "coalesce(c.code, c.reason)")
        for row in self._counts(records, times, columns, f"{_OF_DECISIONS} {where.sql}", where):
            unknown, kind, title, step, place, verdict, reason, count = row[records.width :]
            if not unknown:
                cell = records.cell(row, self._own(kind, title, step, place, ""))
                turnaround_figures.decide(cell, verdict, reason, count)

    def _decided_by(self, records: Records, where: Where, times: Times) -> None:
        """Of people each decision stands for the wait that it ended."""
        sql = f"SELECT {records.selected}{times.unknown}, {_DECISIONS} {where.sql} ORDER BY c.request_id, c.number"
        for row in self._door.stream(sql, **where.params):
            unknown, request, kind, step, place, actor, verdict, reason, at, *more = row[records.width :]
            calendar, opened, *limits, revision, seat, holder, title = more
            if unknown:
                records.undated += 1
                continue
            cell = self._cell(records, row, (kind, title, step, place, actor))
            turnaround_figures.decide(cell, verdict, reason)
            if opened is not None:
                turns = self._held.get(request, {}).get((revision, place, seat), ())
                wait = self._clock.timed(request, calendar, came(turns, holder, opened, at), at, limits)
                turnaround_figures.add(cell, wait, self._limit)

    def _counts(
        self, records: Records, times: Times | None, columns: Sequence[str], rest: str, where: Where
    ) -> Iterator[Sequence[Any]]:
        """Behind the keys whether a date is unknown, the columns, and how many records agree in all of that."""
        dated = times is not None and times.asked
        own = ((times.unknown if times is not None else "0"), *columns)
        named = ", ".join(f"{sql} AS c{at}" for at, sql in enumerate(own))
        width = records.width // 2
        groups = [*range(1, width + 1), *range(width + 2 - dated, width + len(own) + 1)]
        inner = f"SELECT {records.raw}{named}, count(*) AS n {rest} GROUP BY {', '.join(map(str, groups))}"
        sql = records.grouped(inner, ", ".join(f"t.c{at}" for at in range(len(own))) + ", t.n")
        return self._door.stream(sql, **where.params)

    def _stepped(self, records: Records, where: Where, times: Times) -> None:
        where = times.narrowed(where)
        ends = quoted(ENDS.get(self._args.get("verdict"), ("",)))
        decided = f"p.state IN ({ends})"
        if self._args.get("verdict") in (None, APPROVE):
            decided = f"({decided} OR {_ASKED_AGAIN})"
        deciders = ["c.automatic = 0"]
        if team := self._args.get("team"):
            inside = Where()
            inside.params = where.params
            inside.among("c.actor", *team)
            deciders += inside.clauses
        by_people = _BY_PEOPLE.format(deciders=" AND ".join(deciders))
        where.clauses += [decided, "p.opened_at IS NOT NULL", by_people]
        order = "ORDER BY p.request_id, p.revision, p.position"
        sql = f"SELECT {records.selected}{times.unknown}, {_STEPS} {where.sql} {order}"
        for row in self._door.stream(sql, **where.params):
            unknown, request, kind, step, place, calendar, opened, closed, *limits, title = row[records.width :]
            if unknown:
                records.undated += 1
                continue
            cell = self._cell(records, row, (kind, title, step, place, ""))
            turnaround_figures.add(cell, self._clock.timed(request, calendar, opened, closed, limits), self._limit)

    def _opened(self, records: Records, where: Where, times: Times) -> None:
        """What is open is open now, whatever the time that is asked about; in rows of what was decided."""
        self._apart = 0
        team = self._args.get("team")
        where.clauses += [f"p.state = '{OPEN}'", f"r.state IN ({quoted(LIVE_STATES)})"]
        if self.of_people:
            where.among("h.login", *(team or ((), ())))
        elif team:
            held = Where()
            held.params = where.params
            held.among("h.login", *team)
            where.clauses.append(f"EXISTS (SELECT 1 FROM holder h WHERE {_HELD_BY} AND {' AND '.join(held.clauses)})")
        who = ("h.login",) if self.of_people else ()
        rest = f"{_OPEN}{_HELD if self.of_people else ''} {where.sql}"
        for row in self._counts(records, None, ("r.type", "r.title", "p.name", "p.position", *who), rest, where):
            _, kind, title, step, place, *login, count = row[records.width :]
            cell = records.known(row, self._own(kind, title, step, place, *login))
            if cell is None:
                self._apart += count
            else:
                cell.sums["open"] += count

    def _cell(self, records: Records, row: Sequence[Any], own: tuple[str, str, str, int, str]) -> Cell:
        """The cell of one of many records that mostly agree with one that came before."""
        key = (row[: records.width], own)
        cell = self._met.get(key)
        if cell is None:
            cell = self._met[key] = records.cell(row, self._own(*own))
        return cell

    def _own(self, kind: str, title: str, step: str, place: int, who: str = "") -> Mapping[str, Any]:
        """The values of the keys of approvals."""
        of = kind if self._by_type else ""
        named = self._steps.get((of, step))
        if named is None:
            named = self._steps[of, step] = _Step(step)
            named.kind, named.place = of, place
        named.place = max(named.place, place)
        return {TYPE.name: Word("type", kind, title), STEP.name: named, PERSON.name: who}

    def _fates(self, records: Records, times: Times) -> None:
        """How the requests of each type that is known came to an end."""
        _, where = self._known["request"]
        at = times._replace(instant=self.instant("request"))
        where = at.narrowed(where)
        if times.asked:
            where.clauses.append(f"{at.column} IS NOT NULL")
        ends = fates(self._door, where)
        for (kind,), cell in records.found.cells.items():
            if str(kind) in ends:
                cell.sums.update(dict(zip(FATES, ends[str(kind)][1:], strict=True)))


def took(door: ReadDoor, since: int, clock: Waits) -> dict[str, list[int]]:
    """Person → business milliseconds from when a seat came to them to each of their decisions since then."""
    held, where, found = turns_of(door), Where(), defaultdict[str, list[int]](list)
    where.within("c.at", since)
    where.among("c.verdict", VERDICTS)
    where.clauses += ["c.automatic = 0", "p.opened_at IS NOT NULL"]
    for row in door.stream(f"SELECT {_DECISIONS} {where.sql} ORDER BY c.request_id, c.number", **where.params):
        request, _, _, place, actor, _, _, at, calendar, opened, *limits, revision, seat, holder, _ = row
        turns = held.get(request, {}).get((revision, place, seat), ())
        found[actor].append(clock.timed(request, calendar, came(turns, holder, opened, at), at, limits).business)
    return found
