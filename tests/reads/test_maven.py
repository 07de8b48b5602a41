"""The figures of the maven_crm data, which were computed independently, on both engines."""

import statistics
from datetime import date
from typing import Any

import maven
import pytest
import world

from oppcli.reads import catalog
from oppcli.store.doors import WriteDoor
from oppcli.words.periods import Period

END_OF_2017 = 1_514_678_400_000


@pytest.fixture
def sold(door: WriteDoor) -> WriteDoor:
    """The 8,800 deals."""
    maven.fill(door)
    return door


def rows(door: WriteDoor, name: str, **args: Any) -> list[dict[str, Any]]:
    table = catalog.run(catalog.read(f"report {name}"), door, args, world.frame(END_OF_2017, "UTC"))
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def test_the_funnel_and_the_durations_are_the_known_ones(sold: WriteDoor) -> None:
    stages = {row["stage"]: row for row in rows(sold, "funnel")}
    assert [row["reached"] for row in stages.values()] == [8800, 8300, 4238]
    assert [row["now"] for row in stages.values()] == [500, 1589, 4238]
    assert [stages[name]["step_conversion"] for name in ("Prospecting", "Engaging")] == [8300 / 8800, 4238 / 8300]
    assert stages["Engaging"]["lost_here"] == 2473
    assert stages["Won"]["amount"] == 10_005_534_00
    table = catalog.run(catalog.read("report funnel"), sold, {}, world.frame())
    assert world.said(table)[0] == "8,800 deals"
    assert table.summed == ("win rate 63.2 %: 4,238 of 6,711 closed",)
    assert table.total == {"deals": 8800, "won": 4238, "lost": 2473, "win_rate": 4238 / 6711}

    engaging = rows(sold, "durations")[-1]
    assert (engaging["visits"], engaging["median_days"], engaging["p90_days"], engaging["max_days"]) == (
        6711,
        45,
        104,
        138,
    )
    assert round(engaging["mean_days"], 4) == 47.9854
    assert (engaging["open"], engaging["open_median_days"]) == (1589, 165)
    assert engaging["median_incl_open_days"] == survival_slowly()
    assert [engaging[f"over_{days}"] for days in (90, 180)] == [1479, 730]
    (west,) = [row for row in rows(sold, "durations", by="region") if row["region"] == "West"]
    assert (west["stage"], west["visits"]) == ("Engaging", 1438 + 811)
    assert rows(sold, "durations", outcome="won")[-1]["median_days"] == 57
    assert rows(sold, "durations", outcome="lost")[-1]["median_days"] == 14
    darcel = {row["stage"]: row for row in rows(sold, "funnel", owner=(["Darcel Schlecht"], []))}
    assert (darcel["Won"]["now"], darcel["Won"]["amount"], darcel["Engaging"]["lost_here"]) == (349, 1_153_214_00, 204)
    assert sum(row["now"] for row in rows(sold, "funnel", cohort="quarter")) == 8300 - 2473


def test_wins_losses_cycles_and_the_velocity_are_the_known_ones(sold: WriteDoor) -> None:
    regions = rows(sold, "wins", by="region")
    assert [(row["region"], row["won"], row["lost"], round(row["win_rate"], 4)) for row in regions] == [
        ("Central", 1629, 975, 0.6256),
        ("West", 1438, 811, 0.6394),
        ("East", 1171, 687, 0.6302),
    ]
    assert [row["won_amount"] for row in regions] == [3_346_293_00, 3_568_647_00, 3_090_594_00]
    table = catalog.run(catalog.read("report wins"), sold, {"by": "manager"}, world.frame(END_OF_2017, "UTC"))
    assert len(list(table.rows)) == 6
    assert table.total is not None
    told = {name: round(value, 4) if isinstance(value, float) else value for name, value in table.total.items()}
    assert told == {
        "won": 4238,
        "lost": 2473,
        "win_rate": 0.6315,
        "win_low": 0.6199,
        "win_high": 0.6430,
        "won_amount": "10005534.00",
        "currency": "USD",
        "mean_won": "2360.91",
        "median_won": "1117.00",
    }
    cycle = {row["outcome"]: row for row in rows(sold, "cycle")}
    assert [cycle[end]["deal_median_days"] for end in ("won", "lost")] == [57, 14]
    assert [cycle[end]["deal_p90_days"] for end in ("won", "lost")] == [106, 100]
    assert [cycle[end]["left_out"] for end in ("won", "lost")] == [0, 0]
    (velocity,) = rows(sold, "velocity")
    assert velocity["velocity"] == 41_562_54
    assert (velocity["open"], velocity["mean_won"], velocity["cycle_days"]) == (1589, 2_360_91, 57)


def test_wins_of_a_quarter_are_compared_with_those_of_the_one_before(sold: WriteDoor) -> None:
    third = Period(date(2017, 7, 1), date(2017, 9, 30))
    (row,) = rows(sold, "wins", by="outcome", period=third, vs="previous", where=["stage = Won"])
    assert (row["won"], row["before_won"]) == (1257, 1254)
    table = catalog.run(
        catalog.read("report wins"), sold, {"period": third, "vs": "previous"}, world.frame(END_OF_2017, "UTC")
    )
    assert table.total is not None
    assert round(table.total["change_win_rate"], 4) == -0.0031


def survival_slowly() -> float:
    """Day by day: of those still engaged on a day, the share that is over by its end."""
    engaged = [visit for deal in maven.deals() for visit in deal.visits if visit.stage == "Engaging"]
    over = [(visit.left_at - (visit.entered_at or 0)) // world.DAY for visit in engaged if visit.left_at is not None]
    ages = [(END_OF_2017 - (visit.entered_at or 0)) // world.DAY for visit in engaged if visit.left_at is None]
    assert statistics.median(over) == 45
    left = 1.0
    for day in range(400):
        at_risk = sum(span >= day for span in over + ages)
        left *= 1 - over.count(day) / at_risk
        if left <= 0.5:
            return day
    raise AssertionError
