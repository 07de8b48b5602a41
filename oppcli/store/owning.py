"""Look-ups of whose deals and customers are: nobody's, what somebody has, whose turn it was."""

from collections.abc import Collection, Mapping, Sequence

from oppcli.model.people import Delegation
from oppcli.model.records import WITHDRAWN
from oppcli.store.doors import ReadDoor
from oppcli.store.queries import COUNTS, LIVE_DEAL
from oppcli.tuples import NamedTuple

_FROM = "FROM deal d JOIN stage s ON s.id = d.stage_id"


def unowned(door: ReadDoor, *, fresh: bool = False) -> list[int]:
    """Ids of the live deals that are nobody's; `fresh`: that never were anybody's."""
    never = " AND NOT EXISTS (SELECT 1 FROM tenure t WHERE t.deal_id = d.id AND t.owner IS NOT NULL)" if fresh else ""
    return door.column(f"SELECT d.id {_FROM} WHERE d.owner IS NULL AND {LIVE_DEAL}{never} ORDER BY d.id")


def held_by(door: ReadDoor, ways: Sequence[str]) -> list[int]:
    """Ids of the live deals whose tenure of now came about in one of these ways."""
    condition, bound = door.any_of("t.how", "ways", ways)
    sql = (
        "SELECT d.id FROM tenure t JOIN deal d ON d.id = t.deal_id JOIN stage s ON s.id = d.stage_id "
        f"WHERE {condition} AND t.ended_at IS NULL AND d.owner IS NOT NULL AND {LIVE_DEAL} ORDER BY d.id"
    )
    return door.column(sql, ways=bound)


def live_deals(door: ReadDoor, logins: Collection[str]) -> Mapping[str, int]:
    """Login → how many live deals they own."""
    condition, bound = door.any_of("d.owner", "logins", list(logins))
    sql = f"SELECT d.owner, count(*) {_FROM} WHERE {condition} AND {LIVE_DEAL} GROUP BY d.owner"
    return dict(door.rows(sql, logins=bound))


class Turn(NamedTuple):
    """What rules have given somebody."""

    last: tuple[int, int] | None
    """When their last tenure by a rule began, and of which deal: of several at one instant the order in which they were
    given. None where they never had one."""
    today: int
    """How many deals since midnight, by whatever rule."""


def turns(door: ReadDoor, how: str, logins: Collection[str], midnight: int) -> Mapping[str, Turn]:
    """Login → their turns by the rule that is `how` a tenure came about. What was withdrawn gave nobody anything."""
    condition, bound = door.any_of("u.login", "logins", list(logins))
    mine = f"FROM tenure t JOIN deal d ON d.id = t.deal_id AND d.standing <> '{WITHDRAWN}' WHERE t.owner = u.login"
    last = f"{mine} AND t.how = :how ORDER BY t.began_at DESC, t.deal_id DESC LIMIT 1"
    sql = (
        f"SELECT u.login, (SELECT t.began_at {last}), (SELECT t.deal_id {last}), "
        f"(SELECT count(*) {mine} AND t.began_at >= :midnight AND t.how LIKE 'rule:%') "
        f"FROM user_account u WHERE {condition}"
    )
    rows = door.rows(sql, how=how, logins=bound, midnight=midnight)
    return {login: Turn(None if at is None else (at, deal), today) for login, at, deal, today in rows}


def claimed_since(door: ReadDoor, login: str, at: int) -> int:
    """How many deals and customers somebody has claimed since then."""
    deals = (
        "SELECT count(*) FROM tenure t JOIN deal d ON d.id = t.deal_id WHERE t.owner = :login AND t.how = 'claim' "
        f"AND t.began_at >= :at AND d.standing <> '{WITHDRAWN}'"
    )
    customers = (
        "SELECT count(DISTINCT c.id) FROM customer c JOIN journal j ON j.noun = 'customer' "
        "AND j.noun_id = CAST(c.id AS TEXT) WHERE c.owner = :login AND j.actor = :login AND j.action = 'claim' "
        f"AND j.at >= :at AND c.standing <> '{WITHDRAWN}'"
    )
    return int(door.value(f"SELECT ({deals}) + ({customers})", login=login, at=at) or 0)


def newest_owner(door: ReadDoor, customer: int) -> str | None:
    """Whose the newest live deal of a customer is that is somebody's."""
    sql = f"SELECT d.owner {_FROM} WHERE d.customer_id = :id AND d.owner IS NOT NULL AND {LIVE_DEAL} "
    return door.value(sql + "ORDER BY d.created_at DESC, d.id DESC LIMIT 1", id=customer)


def absences(door: ReadDoor, since: int, until: int) -> list[Delegation]:
    """The delegations of everything that hold at some time from `since` to `until`."""
    sql = (
        "SELECT id FROM delegation WHERE ends_at > :since AND starts_at <= :until AND types = '[]' "
        "AND max_amount IS NULL ORDER BY id"
    )
    found = door.column(sql, since=since, until=until)
    return door.find(Delegation, id=found) if found else []


def used(door: ReadDoor, noun: str, numbers: Sequence[int]) -> set[int]:
    """Those of these customers or deals that somebody would miss: with a request, a deal that is somebody's."""
    column = {"deal": "d.id", "customer": "d.customer_id"}[noun]
    condition, bound = door.any_of(column, "ids", numbers)
    owned = " OR d.owner IS NOT NULL" if noun == "customer" else ""
    sql = (
        f"SELECT DISTINCT {column} FROM deal d WHERE {condition} AND d.standing <> '{WITHDRAWN}' "
        f"AND (EXISTS (SELECT 1 FROM request r WHERE r.deal_id = d.id){owned})"
    )
    return set(door.column(sql, ids=bound))


def customers_of(door: ReadDoor, login: str) -> list[int]:
    """Ids of the customers that somebody owns."""
    return door.column(f"SELECT id FROM customer WHERE owner = :login AND {COUNTS} ORDER BY id", login=login)


def tasks_of(door: ReadDoor, login: str) -> list[int]:
    """Ids of the open tasks that are theirs by name."""
    sql = f"SELECT id FROM task WHERE assignee = :login AND state = 'open' AND {COUNTS} ORDER BY id"
    return door.column(sql, login=login)
