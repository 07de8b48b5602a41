"""Rows inserted in bulk are what the nouns would have been, on both engines."""

from dataclasses import fields as fields_of
from dataclasses import replace

import made
import pytest

from oppcli import store
from oppcli.errors import Conflict, Exists, NotFound, StoreError
from oppcli.model.deals import Customer, Deal
from oppcli.model.journal import Entry, Stamp
from oppcli.model.said import say

DEALS = [
    replace(
        made.DEAL,
        title=f'deal "{n}"\n',
        owner="li" if n % 2 else None,
        extra={"n": n % 3 == 0, "text": "é"} if n % 4 else {},
        tags=("a",) if n % 5 else (),
        last_open_stage="线索" if n % 2 else None,
        amount=n,
        visits=made.DEAL.visits[: n % 2],
    )
    for n in range(250)
]
NAMES = ("title", "owner", "extra", "tags", "last_open_stage", "amount", "visits")


def row(deal: Deal) -> tuple[object, ...]:
    stays = tuple((visit.stage, visit.entered_at, visit.left_at) for visit in deal.visits)
    return (*(getattr(deal, name) for name in NAMES[:-1]), stays)


def test_bulk_rows_give_the_same_deals_and_entries_as_nouns(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp, dry_run=True) as door:
        made.team(door)
        door.add_many(DEALS)
        wanted, told = door.find(Deal), door.find(Entry)
    same = {f.name: getattr(made.DEAL, f.name) for f in fields_of(Deal) if f.name not in (*NAMES, "id", "version")}
    with store.open_write(db_url, stamp) as door:
        made.team(door)
        bulk = door.bulk(Deal, NAMES, same)
        assert bulk.add([row(deal) for deal in DEALS[:100]]) == range(1, 101)
        assert bulk.add([]) == range(0)
        assert bulk.add([row(deal) for deal in DEALS[100:]]) == range(101, 251)
        assert door.find(Deal) == wanted
        assert [(e.seq, e.noun, e.noun_id, e.changes) for e in door.find(Entry)] == [
            (e.seq, e.noun, e.noun_id, e.changes) for e in told
        ]


def test_fields_that_are_neither_given_nor_common_take_the_defaults(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        keys = door.bulk(Customer, ("name", "key"), {}).add([("Ä", "ä"), ("B", "b")])
        assert door.find(Customer) == [Customer(id=keys[0], name="Ä", key="ä"), Customer(id=keys[1], name="B", key="b")]
        with pytest.raises(TypeError):
            door.bulk(Customer, ("name",), {})


def test_a_failure_in_bulk_leaves_nothing_of_the_transaction(db_url: str, stamp: Stamp) -> None:
    with pytest.raises(StoreError, match="nothing was written"), store.open_write(db_url, stamp) as door:
        made.team(door)
        with pytest.raises(Exists):
            fields = ("name", "key", "external_id")
            door.bulk(Customer, fields, {"system": "erp"}).add([("a", "a", "1"), ("b", "a", "1")])
    with store.open_read(db_url) as reader:
        assert reader.rows("SELECT count(*) FROM journal") == [(0,)]


def test_a_stage_that_does_not_exist_is_refused(db_url: str, stamp: Stamp) -> None:
    with pytest.raises(NotFound), store.open_write(db_url, stamp) as door:
        made.team(door)
        door.bulk(Deal, ("title", "stage", "updated_at"), {}).add([("t", "nowhere", 1)])


def test_a_text_that_is_more_than_a_text_is_told_as_one(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        door.bulk(Customer, ("name", "key"), {}).add([(say("A {x}", x=1), say("a"))])
        (entry,) = door.find(Entry)
        assert (entry.changes["name"], entry.changes["key"]) == ([None, "A 1"], [None, "a"])


def test_what_is_saved_many_at_once_gives_the_same_deals_and_entries_as_one_by_one(db_url: str, stamp: Stamp) -> None:
    def after(deal: Deal) -> Deal:
        """Another amount; every second deal's stays go, every third one's get longer; every fifth stays as it is."""
        visits = () if deal.id % 2 else (*deal.visits, *made.DEAL.visits) if deal.id % 3 == 0 else deal.visits
        return deal if deal.id % 5 == 0 else replace(deal, amount=1000, visits=visits)

    with store.open_write(db_url, stamp, dry_run=True) as door:
        made.team(door)
        door.add_many(DEALS)
        for deal in door.find(Deal):
            door.save(deal, after(deal), action="undo", meta={"undoes": 1})
        wanted, told = door.find(Deal), door.find(Entry)
    with store.open_write(db_url, stamp) as door:
        made.team(door)
        door.add_many(DEALS)
        pairs = [(deal, after(deal)) for deal in door.find(Deal)]
        assert door.save_many(pairs, action="undo", meta={"undoes": 1}) == 200
        assert door.save_many([], action="undo", meta=None) == 0
        assert door.find(Deal) == wanted
        assert [(e.seq, e.noun_id, e.changes, e.meta.get("undoes")) for e in door.find(Entry)] == [
            (e.seq, e.noun_id, e.changes, e.meta.get("undoes")) for e in told
        ]
    with pytest.raises(Conflict), store.open_write(db_url, stamp) as door:
        door.save_many([(old, replace(old, amount=9)) for old, _ in pairs], action="undo", meta=None)
    with store.open_read(db_url) as reading:
        assert reading.find(Deal) == wanted
