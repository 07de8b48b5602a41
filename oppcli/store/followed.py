"""Look-ups of what follows customers and deals: which deals of theirs are live, what was noted, who watches."""

from collections.abc import Sequence

from oppcli.model.deals import File
from oppcli.model.follow import DEADLINE, OPEN, Activity, Task
from oppcli.model.nouns import BY_WORD
from oppcli.model.records import LIVE, WITHDRAWN
from oppcli.store.doors import ReadDoor, WriteDoor
from oppcli.store.mapping import shape_of
from oppcli.store.reading import TAKEN, gathered

IS_LIVE = f"deal.standing = '{LIVE}' AND deal.{BY_WORD['deal'].live}"


def live_deals(door: ReadDoor, *, customer: int | None = None, contact: int | None = None) -> list[int]:
    """The numbers of the live deals of a customer, or of those a contact takes part in."""
    part = "deal.id IN (SELECT deal_id FROM participant WHERE contact_id = :of)"
    condition = "deal.customer_id = :of" if contact is None else part
    sql = f"SELECT deal.id FROM deal WHERE {condition} AND {IS_LIVE} ORDER BY deal.id"
    return [number for (number,) in door.rows(sql, of=customer if contact is None else contact)]


def promised(
    door: WriteDoor, deal: int | None, customer: int | None, made: Sequence[type], *, deadlines: bool, files: bool
) -> tuple[list[Task], list[File]]:
    """The tasks that are open on a deal, or on a customer and no deal, with all its `deadlines`; and its live `files`.
    In the statement that looks up the next ids of what is `made` here."""
    place, number = ("deal_id = :of", deal) if deal else ("customer_id = :of AND deal_id IS NULL", customer)
    wanted = f"(state = '{OPEN}' OR kind = '{DEADLINE}')" if deadlines else f"state = '{OPEN}'"
    beside = [gathered(door.dialect, shape_of(Task).stored, f"task WHERE {place} AND {wanted} AND {TAKEN}")]
    if files:
        of_deal = f"file WHERE deal_id = :of AND standing = '{LIVE}'"
        beside.append(gathered(door.dialect, shape_of(File).stored, of_deal))
    tasks, *attached = door.reserve(*made, beside=beside, of=number)
    return door.things_in(Task, tasks), door.things_in(File, attached[0]) if attached else []


def noted_so(door: ReadDoor, column: str, number: int, who: str, at: int, text: str) -> bool:
    """Whether this person noted this text on this thing for this instant already."""
    sql = (
        f"SELECT 1 FROM activity WHERE {column} = :number AND at = :at AND who = :who AND text = :text "
        f"AND standing <> '{WITHDRAWN}'"
    )
    return door.one(sql, number=number, at=at, who=who, text=text) is not None


def noted_lately(door: ReadDoor, noted: Activity, since: int) -> int | None:
    """The number of what this person noted of the same text on the same thing since an instant; None of nothing."""
    sql = (
        "SELECT id FROM activity WHERE who = :who AND recorded_at >= :since AND text = :text AND kind = :kind "
        f"AND coalesce(deal_id, 0) = :deal AND coalesce(customer_id, 0) = :customer AND standing <> '{WITHDRAWN}' "
        "ORDER BY id DESC LIMIT 1"
    )
    about = {"deal": noted.deal_id or 0, "customer": noted.customer_id or 0}
    found = door.one(sql, who=noted.who, since=since, text=noted.text, kind=noted.kind, **about)
    return None if found is None else int(found[0])


def watchers(door: ReadDoor, deal: int | None, customer: int | None) -> list[str]:
    """The logins of who watches the deal, or its customer."""
    of = "(noun = 'deal' AND key = :deal) OR (noun = 'customer' AND key = :customer)"
    sql = f"SELECT DISTINCT login FROM watch WHERE standing = '{LIVE}' AND ({of}) ORDER BY login"
    return [login for (login,) in door.rows(sql, deal=deal or 0, customer=customer or 0)]
