"""Contacts as tables: the list, and one with its part in deals and what was done with them."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.nouns import PREFIXES
from oppcli.model.records import ANY
from oppcli.model.said import say, title_of_person
from oppcli.reads.customers import CREATED, narrowed, told
from oppcli.reads.table import NEEDED, Column, Frame, Kind, Param, Read, Table, ranked
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor

COLUMNS = ranked(
    (
        Column("id", Kind.REF),
        Column("name", cut=True),
        Column("title", title=title_of_person("TITLE"), cut=True),
        Column("customer", cut=True),
        Column("phone", Kind.LIST),
        Column("email", Kind.LIST),
        Column("im"),
        Column("left_on", Kind.DATE),
        Column("tags", Kind.LIST),
        Column("external_id", Kind.REF),
        Column("system"),
        Column("created_at", Kind.INSTANT),
        Column("created_by", Kind.REF),
        Column("version", Kind.COUNT),
        Column("customer_id", Kind.REF),
        Column("extra", Kind.OBJECT),
    ),
    "id 1, name 2, title 3, customer 3, phone 4, email 5, left_on 5",
)
_LOOKED_UP = {
    "id": f"'{PREFIXES['contact']}' || p.id",
    "customer": "c.name",
    "customer_id": f"CASE WHEN c.id IS NULL THEN NULL ELSE '{PREFIXES['customer']}' || c.id END",
}
_NAMES = ", ".join(_LOOKED_UP.get(column.name, f"p.{column.name}") for column in COLUMNS)
_SELECT = f"SELECT {_NAMES} FROM contact p LEFT JOIN customer c ON c.id = p.customer_id"


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Contacts that pass the filters, by id."""
    where = Where()
    where.among("p.customer_id", *(args.get("customer") or ((), ())))
    narrowed(where, "p", args)
    sql = f"{_SELECT} {where.sql} ORDER BY p.id"
    found = told(door, "contact", COLUMNS, sql, where.params, lambda: frame.policy().currency)
    return found._replace(title=say("Contacts"))


def one(door: ReadDoor, number: int, currency: str) -> Table:
    """One contact's fields as a table of one row."""
    found = told(door, "contact", COLUMNS, f"{_SELECT} WHERE p.id = :id", {"id": number}, lambda: currency)
    return found._replace(rows=list(found.rows), title=say("Contact"), single=True)


READS = (
    Read(
        path="contact list",
        title=say("Contacts"),
        help="The people of customers, by id",
        columns=COLUMNS,
        build=listing,
        params=(
            Param("customer", "a customer; !x excludes", "customer", many=True),
            *CREATED,
            Param("text", "each word in the name or the external id; or a phone, however spelt", metavar="WORDS"),
        ),
        examples=("opp contact list --customer Acme", "opp contact list -w 'left_on is empty' --csv"),
    ),
    Read(
        path="contact show",
        narrows=False,
        title=say("Contact"),
        help="One contact: whose they are, their part in deals, what was done with them last",
        columns=COLUMNS,
        params=(
            Param(
                "contact",
                "P-4, or the beginning of a name; several",
                default=NEEDED,
                place=True,
                many=True,
                metavar="CONTACT...",
                each="contact",
            ),
        ),
        standing=ANY,
        examples=("opp contact show P-4", "opp show P-4 -o json"),
    ),
)
