"""Look-ups of what follows customers and deals: which deals of theirs are live, what was noted, who watches."""

from collections.abc import Sequence

from oppcli.model.deals import File
from oppcli.model.follow import DEADLINE, OPEN, Activity, Task
from oppcli.model.json_text import array
from oppcli.model.nouns import BY_WORD
from oppcli.model.records import LIVE, WITHDRAWN
from oppcli.store.doors import ReadDoor, WriteDoor
from oppcli.store.mapping import shape_of
from oppcli.store.reading import TAKEN, gathered
from oppcli.tuples import NamedTuple

IS_LIVE = f"deal.standing = '{LIVE}' AND deal.{BY_WORD['deal'].live}"


def live_deals(door: ReadDoor, *, customer: int | None = None, contact: int | None = None) -> list[int]:
    """The numbers of the live deals of a customer, or of those a contact takes part in."""
    part = "deal.id IN (SELECT deal_id FROM participant WHERE contact_id = :of)"
    condition = "deal.customer_id = :of" if contact is None else part
    sql = f"SELECT deal.id FROM deal WHERE {condition} AND {IS_LIVE} ORDER BY deal.id"
    return door.column(sql, of=customer if contact is None else contact)


def quiet_until(door: ReadDoor, *, deal: int | None, customer: int | None) -> str | None:
    """The day before which nobody may contact the customer, also that of a deal; None for none."""
    return door.value(f"SELECT {_quiet(deal)}", of=deal or customer)


def _quiet(deal: int | None) -> str:
    """The look-up of that day, of a deal or of a customer `:of`."""
    number = "(SELECT customer_id FROM deal WHERE id = :of)" if deal else ":of"
    return f"(SELECT quiet_until FROM customer WHERE id = {number})"


class Around(NamedTuple):
    """What there is where something is noted."""

    tasks: list[Task]
    files: list[File]
    twin: int | None
    """The number of what the same person noted there of the same text just before; None of nothing."""
    quiet: str | None
    """The day before which nobody may contact the customer."""


def promised(
    door: WriteDoor, noted: Activity, made: Sequence[type], *, deadlines: bool, files: bool, since: int
) -> Around:
    """The tasks that are open on a deal, or on a customer and no deal, with all its `deadlines`; its live `files`; what
    was noted twice `since` an instant; how long the customer is left in peace. In the statement that looks up the next
    ids of what is `made` here."""
    deal, customer = noted.deal_id, noted.customer_id
    place, number = ("deal_id = :of", deal) if deal else ("customer_id = :of AND deal_id IS NULL", customer)
    wanted = f"(state = '{OPEN}' OR kind = '{DEADLINE}')" if deadlines else f"state = '{OPEN}'"
    beside = [gathered(door.dialect, shape_of(Task).stored, f"task WHERE {place} AND {wanted} AND {TAKEN}")]
    if files:
        of_deal = f"file WHERE deal_id = :of AND standing = '{LIVE}'"
        beside.append(gathered(door.dialect, shape_of(File).stored, of_deal))
    same = "who = :who AND recorded_at >= :since AND text = :text AND kind = :kind"
    beside.append(f"(SELECT max(id) FROM activity WHERE {place} AND {same} AND standing <> '{WITHDRAWN}')")
    beside.append(_quiet(deal))
    known = {"of": number, "who": noted.who, "since": since, "text": noted.text, "kind": noted.kind}
    tasks, *attached, twin, quiet = door.reserve(*made, beside=beside, **known)
    found = door.things_in(File, attached[0]) if attached else []
    return Around(door.things_in(Task, tasks), found, None if twin is None else int(twin), quiet)


def noted_so(door: ReadDoor, noun: str, number: int, who: str, at: int, text: str) -> bool:
    """Whether this person noted this text for this instant already: on this deal or customer, or with this contact
    alone."""
    given: int | str = number
    place = f"{noun}_id = :place"
    if noun == "contact":
        place, given = "deal_id IS NULL AND customer_id IS NULL AND contacts = :place", array([number])
    sql = (
        f"SELECT 1 FROM activity WHERE {place} AND at = :at AND who = :who AND text = :text "
        f"AND standing <> '{WITHDRAWN}'"
    )
    return door.one(sql, place=given, at=at, who=who, text=text) is not None


def watchers(door: ReadDoor, deal: int | None, customer: int | None) -> list[str]:
    """The logins of who watches the deal, or its customer."""
    of = "(noun = 'deal' AND key = :deal) OR (noun = 'customer' AND key = :customer)"
    sql = f"SELECT DISTINCT login FROM watch WHERE standing = '{LIVE}' AND ({of}) ORDER BY login"
    return door.column(sql, deal=deal or 0, customer=customer or 0)
