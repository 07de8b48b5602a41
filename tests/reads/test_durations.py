"""How long deals stay: completed and open visits, business time, targets; on both engines, read in two ways."""

import random
from dataclasses import replace
from typing import Any

import pytest
import world

from oppcli.model.deals import Deal, Stage, Visit
from oppcli.reads import catalog, stays
from oppcli.reads.stay_figures import COLUMNS
from oppcli.reads.stay_index import Indexed
from oppcli.reads.table import Beyond, Table
from oppcli.reads.where import Where
from oppcli.rules.clock import clock
from oppcli.rules.statistics import median, summary, survival_median
from oppcli.store.doors import WriteDoor

DURATIONS = catalog.read("report durations")


def durations(door: WriteDoor, now: int = world.NOW, **args: Any) -> Table:
    return catalog.run(DURATIONS, door, args, world.frame(now))


def of(table: Table, stage: str) -> dict[str, Any]:
    names = [column.name for column in table.columns]
    return next(dict(zip(names, row, strict=True)) for row in table.rows if row[0] == stage)


@pytest.fixture
def stages(door: WriteDoor) -> WriteDoor:
    """A database with people and stages, without deals."""
    world.fill(door, empty=True)
    return door


def stayed(door: WriteDoor, *days: int, opened: tuple[int, ...] = (), stage: str = "谈判") -> None:
    """A deal per stay of so many days in a stage, and one for each stay that is still open after so many."""
    for length in days:
        visits = (Visit(stage=stage, entered_at=0, left_at=length * world.DAY), Visit(stage="赢单", entered_at=0))
        door.add(Deal(title="over", stage="赢单", visits=visits))
    for length in opened:
        door.add(
            Deal(title="open", stage=stage, visits=(Visit(stage=stage, entered_at=world.NOW - length * world.DAY),))
        )


def test_the_columns_are_the_ones_that_scripts_rely_on() -> None:
    assert [column.name for column in COLUMNS] == (
        "stage visits mean_days median_days p90_days max_days open open_median_days median_incl_open_days"
        " target_days over_target open_amount currency open_max_days over_30 over_60 over_90 over_180 excess_bh"
    ).split()


def test_the_team_s_durations(door: WriteDoor) -> None:
    world.fill(door)
    lead, solution, talk = (row[:11] for row in durations(door).rows)
    assert lead == ("线索", 5, (7 + 3 + 7 + 14 + 1) / 5, 7, 14, 14, 1, None, 7, None, None)
    assert solution[:6] == ("方案", 3, (7 + 10 + 7) / 3, 7, 10, 10)
    assert solution[6:9] == (2, pytest.approx((7 + 25) / 2 + 9 / 24), 10)
    assert talk[:6] == ("谈判", 2, (14 + 3) / 2, 8.5, 14, 14)


def test_without_visits_there_are_no_rows(stages: WriteDoor) -> None:
    assert durations(stages).rows == []
    assert durations(stages, business=True, cumulative=True).rows == []


def test_only_stages_one_leaves_are_measured(door: WriteDoor) -> None:
    world.fill(door)
    assert [row[0] for row in durations(door).rows] == ["线索", "方案", "谈判"]


def test_the_median_of_open_visits_is_their_age_now(stages: WriteDoor) -> None:
    stayed(stages, opened=(1, 2, 30))
    assert of(durations(stages), "谈判")["open_median_days"] == 2
    assert of(durations(stages, now=world.NOW + world.DAY), "谈判")["open_median_days"] == 3


def test_open_visits_pull_the_median_up(stages: WriteDoor) -> None:
    stayed(stages, 1, 2, 3, 4, opened=(10, 10, 10))
    found = of(durations(stages), "谈判")
    assert found["median_days"] == 2.5
    assert found["median_incl_open_days"] == 4


def test_where_most_are_still_there_the_median_is_only_known_to_be_larger(stages: WriteDoor) -> None:
    stayed(stages, 1, opened=(10, 20, 30))
    found = of(durations(stages), "谈判")["median_incl_open_days"]
    assert isinstance(found, Beyond)
    assert float(found) == 30


def test_a_visit_of_unknown_beginning_is_counted_but_not_measured(stages: WriteDoor) -> None:
    stayed(stages, 4)
    for left in (world.day("01-05"), None):
        visits = (
            Visit(stage="谈判", entered_at=None, left_at=left),
            *([Visit(stage="赢单", entered_at=left)] if left else []),
        )
        stages.add(Deal(title="?", stage=visits[-1].stage, visits=visits))
    table = durations(stages)
    assert of(table, "谈判") == {
        "stage": "谈判",
        "visits": 2,
        "mean_days": 4,
        "median_days": 4,
        "p90_days": 4,
        "max_days": 4,
        "open": 1,
        "open_median_days": None,
        "median_incl_open_days": 4,
        "target_days": None,
        "over_target": None,
        "open_amount": None,
        "currency": None,
        "open_max_days": None,
        **{f"over_{days}": 0 for days in (30, 60, 90, 180)},
        "excess_bh": None,
    }
    assert world.said(table)[:2] == (
        "2 completed visits, 1 open",
        "2 visits without a known beginning counted, not measured",
    )


