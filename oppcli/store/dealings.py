"""What deals say of a customer or a contact: who has to do with it, what rests on it, which are over, what is owed."""

from oppcli.model.deals import LIVE_KINDS, LOST, WON
from oppcli.model.records import LIVE, WITHDRAWN
from oppcli.store.doors import ReadDoor, Row
from oppcli.store.mapping import parsed
from oppcli.store.patterns import like, quoted
from oppcli.store.queries import COUNTS

UNDER_WAY = f"d.standing = '{LIVE}' AND d.stage_id IN (SELECT id FROM stage WHERE kind IN ({quoted(LIVE_KINDS)}))"
"""What holds of a live `deal d`."""
_OTHERS = f"""
SELECT s.kind, d.currency, d.amount, d.closed_at FROM deal d JOIN stage s ON s.id = d.stage_id
WHERE d.customer_id = :customer AND d.id <> :deal AND s.kind IN ('{WON}', '{LOST}') AND d.{COUNTS}
"""
_CLOSED = f"""
SELECT d.id, d.currency, d.amount FROM deal d JOIN stage s ON s.id = d.stage_id
WHERE d.customer_id = :customer AND d.id <> :deal AND s.kind = :kind AND d.{COUNTS} ORDER BY d.id
"""
_OWING = f"""
SELECT d.id, p.currency, p.id, p.kind, p."on", p.amount FROM deal d JOIN payment p ON p.deal_id = d.id
WHERE d.customer_id = :customer AND d.{COUNTS} AND p.voided_at IS NULL
UNION ALL
SELECT NULL, p.currency, p.id, p.kind, p."on", p.amount FROM payment p
WHERE p.customer_id = :customer AND p.voided_at IS NULL ORDER BY 1 NULLS LAST, 2, 3
"""


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


def others(door: ReadDoor, customer: int, deal: int) -> list[Row]:
    """(kind, currency, amount, when it was closed) of a customer's deals that are won or lost, but of this one."""
    return door.rows(_OTHERS, customer=customer, deal=deal)


def closed(door: ReadDoor, customer: int, deal: int, kind: str) -> list[Row]:
    """(id, currency, amount) of its deals but this one that are of a kind."""
    return door.rows(_CLOSED, customer=customer, deal=deal, kind=kind)


def owing(door: ReadDoor, customer: int) -> list[tuple[int | None, str, list[Row]]]:
    """(deal, currency, rows of its ledger) of each bucket with payments; None for what is of no deal, at the end."""
    found: dict[tuple[int | None, str], list[Row]] = {}
    for deal, currency, *row in door.rows(_OWING, customer=customer):
        found.setdefault((deal, currency), []).append(tuple(row))
    return [(*bucket, rows) for bucket, rows in found.items()]
