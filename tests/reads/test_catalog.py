"""The catalog: what a report needs to be one, and that a value with SQL in it is enough."""

import re

import pytest
import world

from oppcli.reads import catalog
from oppcli.reads.table import Column, Kind, Report
from oppcli.store.doors import WriteDoor

OPEN_DEALS = Report(
    name="open-deals",
    title="Open deals by stage",
    columns=(Column("stage"), Column("deals", Kind.COUNT)),
    sql="SELECT s.name, count(*) FROM deal d JOIN stage s ON s.id = d.stage_id"
    " WHERE s.kind = 'open' AND d.created_at < :now GROUP BY s.name, s.position ORDER BY s.position",
    shape=lambda rows: [(name, int(deals)) for name, deals in rows],
    notes=lambda rows: (f"{len(rows)} stages",),
)


def test_a_value_with_columns_and_sql_is_a_whole_report(door: WriteDoor) -> None:
    world.fill(door)
    table = catalog.run(OPEN_DEALS, door, {"unused": 1}, world.frame())
    assert table.rows == [("方案", 2), ("谈判", 1)]
    assert (table.title, table.notes) == ("Open deals by stage", ("2 stages",))


def test_the_sql_may_depend_on_what_was_asked(door: WriteDoor) -> None:
    world.fill(door)
    asked = OPEN_DEALS._replace(
        sql=lambda args: ("SELECT name, id FROM stage WHERE kind = :kind", {"kind": args["kind"], "more": 1}),
        notes=None,
    )
    assert catalog.run(asked, door, {"kind": "won"}, world.frame()).rows == [("赢单", 4)]


@pytest.mark.parametrize("name", catalog.REPORTS)
def test_every_report_is_named_as_its_line_says_and_shows_how_it_is_used(name: str) -> None:
    report = catalog.report(name)
    assert report.name == name
    assert report.title and report.columns and report.examples
    assert all(re.fullmatch("[a-z][a-z_0-9]*", column.name) for column in report.columns)
    assert all(example.startswith("opp ") for example in report.examples)


def test_the_catalog_is_a_table_itself() -> None:
    assert [row[0] for row in catalog.listing().rows] == list(catalog.REPORTS)
