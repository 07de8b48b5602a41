"""`opp export`: every row of four kinds, raw and stable, in constant memory, readable again."""

import csv
import io
import json
import tracemalloc
from pathlib import Path

import pytest
from sales import GOOD, House

from oppcli import store
from oppcli.model.journal import Stamp
from oppcli.reads.exports import EXPORTS

COLUMNS = {
    "visits": "deal,number,stage,kind,entered_at,left_at",
    "requests": "id,deal,type,title,state,revision,previous,submitted_by,submitted_at,owner,amount,currency,decided_at,"
    "valid_until,note,reason,channel,policy,version,external_id,system",
    "journal": "seq,txn,at,actor,on_behalf_of,channel,action,noun,noun_id,changes,meta,prev,hash",
}


@pytest.fixture
def house(opp, tmp_path: Path) -> House:
    return House(opp, tmp_path).begin()


NEVER_EMPTY = {"journal", "stages", "people", "policies"}


@pytest.mark.parametrize("noun", [noun for noun in EXPORTS if noun not in NEVER_EMPTY])
def test_an_export_of_nothing_has_its_heading_and_no_rows(house: House, noun: str) -> None:
    own = ["line", "headcount"] if noun == "deals" else []
    heading = [column.name for column in EXPORTS[noun].columns] + own
    assert house.run(f"export {noun}").out == ",".join(heading) + "\n"
    assert house.run(f"export {noun} -o json").json == []


@pytest.mark.parametrize("noun", COLUMNS)
def test_the_columns_are_stable(noun: str) -> None:
    assert ",".join(column.name for column in EXPORTS[noun].columns) == COLUMNS[noun]


def test_every_format_has_every_row(house: House) -> None:
    house.load(GOOD)
    listed, exported = (
        list(csv.reader(io.StringIO(house.run(line).out))) for line in ("deal list -o csv", "export deals")
    )
    assert listed[0] == [*exported[0], "days_in_stage"]
    assert [row[:-1] for row in listed] == exported
    stays = [json.loads(line) for line in house.run("export visits -o jsonl").out.splitlines()]
    assert stays == house.run("export visits -o json").json
    assert list(stays[1].values()) == ["D-1", 2, "报价", "open", "2025-11-30T16:00:00Z", None]
    assert len(list(csv.DictReader(io.StringIO(house.run("export visits --excel").out[1:], newline="")))) == 8
    assert house.run("export deals --ids").out == "D-1\nD-2\nD-3\nD-4\n"


def test_requests_and_the_journal_come_out_whole(house: House) -> None:
    house.load(GOOD[:1])
    house.run("user add ren --role sales --manager wang")
    house.run("deal assign D-1 --to ren")
    house.run("deal edit D-1 --set discount=20", user="ren")
    assert house.run("request submit D-1 discount -m please", user="ren").code == 0
    (request,) = house.run("export requests -o json").json
    assert {name: request[name] for name in ("id", "deal", "type", "state", "submitted_by", "amount", "currency")} == {
        "id": "R-1",
        "deal": "D-1",
        "type": "discount",
        "state": "pending",
        "submitted_by": "ren",
        "amount": "800000.00",
        "currency": "EUR",
    }
    journal = house.run("export journal -o json").json
    assert [entry["seq"] for entry in journal] == [f"e{n}" for n in range(1, len(journal) + 1)]
    assert [entry["prev"] for entry in journal[1:]] == [entry["hash"] for entry in journal[:-1]]
    assert {entry["channel"] for entry in journal} == {"cli", "import"}


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("export deal", 2, "error: nothing called deal can be exported; did you mean deals?"),
        ("export", 2, "error: missing argument 'NOUN'"),
        ("export deals -o xml", 2, "error: no such format: xml"),
        ("--db no.db export deals", 6, "error: no database at no.db"),
    ],
)
def test_what_cannot_be_exported_is_refused_before_anything_is_written(
    house: House, line: str, code: int, said: str
) -> None:
    answer = house.run(line)
    assert (answer.code, answer.out, answer.err.splitlines()[0]) == (code, "", said)


def test_an_exported_file_imports_again_unchanged(house: House) -> None:
    house.load(GOOD)
    mapping = """
system = "old crm"
[fields]
external_id = "external_id"
title = "title"
customer = "customer"
owner = "owner"
stage = "stage"
amount = "amount"
currency = "currency"
source = "source"
close_reason = "close_reason"
last_open_stage = "last_open_stage"
created_at = "created_at"
"""
    answers = [house.load(house.run(f"export deals {flags}").raw, mapping=mapping).out for flags in ("", "--excel")]
    assert answers == ["4 rows from deals.csv: 0 created, 0 updated, 4 unchanged, 0 rejected\n"] * 2


@pytest.mark.parametrize("noun", ["deals", "visits", "journal"])
def test_an_export_takes_no_more_memory_for_more_rows(noun: str, tmp_path: Path, new_file: Path) -> None:
    from oppcli.model.deals import Deal, Stage
    from oppcli.model.people import User

    url = str(tmp_path / "big.db")
    Path(url).write_bytes(new_file.read_bytes())
    with store.open_write(url, Stamp(actor="wang", now=1)) as door:
        door.add(User(login="wang", name="wang"))
        door.add(Stage(name="S", position=0))
        bulk = door.bulk(Deal, ("title", "visits"), {"stage": "S", "updated_at": 1})
        bulk.add([(f"deal {n}", (("S", n, None),)) for n in range(12_000)])
    peaks, seen = [], []
    with store.open_read(url) as door:
        for count in (3_000, 12_000):
            tracemalloc.start()
            rows = EXPORTS[noun].rows(door)
            seen.append(sum(1 for _, _ in zip(range(count), rows, strict=False)))
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert [wanted - 1 <= count for wanted, count in zip((3_000, 12_000), seen, strict=True)] == [True, True]
    assert peaks[1] < peaks[0] * 1.2 + 100_000