def test_time_that_runs_backwards_is_reported_and_left_out(stages: WriteDoor) -> None:
    stayed(stages, 4, -2, opened=(1, -5))
    table = durations(stages)
    assert of(table, "谈判")["visits"] == 1
    assert of(table, "谈判")["open"] == 1
    assert world.said(table)[1] == "2 visits that end before they begin, or begin after now, left out"


def test_coming_back_is_another_visit_unless_visits_are_added_up(stages: WriteDoor) -> None:
    stages.add(
        world.deal(
            "back", ("方案", "02-01"), ("谈判", "02-03"), ("方案", "02-04"), ("谈判", "02-10"), ("赢单", "02-12")
        )
    )
    stages.add(world.deal("there again", ("方案", "02-01"), ("谈判", "02-05"), ("方案", "03-08")))
    each, added = durations(stages), durations(stages, cumulative=True)
    assert (of(each, "方案")["visits"], of(each, "方案")["max_days"], of(each, "方案")["open"]) == (3, 6, 1)
    assert (of(added, "方案")["visits"], of(added, "方案")["max_days"], of(added, "方案")["open"]) == (1, 8, 1)
    assert of(added, "方案")["open_median_days"] == pytest.approx(4 + 1 + 9 / 24)
    assert (of(added, "谈判")["visits"], of(added, "谈判")["max_days"]) == (2, 31)


def test_business_time_counts_days_of_the_calendar(stages: WriteDoor) -> None:
    # From Friday 2 January 09:00 to Monday 5 January 09:00: three days, one of them worked.
    stages.add(world.deal("weekend", ("谈判", "01-02"), ("赢单", "01-05")))
    assert of(durations(stages), "谈判")["max_days"] == 3
    table = durations(stages, business=True)
    assert of(table, "谈判")["max_days"] == 1
    assert world.said(table)[-1] == "in business days of 8 hours"


@pytest.mark.parametrize("args", [{}, {"business": True}, {"cumulative": True}, {"owner": (["li"], [])}])
def test_a_target_is_business_time_however_the_stays_are_shown(stages: WriteDoor, args: dict[str, Any]) -> None:
    # 40 business hours: a week from Monday to Monday is just not over it, one day more is.
    stages.add(world.deal("a week", ("方案", "01-05"), ("谈判", "01-12")))
    stages.add(world.deal("a week and a day", ("方案", "01-05"), ("谈判", "01-13")))
    stages.add(world.deal("a day", ("方案", "01-05"), ("谈判", "01-06")))
    found = of(durations(stages, **args), "方案")
    assert found["target_days"] == 5
    assert found["over_target"] == pytest.approx(1 / 3)
    assert of(durations(stages, **args), "谈判")["over_target"] is None


def test_the_calendar_is_not_looked_up_when_nobody_asks_for_business_time(stages: WriteDoor) -> None:
    for stage in stages.find(Stage):
        if stage.target_ms:
            stages.save(stage, Stage(**{name: getattr(stage, name) for name in ("id", "name", "kind", "position")}))
    stayed(stages, 3)
    nothing = world.frame()._replace(policy=None)  # type: ignore[arg-type]
    assert catalog.run(DURATIONS, stages, {}, nothing).rows


@pytest.mark.parametrize(
    ("args", "visits"),
    [
        ({"owner": (["zhao"], [])}, [1, 2, 1]),
        ({"outcome": "won"}, [1, 1, 1]),
        ({"outcome": "lost"}, [2, 1, 0]),
        ({"since": world.day("02-01")}, [2, 1, 1]),
    ],
)
def test_filters_choose_the_deals(door: WriteDoor, args: dict[str, Any], visits: list[int]) -> None:
    world.fill(door)
    rows = {row[0]: row[1] for row in durations(door, **args).rows}
    assert [rows.get(name, 0) for name in ("线索", "方案", "谈判")] == visits


