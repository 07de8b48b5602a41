"""`opp report` as it is typed: options, formats, exit codes, and what a run does not import."""

import csv
import io
import json
import subprocess
import sys
from typing import Any

import pytest
import world

from oppcli import render, store
from oppcli.model.deals import Deal, Stage, Visit
from oppcli.model.journal import Stamp
from oppcli.reads import catalog

NOW = "2026-03-09T10:00:00Z"


@pytest.fixture
def team(opp: Any, new_file: Any) -> Any:
    """A person at a database with the team's deals; the clock stands at the world's now."""
    opp.db.write_bytes(new_file.read_bytes())
    with store.open_write(str(opp.db), Stamp(actor="wang", now=world.NOW, command="test")) as door:
        world.fill(door)
    opp.env["OPP_NOW"] = NOW
    return opp


def test_a_report_is_a_table_or_what_o_says(team: Any) -> None:
    assert team.ok("report funnel").out.startswith("STAGE  REACHED")
    assert [row["reached"] for row in team.ok("report funnel -o json").json] == [7, 5, 3, 1]
    assert team.ok("report funnel --ids").out.split() == ["线索", "方案", "谈判", "赢单"]


@pytest.mark.parametrize("format", render.FORMATS)
def test_every_format_is_an_answer_on_stdout_alone(team: Any, format: str) -> None:
    answer = team.ok(f"report funnel -o {format}")
    assert "谈判" in answer.out
    assert answer.err == "note: amounts are in CNY and USD and not added up: --by currency, or --in CNY\n"


def test_columns_sorting_limits_and_headings_are_those_of_every_read(team: Any) -> None:
    answer = team.ok("report funnel --csv -c stage,reached --sort -reached -L 2 --no-header")
    assert list(csv.reader(io.StringIO(answer.out))) == [["线索", "7"], ["方案", "5"]]


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("report funnel --cohort month", 8),
        ("report funnel --cohort=quarter --by currency", 8),
        ("report funnel --owner me", 0),
        ("report funnel --owner li --owner zhao", 4),
        ("report funnel --owner '!li'", 4),
        ("report funnel --since 2026-02-01 --until 2026-02-28", 4),
        ("report funnel --until 2026-01-04", 0),
        ("report funnel --in cny", 4),
        ("report funnel --outcome WON", 4),
        ("report list", len(catalog.reports())),
    ],
)
def test_options_choose_what_is_counted(team: Any, line: str, rows: int) -> None:
    assert len(team.ok(f"{line} -o json").json) == rows


@pytest.mark.parametrize(
    ("line", "error", "hint"),
    [
        (
            "--cohort mont",
            "error: --cohort cannot be mont; did you mean month?",
            "hint: --cohort week|month|quarter|year",
        ),
        ("--in euro", "error: --in cannot be euro", "hint: three letters of ISO 4217: --in CNY"),
        ("--owner nobody", "error: no such user: nobody", "hint: opp user list"),
        ("-c stagee", "error: no such column: stagee", "hint: columns: stage kind reached"),
        ("-o jsn", "error: no such format: jsn", "hint: one of table"),
    ],
)
def test_what_is_not_understood_is_refused_with_what_would_be(team: Any, line: str, error: str, hint: str) -> None:
    answer = team(f"report funnel {line}")
    assert answer.code in (2, 3)
    assert answer.out == ""
    assert answer.err.startswith(error)
    assert hint in answer.err


def test_an_alarm_rings_only_when_asked_and_only_when_there_are_rows(opp: Any) -> None:
    opp.env["OPP_NOW"] = NOW
    opp.ok("init --template blank")
    assert opp.ok("report overdue --exit-code").out == ""
    assert opp.ok("report overdue --exit-code --json").json == []
    with store.open_write(str(opp.db), Stamp(actor="wang", now=world.NOW, command="test")) as door:
        stage = door.find(Stage)[0].name
        door.add(Deal(title="MES", stage=stage, visits=(Visit(stage=stage, entered_at=0),)))
        door.add(world.request(1, "quote", world.step("manager", world.NOW - 1, world.seat(1, "wang"))))
    assert [row["request"] for row in opp.ok("report overdue --json").json] == ["R-1"]
    assert opp("report overdue --exit-code").code == 10
    assert opp("due --exit-code --ids").out == "R-1\n"


def test_a_report_explains_itself(team: Any) -> None:
    for path in catalog.reports():
        text, read = team.ok(f"{path} --help").out, catalog.read(path)
        assert read.help in " ".join(text.split())
        assert all(example in text for example in read.examples)
    listed = team.ok("report --help").out
    assert all(catalog.read(path).name in listed for path in (*catalog.reports(), "report list"))


@pytest.mark.parametrize("format", ["csv", "json", "table"])
def test_a_report_loads_neither_an_orm_nor_a_table_library_nor_other_reports(team: Any, format: str) -> None:
    program = (
        "import sys; from oppcli.cli.app import run; code = run(['report', 'funnel', '-o', sys.argv[1]]);"
        "print(*sorted(sys.modules), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, format], env=team.env, capture_output=True, text=True, check=True
    )
    loaded = set(done.stderr.split())
    assert "oppcli.reads.funnel" in loaded
    assert not loaded & {"sqlmodel", "sqlalchemy", "pydantic", "rich", "alembic", "tabulate", "wcwidth"}
    assert not loaded & {"oppcli.reads.durations", "oppcli.reads.overdue", "oppcli.policy"}


def test_a_report_asks_the_database_few_questions(team: Any) -> None:
    asked: list[str] = []
    with store.open_read(str(team.db)) as door:
        rows = door.rows

        def noted(sql: str, **params: Any) -> Any:
            asked.append(sql)
            return rows(sql, **params)

        door.rows = noted  # type: ignore[method-assign, assignment]
        catalog.run(catalog.read("report funnel"), door, {}, world.frame())
    assert 0 < len(asked) <= 4


def test_json_errors_are_json(team: Any) -> None:
    answer = team("report funnel -o json --cohort mont")
    assert json.loads(answer.err)["error"]["code"] == 2
