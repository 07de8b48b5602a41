"""Tasks for a calendar: those that are open, and those that ended lately."""

from collections.abc import Iterator

from oppcli.model.follow import OPEN
from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.model.units import DAY_MS
from oppcli.reads.table import Column, Frame, Kind, Picture, Row, Table
from oppcli.store.doors import ReadDoor
from oppcli.store.knowing import database_id
from oppcli.store.mapping import decode_said

LATELY_MS = 30 * DAY_MS
"""An end is told for so long."""
COLUMNS = (
    Column("uid"),
    Column("id", Kind.REF),
    Column("title"),
    Column("kind"),
    Column("state"),
    Column("due_on", Kind.DATE),
    Column("due_at", Kind.INSTANT),
    Column("done_at", Kind.INSTANT),
    Column("who", Kind.REF),
    Column("deal", Kind.REF),
    Column("deal_title"),
    Column("customer"),
    Column("reason"),
    Column("created_at", Kind.INSTANT),
    Column("version", Kind.COUNT),
)
_TASKS = f"""
SELECT t.id, t.title, t.kind, t.state, t.due_on, t.due_at, t.done_at, coalesce(t.assignee, d.owner, c.owner),
  t.deal_id, d.title, c.name, t.reason, t.created_at, t.version FROM task t
LEFT JOIN deal d ON d.id = t.deal_id
LEFT JOIN customer c ON c.id = coalesce(t.customer_id, d.customer_id)
WHERE t.standing IN {COUNTED} AND (t.state = '{OPEN}' OR t.done_at >= :since) ORDER BY t.id
"""


def calendar(door: ReadDoor, frame: Frame) -> Table:
    """A row for each, which people and programs with a calendar get as VTODO. A task keeps its `uid` for ever."""
    base = database_id(door)

    def rows() -> Iterator[Row]:
        for number, *told, deal, deal_title, customer, reason, created, version in door.stream(
            _TASKS, since=frame.now - LATELY_MS
        ):
            about = ref("deal", deal) if deal else None
            uid = f"opp-t{number}@{base}"
            why = reason and decode_said(reason)
            yield (uid, ref("task", number), *told, about, deal_title, customer, why, created, version)

    return Table(COLUMNS, rows(), say("Calendar"), picture=Picture("ics", {"now": frame.now}, ("table", "plain")))