@pytest.mark.parametrize("seed", range(6))
def test_the_index_and_the_rows_give_the_same_figures(stages: WriteDoor, seed: int) -> None:
    """The index answers when nothing is filtered; its answers are those of reading every row."""
    draw = random.Random(seed)
    longest = draw.choice([3, 40, 10**6])
    talk = next(stage.id for stage in stages.find(Stage) if stage.name == "谈判")
    made = []
    for _ in range(draw.choice([0, 1, 30, 300])):
        start = world.NOW - draw.randint(-2, longest)
        start_known = None if draw.random() < 0.1 else start
        if draw.random() < 0.5:
            visits: tuple[Visit, ...] = (Visit(stage="谈判", entered_at=start_known),)
        else:
            end = start + draw.randint(-1, longest)
            visits = (
                Visit(stage="谈判", entered_at=start_known, left_at=end),
                Visit(stage="赢单", entered_at=end),
            )
        made.append(Deal(title="x", stage=visits[-1].stage, visits=visits))
    if made:
        stages.add_many(made)
    indexed = Indexed(stages, talk, world.NOW)
    listed = stays.gather(stays.rows(stages, Where()), world.NOW, lambda a, b: b - a).get(
        talk, stays.Gathered().settle()
    )
    assert summary(indexed.completed) == summary(listed.completed)
    assert (indexed.ages.count, median(indexed.ages)) == (listed.ages.count, median(listed.ages))
    assert list(indexed.between()) == list(listed.between())
    assert survival_median(indexed.completed, indexed.ages.count, indexed.between()) == survival_median(
        listed.completed, listed.ages.count, listed.between()
    )
    for what in ("undated", "undated_open", "backwards"):
        assert getattr(indexed, what) == getattr(listed, what)


@pytest.mark.parametrize("target", [1, 90, 8 * 60, 20 * 60])
def test_stays_over_a_target_are_those_that_the_calendar_finds_one_by_one(stages: WriteDoor, target: int) -> None:
    """Most are told from their elapsed time alone; on the edge the calendar decides, to the minute."""
    draw, minute, hours = random.Random(target), 60_000, clock(world.CALENDAR)
    solution = next(stage for stage in stages.find(Stage) if stage.name == "方案")
    stages.save(solution, replace(solution, target_ms=target * minute))
    spans = []
    for _ in range(300):
        entered = world.day("01-05") + draw.randrange(40 * 24 * 60) * minute
        left = hours.add(entered, target * minute) + draw.randint(-600, 600) * draw.choice([0, 1, 10]) * minute
        spans.append((entered, max(entered, left)))
    visits = [(Visit(stage="方案", entered_at=a, left_at=b), Visit(stage="谈判", entered_at=b)) for a, b in spans]
    stages.add_many([Deal(title="x", stage="谈判", visits=pair) for pair in visits])
    over = sum(hours.between(a, b) > target * minute for a, b in spans)
    excess = sum(max(0, hours.between(a, b) - target * minute) for a, b in spans) / world.HOUR
    assert 0 < over < 300
    chosen: tuple[dict[str, Any], ...] = ({}, {"business": True}, {"owner": ([], ["nobody"])})
    for args in (*chosen, {"by": "stage"}, {"by": "stage", "business": True}):
        row = of(durations(stages, **args), "方案")
        assert (row["over_target"], row["excess_bh"]) == (over / 300, excess)


def test_open_deals_are_counted_by_their_days_with_their_money_for_who_has_amounts(stages: WriteDoor) -> None:
    stayed(stages, 4, opened=(10, 31, 61, 61, 200))
    for deal, amount in zip(stages.find(Deal, stage="谈判"), (5_00, None, 7_00, 1_00, None), strict=True):
        stages.save(deal, replace(deal, amount=amount))
    row = of(durations(stages), "谈判")
    assert (row["open_amount"], row["currency"], row["open_max_days"]) == (13_00, "CNY", 200)
    assert [row[f"over_{days}"] for days in (30, 60, 90, 180)] == [4, 3, 1, 1]
    assert of(durations(stages, by="stage"), "谈判") == row
    hidden = catalog.run(DURATIONS, stages, {}, world.frame()._replace(hidden=("amount",)))
    assert not {"open_amount", "currency"} & {column.name for column in hidden.columns}


def test_split_by_anything_the_stays_add_up_and_by_stage_they_are_those_that_the_index_tells(door: WriteDoor) -> None:
    world.fill(door)
    plain = durations(door)
    for more in ({}, {"business": True}, {"cumulative": True}):
        known = durations(door, **more)
        assert list(durations(door, by="stage", **more).rows) == [row for row in known.rows if row[1] or row[6]]
    for key in ("owner", "customer", "kind", "month", "amount", "currency", "tag", "owner,stage", "source,tier"):
        table = durations(door, by=key)
        names = [column.name for column in table.columns]
        sums = [sum(row[names.index(name)] for row in table.rows) for name in ("visits", "open")]
        assert sums == [sum(row[at] for row in plain.rows) for at in (1, 6)]
        assert table.last is not None
        assert [table.last[names.index(name)] for name in ("visits", "open")] == sums
        assert (names[: key.count(",") + 1], "stage" in names) == (key.split(","), True)
