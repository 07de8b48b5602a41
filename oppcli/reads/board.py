"""The board: every lead and open deal in its stage, who has to act next on it, since when, and how late that is."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.deals import LIVE_KINDS
from oppcli.model.people import User
from oppcli.model.refs import ref
from oppcli.model.requests import OPEN, PENDING, RETURNED
from oppcli.model.said import say
from oppcli.model.units import DAY_MS, HOUR_MS
from oppcli.reads import population
from oppcli.reads.hours import Hours
from oppcli.reads.table import WHERE, Column, Footnote, Frame, Kind, Param, Picture, Read, Row, Table
from oppcli.reads.where import Where
from oppcli.rules.rights import acting
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted
from oppcli.tuples import NamedTuple

COLUMNS = (
    Column("stage", rank=1),
    Column("kind", words="kind", wide=False),
    Column("deal", Kind.REF, rank=1),
    Column("title", wide=False, cut=True),
    Column("customer", rank=3, cut=True),
    Column("amount", Kind.MONEY, rank=2),
    Column("currency", wide=False),
    Column("owner", Kind.REF, wide=False),
    Column("holder", Kind.LIST, rank=1),
    Column("since", Kind.INSTANT, rank=4),
    Column("waiting_days", Kind.DAYS, title=say("WAITING"), unit="d", rank=1),
    Column("waiting_business_hours", Kind.HOURS, title=say("WAITING BH"), unit="bh", wide=False),
    Column("due", Kind.INSTANT, rank=3),
    Column("overdue_business_hours", Kind.HOURS, title=say("LATE"), unit="bh", rank=1),
    Column("request", Kind.REF, rank=3),
    Column("step", wide=False),
)
STAGE, DEAL, OWNER, HOLDER, SINCE, OVERDUE = (
    next(place for place, column in enumerate(COLUMNS) if column.name == name)
    for name in ("stage", "deal", "owner", "holder", "since", "overdue_business_hours")
)
MONEY = ("amount", "currency")
BY = ("stage", "owner", "holder")
NOBODY = say("nobody")
ALWAYS = 2**63
"""As since when: longer than anything that is known."""

_LIVE = f"SELECT id FROM stage WHERE kind IN ({quoted(LIVE_KINDS)})"
_OWNED = """
SELECT max(j.at) FROM journal j WHERE j.noun = 'deal' AND j.noun_id = CAST(d.id AS TEXT)
AND j.changes LIKE '%"owner":%' AND j.changes NOT LIKE '%"title":[null,%' AND j.changes NOT LIKE '%"title": [null,%'
"""
"""When a deal was given to its owner: not with the entry that made it, which alone has a title where there was none."""
_DEALS = f"""
SELECT s.name, s.kind, x.id, x.title, x.customer, x.amount, x.currency, x.owner, x.entered_at, x.owned_at
FROM stage s LEFT JOIN (
    SELECT d.id, d.stage_id, d.title, c.name AS customer, d.amount, d.currency, d.owner, v.entered_at,
           ({_OWNED}) AS owned_at
    FROM deal d
    LEFT JOIN visit v ON v.deal_id = d.id AND v.left_at IS NULL
    LEFT JOIN customer c ON c.id = d.customer_id
    {{where}}
) x ON x.stage_id = s.id
WHERE s.kind IN ({quoted(LIVE_KINDS)}) AND (s.position IS NOT NULL OR x.id IS NOT NULL)
ORDER BY coalesce(s.position, 1000000), s.id, x.id
"""
"""Every lead and open stage with its deals; one that the policy dropped only while deals are in it."""
_RETURNED_AT = f"""
SELECT max(j.at) FROM journal j WHERE j.noun = 'request' AND j.noun_id = CAST(r.id AS TEXT)
AND j.changes LIKE '%"state":%"{RETURNED}"]%'
"""
_REQUESTS = f"""
SELECT r.deal_id, r.id, r.state, r.submitted_by, r.owner,
       CASE WHEN r.state = '{RETURNED}' THEN coalesce(({_RETURNED_AT}), r.submitted_at) END,
       p.position, p.name, p.opened_at, p.due_at, p.calendar, h.login
