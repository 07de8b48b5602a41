"""Look-ups of approvals: which requests wait, follow a person, have something to do by now, or rest on a file."""

from collections.abc import Collection

from oppcli.model.approver import role
from oppcli.model.deals import LIVE_KINDS
from oppcli.model.requests import APPROVED, FILE, LIVE_STATES, OPEN, PENDING, RETURNED
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed
from oppcli.store.queries import COUNTS

_HELD = f"""
SELECT DISTINCT s.request_id FROM seat s
JOIN step p ON p.request_id = s.request_id AND p.revision = s.revision AND p.position = s.step AND p.state = '{OPEN}'
JOIN request r ON r.id = s.request_id AND r.revision = s.revision AND r.state = '{PENDING}'
LEFT JOIN holder h ON h.request_id = s.request_id AND h.revision = s.revision AND h.step = s.step AND h.seat = s.number
WHERE s.state = '{OPEN}' AND (h.login = :login OR h.login IS NULL
"""
_SHOWN = f"""
SELECT r.id, r.deal_id, v.snapshot FROM request r
JOIN revision v ON v.request_id = r.id AND v.number = r.revision
WHERE r.state = '{APPROVED}' AND
"""


def next_request(door: ReadDoor) -> int:
    """The id the next request gets. True for as long as the write lock is held."""
    return int(door.value("SELECT max(id) FROM request") or 0) + 1


def pending(door: ReadDoor) -> list[int]:
    """Ids of the pending requests."""
    return door.column(f"SELECT id FROM request WHERE state = '{PENDING}' ORDER BY id")


def awake(door: ReadDoor, now: int) -> list[int]:
    """Ids of the requests whose time has come: a reminder, a breach, an escalation, the end of an approval."""
    return door.column("SELECT id FROM request WHERE wake_at <= :now ORDER BY wake_at, id", now=now)


def concerned(door: ReadDoor, login: str, roles: Collection[str]) -> list[int]:
    """Requests with an open seat that this person holds, that nobody holds, or that follows one of these roles."""
    names = {f"role{place}": f'%"{role(name)}"%' for place, name in enumerate(sorted(roles))}
    pools = "".join(f" OR s.pool LIKE :{name}" for name in names)
    return door.column(f"{_HELD}{pools})", login=login, **names)


def seated(door: ReadDoor, login: str) -> list[int]:
    """Ids of the requests in which this person holds a seat that is still to be filled, also of a step whose clock
    stands still: it was set back, or the request was returned."""
    sql = f"""
    SELECT DISTINCT r.id FROM holder h
    JOIN seat s ON s.request_id = h.request_id AND s.revision = h.revision AND s.step = h.step AND s.number = h.seat
    JOIN request r ON r.id = h.request_id AND r.revision = h.revision
    WHERE h.login = :login AND s.state = '{OPEN}' AND r.state IN {LIVE_STATES} ORDER BY r.id
    """
    return door.column(sql, login=login)


def returned_to(door: ReadDoor, login: str) -> list[int]:
    """Ids of the returned requests that this person submitted, whose deal is theirs, or in which they follow somebody
    who left."""
    sql = f"""
    SELECT r.id FROM request r JOIN deal d ON d.id = r.deal_id
    WHERE r.state = '{RETURNED}' AND (r.submitted_by IN (SELECT :login UNION SELECT u.login FROM user_account u
        WHERE u.successor = :login) OR d.owner IN (SELECT :login UNION SELECT u.login FROM user_account u
        WHERE u.successor = :login))
    ORDER BY r.id
    """
    return door.column(sql, login=login)


def open_deals_of(door: ReadDoor, login: str) -> list[int]:
    """Ids of the deals that this person owns and that are neither won nor lost nor withdrawn."""
    sql = f"""
    SELECT d.id FROM deal d JOIN stage s ON s.id = d.stage_id
    WHERE d.owner = :login AND s.kind IN {LIVE_KINDS} AND d.{COUNTS} ORDER BY d.id
    """
    return door.column(sql, login=login)


def delegations_with(door: ReadDoor, login: str, now: int) -> list[int]:
    """Ids of the delegations that run or will run from or to this person."""
    sql = 'SELECT id FROM delegation WHERE (frm = :login OR "to" = :login) AND ends_at > :now ORDER BY id'
    return door.column(sql, login=login, now=now)


def delegations_in_force(door: ReadDoor, now: int) -> list[int]:
    """Ids of the delegations whose window holds `now`."""
    return door.column("SELECT id FROM delegation WHERE starts_at <= :now AND ends_at > :now ORDER BY id", now=now)


def has_request(door: ReadDoor, deal_id: int, states: Collection[str]) -> bool:
    """Whether the deal has a request in one of these states."""
    names = {f"state{place}": state for place, state in enumerate(states)}
    marks = ", ".join(f":{name}" for name in names)
    sql = f"SELECT 1 FROM request WHERE deal_id = :deal AND state IN ({marks}) LIMIT 1"
    return door.one(sql, deal=deal_id, **names) is not None


def approvals_of(door: ReadDoor, deals: Collection[int]) -> dict[tuple[int, str, str], tuple[int, ...]]:
    """(deal, kind, fingerprint) → numbers of the approved requests of these deals that showed such a file."""
    condition, bound = door.any_of("r.deal_id", "deals", sorted(deals))
    found: dict[tuple[int, str, str], tuple[int, ...]] = {}
    for number, deal, snapshot in door.rows(f"{_SHOWN} {condition} ORDER BY r.id", deals=bound):
        for fact, shown in parsed(snapshot).items():
            for digest in shown.split(",") if fact.startswith(FILE) and shown else ():
                key = (deal, fact.removeprefix(FILE), digest)
                found[key] = (*found.get(key, ()), number)
    return found
