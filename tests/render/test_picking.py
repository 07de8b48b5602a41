"""Which columns and rows are shown: picked, sorted, limited, and refused by name where they do not exist."""

import io
import json
from typing import Any

import pytest
from tables import COLUMNS, FULL

from oppcli import render
from oppcli.errors import UsageError
from oppcli.reads.table import Column, Footnote, Kind, Table
from oppcli.render.output import Output

ALL = [column.name for column in COLUMNS]
TABLE = Table(
    (Column("id", Kind.REF), Column("stage"), Column("amount", Kind.MONEY), Column("owner", Kind.REF, wide=False)),
    [("D-2", "b", 20, "li"), ("D-10", "a", None, "wang"), ("D-9", "b", 10, None), ("D-1", "a", 20, "bo")],
)


def shown(table: Table, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render.text(table, Output(format="json", **more)))
    return found


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        (None, ALL),
        ("", ALL),
        ("id,amount", ["id", "amount"]),
        (" amount , id ", ["amount", "id"]),
        ("id,id", ["id"]),
        ("-title,-extra", [name for name in ALL if name not in ("title", "extra")]),
        ("+title", ALL),
        ("id,title,-id", ["title"]),
    ],
)
def test_machines_get_every_column_unless_told(spec: str | None, names: list[str]) -> None:
    assert list(shown(FULL, columns=spec)[0]) == names


@pytest.mark.parametrize(
    ("spec", "titles"),
    [
        (None, ["ID", "STAGE", "AMOUNT"]),
        ("+owner", ["ID", "STAGE", "AMOUNT", "OWNER"]),
        ("+owner,-stage", ["ID", "AMOUNT", "OWNER"]),
        ("+owner,id", ["ID", "STAGE", "AMOUNT", "OWNER"]),
        ("owner,+stage", ["OWNER", "STAGE"]),
        ("owner", ["OWNER"]),
    ],
)
def test_people_get_the_columns_that_matter_and_may_add_to_them(spec: str | None, titles: list[str]) -> None:
    assert render.text(TABLE, Output(columns=spec)).splitlines()[0].split() == titles


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        (None, ["D-2", "D-10", "D-9", "D-1"]),
        ("id", ["D-1", "D-2", "D-9", "D-10"]),
        ("-id", ["D-10", "D-9", "D-2", "D-1"]),
        ("stage", ["D-10", "D-1", "D-2", "D-9"]),
        ("amount", ["D-9", "D-2", "D-1", "D-10"]),
        ("-amount", ["D-2", "D-1", "D-9", "D-10"]),
        ("-stage,amount", ["D-9", "D-2", "D-1", "D-10"]),
        ("owner", ["D-1", "D-2", "D-10", "D-9"]),
    ],
)
def test_rows_are_sorted_stably_ids_by_number_and_empty_ones_last(sort: str | None, ids: list[str]) -> None:
    assert [row["id"] for row in shown(TABLE, sort=sort, columns="id")] == ids


def test_a_wrong_column_is_refused_with_the_one_that_was_meant_before_anything_is_written() -> None:
    stream = io.StringIO()
    with pytest.raises(UsageError) as refused:
        render.write(TABLE, Output(format="csv", columns="id,stag", sort="-amont"), stream)
    assert refused.value.message == "no such column: stag, amont"
    assert [reason.detail for reason in refused.value.reasons] == ["did you mean stage?", "did you mean amount?"]
    assert refused.value.hint == "columns: stage amount id owner"
    assert stream.getvalue() == ""


def test_no_column_at_all_is_refused() -> None:
    with pytest.raises(UsageError, match="no column is left"):
        render.text(TABLE, Output(columns="-id,-stage,-amount"))


def test_a_wrong_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        render.text(TABLE, Output(format="xml"))
    assert str(refused.value.hint).startswith("one of table plain csv tsv json jsonl md html ids full xlsx asciidoc ")


@pytest.mark.parametrize(("limit", "rows"), [(None, 4), (1, 1), (4, 4), (9, 4)])
def test_a_limit_is_at_most_so_many_rows(limit: int | None, rows: int) -> None:
    assert len(shown(TABLE, limit=limit)) == rows


def test_a_person_at_a_terminal_is_told_of_rows_not_shown() -> None:
    told = TABLE._replace(notes=(Footnote("population", 4, "4 deals"),))
    notes = render.write(told, Output(width=80, terminal=True, limit=3), io.StringIO())
    assert [note.text for note in notes] == ["4 deals", "3 of 4, -L 0 for all"]
    assert render.write(TABLE, Output(width=80, terminal=True, limit=4), io.StringIO()) == ()


def test_a_program_is_not_bothered_and_no_more_rows_are_asked_for_than_it_wants() -> None:
    rows = iter(TABLE.rows)
    assert render.write(TABLE._replace(rows=rows), Output(format="csv", limit=3), io.StringIO()) == ()
    assert next(rows)[0] == "D-1"
