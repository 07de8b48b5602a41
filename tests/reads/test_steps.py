"""What the history of steps tells of them, from made histories; on both engines."""

from collections.abc import Iterable
from typing import Any

import pytest
import world

from oppcli.model.deals import Deal
from oppcli.model.rates import Rate
from oppcli.model.requests import Decision, Request, Revision, Seat, Step
from oppcli.reads import catalog
from oppcli.store.doors import WriteDoor

SECOND = 1000
MONDAY = world.day("03-02")


def read(door: WriteDoor, path: str = "report steps", **args: Any) -> dict[str, dict[str, Any]]:
    """The rows by step."""
    table = catalog.run(catalog.read(path), door, args, world.frame())
    names = [column.name for column in table.columns]
    return {row[1]: dict(zip(names, row, strict=True)) for row in table.rows}


@pytest.fixture
def desk(door: WriteDoor) -> WriteDoor:
    """A database with people and stages and one deal, in which nothing was asked yet."""
    world.fill(door, empty=True)
    door.add(Deal(title="MES", stage="方案", owner="li", created_at=MONDAY))
    return door


def asked(door: WriteDoor, *verdicts: tuple[str, str, int], amount: int | None = 100, currency: str = "CNY") -> None:
    """A request that is over; for each of its steps the name, the verdict (empty: it was not asked) and the seconds
    from its opening to that, one after the other."""
    steps: list[Step] = []
    decisions: list[Decision] = []
    now = MONDAY
    ends = {"approve": "approved", "reject": "rejected", "return": "open", "": "cancelled"}
    for position, (name, verdict, seconds) in enumerate(verdicts, start=1):
        opened, now = now, now + seconds * SECOND
        closed = now if verdict in ("approve", "reject") else None
        steps.append(
            Step(revision=1, position=position, group=position, name=name, state=ends[verdict], calendar="cn",
                 opened_at=opened if verdict else None, closed_at=closed, seats=(Seat(number=1, holders=()),))
        )  # fmt: skip
        if verdict:
            decisions.append(
                Decision(number=len(decisions) + 1, revision=1, step=position, seat=1, actor="wang", actor_name="wang",
                         verdict=verdict, at=now)
            )  # fmt: skip
    state = next((end for _, verdict, _ in verdicts for end in [_END.get(verdict)] if end), "approved")
    door.add(
        Request(deal_id=1, type="quote", state=state, submitted_by="li", submitted_at=MONDAY, amount=amount,
                currency=currency, revisions=(Revision(number=1, snapshot={}, at=MONDAY, editor="li"),),
                steps=tuple(steps), decisions=tuple(decisions), decided_at=now)
    )  # fmt: skip


_END = {"reject": "rejected", "return": "recalled"}


def many(door: WriteDoor, count: int, *verdicts: tuple[str, str, int], **more: Any) -> None:
    for _ in range(count):
        asked(door, *verdicts, **more)


