"""A submitted forecast stays what it was, whatever becomes of its deals, and a month that is over is judged by it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from command_line import InProcess

from oppcli.errors import Conflict
from oppcli.model.journal import Stamp
from oppcli.store import open_write

OCTOBER, LATER, DECEMBER = (f"2026-{day}T09:00:00+08:00" for day in ("10-20", "10-28", "12-02"))
DEALS = (
    "A --amount 100000 --owner li --close 2026-11-10 --set category=commit",
    "B --amount 50000 --owner zoe --close 2026-11-20 --set category=best",
    "C --amount 1234.56 --currency EUR --owner li --close 2026-11-25 --set category=pipeline",
    "D --amount 7000 --owner li --close 2026-12-05 --set category=commit",
    "E --amount 900 --owner zoe --close 2026-11-30 --set category=omitted",
)
FORMATS = ("table", "plain", "csv", "tsv", "json", "jsonl", "md", "html", "ids", "full")


def team(opp: InProcess) -> None:
    """A manager with two people, five deals, a rate; the forecast submitted by three of them, and what came after."""
    opp.env["OPP_NOW"] = OCTOBER
    opp.ok("init --template blank --lang zh", user="boss")
    for line in ("wang --role manager", "li --manager wang", "zoe --manager wang", "pia --manager wang"):
        opp.ok(f"user add {line}", user="boss")
    opp.ok("rate add EUR CNY 7.82 --day 2026-10-15", user="boss")
    for deal in DEALS:
        opp.ok(f"add {deal} --customer Acme --set probability=50", user="boss")
    opp.ok("forecast submit next-month", user="boss")
    opp.ok("forecast submit 2026-11 --team wang --commit 12万 --best 200k", user="wang")
    opp.ok("forecast submit 2026-11 --team me", user="li")
    opp.env["OPP_NOW"] = LATER
    opp.ok("rate add EUR CNY 9 --day 2026-10-15", user="boss")
    opp.ok("deal edit D-1 --set amount=250000 --set probability=90", user="boss")
    opp.ok("withdraw D-2 -m wrong", user="boss")


def frozen(opp: InProcess) -> Any:
    return opp.ok("forecast show F-1 --json", user="boss").json


LINES = [
    ("D-1", "A", "commit", "100000.00", "CNY", 50, "2026-11-10", 1),
    ("D-2", "B", "best", "50000.00", "CNY", 50, "2026-11-20", 1),
    ("D-3", "C", "pipeline", "1234.56", "EUR", 50, "2026-11-25", 7.82),
    ("D-5", "E", "omitted", "900.00", "CNY", 50, "2026-11-30", 1),
]
"""Of November, as they were in October."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    opp = InProcess(tmp_path_factory.mktemp("submitted"))
    team(opp)
    opp.ok("forecast submit 2026-11 --team zoe --commit 40k", user="zoe")
    yield opp


def test_a_submission_is_what_it_was_and_no_tool_changes_it(opp_on_both: InProcess) -> None:
    opp = opp_on_both
    team(opp)
    assert [tuple(row.values()) for row in frozen(opp)] == LINES
    first = opp.ok("forecast list --json", user="boss").json[-1]
    assert (first["forecast"], first["deals"], first["closed"]) == ("F-1", 3, "0.00")
    # 50,000.00 + 25,000.00 + half of 9,654.26: each deal is converted, then weighted
    assert (first["weighted"], first["commit"], first["best"]) == ("79827.13", "100000.00", "50000.00")
    for sql in (
        "UPDATE forecast SET best = 1",
        "DELETE FROM forecast",
        "UPDATE forecastline SET rate = '9'",
        "DELETE FROM forecastline WHERE number = 1",
        "INSERT INTO forecastline (forecast_id, number, deal_id, category, currency, probability) "
        "VALUES (1, 9, 1, 'commit', 'USD', 50)",
    ):
        with (
            pytest.raises(Conflict, match="cannot be changed"),
            open_write(opp.env["OPP_DB"], Stamp(now=1, actor="boss")) as door,
        ):
            door.rows(sql)
    assert [tuple(row.values()) for row in frozen(opp)] == LINES
    assert opp.ok("db check --json", user="boss").code == 0


def test_what_people_say_themselves_stands_in_place_of_what_the_deals_sum_to(world: InProcess) -> None:
    found = {each["forecast"]: each for each in world.ok("forecast list --json", user="boss").json}
    assert [(each["team"], each["commit"], each["best"]) for each in found.values()][-4:] == [
        ("zoe", "40000.00", "0.00"),
        ("li", "100000.00", "0.00"),
        ("wang", "120000.00", "200000.00"),
        (None, "100000.00", "50000.00"),
    ]
    listed = [
        world.ok(f"forecast list {flags} --ids", user="boss").out.split()
        for flags in ("--team li", "--by wang", "--period 2026-12", "--period 2026Q4 --by !zoe")
    ]
    assert listed == [["F-3"], ["F-2"], [], ["F-3", "F-2", "F-1"]]
    thing = world.ok("show F-2 --json", user="boss").json
    assert (thing["commit"], len(thing["lines"]), thing["lines"][0]["amount"]) == ("120000.00", 4, "100000.00")
    for format_ in FORMATS:
        for line in ("forecast show last", "forecast list"):
            assert world.ok(f"{line} -o {format_}", user="wang").out
    assert "D-1  A  commit    CNY 100,000.00" in world.ok("show F-2", user="boss").out


