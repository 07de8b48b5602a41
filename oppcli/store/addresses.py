"""Whose a mail address is: contacts and customers that have it, and the customers of its host."""

import json
from collections.abc import Collection, Iterator

from oppcli.model.records import LIVE
from oppcli.store.doors import ReadDoor
from oppcli.store.queries import visible
from oppcli.words.normal import host, mail


def contacts(door: ReadDoor, address: str) -> list[tuple[int, int | None]]:
    """(number, customer's number) of the live contacts with this address that are seen, however it is spelt."""
    sql = (
        f"SELECT id, email, customer_id FROM contact WHERE standing = '{LIVE}' AND lower(email) LIKE :held ORDER BY id"
    )
    rows = door.rows(sql, held=f"%{mail(address)}%")
    return [(key, of) for key, held, of in rows if _has(held, address) and visible(door, "contact", key)]


def customers(door: ReadDoor, address: str) -> list[int]:
    """The numbers of the live customers with this address that are seen."""
    sql = f"SELECT id, email FROM customer WHERE standing = '{LIVE}' AND lower(email) LIKE :held ORDER BY id"
    rows = door.rows(sql, held=f"%{mail(address)}%")
    return [key for key, held in rows if _has(held, address) and visible(door, "customer", key)]


def of_host(door: ReadDoor, address: str, public: Collection[str] = ()) -> list[int]:
    """The numbers of the live customers that are seen whose site, mail or people are of the host of an address; none
    for a host that is everybody's."""
    wanted = host(address, public)
    if not wanted:
        return []
    sql = (
        f"SELECT id, coalesce(website, ''), email FROM customer WHERE standing = '{LIVE}' "
        "AND (lower(website) LIKE :held OR lower(email) LIKE :held) UNION ALL "
        "SELECT c.id, '', p.email FROM contact p JOIN customer c ON c.id = p.customer_id "
        f"WHERE p.standing = '{LIVE}' AND c.standing = '{LIVE}' AND lower(p.email) LIKE :held"
    )
    found = (
        key
        for key, site, held in door.rows(sql, held=f"%{wanted}%")
        if wanted in (host(text, public) for text in (site, *_texts(held)))
    )
    return [key for key in sorted(set(found)) if visible(door, "customer", key)]


def _has(held: str, address: str) -> bool:
    return mail(address) in map(mail, _texts(held))


def _texts(held: str) -> Iterator[str]:
    yield from json.loads(held) if held else ()
