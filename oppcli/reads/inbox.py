"""What else of one's own is under way, told below the inbox."""

from oppcli.model.requests import LIVE_STATES, PENDING, RETURNED
from oppcli.model.said import listed, say
from oppcli.reads.requests import COPIED, PLACES
from oppcli.reads.table import Table
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted

_COUNTS = f"""
SELECT sum(CASE WHEN r.state = '{RETURNED}' AND (r.submitted_by = :me OR d.owner = :me) THEN 1 ELSE 0 END),
       sum(CASE WHEN r.state = '{PENDING}' AND r.submitted_by = :me THEN 1 ELSE 0 END),
       sum(CASE WHEN r.submitted_by <> :me AND {COPIED.format(":me")} THEN 1 ELSE 0 END)
FROM request r JOIN deal d ON d.id = r.deal_id WHERE r.state IN ({quoted(LIVE_STATES)})
"""


def summed(door: ReadDoor, table: Table, login: str) -> Table:
    """The inbox with what else of one's own is under way: `3 waiting · 1 blocked · 2 returned to you · 5 started · 2
    copies`. What is 0 is left out, but what waits."""
    rows = list(table.rows)
    blocked = sum(bool(row[PLACES["blocked"]]) for row in rows)
    returned, started, copies = (int(number or 0) for number in door.rows(_COUNTS, me=login)[0])
    parts = [say("{n} waiting", n=len(rows) - blocked)]
    parts += [say("{n} blocked", n=blocked)] if blocked else []
    parts += [say("{n} returned to you", n=returned)] if returned else []
    parts += [say("{n} started", n=started)] if started else []
    parts += [say("{n} {n:copy|copies}", n=copies)] if copies else []
    return table._replace(rows=rows, summed=(listed(parts, " · "),))