FROM request r
LEFT JOIN step p ON p.request_id = r.id AND p.revision = r.revision AND p.state = '{OPEN}' AND r.state = '{PENDING}'
LEFT JOIN seat e ON e.request_id = p.request_id AND e.revision = p.revision AND e.step = p.position
     AND e.state = '{OPEN}'
LEFT JOIN holder h ON h.request_id = e.request_id AND h.revision = e.revision AND h.step = e.step AND h.seat = e.number
WHERE r.state IN ('{PENDING}', '{RETURNED}')
ORDER BY r.deal_id, r.id, p.position, e.number, h.number
"""


class Turn(NamedTuple):
    """Whose turn it is with a deal's requests, and since when."""

    holders: tuple[str, ...]
    """Nobody where it is the owner's turn all the same."""
    since: int | None
    due: int | None = None
    calendar: str = ""
    request: int | None = None
    step: str | None = None


NONE = Turn((), None)


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per lead and open deal: by stage or another key, in it what is late first, the latest before all, then what
    has waited longest."""
    of_board, of_deals = _parted(door, args.get("where") or (), frame)
    where, told = _where(door, {**args, "where": of_deals}, frame)
    found = door.rows(_DEALS.format(where=where.sql), **where.params)
    turns = _turns(door) if any(row[2] is not None for row in found) else {}
    measure = _Measure(frame)
    rows: Iterable[Row] = [measure.row(row, turns.get(row[2], NONE)) for row in found if row[2] is not None]
    if of_board:
        from oppcli.reads.narrowing import narrowed

        met = narrowed(Table(COLUMNS, rows, notes=told), of_board, door, frame)
        rows, told = met.rows, met.notes
    stages = list(dict.fromkeys(row[0] for row in found))
    if population.several(door, args):
        line = {place.name for place in population.stages(door, args)}
        stages = [name for name in stages if name in line]
    table = _ordered(list(rows), stages, args.get("by") or "stage", args.get("cards"), told)
    return table.without(MONEY) if args.get("mask") else table


def _ordered(rows: list[Row], stages: list[str], by: str, cards: int | None, told: tuple[Footnote, ...]) -> Table:
    """The rows column by column, as the board has them."""
    rows.sort(key=lambda row: (-(row[OVERDUE] or 0), -ALWAYS if row[SINCE] is None else row[SINCE], _number(row)))
    at = {"stage": STAGE, "owner": OWNER, "holder": HOLDER}[by]
    found = {name for row in rows for name in keys(row[at])}
    groups = stages if by == "stage" else sorted(found, key=lambda name: (name is NOBODY, name))
    places = {name: place for place, name in enumerate(groups)}
    rows.sort(key=lambda row: places[keys(row[at])[0]])
    picture = Picture("board", {"by": by, "groups": tuple(groups), "cards": cards})
    return Table(COLUMNS, rows, READ.title, (population.deals(len(rows)), *told), picture=picture)


def _parted(door: ReadDoor, texts: Sequence[str], frame: Frame) -> tuple[list[str], list[str]]:
    """The conditions on columns of the board, and those on what else is known of a deal."""
    if not texts:
        return [], []
    from oppcli.reads.asking import Asker

    asker, of_board = Asker(door, COLUMNS, frame), []
    for text in texts:
        with suppress(UsageError):
            asker.read([text])
            of_board.append(text)
    return of_board, [text for text in texts if text not in of_board]


def keys(cell: Any) -> tuple[str, ...]:
    """The columns of the board that a deal stands in, by what it has there: several where several people hold it."""
    return (tuple(cell) if isinstance(cell, tuple | list) else (cell,) if cell else ()) or (NOBODY,)


def _number(row: Row) -> int:
    return int(row[DEAL].partition("-")[2])


def _where(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> tuple[Where, tuple[Footnote, ...]]:
    """Live deals that pass the filters and conditions, as SQL over `deal d`, and what is told of them."""
    where, told = population.chosen(door, args, frame)
    where.clauses.append(f"d.stage_id IN ({_LIVE})")
    where.among("d.customer_id", *(args.get("customer") or ((), ())))
    where.holds("d.tags", *(args.get("tag") or ((), ())))
    return where, told


def _turns(door: ReadDoor) -> dict[int, Turn]:
    """Deal → whose turn it is with its requests."""
    lines = door.rows(_REQUESTS)
    people: Mapping[str, User] = {}
    if any(line[2] == RETURNED for line in lines):
        people = {user.login: user for user in door.find(User)}
    return {deal: _turn(list(group), people) for deal, group in groupby(lines, key=itemgetter(0))}


def _turn(lines: list[Row], people: Mapping[str, User]) -> Turn:
    """The holders of open seats; else who may send a returned request on. Of several steps the one due first is told;
    they have it since the oldest of them opened."""
    opened = [line for line in lines if line[6] is not None]
    holders = tuple(dict.fromkeys(line[11] for line in opened if line[11] is not None))
    first = min(opened, key=lambda line: (line[9] is None, line[9] or 0, line[8] or 0), default=None)
    if first is not None and holders:
        since = min((line[8] for line in opened if line[11] is not None and line[8] is not None), default=None)
        return Turn(holders, since, *_about(first))
    back = min((line for line in lines if line[2] == RETURNED), key=itemgetter(5), default=None)
    if back is not None:
        _, request, _, by, owner, at, *_ = back
        return Turn(acting((by,), people) or acting((owner,), people), at, request=request)
    return Turn((), None, *_about(first)) if first is not None else NONE


def _about(step: Row) -> tuple[int | None, str, int, str]:
    """When it is due by which calendar, the request, the step."""
    return step[9], step[10], step[1], step[7]


class _Measure:
    """How long deals have waited by now, and how late they are."""

    def __init__(self, frame: Frame) -> None:
        self._now, self._hours = frame.now, Hours(cache(frame.policy))

    def row(self, deal: Row, turn: Turn) -> Row:
        """The line of one deal."""
        stage, kind, number, title, customer, amount, currency, owner, entered, owned = deal
        holders = turn.holders or ((owner,) if owner else ())
        since = turn.since if turn.holders else max((at for at in (entered, owned) if at is not None), default=None)
        request = None if turn.request is None else ref("request", turn.request)
        late = turn.due is not None and turn.due < self._now
        return (
            *(stage, kind, ref("deal", number), title, customer, amount, currency, owner, holders, since),
            None if since is None else (self._now - since) / DAY_MS,
            self._worked(since, turn.calendar),
            turn.due,
            self._worked(turn.due, turn.calendar) if late else None,
            *(request, turn.step),
        )

    def _worked(self, since: int | None, calendar: str) -> float | None:
        """Business hours from then to now."""
        return None if since is None else self._hours.between(calendar, since, self._now) / HOUR_MS


READ = Read(
    path="board",
    title=say("Board"),
    help="Every lead and open deal in its stage: who has to act next, for how long already, how late",
    columns=COLUMNS,
    build=build,
    params=(
        Param("by", "a column per stage, owner, or who has to act next", "choice", choices=BY),
        Param("cards", "at most so many deals in a column; else as the screen has room", "count", metavar="N"),
        Param("mask", "without amounts, for a wall that everybody sees", "flag"),
        population.OWNER,
        Param("customer", "a customer; !x excludes", "customer", many=True),
        population.SOURCE,
        population.PIPELINE,
        Param("tag", "a tag; !x excludes", "tag", many=True),
        WHERE,
    ),
    examples=(
        "opp board",
        "opp board --by holder --mask",
        "opp board -O board.html",
        "opp board -o json | jq '.[] | select(.overdue_business_hours > 8)'",
    ),
)
READS = (READ,)
