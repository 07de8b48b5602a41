"""What the funnel counts: the furthest stage of each deal, where it is, where it was lost; on both engines."""

from dataclasses import replace
from typing import Any

import pytest
import world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oppcli.model.deals import Deal, Stage
from oppcli.reads import catalog
from oppcli.reads.funnel_figures import COLUMNS
from oppcli.reads.table import Table
from oppcli.store.doors import WriteDoor

FUNNEL = catalog.read("report funnel")


def funnel(door: WriteDoor, **args: Any) -> Table:
    return catalog.run(FUNNEL, door, args, world.frame())


def column(table: Table, name: str) -> list[Any]:
    at = [column.name for column in table.columns].index(name)
    return [row[at] for row in table.rows]


@pytest.fixture
def stages(door: WriteDoor) -> WriteDoor:
    """A database with people and stages, without deals."""
    world.fill(door, empty=True)
    return door


def test_the_columns_are_the_ones_that_scripts_rely_on() -> None:
    assert [column.name for column in COLUMNS] == (
        "stage kind reached now amount currency step_conversion overall_conversion lost_here".split()
    )


def test_the_team_s_funnel(door: WriteDoor) -> None:
    world.fill(door)
    assert funnel(door).rows == [
        ("线索", "lead", 7, 1, None, None, 5 / 7, 1.0, 1),
        ("方案", "open", 5, 2, None, None, 3 / 5, 5 / 7, 1),
        ("谈判", "open", 3, 1, None, None, 1 / 3, 3 / 7, 0),
        ("赢单", "won", 1, 1, None, None, None, 1 / 7, None),
    ]


def test_without_deals_there_are_no_rows(stages: WriteDoor) -> None:
    assert funnel(stages).rows == []
    assert funnel(stages, cohort="month").rows == []


@pytest.mark.parametrize(
    ("visits", "reached"),
    [
        ((("线索", "01-05"), ("谈判", "01-06")), [1, 1, 1, 0]),
        ((("线索", "01-05"), ("赢单", "01-06")), [1, 1, 1, 1]),
        ((("线索", "01-05"), ("方案", "01-06"), ("输单", "01-07")), [1, 1, 0, 0]),
        ((("谈判", "01-05"), ("方案", "01-06"), ("输单", "01-07")), [1, 1, 1, 0]),
        ((("谈判", "01-05"), ("线索", "01-06")), [1, 1, 1, 0]),
        ((("赢单", "01-05"), ("谈判", "01-06")), [1, 1, 1, 0]),
        ((("谈判", "01-05"), ("赢单", "01-06"), ("谈判", "01-07"), ("赢单", "01-08")), [1, 1, 1, 1]),
        ((("方案", None),), [1, 1, 0, 0]),
    ],
)
def test_a_deal_reached_its_furthest_stage_and_every_one_before(
    stages: WriteDoor, visits: tuple[tuple[str, str | None], ...], reached: list[int]
) -> None:
    stages.add(world.deal("one", *visits))
    assert column(funnel(stages), "reached") == reached


def test_a_deal_imported_as_lost_reached_its_last_open_stage_and_the_first_where_none_is_known(
    stages: WriteDoor,
) -> None:
    stages.add(world.deal("lost long ago", ("输单", "01-05"), last_open_stage="谈判"))
    stages.add(world.deal("lost, from where nobody knows", ("输单", "01-05")))
    table = funnel(stages)
    assert column(table, "reached") == [2, 1, 1, 0]
    assert column(table, "lost_here") == [0, 0, 1, None]
    assert world.said(table) == ("2 deals",)


def test_stages_are_known_by_kind_and_place_never_by_name(stages: WriteDoor) -> None:
    lost = next(stage for stage in stages.find(Stage) if stage.kind == "lost")
    stages.save(lost, replace(lost, name="赢单？", position=1))
    stages.add(replace(world.deal("x", ("线索", "01-05"), ("输单", "01-06")), stage="赢单？", visits=()))
    assert column(funnel(stages), "stage") == ["线索", "方案", "谈判", "赢单"]
    assert column(funnel(stages), "lost_here") == [1, 0, 0, None]


