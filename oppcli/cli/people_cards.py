"""A customer or a contact as a card: what is known, its people, promises, approvals, what was done last, its deals."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from oppcli.actions import named_records
from oppcli.cli.context import Context
from oppcli.cli.deal_card import block, dealt, happened, promised, show_day
from oppcli.model.deals import DECIDERS
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import Word, listed, say
from oppcli.reads import around, contacts, customers
from oppcli.reads.cards import Block, Card, carded, nobody_decides, told_on
from oppcli.reads.table import Column, Kind, Table

if TYPE_CHECKING:
    from oppcli.model.policy import Policy
    from oppcli.store.doors import ReadDoor

RARELY = ("version", "customer_id", "currency", "extra", "created_by", "system")
"""Told with `-v`, or beside another column."""


def of_customer(opp: Context, customer: str) -> Table:
    """The customer that is meant and what stands around it; people read it as a card. Refused for none, or several."""
    with opp.read() as door:
        found = named_records.customer(door, customer)
        of = around.Around("customer", found.id)
        people = around.people_of_customer(door, found.id)
        table = customers.one(door, found.id, opp.policy(door).currency)
        parts = _parts(door, of)
        made = _with(table, found.standing, {"contacts": people, **parts})
        if not told_on(opp.given):
            return made
        blocks = (
            *block(say("People:"), _people(opp, people, bool(parts["deals"]), opp.policy(door))),
            *shared(opp, parts, say("Deals:")),
        )
        return carded(made, _card(opp, ref("customer", found.id), found.name, (*parts, "contacts"), blocks))


def of_contact(opp: Context, contact: str) -> Table:
    """The contact that is meant, with their part in deals and what stands around; people read it as a card. Refused for
    none, or several."""
    with opp.read() as door:
        found = named_records.contact(door, contact)
        of = around.Around("contact", found.id)
        table = contacts.one(door, found.id, opp.policy(door).currency)
        parts = _parts(door, of)
        theirs = around.parts_of_contact(door, found.id)
        parts["deals"] = [{**each, **theirs[each["id"]]} for each in parts["deals"]]
        made = _with(table, found.standing, parts)
        if not told_on(opp.given):
            return made
        return carded(
            made, _card(opp, ref("contact", found.id), found.name, tuple(parts), shared(opp, parts, say("Deals:")))
        )


def _parts(door: "ReadDoor", of: around.Around) -> dict[str, list[Any]]:
    return {
        "promises": around.promises(door, of),
        "approvals": around.approvals(door, of),
        "activities": around.last_activities(door, of),
        "deals": around.deals(door, of),
    }


def _with(table: Table, standing: str, parts: dict[str, list[Any]]) -> Table:
    """The table with its standing, unless it is live, and with these lists behind."""
    (row,) = table.rows
    told = () if standing == LIVE else (standing,)
    columns = (
        *table.columns[:1],
        *(Column("standing") for _ in told),
        *(each._replace(wide=each.kind is not Kind.OBJECT, place=0) for each in table.columns[1:]),
        *(Column(name, Kind.OBJECT) for name in parts),
    )
    return table._replace(columns=columns, rows=[(*row[:1], *told, *row[1:], *parts.values())])


def _card(opp: Context, reference: str, called: str, told: Sequence[str], blocks: tuple[Block, ...]) -> Card:
    left_out = ("id", "name", *told)
    hidden = frozenset(left_out if opp.settings.verbose else (*left_out, *RARELY))
    return Card(listed((reference, called), " "), ((),), hidden, (), blocks)


def shared(opp: Context, parts: dict[str, list[Any]], title: str) -> tuple[Block, ...]:
    """Promises, approvals, what was done last, and deals under this title."""
    return (
        *block(say("Promises:"), promised(opp, parts["promises"])),
        *block(say("Approvals:"), _approvals(parts["approvals"])),
        *block(say("Last activities:"), happened(opp, parts["activities"])),
        *block(title, dealt(parts["deals"])),
    )


def _people(opp: Context, people: Sequence[around.Told], asked: bool, policy: "Policy") -> Iterator[tuple[str, ...]]:
    """Each contact with title, roles and phone; that nobody decides yet, where there are deals."""
    for each in people:
        left = say("left on {day}", day=show_day(opp, each["left_on"])) if each["left_on"] else ""
        called = listed(part for part in (each["title"] or "", *each["roles"]) if part)
        yield each["id"], each["name"], called, listed(each["phone"]), left
    if asked and not any(role.casefold() in DECIDERS for each in people for role in each["roles"]):
        yield (nobody_decides(policy),)


def _approvals(requests: Sequence[around.Told]) -> Iterator[tuple[str, ...]]:
    return ((each["id"], each["type"], Word("state", each["state"]), each["deal"]) for each in requests)
