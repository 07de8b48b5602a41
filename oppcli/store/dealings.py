"""Who has to do with a customer or a contact: owners and collaborators of its deals under way."""

from oppcli.model.deals import LIVE_KINDS
from oppcli.model.records import LIVE, WITHDRAWN
from oppcli.store.doors import ReadDoor, Row
from oppcli.store.mapping import parsed
from oppcli.store.patterns import like, quoted
from oppcli.store.queries import COUNTS

UNDER_WAY = f"d.standing = '{LIVE}' AND d.stage_id IN (SELECT id FROM stage WHERE kind IN ({quoted(LIVE_KINDS)}))"
"""What holds of a live `deal d`."""


def of_customer(door: ReadDoor, number: int | None) -> tuple[str, ...]:
    """The logins of owners and collaborators of the live deals of a customer."""
    sql = f"SELECT d.owner, d.collaborators FROM deal d WHERE d.customer_id = :id AND {UNDER_WAY} ORDER BY d.id"
    return _people(door.rows(sql, id=number)) if number is not None else ()


def of_contact(door: ReadDoor, number: int, customer: int | None) -> tuple[str, ...]:
    """Those of a contact: of the live deals that it has part in, and of its customer's."""
    sql = f"""SELECT d.owner, d.collaborators FROM participant p JOIN deal d ON d.id = p.deal_id
    WHERE p.contact_id = :id AND {UNDER_WAY} ORDER BY d.id"""
    return tuple(dict.fromkeys((*_people(door.rows(sql, id=number)), *of_customer(door, customer))))


def resting_on(door: ReadDoor, noun: str, number: int) -> list[tuple[str, int, str]]:
    """(noun, number, title) of the deals that name a customer or a contact, and of the contacts of a customer; none of
    what was withdrawn."""
    kept = f"standing <> '{WITHDRAWN}'"
    linked = "SELECT deal_id FROM participant WHERE contact_id = :id"
    asked = {
        "customer": (
            ("deal", f"SELECT id, title FROM deal WHERE customer_id = :id AND {kept}"),
            ("contact", f"SELECT id, name FROM contact WHERE customer_id = :id AND {kept}"),
        ),
        "contact": (("deal", f"SELECT id, title FROM deal WHERE id IN ({linked}) AND {kept}"),),
    }[noun]
    return [(word, key, title) for word, sql in asked for key, title in door.rows(f"{sql} ORDER BY id", id=number)]


def contacts_named(door: ReadDoor, key: str) -> list[tuple[int, str, str | None]]:
    """(id, name, customer) of the contacts of exactly this folded name, else of those whose name begins so, else holds
    it."""
    for pattern in (like(key), f"{like(key)}%", f"%{like(key)}%"):
        rows = door.rows(
            "SELECT p.id, p.name, c.name FROM contact p LEFT JOIN customer c ON c.id = p.customer_id "
            f"WHERE p.key LIKE :text ESCAPE '\\' AND p.{COUNTS} ORDER BY p.id",
            text=pattern,
        )
        if rows:
            return [(row[0], row[1], row[2]) for row in rows]
    return []


def _people(rows: list[tuple[str | None, str]]) -> tuple[str, ...]:
    found = dict[str, None]()
    for owner, beside in rows:
        found |= dict.fromkeys([*([owner] if owner else []), *(parsed(beside) if beside != "[]" else ())])
    return tuple(found)


def named(door: ReadDoor, customer: int) -> Row | None:
    """(name, whether there are payments) of a customer; None where who asks does not see it."""
    sql = "SELECT c.name, EXISTS (SELECT 1 FROM payment) FROM customer c WHERE c.id = :customer"
    return door.one(sql, customer=customer)
