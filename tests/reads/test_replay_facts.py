"""What is read of a kept past: snapshots and the fields of deals as facts of another policy; gates on a way."""

from decimal import Decimal
from typing import Any

import pytest
import world
from stages import team_policy

from oppcli.model.policy import Policy
from oppcli.model.rates import Rate
from oppcli.policy import read
from oppcli.reads.replay_facts import Reader
from oppcli.reads.replay_gates import entered
from oppcli.store.doors import WriteDoor

DAY = world.day("03-09")
TEXT = team_policy(
    """[roles]
ops = ["wang"]
[[stage]]
name = "线索"
kind = "lead"
[[stage]]
name = "方案"
[[stage]]
name = "谈判"
probability = 70
[[stage]]
name = "签约"
[[stage]]
name = "赢单"
kind = "won"
[[stage]]
name = "输单"
kind = "lost"
[type.quote]
when = "amount > 100 or discount > 10 or tier == 'A'"
[[type.quote.step]]
name = "A"
who = "role:ops"
when = "probability > 50 and source == 'web'"
""",
    fallback="role:ops",
    hours='"09:00-12:00", "13:00-18:00"',
)


def rules(currency: str = "CNY") -> Policy:
    return read(TEXT.replace('"CNY"', f'"{currency}"'))


@pytest.fixture
def desk(door: WriteDoor) -> WriteDoor:
    world.fill(door, empty=True)
    for day, rate in (("2026-03-01", "7.8"), ("2026-03-10", "9")):
        door.add(Rate(base="EUR", currency="CNY", day=day, rate=rate, created_at=DAY, created_by="wang"))
    return door


@pytest.mark.parametrize(
    ("snapshot", "currency", "to", "amount"),
    [
        ({"amount": "100.00"}, "CNY", "CNY", "100.00"),
        ({"amount": None}, "CNY", "CNY", None),
        ({}, "CNY", "CNY", ...),
        # the rate that was shown, else that of the day; none is none
        ({"amount": "100.00", "currency": "EUR", "rate": "8"}, "EUR", "CNY", "800.00"),
        ({"amount": "100.00", "currency": "EUR", "rate": None}, "EUR", "CNY", "780.00"),
        ({"amount": "100.00", "currency": "USD", "rate": None}, "USD", "CNY", None),
        # a policy in another currency than the applied one was shown none
        ({"amount": "100.00", "currency": "EUR", "rate": "8"}, "EUR", "EUR", "100.00"),
        ({"amount": "780.00"}, "CNY", "EUR", "100.00"),
        # what is of another kind now was not kept
        ({"amount": "much"}, "CNY", "CNY", ...),
    ],
)
def test_what_was_shown_is_compared_in_the_currency_of_the_policy(
    desk: WriteDoor, snapshot: dict[str, str | None], currency: str, to: str, amount: Any
) -> None:
    found = Reader(desk, rules(to), rules()).shown("quote", snapshot, currency, DAY)
    assert found.get("amount", ...) == (Decimal(amount) if isinstance(amount, str) else amount)


def test_only_what_the_policy_reads_and_who_asks_has_is_read_of_a_snapshot(desk: WriteDoor) -> None:
    kept = {"amount": "5.00", "discount": "12.5", "tier": "A", "region": "east", "source": None}
    told = Reader(desk, rules(), rules(), ("amount",)).shown("quote", kept, "CNY", DAY)
    assert told == {"discount": Decimal("12.5"), "tier": "A", "source": None}
    assert Reader(desk, rules(), rules()).shown("risk", kept, "CNY", DAY) == {}


def test_a_deal_is_read_as_it_stood_and_what_it_did_not_have_was_empty(desk: WriteDoor) -> None:
    reader = Reader(desk, rules(), rules())
    state = {"stage": "谈判", "amount": 10_000, "currency": "EUR", "discount": 125_000, "source": "web"}
    found = {
        "amount": Decimal(780),
        "discount": Decimal("12.5"),
        "tier": None,
        "source": "web",
        "probability": Decimal(70),
    }
    assert reader.stood("quote", state, DAY, None) == found
    own = {**state, "probability": 20, "currency": "CNY", "stage": "nowhere"}
    assert reader.stood("quote", own, DAY, None)["probability"] == Decimal(20)
    assert reader.stood("quote", {"currency": "CNY", "stage": "nowhere"}, DAY, None)["probability"] is None


@pytest.mark.parametrize(
    ("came_from", "to", "stages"),
    [
        ("线索", "方案", ["方案"]),
        ("线索", "签约", ["方案", "谈判", "签约"]),
        ("签约", "赢单", ["赢单"]),
        ("谈判", "方案", []),
        ("谈判", "输单", []),
        ("谈判", "gone", []),
        ("gone", "签约", ["签约"]),
        ("输单", "谈判", []),
    ],
)
def test_a_move_enters_the_gates_on_its_way(came_from: str, to: str, stages: list[str]) -> None:
    assert [stage.name for stage in entered(rules(), came_from, to)] == stages
