"""What the doors promise, on SQLite and on PostgreSQL."""

from dataclasses import replace
from typing import Any

import made
import pytest

from oppcli import store
from oppcli.errors import Conflict, Exists, NotFound, OppError, StoreError, UsageError
from oppcli.model.deals import Customer, Deal, Stage
from oppcli.model.journal import Entry, Stamp
from oppcli.model.nouns import BY_CLASS
from oppcli.model.people import User
from oppcli.model.requests import Request
from oppcli.store import queries
from oppcli.store.doors import WriteDoor
from oppcli.store.journal import RUN_OF


class Interrupted(BaseException):
    """Something that is no Exception, like Ctrl-C."""


def test_a_block_that_raises_writes_nothing(db_url: str, stamp: Stamp) -> None:
    with pytest.raises(Interrupted), store.open_write(db_url, stamp) as door:
        made.deal(door)
        raise Interrupted
    with store.open_read(db_url) as door:
        counts = door.rows("SELECT (SELECT count(*) FROM deal), (SELECT count(*) FROM journal)")
    assert counts == [(0, 0)]


def test_a_block_that_ends_well_is_kept(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        deal = made.deal(door)
    with store.open_read(db_url) as reader:
        assert reader.get(Deal, deal.id) == deal


def test_several_changes_of_one_block_are_taken_back_together_and_the_transaction_goes_on(door: WriteDoor) -> None:
    deal = made.deal(door)
    told, seq = len(door.entries), door.entries[-1].seq
    with pytest.raises(Interrupted), door.whole():
        changed = door.save(deal, replace(deal, title="other"))
        door.save(changed, replace(changed, title="third"))
        raise Interrupted
    assert (door.get(Deal, deal.id), len(door.entries)) == (deal, told)
    with door.whole():
        assert door.save(deal, replace(deal, title="kept")).version == deal.version + 1
    assert (door.get(Deal, deal.id).title, door.entries[-1].seq) == ("kept", seq + 1)


def test_a_dry_run_keeps_nothing_and_tells_what_it_would_have_kept(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp, dry_run=True) as door:
        made.team(door)
        told = [(entry.noun, entry.noun_id) for entry in door.entries]
    with store.open_read(db_url) as reader:
        assert reader.find(User) == []
    assert told == [("user", "wang"), ("user", "li"), ("stage", "1"), ("stage", "2"), ("stage", "3")]


def test_a_dry_run_leaves_the_file_as_it_was_byte_for_byte(sqlite_url: str, stamp: Stamp) -> None:
    from pathlib import Path

    before = Path(sqlite_url).read_bytes()
    with store.open_write(sqlite_url, stamp, dry_run=True) as door:
        made.request(door)
    assert Path(sqlite_url).read_bytes() == before


def test_what_was_added_is_read_back_with_its_children(door: WriteDoor) -> None:
    request = made.request(door)
    assert request.id == 1
    assert door.get(Request, 1) == request
    assert door.get(Deal, 1).visits[0].id == 1


def test_what_was_saved_is_read_back_with_its_children(door: WriteDoor) -> None:
    request = made.request(door)
    saved = door.save(request, made.approved(request))
    assert saved.version == 2
    assert door.get(Request, 1) == saved
    assert [step.state for step in saved.steps] == ["approved", "open"]


def test_a_step_opens_in_the_same_save_that_adds_another_one(door: WriteDoor) -> None:
    request = made.request(door)
    first, second = request.steps
    third = replace(made.STEP, position=3, name="法务")
    grown = door.save(request, replace(request, steps=(first, replace(second, seats=(made.SEAT,)), third)))
    assert door.get(Request, 1) == grown


def test_a_child_that_is_left_out_is_removed(door: WriteDoor) -> None:
    request = made.request(door)
    shorter = door.save(request, replace(request, steps=request.steps[:1]))
    assert door.get(Request, 1) == shorter
    assert door.rows("SELECT position FROM step") == [(1,)]


def test_saving_what_is_equal_writes_nothing(door: WriteDoor) -> None:
    deal = made.deal(door)
    written = len(door.entries)
    assert door.save(deal, replace(deal)) == deal
    assert len(door.entries) == written


def test_saving_over_a_newer_version_is_a_conflict_and_writes_nothing(door: WriteDoor) -> None:
    deal = made.deal(door)
    door.save(deal, replace(deal, title="MES 三期"))
    with pytest.raises(Conflict, match="D-1 was changed since it was read: version 1 then, 2 now"):
        door.save(deal, made.advanced(deal))
    assert door.get(Deal, deal.id).title == "MES 三期"
    assert len(door.get(Deal, deal.id).visits) == 1


def test_saving_what_is_not_there_is_refused(door: WriteDoor) -> None:
    deal = made.deal(door)
    ghost = replace(deal, id=99)
    with pytest.raises(NotFound, match="there is no D-99"):
        door.save(ghost, replace(ghost, title="x"))


MISSING = [(Deal, 7, "there is no D-7"), (Request, 7, "there is no R-7"), (User, "zhou", "there is no user zhou")]


@pytest.mark.parametrize(("noun", "key", "said"), MISSING)
def test_getting_what_is_not_there_says_what(door: WriteDoor, noun: type, key: Any, said: str) -> None:
    with pytest.raises(NotFound, match=said) as refused:
        door.get(noun, key)
    assert refused.value.hint == f"opp {BY_CLASS[noun.__name__].listing}"


def test_a_taken_key_says_which_and_the_transaction_goes_on(door: WriteDoor) -> None:
    made.team(door)
    with pytest.raises(Exists, match="a user with login li exists already"):
        door.add(made.LI)
    door.add(Customer(name="北京", key="北京", external_id="X-1", system="crm"))
    with pytest.raises(Exists, match="a customer with system crm, external_id X-1 exists already"):
        door.add(Customer(name="北京 ", key="北京", external_id="X-1", system="crm"))
    assert [entry.noun_id for entry in door.entries][-1] == "1"
    assert door.add(Customer(name="广州", key="广州")).id == 2


def test_a_second_live_request_of_a_type_is_refused_and_leaves_no_half(door: WriteDoor) -> None:
    request = made.request(door)
    with pytest.raises(Exists, match="a request with deal_id 1, type quote exists already"):
        door.add(replace(request, id=0))
    door.save(request, replace(request, state="rejected"))
    assert door.add(replace(request, id=0)).id == 2


WRONG = [
    (replace(made.DEAL, amount=-1), UsageError),
    (replace(made.DEAL, amount=10**21), UsageError),
    (replace(made.DEAL, currency="YUAN"), UsageError),
    (replace(made.DEAL, title="half \ud800"), UsageError),
    (replace(made.DEAL, title="nul \0 inside"), UsageError),
    (replace(made.DEAL, extra={"line": "nul \0 inside"}), UsageError),
    (replace(made.DEAL, owner="nobody"), Conflict),
    (replace(made.DEAL, customer_id=77), Conflict),
    (replace(made.DEAL, stage="纯属虚构"), NotFound),
]


@pytest.mark.parametrize(("wrong", "kind"), WRONG)
def test_what_cannot_be_stored_is_refused_and_the_transaction_goes_on(
    door: WriteDoor, wrong: Deal, kind: type[OppError]
) -> None:
    made.team(door)
    with pytest.raises(kind):
        door.add(wrong)
    assert door.add(made.DEAL).id == 1
    assert door.rows("SELECT count(*) FROM journal WHERE noun = 'deal'") == [(1,)]


NAUGHTY = (
    "",
    "'; DROP TABLE deal; --",
    "\\u0000 is six characters",
    "\u202ereversed",
    "😀 \U0001f3f4 ﷺ",
    "a\nb\tc\r\n",
    "%s :x ? %%",
)


@pytest.mark.parametrize("text", NAUGHTY)
def test_any_text_comes_back_as_it_was(door: WriteDoor, text: str) -> None:
    made.team(door)
    deal = door.add(replace(made.DEAL, title=text, tags=(text,), extra={text: text}))
    assert door.get(Deal, deal.id) == deal
    assert door.find(Deal, title=text) == [deal]
    assert door.rows("SELECT count(*) FROM deal WHERE title = :text AND title LIKE '%'", text=text) == [(1,)]


def test_finding_compares_fields_any_of_several_and_nothing(door: WriteDoor) -> None:
    first = made.deal(door)
    second = door.add(replace(made.DEAL, title="二", stage="谈判", owner="wang"))
    third = door.add(replace(made.DEAL, title="三", owner=None))
    assert door.find(Deal) == [first, second, third]
    assert door.find(Deal, stage="谈判") == [second]
    assert door.find(Deal, id=[third.id, first.id]) == [first, third]
    assert door.find(Deal, owner=None) == [third]
    assert door.find(Deal, owner=["wang", None]) == [second, third]
    assert door.find(Deal, owner="li", title="二") == []
    assert door.find(Deal, stage="纯属虚构") == []
    assert door.find(User, active=True) == [made.LI, made.WANG]
    assert door.find(Deal, id=[]) == []


def test_a_renamed_stage_renames_it_for_every_deal(door: WriteDoor) -> None:
    deal = made.deal(door)
    (stage,) = door.find(Stage, name="线索")
    door.save(stage, replace(stage, name="潜客"))
    assert door.get(Deal, deal.id).stage == "潜客"
    assert door.get(Deal, deal.id).visits[0].stage == "潜客"


def test_sums_and_comparisons_are_whole_numbers_on_both_engines(door: WriteDoor) -> None:
    made.deal(door)
    (row,) = door.rows("SELECT sum(amount), count(*), sum(amount) > 1, max(title), sum(discount) FROM deal")
    assert row == (80_000_000, 1, 1, "MES 二期", None)
    assert [type(value) for value in row] == [int, int, int, str, type(None)]


def test_texts_sort_by_code_point_on_both_engines(door: WriteDoor) -> None:
    for name in ("b", "B", "a", "é", "中", "Z"):
        door.add(Customer(name=name, key=name))
    assert [row[0] for row in door.rows("SELECT name FROM customer ORDER BY name")] == ["B", "Z", "a", "b", "é", "中"]


def test_a_stream_gives_every_row(door: WriteDoor) -> None:
    door.add_many(Customer(name=f"c{n}", key=f"c{n}") for n in range(2_500))
    streamed = [key for (key,) in door.stream("SELECT id FROM customer ORDER BY id")]
    assert streamed == list(range(1, 2_501))


def test_a_read_door_cannot_write(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        made.team(door)
    with pytest.raises(StoreError), store.open_read(db_url) as reader:
        reader.rows("DELETE FROM stage RETURNING id")
    with pytest.raises(StoreError), store.open_read(db_url) as reader:
        reader.rows("UPDATE user_account SET name = 'x' RETURNING login")
    with store.open_read(db_url) as reader:
        assert len(reader.find(Stage)) == 3


def test_a_read_door_sees_one_state_while_others_write(pg_url: str, stamp: Stamp) -> None:
    with store.open_read(pg_url) as reader:
        before = reader.rows("SELECT count(*) FROM user_account")
        with store.open_write(pg_url, stamp) as door:
            made.team(door)
        assert reader.rows("SELECT count(*) FROM user_account") == before


def test_bulk_gives_the_same_rows_and_entries_as_one_by_one(db_url: str, stamp: Stamp) -> None:
    deals = [
        replace(made.DEAL, title=f"deal {n}", extra={"n": n % 3 == 0}, owner="li" if n % 2 else None) for n in range(60)
    ]
    with store.open_write(db_url, stamp, dry_run=True) as door:
        made.team(door)
        singly = [door.add(deal) for deal in deals]
        entries = door.find(Entry, noun="deal")
    with store.open_write(db_url, stamp) as door:
        made.team(door)
        assert door.add_many(deals) == range(1, 61)
        assert door.find(Deal) == singly
        in_bulk = door.find(Entry, noun="deal")
    told = [(e.seq, e.txn, e.at, e.actor, e.action, e.noun_id, e.changes) for e in in_bulk]
    assert told == [(e.seq, e.txn, e.at, e.actor, e.action, e.noun_id, e.changes) for e in entries]
    assert len(told) == 60


def test_bulk_that_meets_a_taken_key_leaves_nothing_of_its_chunk(door: WriteDoor) -> None:
    made.team(door)
    twice = [replace(made.DEAL, external_id=key, system="crm") for key in ("a", "b", "a")]
    with pytest.raises(Exists):
        door.add_many(twice)
    assert door.find(Deal) == []
    assert door.add_many(twice[:2]) == range(1, 3)


ROWS = [("a", "li", None), ("b", None, 5), ("c", "li", 7)]


def test_rows_in_bulk_are_the_same_nouns_and_entries(db_url: str, stamp: Stamp) -> None:
    same = {"stage": "线索", "tags": ("x",), "channel": "import", "created_by": "li"}
    visits = ((("线索", 5, 6), ("谈判", 6, None)), (("线索", 5, None),), ())
    with store.open_write(db_url, stamp) as door:
        made.team(door)
        bulk = door.bulk(Deal, ("title", "owner", "amount", "visits"), same)
        keys = bulk.add([(*row, stay) for row, stay in zip(ROWS, visits, strict=True)])
        in_bulk, told = door.find(Deal), door.find(Entry, noun="deal")
    assert keys == range(1, 4)
    with store.open_write(db_url, stamp) as door:
        for deal in in_bulk:
            door.add(replace(deal, id=0, version=1))
        singly = [replace(deal, id=deal.id - 3) for deal in door.find(Deal) if deal.id > 3]
    assert singly == in_bulk
    with store.open_read(db_url) as reader:
        entries = reader.find(Entry, noun="deal")
    assert [entry.changes for entry in entries[3:]] == [entry.changes for entry in told]


def test_rows_in_bulk_that_meet_a_taken_key_spoil_the_transaction(db_url: str, stamp: Stamp) -> None:
    rows = [("a", "1"), ("b", "2"), ("c", "1")]
    with pytest.raises(StoreError, match="nothing was written"), store.open_write(db_url, stamp) as door:
        made.team(door)
        with pytest.raises(Exists):
            door.bulk(Deal, ("title", "external_id"), {"stage": "线索", "system": "crm"}).add(rows)
    with store.open_read(db_url) as reader:
        assert reader.rows("SELECT count(*) FROM journal") == [(0,)]


def test_the_time_of_a_transaction_never_goes_backwards(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        made.team(door)
    with store.open_write(db_url, replace(stamp, now=stamp.now - 4 * 3_600_000)) as door:
        door.add(Customer(name="x", key="x"))
        assert door.at == stamp.now
    with store.open_write(db_url, replace(stamp, now=stamp.now + 1)) as door:
        assert door.at == stamp.now + 1


def test_an_entry_says_who_when_where_and_field_by_field(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        deal = made.deal(door)
    here = replace(stamp, on_behalf_of="li", command="deal advance", tz="Asia/Shanghai")
    with store.open_write(db_url, here) as door:
        door.save(deal, made.advanced(deal), action="advance", meta={"reason": "客户确认"})
        (entry,) = door.entries
    assert (entry.actor, entry.on_behalf_of, entry.channel, entry.action) == ("wang", "li", "cli", "advance")
    assert (entry.noun, entry.noun_id, entry.at, entry.txn) == ("deal", "1", stamp.now, entry.seq)
    assert entry.changes == {
        "stage": ["线索", "谈判"],
        "visits.1.left_at": [None, 2000],
        "visits.2": [None, {"stage": "谈判", "entered_at": 2000}],
    }
    assert entry.meta["reason"] == "客户确认"
    assert entry.meta["command"] == "deal advance"
    assert (entry.meta["name"], entry.meta["tz"]) == ("王芳", "Asia/Shanghai")
    role = {"role"} if "://" in db_url else set()
    told = {"name", "command", "os_user", "host", "version", "wall", "tz", "run", "by", "reason"}
    assert set(entry.meta) == told | role


def test_the_entries_of_one_command_line_name_its_first_one_across_transactions(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        assert door.run is None
        made.team(door)
        run = door.run
    with store.open_write(db_url, replace(stamp, actor="li")) as door:
        door.add(Customer(name="another line", key="another line"))
    with store.open_write(db_url, replace(stamp, run=run)) as door:
        door.add_many([Customer(name="x", key="x"), Customer(name="y", key="y")])
        door.begin(replace(door.stamp, on_behalf_of="wang"))
        door.note("refused", "deal", "1", {})
        assert door.run == run
    with store.open_read(db_url) as reader:
        assert [entry.run for entry in reader.find(Entry)] == [1, 1, 1, 1, 1, 6, 1, 1, 1]
        found = reader.rows(f"SELECT seq FROM journal WHERE {RUN_OF[reader.dialect]} = 1 ORDER BY seq")
    assert [row[0] for row in found] == [1, 2, 3, 4, 5, 7, 8, 9]


def test_an_entry_of_before_there_were_runs_belongs_to_its_transaction(door: WriteDoor) -> None:
    made.team(door)
    entry = door.entries[-1]
    assert replace(entry, meta={}).run == entry.txn == 1


def test_a_note_is_an_entry_without_changes(door: WriteDoor) -> None:
    door.note("refused", "deal", "1", {"reasons": ["discount"]})
    (entry,) = door.find(Entry)
    assert (entry.action, entry.noun, entry.noun_id, entry.changes) == ("refused", "deal", "1", {})
    assert entry.meta["reasons"] == ["discount"]


def test_what_follows_from_a_noun_is_kept_beside_it_and_no_entry_tells_of_it(door: WriteDoor) -> None:
    entries = door.rows("SELECT count(*) FROM journal")
    told = [queries.derived(door, queries.OWN_FIELDS)]
    for text in ('[["竞品价","money"]]', "[]"):
        door.derive(queries.OWN_FIELDS, text)
        told.append(queries.derived(door, queries.OWN_FIELDS))
    assert told == [None, '[["竞品价","money"]]', "[]"]
    assert door.rows("SELECT count(*) FROM journal") == entries