def test_deals_in_a_stage_the_policy_dropped_are_named_not_hidden(stages: WriteDoor) -> None:
    stages.add(world.deal("one", ("线索", "01-05"), ("谈判", "01-06")))
    gone = next(stage for stage in stages.find(Stage) if stage.name == "谈判")
    stages.save(gone, replace(gone, position=None))
    table = funnel(stages)
    assert column(table, "stage") == ["线索", "方案", "赢单"]
    assert column(table, "reached") == [1, 0, 0]
    assert world.said(table)[-1] == "deals are in stages the policy no longer has, not shown: 谈判"


def test_amounts_of_one_currency_are_added_up_where_the_deals_are_now(stages: WriteDoor) -> None:
    stages.add(world.deal("a", ("线索", "01-05"), amount=100))
    stages.add(world.deal("b", ("线索", "01-05"), amount=50))
    stages.add(world.deal("c", ("方案", "01-05"), amount=None))
    assert [row[4:6] for row in funnel(stages).rows] == [(150, "CNY"), (None, "CNY"), (0, "CNY"), (0, "CNY")]


def test_currencies_are_never_added_up(door: WriteDoor) -> None:
    world.fill(door)
    table = funnel(door)
    assert {row[4:6] for row in table.rows} == {(None, None)}
    assert world.said(table)[-1] == "amounts are in CNY and USD and not added up: --by currency, or --in CNY"


def test_by_currency_each_has_a_funnel_of_its_own_deals(door: WriteDoor) -> None:
    world.fill(door)
    table = funnel(door, by="currency")
    assert column(table, "currency") == ["CNY"] * 4 + ["USD"] * 4
    assert column(table, "reached") == [6, 4, 3, 1, 1, 1, 0, 0]
    assert column(table, "amount") == [None, 10_000_000, 10_000_000, 10_000_000, None, 5_000_000, None, None]


def test_money_in_a_currency_without_rates_is_left_out_and_said_to_be(door: WriteDoor) -> None:
    world.fill(door)
    table = funnel(door, **{"in": "USD"})
    assert column(table, "reached") == [7, 5, 3, 1]
    assert column(table, "amount") == [None, 5_000_000, None, None]
    assert set(column(table, "currency")) == {"USD"}
    assert world.said(table)[-1] == "no rate to USD is known: deals in CNY are counted, their money is left out"


def test_cohorts_keep_old_and_young_deals_apart(door: WriteDoor) -> None:
    world.fill(door)
    table = funnel(door, cohort="month")
    assert [column.name for column in table.columns][:2] == ["cohort", "stage"]
    assert [row[:4] for row in table.rows] == [
        ("2026-01", "线索", "lead", 3),
        ("2026-01", "方案", "open", 3),
        ("2026-01", "谈判", "open", 2),
        ("2026-01", "赢单", "won", 1),
        ("2026-02", "线索", "lead", 3),
        ("2026-02", "方案", "open", 2),
        ("2026-02", "谈判", "open", 1),
        ("2026-02", "赢单", "won", 0),
    ]
    assert world.said(table)[0] == "6 deals"
    assert "1 deal without a date of creation left out" in world.said(table)


def test_a_cohort_tells_how_many_of_those_who_came_so_far_may_still_go_on(stages: WriteDoor) -> None:
    stages.add(world.deal("young", ("线索", "01-05"), ("方案", "01-06")))
    stages.add(world.deal("younger", ("线索", "01-05")))
    stages.add(world.deal("won", ("线索", "01-05"), ("赢单", "01-06")))
    stages.add(world.deal("lost", ("线索", "01-05"), ("方案", "01-06"), ("输单", "01-07")))
    assert column(funnel(stages, cohort="year"), "reached") == [4, 3, 1, 1]
    assert column(funnel(stages, cohort="year"), "still_open") == [2, 1, 0, 0]
    assert "still_open" not in [each.name for each in funnel(stages, by="owner").columns]
    names = [each.name for each in funnel(stages, cohort="year").columns]
    assert (names[0], names[-2:]) == ("cohort", ["lost_here", "still_open"])


