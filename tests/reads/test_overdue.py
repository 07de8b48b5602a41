"""Which approvals are late, by how much, and whom they wait on; on both engines."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import world

from oppcli.model.money import half_up
from oppcli.model.requests import Request
from oppcli.reads import catalog
from oppcli.reads.overdue import COLUMNS, shape
from oppcli.reads.table import Table
from oppcli.store.doors import WriteDoor
from oppcli.words.periods import Period

OVERDUE = catalog.read("report overdue")
IN_EUR: dict[str, Any] = {"in": "EUR"}


def overdue(door: WriteDoor, now: int = world.NOW, **args: Any) -> Table:
    return catalog.run(OVERDUE, door, args, world.frame(now))


def test_the_columns_are_the_ones_that_scripts_rely_on() -> None:
    assert [column.name for column in COLUMNS] == (
        "request deal title customer type step waiting_on due overdue_hours overdue_business_hours"
        " amount currency level blocked breached_at"
    ).split()


def test_the_team_s_late_approvals_with_those_nobody_can_decide_first(door: WriteDoor) -> None:
    world.fill(door)
    blocked, oldest, friday = overdue(door).rows
    monday = world.day("03-09")
    assert blocked == (
        *("R-2", "D-2", "jumped", "Nordwind | GmbH", "risk", "法务", (), monday),
        *(9.0, 8.0, 10_000_000, "CNY", 0, True, None),
    )
    assert oldest[5:10] == ("财务", ("chen",), world.day("03-05"), 4 * 24 + 9.0, 24.0)
    assert oldest[12:] == (1, False, None)
    assert friday[:7] == ("R-1", "D-1", "上海精密 MES", "上海精密仪器", "quote", "销售主管", ("wang", "zhao"))
    assert friday[8:10] == (72.0, 8.0)


def test_what_nobody_can_decide_is_marked_for_people_where_there_is_some(door: WriteDoor) -> None:
    world.fill(door)
    marked = {column.name: column.wide for column in overdue(door).columns}["blocked"]
    decided = overdue(door, waiting_on=(("chen",), ()))
    plain = {column.name: column.wide for column in decided.columns}["blocked"]
    assert (marked, plain, [row[13] for row in decided.rows]) == (True, False, [False])


def test_due_now_is_not_late_and_a_moment_later_it_is(door: WriteDoor) -> None:
    world.fill(door)
    assert "R-3" not in [row[0] for row in overdue(door).rows]
    assert list(overdue(door, now=world.NOW + 1).rows)[-1][0] == "R-3"
    assert list(overdue(door, now=world.NOW + 1).rows)[-1][8] == pytest.approx(1 / 3_600_000)


def test_what_is_paused_decided_or_replaced_is_never_late(door: WriteDoor) -> None:
    world.fill(door)
    last = door.get(Request, 5)
    old = world.step("old revision", world.day("03-02"), world.seat(1, "wang"))
    door.add(world.request(6, "quote", old, revision=2))
    for place, state in enumerate(("returned", "cancelled", "approved")):
        left_open = world.step("left open", world.day("03-02"), world.seat(1, "wang"))
        door.add(world.request(7, f"t{place}", left_open, state=state))
    assert last.state == "approved"
    assert {row[0] for row in overdue(door, now=world.NOW + 10 * world.DAY).rows} == {"R-1", "R-2", "R-3"}


def test_without_late_approvals_there_are_no_rows(door: WriteDoor) -> None:
    world.fill(door, empty=True)
    table = overdue(door)
    assert table.rows == []
    assert world.said(table) == ("0 overdue of 0 open steps",)


@pytest.mark.parametrize(
    ("args", "requests"),
    [
        ({"waiting_on": (["wang"], [])}, ["R-1"]),
        ({"waiting_on": (["zhao", "chen"], [])}, ["R-2", "R-1"]),
        ({"waiting_on": ([], ["wang"])}, ["R-2", "R-2"]),
        ({"type": (["risk"], [])}, ["R-2", "R-2"]),
        ({"type": ([], ["risk"])}, ["R-1"]),
        ({"owner": (["li"], [])}, ["R-2", "R-2", "R-1"]),
        ({"owner": (["zhao"], [])}, []),
    ],
)
def test_filters_choose_the_approvals(door: WriteDoor, args: dict[str, Any], requests: list[str]) -> None:
    world.fill(door)
    assert [row[0] for row in overdue(door, **args).rows] == requests


def test_the_population_and_the_seats_nobody_holds_are_stated(door: WriteDoor) -> None:
    world.fill(door)
    assert world.said(overdue(door)) == (
        "3 overdue of 4 open steps",
        "1 step with nobody to decide: opp request transfer R-… --to LOGIN -m …",
    )


def test_a_step_counts_by_the_calendar_it_names(door: WriteDoor) -> None:
    world.fill(door, empty=True)
    door.add(world.deals()[2])
    night = world.CALENDAR.__class__(name="night", timezone="Asia/Shanghai", week=(((0, 1440),),) * 7)
    policy = world.POLICY.__class__(
        **{
            name: getattr(world.POLICY, name)
            for name in ("name", "currency", "calendar", "fallback", "stages", "types")
        },
        calendars={"cn": world.CALENDAR, "night": night},
    )
    friday = world.day("03-06") + 9 * 3_600_000
    for place, calendar in enumerate(("night", "", "gone")):
        steps = world.step("x", friday, world.seat(1, "wang"), calendar=calendar)
        door.add(world.request(1, f"t{place}", steps))
    frame = world.frame()._replace(policy=lambda: policy)
    assert [row[9] for row in catalog.run(OVERDUE, door, {}, frame).rows] == [72.0, 8.0, 8.0]


def test_somebody_who_may_fill_several_seats_is_named_once() -> None:
    seat = ("R-1", 1, "D-1", "MES", "Acme", "quote", "技术评审", 0, None, None, 1, "", None)
    title = "报价"
    holders = [(1, 1, "gao", title), (1, 2, "tang", title), (2, 1, "lin", title), (2, 2, "tang", title)]
    (row,) = shape([seat + holder for holder in holders], world.NOW, lambda *_: 0)
    assert (row[4].called, row[6], row[13]) == (title, ("gao", "tang", "lin"), False)


def test_split_by_anything_the_late_steps_add_up_and_periods_are_those_of_the_due_time(door: WriteDoor) -> None:
    world.fill(door)
    late = len(list(overdue(door).rows))
    for key in (
        "type",
        "step",
        "band",
        "owner",
        "customer",
        "stage",
        "currency",
        "day",
        "month",
        "type,band",
        "owner,type",
    ):
        table = overdue(door, by=key)
        at = [column.name for column in table.columns].index("steps")
        assert sum(row[at] for row in table.rows) == late
        assert table.last is not None and table.last[at] == late
    march = Period(date(2026, 3, 1), date(2026, 3, 8))
    told = overdue(door, period=march, vs=Period(date(2026, 2, 1), date(2026, 2, 8)))
    assert [column.name for column in told.columns][:4] == ["waiting_on", "steps", "before_steps", "change_steps"]
    assert "due: 2026-03-01 to 2026-03-08" in world.said(told)
    assert len(list(overdue(door, since=world.NOW).rows)) == 0


def test_a_condition_chooses_the_late_steps_however_they_are_split(door: WriteDoor) -> None:
    world.fill(door)
    for condition, late in (("waiting_on = chen", 1), ("overdue_hours > 80", 1), ("amount > 1", 3)):
        assert len(list(overdue(door, where=[condition]).rows)) == late
        table = overdue(door, where=[condition], by="type")
        assert (sum(row[1] for row in table.rows), table.last[1] if table.last else 0) == (late, late)


def test_money_is_told_in_one_currency_step_by_step_and_compared_in_the_policy_s(door: WriteDoor) -> None:
    world.fill(door)
    at = [column.name for column in COLUMNS].index("amount")
    plain, told = list(overdue(door).rows), list(overdue(door, world.NOW, **IN_EUR).rows)
    assert [row[at : at + 2] for row in told] == [(half_up(Fraction(row[at] * 10, 79)), "EUR") for row in plain]
    assert len(list(overdue(door, world.NOW, where=["amount = 100000"], **IN_EUR).rows)) == len(plain)


def test_whom_late_steps_wait_for_stands_with_a_rank(door: WriteDoor) -> None:
    world.fill(door)
    table = overdue(door, by="waiting_on")
    assert [(row[0], row[1], row[-1]) for row in table.rows] == [
        ("chen", 1, 1),
        ("wang", 1, 1),
        ("zhao", 1, 1),
        (None, 1, None),
    ]
    assert (table.columns[-1].name, table.columns[-1].wide) == ("rank", False)
