"""Whether something got better since a day: made histories on both engines, and the figures of the page."""

from typing import Any

import pytest
import world

from oppcli.errors import UsageError
from oppcli.model.deals import Deal, Visit
from oppcli.model.journal import Stamp
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.model.requests import Decision, Request, Revision, Seat, Step
from oppcli.reads import catalog
from oppcli.reads.table import Beyond, Table
from oppcli.store.doors import WriteDoor

AT = world.day("03-02")
DAY = world.DAY


@pytest.fixture
def desk(door: WriteDoor) -> WriteDoor:
    """A database with people and stages in which nothing began yet."""
    world.fill(door, empty=True)
    return door


def told(door: WriteDoor, now: int = AT + 200 * DAY, **args: Any) -> Table:
    args = {"at": AT, "within": "10d", **args}
    return catalog.run(catalog.read("report effect"), door, args, world.frame(now))


def row(door: WriteDoor, measure: str, **args: Any) -> dict[str, Any]:
    table = told(door, measure=[measure], **args)
    (found,) = table.rows
    return dict(zip([column.name for column in table.columns], found, strict=True))


def deals(door: WriteDoor, count: int, begins: int, **ends: float) -> None:
    """Deals that came into 方案 then, and were won or moved on so many days later."""
    for _ in range(count):
        visits, stage, closed = [Visit(stage="方案", entered_at=begins)], "方案", None
        for key, days in ends.items():
            end = begins + int(days * DAY)
            stage = {"won": "赢单", "moved": "谈判", "lost": "输单"}[key]
            visits[-1] = Visit(stage=visits[-1].stage, entered_at=visits[-1].entered_at, left_at=end)
            visits.append(Visit(stage=stage, entered_at=end))
            closed = end if key != "moved" else None
        door.add(Deal(title="MES", stage=stage, owner="li", created_at=begins, closed_at=closed, visits=tuple(visits)))


def requests(door: WriteDoor, count: int, at: int, *verdicts: str, days: float = 1) -> None:
    """Requests that were submitted then, and decided so many days later; none: that wait."""
    end = at + int(days * DAY)
    made = door.add(Deal(title="MES", stage="方案", owner="li", created_at=at - 300 * DAY))
    for _ in range(count):
        decisions = tuple(
            Decision(number=n, revision=1, step=1, seat=1, actor="wang", actor_name="wang", verdict=verdict, at=end)
            for n, verdict in enumerate(verdicts, start=1)
        )
        state = {"approve": "approved", "reject": "rejected", None: "recalled"}[verdicts[-1] if verdicts else None]
        step = Step(revision=1, position=1, group=1, name="经理", state="approved", opened_at=at,
                    seats=(Seat(number=1, holders=()),))  # fmt: skip
        door.add(
            Request(deal_id=made.id, type="quote", state=state, submitted_by="li", submitted_at=at, steps=(step,),
                    revisions=(Revision(number=1, snapshot={}, at=at, editor="li"),), decisions=decisions,
                    decided_at=end if verdicts else None)
        )  # fmt: skip


def test_a_hundred_on_each_side_show_what_thirty_do_not(desk: WriteDoor) -> None:
    for begins, hits, n in ((AT - 20 * DAY, 12, 30), (AT + 20 * DAY, 17, 30)):
        deals(desk, hits, begins, won=3)
        deals(desk, n - hits, begins)
    found = row(desk, "won")
    assert (found["before_n"], found["before"], found["after_n"], found["verdict"]) == (30, 0.4, 30, "not shown")
    assert [round(found[name], 4) for name in ("difference", "low", "high")] == [0.1667, -0.0819, 0.3885]
    for begins, hits, n in ((AT - 30 * DAY, 28, 70), (AT + 30 * DAY, 40, 70)):
        deals(desk, hits, begins, won=3)
        deals(desk, n - hits, begins)
    found = row(desk, "won")
    assert (found["before_n"], found["after_n"], found["verdict"]) == (100, 100, "better")
    assert [round(found[name], 4) for name in ("difference", "low", "high")] == [0.17, 0.0315, 0.2996]


def test_what_came_later_than_both_sides_were_followed_does_not_count(desk: WriteDoor) -> None:
    deals(desk, 20, AT - 50 * DAY, won=10)
    deals(desk, 10, AT - 50 * DAY, won=11)
    deals(desk, 30, AT + DAY, won=10.5)
    found = row(desk, "won")
    assert (found["before"], found["after"], found["verdict"]) == (20 / 30, 0, "worse")
    assert found["before_median"] == 10
    assert found["after_median"] == Beyond(10)
    assert isinstance(found["after_median"], Beyond)


def test_a_side_of_fewer_than_twenty_shows_nothing(desk: WriteDoor) -> None:
    deals(desk, 40, AT - DAY, won=1)
    deals(desk, 19, AT, lost=1)
    found = row(desk, "won")
    assert (found["after_n"], found["verdict"], found["difference"], found["low"]) == (19, "too few", None, None)
    deals(desk, 1, AT, lost=1)
    assert row(desk, "won")["verdict"] == "worse"