REFUSED = (
    ("li", "forecast submit 2026-11", 4, "opp --as li forecast submit 2026-11 --team me"),
    ("li", "forecast submit 2026-11 --team wang", 4, "an admin may"),
    ("li", "forecast submit 2026-11 --team zoe", 4, "wang or an admin may"),
    ("boss", "forecast submit 2026Q4", 2, "is none"),
    ("boss", "forecast submit 2026-09", 2, "2026-09 is over"),
    ("boss", "forecast submit 2026Q3 --commit x", 2, "--commit"),
    ("boss", "forecast submit 2026Q3 --commit x", 2, "MONTH"),
    ("boss", "forecast submit 2026-11 --commit 5EUR --best -3", 2, "--best"),
    ("boss", "forecast show F-9", 3, "no such forecast: F-9"),
    ("boss", "report changes --since F-9", 3, "opp --as boss forecast list"),
    ("pia", "report changes --since last", 3, "pia submitted no forecast yet"),
    ("boss", "undo e{made}", 5, "forecast submit 2026-11"),
)


def test_what_cannot_be_submitted_or_found_is_refused_with_what_helps(world: InProcess) -> None:
    made = next(each["seq"] for each in world.ok("log F-1 --json", user="boss").json)
    for who, line, code, told in REFUSED:
        answer = world(f"--as {who} {line.format(made=str(made).removeprefix('e'))}", user=who)
        assert (answer.code, told in answer.err) == (code, True), (line, answer.err)


LAST = (
    "forecast submit 9999-12 -n",
    "report attainment --period 9999-12",
    "report effect --at 9999-12-31 --measure won",
)
"""Asked of the last month of all."""


def test_the_last_month_of_all_has_an_end(world: InProcess) -> None:
    world.ok("target set li 9999-12 won 3", user="boss")
    assert {line: world(line, user="boss").code for line in LAST} == dict.fromkeys(LAST, 0)


def test_changes_are_told_since_a_submission(world: InProcess) -> None:
    def told(line: str, who: str) -> dict[str, tuple[int, str]]:
        rows = world.ok(f"report changes {line} --in CNY --json", user=who).json
        return {each["what"]: (each["deals"], each["delta"]) for each in rows if each["deals"]}

    assert told("--since F-1", "boss")["withdrawn"] == (1, "-50000.00")
    assert told("--since last --owner li", "wang")["amount_up"] == (1, "150000.00")
    assert "new" not in told("--since f-3", "boss")


def test_a_month_that_is_over_is_judged_by_the_last_submission_before_it_began(world: InProcess) -> None:
    began = "2026-11-02T09:00:00+08:00"
    world.ok("forecast submit 2026-11 --team zoe --commit 1", user="zoe", now=began)

    def told(flags: str) -> tuple[Any, ...]:
        rows = world.ok(f"report forecast --period 2026-11 --in CNY {flags} --json", user="boss", now=DECEMBER).json
        (row,) = [each for each in rows if each["month"] == "2026-11"]
        return row["forecast"], row["error"], row["error_share"], row["source"]

    assert told("") == ("79827.13", "79827.13", None, "F-1")
    assert told("--team wang") == ("120000.00", "120000.00", None, "F-2")
    assert told("--team zoe") == ("40000.00", "40000.00", None, "F-4")
    assert told("--team wang --owner zoe")[3] == told("-w 'amount > 1'")[3] == "as of 2026-11-01"


def test_as_of_a_day_there_is_what_was_submitted_by_then(world: InProcess) -> None:
    there = [
        world.ok(f"forecast list --as-of {day} --ids", user="boss", now=DECEMBER).out.split()
        for day in ("2026-10-20", "2026-10-28")
    ]
    assert there == [["F-3", "F-2", "F-1"], ["F-4", "F-3", "F-2", "F-1"]]
    assert [
        tuple(row.values())
        for row in world.ok("forecast show F-1 --as-of 2026-10-20 --json", user="boss", now=DECEMBER).json
    ] == LINES


def test_a_file_refuses_to_write_a_line_over(world: InProcess) -> None:
    with closing(sqlite3.connect(world.db)) as file, pytest.raises(sqlite3.IntegrityError, match="cannot be changed"):
        file.execute("INSERT OR REPLACE INTO forecastline SELECT * FROM forecastline WHERE number = 1")


def test_the_line_to_go_on_with_after_a_submission_can_be_pasted_at_once(opp: InProcess) -> None:
    team(opp)
    printed = opp.ok("forecast submit 2027-01 --team zoe", user="zoe").out
    line = next(line for line in printed.splitlines() if line.startswith("Next: opp "))
    rows = opp.ok(f"{line.removeprefix('Next: opp ').partition('#')[0]} --json", user="zoe").json
    assert {row["what"] for row in rows if row["deals"]} <= {"opening", "closing"}
    assert opp("report changes --since tomorrow", user="zoe").code == 2


def test_who_does_not_have_amounts_is_shown_a_submission_without_them(opp: InProcess) -> None:
    team(opp)
    policy = opp.folder / "hidden.toml"
    scope = '\n[scope]\nsee = "all"\nhide = { amount = ["sales"], category = ["sales"] }\n'
    policy.write_text(opp.ok("policy show", user="boss").out + scope, "utf-8")
    opp.ok(f"policy apply {policy}", user="boss")
    told = opp.ok("show F-1 -o json", user="zoe").json
    assert [("amount" in line, line["deal"]) for line in told["lines"]] == [(False, line[0]) for line in LINES]
    assert "weighted" not in told
    assert "100,000" not in opp.ok("show F-1", user="zoe").out
    refused = opp("forecast submit 2027-01 --team zoe", user="zoe")
    assert (refused.code, [name in refused.err for name in ("amount", "category")]) == (4, [True, True]), refused.err