def test_a_split_funnel_knows_no_win_of_a_deal_that_was_reopened(stages: WriteDoor) -> None:
    stages.add(world.deal("taken back", ("线索", "01-05"), ("赢单", "01-06"), ("谈判", "01-07")))
    assert column(funnel(stages, by="owner"), "reached") == [1, 1, 1, 0]


@pytest.mark.parametrize(
    ("tz", "month"), [("UTC", "2026-01"), ("Asia/Shanghai", "2026-02"), ("Asia/Kathmandu", "2026-02")]
)
def test_a_cohort_is_a_period_of_the_time_zone_one_looks_from(stages: WriteDoor, tz: str, month: str) -> None:
    last_quarter_hour_of_january = 1_769_904_000_000 - 900_000
    stages.add(world.deal("late", ("线索", "01-05"), created_at=last_quarter_hour_of_january))
    table = catalog.run(FUNNEL, stages, {"cohort": "month"}, world.frame(tz=tz))
    assert column(table, "cohort")[0] == month


@pytest.mark.parametrize(
    ("unit", "labels"),
    [("week", {"2026-W02", "2026-W06", "2026-W08"}), ("quarter", {"2026Q1"}), ("year", {"2026"})],
)
def test_cohorts_may_be_weeks_quarters_and_years(door: WriteDoor, unit: str, labels: set[str]) -> None:
    world.fill(door)
    assert set(column(funnel(door, cohort=unit), "cohort")) == labels


@pytest.mark.parametrize(
    ("args", "reached"),
    [
        ({"owner": (["zhao"], [])}, [2, 2, 1, 0]),
        ({"owner": ([], ["zhao"])}, [5, 3, 2, 1]),
        ({"source": (["展会"], [])}, [1, 0, 0, 0]),
        ({"since": world.day("02-01")}, [3, 2, 1, 0]),
        ({"until": world.day("02-01")}, [3, 3, 2, 1]),
        ({"outcome": "lost"}, [2, 1, 0, 0]),
        ({"outcome": "open"}, [4, 3, 2, 0]),
        ({"owner": (["li"], []), "outcome": "won"}, [1, 1, 1, 1]),
    ],
)
def test_filters_choose_the_deals(door: WriteDoor, args: dict[str, Any], reached: list[int]) -> None:
    world.fill(door)
    assert column(funnel(door, **args), "reached") == reached


def test_the_population_is_a_note_and_the_win_rate_a_figure(door: WriteDoor) -> None:
    world.fill(door)
    table = funnel(door)
    assert [note.code for note in table.notes] == ["population", "left_out"]
    assert world.said(table)[0] == "7 deals"
    assert table.total == {"deals": 7, "won": 1, "lost": 2, "win_rate": 1 / 3}
    assert table.summed == ("win rate 33.3 %: 1 of 3 closed",)


NAMES = [stage.name for stage in world.STAGES]


def reached_slowly(deals: list[Deal]) -> list[int]:
    """Deal by deal, from the definition."""

    def furthest(deal: Deal) -> int:
        # A win that was taken back does not count, and a lost deal of which no stage is known reached the first.
        kept = [v.stage for v in deal.visits if v.stage != "输单" and (v.stage != "赢单" or v.left_at is None)]
        return max(map(NAMES.index, kept), default=0 if deal.stage == "输单" else -1)

    return [sum(furthest(deal) >= i for deal in deals) for i in range(4)]


PATHS = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PATHS)
def test_the_funnel_counts_any_history_as_the_definition_does(
    stamp: Any, new_file: Any, tmp_path_factory: Any, paths: list[list[str]]
) -> None:
    import shutil

    from oppcli import store

    file = shutil.copy(new_file, tmp_path_factory.mktemp("funnel") / "opp.db")
    with store.open_write(str(file), stamp) as door:
        world.fill(door, empty=True)
        made = [world.deal(str(n), *((name, "01-05") for name in path)) for n, path in enumerate(paths)]
        for one in made:
            door.add(one)
        assert column(funnel(door), "reached") == reached_slowly(made)
