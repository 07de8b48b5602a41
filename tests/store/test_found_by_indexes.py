"""Look-ups among a million deals go by an index, without any statistics: the plans are read, not the time."""

from typing import Any

import pytest
from past import POLICY

from oppcli.model.deals import Deal, Stage
from oppcli.model.sight import Sight
from oppcli.policy import read
from oppcli.reads import activities, population, touch_rows
from oppcli.reads.similar import similar
from oppcli.reads.table import Frame
from oppcli.store import queries
from oppcli.store.doors import WriteDoor

OF_ANN = Sight(login="ann", now=0, whole=False, owners=("ann",), below=("ann",), wide=False)


def plans(door: WriteDoor, asked: list[tuple[str, dict[str, Any]]]) -> list[str]:
    """The first step of each statement's plan."""
    return [door.rows(f"EXPLAIN QUERY PLAN {sql}", **params)[0][3] for sql, params in asked]


@pytest.fixture
def asked(door: WriteDoor, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What is asked of the door, among some closed deals, of one of which it is not known when that was."""
    door.add_many([Stage(name="Lead", kind="lead"), Stage(name="Won", kind="won")])
    door.add_many(Deal(title=f"Deal {n}", stage="Won", amount=100, closed_at=n) for n in range(1, 4))
    door.add_many([Deal(title="Deal 4", stage="Won", amount=100), Deal(title="Deal 5", stage="Lead", amount=100)])
    said: list[tuple[str, dict[str, Any]]] = []
    rows = door.rows

    def listening(sql: str, /, **params: Any) -> list[Any]:
        if not sql.startswith("EXPLAIN"):
            said.append((sql, params))
        return rows(sql, **params)

    monkeypatch.setattr(door, "rows", listening)
    return said


def closed(asked: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    return [each for each in asked if "d.closed_at IS" in each[0]]


def test_the_newest_closed_deals_come_first_and_then_those_of_no_known_day(door: WriteDoor, asked: list[Any]) -> None:
    found = similar(door, door.get(Deal, 5))
    assert [near.deal.id for near in found.nearest] == [3, 2, 1, 4]
    if door.dialect == "sqlite":
        newest, others = plans(door, closed(asked))
        assert newest == "SEARCH d USING INDEX deal_closed (currency=? AND closed_at>?)"
        assert others == "SEARCH d USING INDEX deal_closed (currency=? AND closed_at=? AND amount<?)"


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_who_sees_few_deals_does_not_walk_through_those_of_all(door: WriteDoor, asked: list[Any]) -> None:
    door.sight = OF_ANN
    similar(door, door.get(Deal, 5))
    assert [plan for plan in plans(door, closed(asked)) if "(currency=?" in plan] == []


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("customer", [7, None])
def test_a_twin_is_looked_for_among_the_deals_of_its_customer(
    door: WriteDoor, asked: list[Any], customer: int | None
) -> None:
    assert queries.same_title(door, "Deal 1", customer, besides=1 if customer is None else 0) == []
    (plan,) = plans(door, asked)
    assert plan == "SEARCH deal USING INDEX deal_customer_id (customer_id=?)"


@pytest.mark.parametrize("args", [{}, {"since": 2, "until": 9}])
@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_first_that_happened_are_found_without_sorting_the_others(
    door: WriteDoor, asked: list[Any], args: dict[str, int]
) -> None:
    frame = Frame(now=9, tz="UTC", policy=lambda: pytest.fail("no policy is asked"), newest=50)
    assert activities.listing(door, args, frame).rows == []
    steps = [row[3] for row in door.rows(f"EXPLAIN QUERY PLAN {asked[-1][0]}", **asked[-1][1])]
    assert " USING INDEX activity_at" in steps[0]
    assert not [step for step in steps if "ORDER BY" in step]


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_touches_of_a_time_are_read_without_those_of_others(door: WriteDoor, asked: list[Any]) -> None:
    assert touch_rows.touches(door, ("call",), since=2, until=9) == []
    (plan,) = plans(door, asked)
    assert plan == "SEARCH a USING INDEX activity_at (at>? AND at<?)"


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_condition_on_an_amount_does_not_begin_with_all_deals_of_its_currency(
    door: WriteDoor, asked: list[Any]
) -> None:
    frame = Frame(now=9, tz="UTC", policy=lambda: read(POLICY))
    where, _ = population.chosen(door, {"where": ["amount > 1"]}, frame)
    counted = f"SELECT d.owner, sum(d.amount) FROM deal d {where.sql} AND d.stage_id IN (1, 2) GROUP BY d.owner"
    (plan,) = plans(door, [(counted, where.params)])
    assert plan == "SEARCH d USING COVERING INDEX deal_stage_id (stage_id=?)"
