"""What stands around a deal, a customer or a contact: people, promises, approvals, what was done last, other deals."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.model import money
from oppcli.model.deals import Deal
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.requests import LIVE_STATES
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed
from oppcli.store.patterns import HOLDER, quoted
from oppcli.tuples import NamedTuple
from oppcli.words.shown import iso

LAST = 5
"""Activities that are told."""
Told = Mapping[str, Any]
"""One thing by the names of its fields; instants are ISO."""


class Around(NamedTuple):
    """Of what: the number of a customer, a contact or a deal."""

    noun: str
    number: int

    @property
    def deals(self) -> str:
        """SQL of the numbers of its deals."""
        if self.noun == "deal":
            return f"SELECT {self.number}"
        if self.noun == "contact":
            return f"SELECT deal_id FROM participant WHERE contact_id = {self.number}"
        return f"SELECT id FROM deal WHERE customer_id = {self.number}"


def _rows(door: ReadDoor, sql: str, names: str) -> Iterator[dict[str, Any]]:
    columns = names.split()
    return (dict(zip(columns, row, strict=True)) for row in door.rows(sql))


def people_of_customer(door: ReadDoor, customer: int) -> list[Told]:
    """Its live contacts by number, each with the roles it has in deals."""
    sql = f"""SELECT id, name, title, phone, email, im, left_on FROM contact
    WHERE customer_id = {customer} AND standing = '{LIVE}' ORDER BY id"""
    found = list(_rows(door, sql, "id name title phone email im left_on"))
    parts = door.rows(
        f"""SELECT p.contact_id, p.role FROM participant p JOIN contact c ON c.id = p.contact_id
        WHERE c.customer_id = {customer} AND p.role IS NOT NULL ORDER BY p.contact_id, p.deal_id"""
    )
    return [_person(each, [role for number, role in parts if number == each["id"]]) for each in found]


def _person(row: dict[str, Any], roles: list[str]) -> Told:
    lists = {name: parsed(row[name]) if row[name] != "[]" else [] for name in ("phone", "email")}
    return {**row, **lists, "id": ref("contact", row["id"]), "roles": list(dict.fromkeys(roles))}


def people_of_deal(door: ReadDoor, deal: int) -> list[Told]:
    """The contacts that have to do with a deal, in the order in which they were linked."""
    sql = f"""SELECT c.id, c.name, c.title, p.role, p.attitude, c.left_on FROM participant p
    JOIN contact c ON c.id = p.contact_id WHERE p.deal_id = {deal} ORDER BY p.number"""
    return [
        {**each, "id": ref("contact", each["id"])} for each in _rows(door, sql, "id name title role attitude left_on")
    ]


def parts_of_contact(door: ReadDoor, contact: int) -> dict[str, Told]:
    """By the reference of each of their deals, the role and attitude that a contact has in it."""
    sql = f"SELECT deal_id, role, attitude FROM participant WHERE contact_id = {contact} ORDER BY deal_id"
    return {ref("deal", deal): {"role": role, "attitude": attitude} for deal, role, attitude in door.rows(sql)}


def team_of_deal(deal: Deal) -> list[Told]:
    """Who works on a deal beside its owner, and who only reads."""
    members: dict[str, Told] = {
        each.login: {"login": each.login, "role": each.role, "read": each.read} for each in deal.team
    }
    beside: dict[str, Told] = {login: {"login": login, "role": None, "read": False} for login in deal.collaborators}
    return list((beside | members).values())


def rivals_of_deal(deal: Deal, winner: str | None) -> list[Told]:
    """Who else offers, and for how much; `won` says who got it, where it was lost."""
    return [
        {
            "name": each.name,
            "price": None if each.price is None else money.plain(each.price, deal.currency),
            "currency": None if each.price is None else deal.currency,
            "won": each.name == winner,
        }
        for each in deal.rivals
    ]


def of_deal(door: ReadDoor, deal: Deal, there: Sequence[Any]) -> dict[str, list[Told]]:
    """All that stands around a deal, by the names that `reads.deals` has for it; `there`: whether there are activities,
    open tasks, other deals of its customer."""
    of, whose = Around("deal", deal.id), Around("customer", deal.customer_id or 0)
    acted, promised, more = there
    winner = deal.competitor if deal.close_reason is not None else None
    return {
        "contacts": people_of_deal(door, deal.id) if deal.contacts else [],
        "team": team_of_deal(deal) if deal.team or deal.collaborators else [],
        "rivals": rivals_of_deal(deal, winner),
        "promises": promises(door, of) if promised else [],
        "activities": last_activities(door, of) if acted else [],
        "other_deals": deals(door, whose, deal.id) if more else [],
    }


def promises(door: ReadDoor, of: Around) -> list[Told]:
    """Open tasks of it and of its deals, the next due first."""
    own = f"t.deal_id IN ({of.deals})" + (f" OR t.customer_id = {of.number}" if of.noun == "customer" else "")
    sql = f"""SELECT t.id, t.title, t.kind, t.due_on, t.due_at, {HOLDER}, t.role, t.deal_id
    FROM task t LEFT JOIN deal d ON d.id = t.deal_id LEFT JOIN customer c ON c.id = t.customer_id
    WHERE ({own}) AND t.state = 'open' AND t.standing = '{LIVE}' AND t.title <> ''
    ORDER BY t.id"""
    found = [
        {
            **each,
            "id": ref("task", each["id"]),
            "due_at": None if each["due_at"] is None else iso(each["due_at"]),
            "deal": ref("deal", each["deal"]) if each["deal"] else None,
        }
        for each in _rows(door, sql, "id title kind due_on due_at who role deal")
    ]
    return sorted(found, key=_due)


def _due(task: Told) -> tuple[str, str]:
    """Days in their order, on each the instants first; what has none stands last."""
    at, on = task["due_at"], task["due_on"]
    return str(at or on or "~")[:10], str(at or "~")


def approvals(door: ReadDoor, of: Around) -> list[Told]:
    """Requests that wait for a decision on its deals."""
    sql = f"""SELECT id, type, state, deal_id FROM request
    WHERE deal_id IN ({of.deals}) AND state IN ({quoted(LIVE_STATES)}) ORDER BY id"""
    found = _rows(door, sql, "id type state deal")
    return [{**each, "id": ref("request", each["id"]), "deal": ref("deal", each["deal"])} for each in found]


def last_activities(door: ReadDoor, of: Around) -> list[Told]:
    """What was done last, the newest first."""
    where = {
        "deal": f"deal_id = {of.number}",
        "customer": f"(customer_id = {of.number} OR deal_id IN ({of.deals}))",
        "contact": f"contacts LIKE '%{of.number}%'",
    }[of.noun]
    sql = f"""SELECT id, at, kind, who, text, deal_id, contacts FROM activity
    WHERE {where} AND standing = '{LIVE}' ORDER BY at DESC, id DESC"""
    found = list[Told]()
    for each in _rows(
        door, sql if of.noun == "contact" else f"{sql} LIMIT {LAST}", "id at kind who text deal contacts"
    ):
        part = parsed(each.pop("contacts"))
        if of.noun == "contact" and of.number not in part:
            continue
        deal = ref("deal", each["deal"]) if each["deal"] else None
        found.append({**each, "id": ref("activity", each["id"]), "at": iso(each["at"]), "deal": deal})
        if len(found) == LAST:
            break
    return found


def deals(door: ReadDoor, of: Around, besides: int = 0) -> list[Told]:
    """Its deals by number, but for one."""
    sql = f"""SELECT d.id, d.title, s.name, s.kind, d.amount, d.currency, d.owner FROM deal d
    JOIN stage s ON s.id = d.stage_id WHERE d.id IN ({of.deals}) AND d.id <> {besides} AND d.standing = '{LIVE}'
    ORDER BY d.id"""
    return [
        {
            **each,
            "id": ref("deal", each["id"]),
            "amount": None if each["amount"] is None else money.plain(each["amount"], each["currency"]),
        }
        for each in _rows(door, sql, "id title stage kind amount currency owner")
    ]