def picked(row: dict[str, Any], names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def test_fifty_nine_decisions_without_a_no_are_a_step_that_never_says_no(desk: WriteDoor) -> None:
    many(desk, 58, ("经理", "approve", 3600))
    assert picked(read(desk)["经理"], ("decided", "no", "returned", "verdict")) == (58, 0, 0, "few")
    asked(desk, ("经理", "approve", 3600))
    row = read(desk)["经理"]
    assert picked(row, ("decided", "verdict", "seconds_median")) == (59, "never says no", 3600)
    assert round(row["no_upper"], 4) == 0.0495


def test_nine_of_ten_within_a_minute_make_a_rubber_stamp(desk: WriteDoor) -> None:
    many(desk, 54, ("经理", "approve", 59))
    many(desk, 6, ("经理", "approve", 60))
    assert read(desk)["经理"]["verdict"] == "rubber stamp"
    asked(desk, ("经理", "approve", 60))
    assert read(desk)["经理"]["verdict"] == "never says no"


def test_a_step_that_refuses_one_in_ten_is_no_rubber_stamp_however_fast_it_is(desk: WriteDoor) -> None:
    many(desk, 63, ("经理", "approve", 5))
    many(desk, 4, ("经理", "reject", 5))
    many(desk, 3, ("经理", "return", 5))
    row = read(desk)["经理"]
    assert picked(row, ("decided", "no", "returned", "verdict", "with")) == (70, 4, 3, None, None)
    assert round(row["no_upper"], 4) == 0.1796


def test_a_step_that_says_what_another_says_each_time_is_its_echo(desk: WriteDoor) -> None:
    many(desk, 50, ("财务", "approve", 600), ("法务", "approve", 600))
    many(desk, 10, ("财务", "reject", 600), ("法务", "reject", 600))
    rows = read(desk)
    assert [picked(rows[name], ("verdict", "with")) for name in ("财务", "法务")] == [
        ("echo", "法务"),
        ("echo", "财务"),
    ]
    asked(desk, ("财务", "approve", 600), ("法务", "reject", 600))
    assert [picked(row, ("verdict", "with")) for row in read(desk).values()] == [(None, None), (None, None)]


def test_a_step_whose_no_keeps_the_next_from_being_asked_is_no_echo_of_it(desk: WriteDoor) -> None:
    many(desk, 60, ("经理", "approve", 600), ("总监", "approve", 600))
    many(desk, 10, ("经理", "reject", 600), ("总监", "", 0))
    rows = read(desk)
    assert picked(rows["经理"], ("decided", "no", "verdict", "with")) == (70, 10, None, None)
    assert picked(rows["总监"], ("decided", "no", "verdict", "with")) == (60, 0, "never says no", "经理")


def test_below_the_smallest_refused_amount_decisions_could_have_been_spared(desk: WriteDoor) -> None:
    for amount in (100_00, 40_000_00, 49_999_99, 50_000_00, 90_000_00, None):
        asked(desk, ("经理", "approve", 600), amount=amount)
    assert picked(read(desk)["经理"], ("spared_above", "spared", "currency")) == (None, None, None)
    asked(desk, ("经理", "reject", 600), amount=50_999_00)
    asked(desk, ("经理", "return", 600), amount=70_000_00)
    assert picked(read(desk)["经理"], ("spared_above", "spared", "currency")) == (50_000_00, 3, "CNY")
    asked(desk, ("经理", "reject", 600), amount=None)
    assert picked(read(desk)["经理"], ("spared_above", "spared", "currency")) == (None, None, None)


def test_amounts_in_another_currency_are_counted_in_the_policys_at_the_rate_of_their_day(desk: WriteDoor) -> None:
    desk.add(Rate(base="EUR", currency="CNY", day="2026-03-01", rate="8", created_at=MONDAY, created_by="wang"))
    asked(desk, ("经理", "reject", 600), amount=1_000_00, currency="EUR")
    asked(desk, ("经理", "approve", 600), amount=7_999_99, currency="CNY")
    assert picked(read(desk)["经理"], ("spared_above", "spared", "currency")) == (8_000_00, 1, "CNY")


def test_the_wait_of_a_type_is_parted_among_its_steps(desk: WriteDoor) -> None:
    many(desk, 2, ("经理", "approve", 900), ("总监", "approve", 2700))
    assert [row["wait_share"] for row in read(desk).values()] == [0.25, 0.75]


def test_a_vote_that_was_taken_back_and_a_step_that_ran_out_of_time_decided_nothing(desk: WriteDoor) -> None:
    asked(desk, ("经理", "", 0))
    given = Decision(number=1, revision=1, step=1, seat=1, actor="wang", actor_name="wang", at=MONDAY)
    back = Decision(
        number=2,
        revision=1,
        step=1,
        seat=1,
        actor="wang",
        actor_name="wang",
        verdict="withdraw",
        refers_to=1,
        at=MONDAY,
    )
    desk.add(
        Request(deal_id=1, type="quote", submitted_by="li", submitted_at=MONDAY, decisions=(given, back),
                revisions=(Revision(number=1, snapshot={}, at=MONDAY, editor="li"),),
                steps=(Step(revision=1, position=1, group=1, name="经理", state="open", calendar="cn", opened_at=MONDAY,
                            seats=(Seat(number=1, holders=()),)),))
    )  # fmt: skip
    assert read(desk) == {}
    asked(desk, ("经理", "approve", 60))
    assert read(desk)["经理"]["decided"] == 1


def test_a_period_chooses_by_the_time_of_the_decision_and_a_type_by_name(desk: WriteDoor) -> None:
    asked(desk, ("经理", "approve", 60))
    assert read(desk, since=MONDAY + 61 * SECOND) == {}
    assert read(desk, since=MONDAY, until=MONDAY + 61 * SECOND)["经理"]["decided"] == 1
    assert read(desk, type=(["risk"], [])) == {}


def test_the_journal_is_asked_about_bulk_only_where_a_step_never_says_no(desk: WriteDoor) -> None:
    told: list[str] = []
    stream = desk.stream

    def streamed(sql: str, /, **params: Any) -> Any:
        told.append(sql)
        return stream(sql, **params)

    desk.stream = streamed  # type: ignore[method-assign]
    many(desk, 58, ("经理", "approve", 3600))
    read(desk)
    before = len(told)
    asked(desk, ("经理", "approve", 3600))
    told.clear()
    read(desk)
    assert (before, len(told)) == (1, 2)
