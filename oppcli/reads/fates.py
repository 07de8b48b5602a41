"""How the requests of a type came to an end: at once, on another try, or not at all."""

from oppcli.model.requests import APPROVED, INVALIDATED, OVERRIDE, REJECT, REJECTED, RETURN, WITHDRAW
from oppcli.reads.table import Row
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted

PASSED = quoted((APPROVED, INVALIDATED))
"""States of a request that got its final yes, also where the approval fell later."""
FIRST_PASS = f"""r.state IN ({PASSED})
       AND NOT EXISTS (SELECT 1 FROM revision v WHERE v.request_id = r.id AND v.number > 1
                       AND (v.at < r.decided_at OR v.at = r.decided_at AND v.why <> 'continued'))
       AND NOT EXISTS (SELECT 1 FROM decision c WHERE c.request_id = r.id
                       AND c.verdict IN ({quoted((REJECT, RETURN, OVERRIDE))}))"""
"""At the first attempt. A revision that began with or after the final yes is no attempt: a further yes in an imported
log."""
STANDS = f"""NOT EXISTS (SELECT 1 FROM decision w WHERE w.request_id = c.request_id AND w.refers_to = c.number
       AND w.verdict = '{WITHDRAW}')"""
"""Of a decision `c`: who gave it did not take it back."""
_REJECTED = f"""EXISTS (SELECT 1 FROM decision c JOIN step p ON p.request_id = c.request_id AND p.revision = c.revision
       AND p.position = c.step WHERE c.request_id = r.id AND c.verdict = '{REJECT}' AND p.state = '{REJECTED}'"""
_NO = f"{_REJECTED})"
_NO_BEFORE = f"{_REJECTED} AND p.revision < r.revision)"
_AGAIN = f"""(EXISTS (SELECT 1 FROM request n WHERE n.deal_id = r.deal_id AND n.type = r.type AND n.previous = r.id)
       OR {_NO_BEFORE})"""
_THEN = f"""((r.state IN ({PASSED}) AND {_NO_BEFORE})
       OR EXISTS (SELECT 1 FROM request n WHERE n.deal_id = r.deal_id AND n.type = r.type AND n.id > r.id
                  AND n.previous IS NOT NULL AND n.state IN ({PASSED})))"""
_FATES = f"""
SELECT r.type, sum(CASE WHEN r.state IN ({PASSED}, '{REJECTED}') THEN 1 ELSE 0 END),
       sum(CASE WHEN r.state IN ({PASSED}) THEN 1 ELSE 0 END),
       sum(CASE WHEN {FIRST_PASS} THEN 1 ELSE 0 END),
       sum(CASE WHEN {_NO} THEN 1 ELSE 0 END),
       sum(CASE WHEN {_NO} AND {_AGAIN} THEN 1 ELSE 0 END),
       sum(CASE WHEN {_NO} AND {_THEN} THEN 1 ELSE 0 END)
FROM request r
JOIN deal d ON d.id = r.deal_id
"""


def fates(door: ReadDoor, where: Where) -> dict[str, Row]:
    """By type, of the requests that came to an end: the share approved without a return, a rejection or a second
    revision among those approved or rejected; these, the approved ones (also where the approval fell later) and the
    numerator; those a step of which was rejected, of these the ones that were submitted again, and approved then.
    `where`: of which requests `r`."""
    where.clauses.append("r.decided_at IS NOT NULL")
    rows = door.rows(f"{_FATES} {where.sql} GROUP BY r.type", **where.params)
    counts = {kind: tuple(map(int, rest)) for kind, *rest in rows}
    return {kind: (found[2] / found[0] if found[0] else None, *found) for kind, found in counts.items()}
