"""What the forecast would be if deals or stages were otherwise; it is only asked, nothing is written."""

from typing import Any

import pytest
import world

from oppcli.errors import NotFound, UsageError
from oppcli.model.deals import Deal, Stage
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.reads import catalog
from oppcli.reads.table import Table
from oppcli.store.doors import WriteDoor

STAGES = (
    Stage(name="线索", kind="lead", position=0, probability=5),
    Stage(name="方案", kind="open", position=1, probability=25),
    Stage(name="谈判", kind="open", position=2, probability=60),
    Stage(name="赢单", kind="won", position=3, probability=100),
)


@pytest.fixture
def team(door: WriteDoor) -> WriteDoor:
    for stage in STAGES:
        door.add(stage)
    for login in ("li", "zhao"):
        door.add(User(login=login, name=login))
    given = (("方案", 123_450, "2026-03-30"), ("方案", 123_450, "2026-03-01"), ("谈判", 1_000, None))
    for name, amount, close in given:
        door.add(Deal(title="a deal", stage=name, amount=amount, expected_close=close, owner="li"))
    door.add(Deal(title="a lead", stage="线索", amount=100, expected_close="2026-03-30", owner="zhao"))
    return door


def table(door: WriteDoor, name: str = "forecast whatif", **args: Any) -> Table:
    return catalog.run(catalog.read(name), door, args, world.frame())


def rows(door: WriteDoor, *given: str, **args: Any) -> list[tuple[Any, ...]]:
    return [tuple(row[:4]) for row in table(door, set=list(given), **args).rows]


CASES = (
    (("D-1.amount=2469",), [("past_due", 30_863, 30_863, 0), ("2026-03", 30_863, 61_725, 30_862), (None, 600, 600, 0)]),
    (("D-2.close=2026-04-10",), [("past_due", 30_863, 0, -30_863), ("2026-03", 30_863, 30_863, 0)]),
    (("stage:方案.probability=50",), [("past_due", 30_863, 61_725, 30_862), ("2026-03", 30_863, 61_725, 30_862)]),
    (("D-1.赢率=100", "D-1.category=commit"), [("past_due", 30_863, 30_863, 0), ("2026-03", 30_863, 123_450, 92_587)]),
    (("D-4.category=best",), [("past_due", 30_863, 30_863, 0), ("2026-03", 30_863, 30_868, 5)]),
    (("D-4.stage=方案",), [("past_due", 30_863, 30_863, 0), ("2026-03", 30_863, 30_888, 25)]),
    (("D-1.category=omitted",), [("past_due", 30_863, 30_863, 0), ("2026-03", 30_863, 0, -30_863)]),
    (("D-1.stage=赢单",), [("past_due", 30_863, 30_863, 0), ("2026-03", 30_863, 0, -30_863)]),
)


@pytest.mark.parametrize(("given", "first"), CASES)
def test_what_is_supposed_changes_the_months_that_it_is_about(
    team: WriteDoor, given: tuple[str, ...], first: list[Any]
) -> None:
    told = rows(team, *given)
    assert told[: len(first)] == first
    weighted = [(row[0], row[3]) for row in table(team, "report forecast").rows if row[1]]
    assert [(month, before) for month, before, *_ in told if before] == weighted


def test_dropped_deals_are_gone_and_filters_and_measures_hold(team: WriteDoor) -> None:
    found = table(team, drop=["D-3", "1"], measure="amount")
    assert [row[:4] for row in found.rows] == [
        ("past_due", 123_450, 123_450, 0),
        ("2026-03", 123_450, 0, -123_450),
        (None, 1_000, 0, -1_000),
    ]
    assert found.last == ("(total)", 247_900, 123_450, -124_450, "CNY")
    assert rows(team, drop=["D-1"], measure="count", owner=(["zhao"], [])) == []
    assert rows(team, drop=["D-1"], where=["age_days > 3 and owner = li"]) == []
    assert rows(team, drop=["D-1"], measure="count") == [("past_due", 1, 1, 0), ("2026-03", 1, 0, -1), (None, 1, 1, 0)]


def test_what_is_supposed_of_a_deal_that_is_in_no_forecast_is_said_to_change_nothing(team: WriteDoor) -> None:
    def told(*given: str, **args: Any) -> list[tuple[str, int | None, str]]:
        notes = table(team, set=list(given), **args).notes
        return [(note.code, note.count, str(note.text)) for note in notes if note.omission]

    team.save(team.get(Deal, 2), replace(team.get(Deal, 2), stage="赢单", closed_at=world.NOW))
    why = "changes nothing: closed, omitted, or not among those chosen"
    assert told("D-2.amount=5", drop=["D-4"]) == [("left_out", 2, f"what is supposed of D-2, D-4 {why}")]
    assert told("D-2.stage=方案", "D-4.category=best", "D-1.amount=5") == []
    assert [code for code, *_ in told("D-1.amount=5", owner=(["zhao"], []))] == ["left_out"]


WRONG = ("D-1.amount=x", "D-1.foo=3", "D-1.probability=101", "stage:无.category=best", "amount=3")


def test_what_cannot_be_supposed_is_refused_with_every_fault(team: WriteDoor) -> None:
    with pytest.raises(UsageError) as refused:
        rows(team, *WRONG, drop=["Q-1"])
    assert [str(reason.what) for reason in refused.value.reasons] == ["Q-1", *WRONG]
    with pytest.raises(NotFound, match="D-9"):
        rows(team, "D-9.amount=1")
    with pytest.raises(UsageError, match="suppose something"):
        rows(team)