def test_before_the_last_was_followed_it_is_too_early_and_only_those_that_were_are_counted(desk: WriteDoor) -> None:
    deals(desk, 30, AT - 5 * DAY, won=2)
    deals(desk, 25, AT)
    deals(desk, 25, AT + 8 * DAY)
    found = row(desk, "won", window="20d", now=AT + 10 * DAY)
    assert (found["before_n"], found["after_n"], found["difference"]) == (30, 25, None)
    assert found["verdict"] == "too early until 2026-04-01"
    assert row(desk, "won", window="20d", now=AT + 30 * DAY - 1)["verdict"] == "too early until 2026-04-01"
    assert row(desk, "won", window="20d", now=AT + 30 * DAY)["verdict"] == "worse"


def test_a_stage_counts_who_left_it_onwards_not_who_was_lost(desk: WriteDoor) -> None:
    for begins, onwards in ((AT - 20 * DAY, 5), (AT + 20 * DAY, 25)):
        deals(desk, onwards, begins, moved=3)
        deals(desk, 30 - onwards, begins, lost=2)
    found = row(desk, "stage:方案")
    assert (found["measure"], found["before"], found["after"], found["verdict"]) == (
        "stage:方案",
        5 / 30,
        25 / 30,
        "better",
    )
    assert row(desk, "stage：方案")["after"] == 25 / 30


def test_a_stage_is_followed_for_its_target_in_business_time(desk: WriteDoor) -> None:
    # 40 business hours are five working days: a Monday's 09:00 to Friday's 18:00.
    deals(desk, 20, AT - 14 * DAY, moved=4 + 8.9 / 24)
    deals(desk, 20, AT + 14 * DAY, moved=4 + 9.1 / 24)
    found = row(desk, "stage:方案", within=None)
    assert (found["before"], found["after"], found["verdict"]) == (1, 0, "worse")
    assert row(desk, "stage:方案", within="120h")["after"] == 1


def test_a_deal_that_came_into_a_stage_again_began_there_once(desk: WriteDoor) -> None:
    path = [("方案", AT - 5 * DAY, AT - 4 * DAY), ("谈判", AT - 4 * DAY, AT + DAY), ("方案", AT + DAY, None)]
    visits = tuple(Visit(stage=name, entered_at=start, left_at=end) for name, start, end in path)
    desk.add(Deal(title="back", stage="方案", owner="li", created_at=AT - 5 * DAY, visits=visits))
    found = row(desk, "stage:方案")
    assert (found["before_n"], found["before"], found["after_n"]) == (1, 1, 0)


def test_approvals_are_decided_in_time_or_passed_at_once(desk: WriteDoor) -> None:
    requests(desk, 10, AT - 20 * DAY, "approve", days=11)
    requests(desk, 10, AT - 20 * DAY, "return", "approve")
    requests(desk, 20, AT + 20 * DAY, "approve")
    requests(desk, 10, AT + 20 * DAY, "reject")
    requests(desk, 5, AT + 20 * DAY)
    found = row(desk, "approval")
    assert (found["before"], found["after_n"], found["after"], found["verdict"]) == (0.5, 35, 30 / 35, "better")
    found = row(desk, "first_pass")
    assert (found["before"], found["after"], found["verdict"]) == (0, 20 / 35, "better")
    assert row(desk, "approval", type=(["risk"], []))["before_n"] == 0


def test_it_says_that_it_is_no_experiment_and_who_came_and_left(desk: WriteDoor) -> None:
    desk.begin(Stamp(actor="wang", now=AT + DAY + 100 * DAY, command="test"))
    new = desk.add(User(login="new", name="new"))
    desk.save(new, replace(new, active=False), action="deactivate")
    notes = world.said(told(desk, measure=["won"], at=AT + 100 * DAY, window="5d"))
    assert notes == (
        "began 2026-06-05 to 2026-06-10, and 2026-06-10 to 2026-06-15",
        "this is no experiment: what else changed then may be why",
        "1 person came in that time, 1 left",
    )


@pytest.mark.parametrize(
    ("args", "refusal"),
    [
        ({"at": None}, "since when? --at DAY or --policy N; what is measured?"),
        ({"policy": "1", "measure": ["won"]}, "--at and --policy both say since when"),
        ({"measure": ["wom"]}, "--measure cannot be wom"),
        ({"measure": ["stage:方桉"]}, "no deal leaves 方桉 onwards"),
        ({"measure": ["stage:赢单"]}, "no deal leaves 赢单 onwards"),
        ({"measure": ["won"], "window": "0d"}, "--window is more than 0 and at most 3660d, not 0d"),
        ({"measure": ["won"], "within": "two"}, "--within cannot be two: elapsed hours or days"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_what_is_missing(
    desk: WriteDoor, args: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(UsageError) as refused:
        told(desk, **args)
    assert str(refused.value).startswith(refusal)


def test_it_takes_a_statement_for_each_measure_and_two_for_what_else_changed(desk: WriteDoor) -> None:
    asked: list[str] = []
    rows_of, stream_of = desk.rows, desk.stream

    def rows_(sql: str, /, **params: Any) -> Any:
        asked.append(sql)
        return rows_of(sql, **params)

    def stream_(sql: str, /, **params: Any) -> Any:
        asked.append(sql)
        return stream_of(sql, **params)

    desk.rows, desk.stream = rows_, stream_  # type: ignore[method-assign]
    told(desk, measure=["won", "approval", "first_pass"])
    assert len(asked) == 5
