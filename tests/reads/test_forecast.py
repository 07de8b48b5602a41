"""What the coming months are to bring: weights rounded deal by deal, categories, what is past due or has no date in
rows of its own.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import maven
import pytest
import world

from oppcli.errors import NotAllowed, UsageError
from oppcli.model.deals import Deal, Stage
from oppcli.model.noun import replace
from oppcli.model.payments import Payment
from oppcli.model.people import User
from oppcli.model.rates import Rate
from oppcli.model.targets import Target
from oppcli.model.units import Met
from oppcli.reads import catalog
from oppcli.reads.table import Table
from oppcli.store.doors import WriteDoor
from oppcli.words.periods import Period

NEW_YEARS_EVE = int(datetime(2017, 12, 31, tzinfo=UTC).timestamp() * 1000)
"""2017-12-31T00:00Z."""
NOW = int(datetime(2026, 11, 20, 4, 0, tzinfo=UTC).timestamp() * 1000)
"""A Friday, noon in Shanghai."""
STAGES = (
    Stage(name="线索", kind="lead", position=0, probability=5),
    Stage(name="方案", kind="open", position=1, probability=25),
    Stage(name="谈判", kind="open", position=2, probability=60, category="best"),
    Stage(name="赢单", kind="won", position=3, probability=100),
    Stage(name="输单", kind="lost", position=4),
)
COLUMNS = "month deals amount weighted pipeline best commit omitted closed currency target coverage".split()


def won(amount: int, day: str, **more: Any) -> Deal:
    return deal(
        amount, stage="赢单", closed_at=int(datetime.fromisoformat(f"{day}T02:00+00:00").timestamp() * 1000), **more
    )


def deal(amount: int | None, close: str | None = None, stage: str = "方案", **more: Any) -> Deal:
    given: dict[str, Any] = {"owner": "li", "created_at": NOW - 30 * world.DAY, **more}
    return Deal(title="a deal", stage=stage, amount=amount, expected_close=close, **given)


def deals() -> Iterator[Deal]:
    yield deal(123_450, "2026-11-30")
    yield deal(123_450, "2026-11-30", owner="zhao")
    yield deal(50_000, "2026-11-19", category="commit")
    yield deal(70_000, "2026-11-20", stage="谈判")
    yield deal(90_000, "2027-01-15", stage="谈判", category="omitted", probability=90)
    yield deal(1_000, "2027-01-15", stage="谈判", category="commit", probability=90)
    yield deal(10_000, None)
    yield deal(None, None)
    yield deal(30_000, "2026-12-05", stage="线索")
    yield won(200_000, "2026-11-02")
    yield won(300_000, "2026-10-31")
    yield won(1, "2026-11-19", owner="zhao")
    yield deal(99_999, "2026-11-25", stage="输单", closed_at=NOW)


@pytest.fixture
def team(door: WriteDoor) -> WriteDoor:
    for stage in STAGES:
        door.add(stage)
    for login in ("wang", "li", "zhao"):
        door.add(User(login=login, name=login, manager=None if login == "wang" else "wang"))
    door.add_many(list(deals()))
    return door


def table(door: WriteDoor, now: int = NOW, **args: Any) -> Table:
    frame = world.frame(now)._replace(hidden=args.pop("hidden", ()))
    return catalog.run(catalog.read("report forecast"), door, args, frame)


def rows(door: WriteDoor, **args: Any) -> list[dict[str, Any]]:
    found = table(door, **args)
    names = [column.name for column in found.columns]
    return [dict(zip(names, row, strict=True)) for row in found.rows]


def told(found: list[dict[str, Any]], names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names.split()) for row in found]


@pytest.fixture(scope="module")
def _prices() -> dict[str, int]:
    """Product → list price, minor units; one is written otherwise where deals are."""
    found = {row["product"]: int(row["sales_price"]) * 100 for row in maven.rows("products.csv")}
    return {**found, "GTXPro": found["GTX Pro"]}


def test_the_told_figures_of_the_given_data(door: WriteDoor, _prices: dict[str, int]) -> None:
    for stage in maven.STAGES:
        chance = {"Prospecting": 10, "Engaging": 40}.get(stage.name, 0)
        category = "pipeline" if chance else None
        door.add(replace(stage, probability=chance, category=category))
    for agent in sorted(maven.teams()):
        door.add(User(login=agent, name=agent))

    def expected(one: Deal) -> Deal:
        if one.closed_at is not None:
            return one
        engaged = one.created_at
        day = datetime.fromtimestamp(engaged / 1000, UTC).date() + timedelta(days=57) if engaged is not None else None
        return replace(one, amount=_prices[one.product or ""], expected_close=day and day.isoformat())

    door.add_many([expected(one) for one in maven.deals()])
    frame = world.frame(NEW_YEARS_EVE, "UTC")
    found = catalog.run(catalog.read("report forecast"), door, {}, frame)
    figures = [(row[0], row[1], row[2] / 100, row[3] / 100) for row in found.rows]
    assert figures == [
        ("past_due", 1537, 3_785_911, 1_514_364.40),
        ("2017-12", 5, 20_495, 8_198.00),
        ("2018-01", 31, 53_983, 21_593.20),
        ("2018-02", 16, 31_840, 12_736.00),
        (None, 500, 1_073_986, 107_398.60),
    ]


def test_each_deal_is_weighted_and_rounded_before_it_is_added_up(team: WriteDoor) -> None:
    found = rows(team)
    assert told(found, "month deals amount weighted pipeline best commit omitted closed currency") == [
        ("past_due", 1, 50_000, 12_500, 0, 0, 50_000, 0, 0, "CNY"),
        ("2026-11", 3, 316_900, 61_726 + 42_000, 246_900, 70_000, 0, 0, 200_001, "CNY"),
        ("2026-12", 0, 0, 0, 0, 0, 0, 30_000, 0, "CNY"),
        ("2027-01", 1, 1_000, 900, 0, 0, 1_000, 90_000, 0, "CNY"),
        (None, 2, 10_000, 2_500, 10_000, 0, 0, 0, 0, "CNY"),
    ]


def test_what_is_past_due_or_has_no_date_is_moved_into_this_month_when_asked_and_that_is_told(team: WriteDoor) -> None:
    found = rows(team, roll=True)
    assert told(found, "month deals") == [("2026-11", 6), ("2026-12", 0), ("2027-01", 1)]
    assert "2026-11 has 1 deal past due and 2 without a date" in world.said(table(team, roll=True))
    november = Period(date(2026, 11, 1), date(2026, 11, 30))
    assert told(rows(team, period=november, roll=True), "month deals") == [("2026-11", 6)]
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    assert told(rows(team, period=december, roll=True), "month deals omitted") == [("2026-12", 0, 30_000)]
    said = world.said(table(team, period=december, roll=True))
    assert "3 open deals past due or without a date left out: --roll" in said


def test_other_keys_and_other_times_are_about_the_same_deals(team: WriteDoor) -> None:
    assert told(rows(team, by="owner"), "owner deals closed") == [("li", 6, 200_000), ("zhao", 1, 1)]
    october = Period(date(2026, 10, 1), date(2026, 12, 31))
    by = rows(team, period=october)
    assert told(by, "month deals closed") == [
        ("past_due", 1, 0),
        ("2026-10", 0, 300_000),
        ("2026-11", 3, 200_001),
        ("2026-12", 0, 0),
    ]
    assert told(rows(team, by="quarter"), "quarter deals") == [("past_due", 1), ("2026Q4", 3), ("2027Q1", 1), (None, 2)]
    assert sum(row["weighted"] for row in rows(team, by="owner,month")) == sum(row["weighted"] for row in rows(team))
    # What follows its stage stands by that, and in the order of what is sure.
    found = rows(team, by="category")
    order = ["pipeline", "best", "commit", "omitted", "closed"]
    assert [(row["category"], [each for each in order if row[each]]) for row in found] == [(e, [e]) for e in order]


def test_money_in_another_currency_is_converted_deal_by_deal_and_then_weighted(team: WriteDoor) -> None:
    team.add(deal(1_001, "2026-11-30", currency="USD"))
    team.add(deal(1_001, "2026-11-30", currency="USD"))
    assert told(rows(team)[1:2], "deals amount currency") == [(5, None, None)]
    team.add(Rate(base="USD", currency="CNY", day="2026-11-01", rate="7.15", created_at=1, created_by="li"))
    one = 7_157
    found = rows(team, **{"in": "CNY"})
    assert told(found[1:2], "amount weighted") == [(316_900 + 2 * one, 103_726 + 2 * ((one * 25 + 50) // 100))]


def test_who_does_not_see_a_field_does_not_see_what_is_made_of_it(team: WriteDoor) -> None:
    shown = [column.name for column in table(team, hidden=("amount",)).columns]
    assert shown == ["month", "deals"]
    assert "weighted" not in [column.name for column in table(team, hidden=("probability",)).columns]


def test_amounts_too_large_for_the_product_are_weighted_to_the_unit(team: WriteDoor) -> None:
    team.add(deal(10**17 - 1, "2027-03-01", probability=33))
    assert told(rows(team)[-2:-1], "month weighted") == [("2027-03", ((10**17 - 1) * 33 + 50) // 100)]


def target(who: str, month: str, amount: str, currency: str = "CNY") -> Target:
    return Target(who=who, month=month, measure="won_amount", target=amount, currency=currency, created_by="wang")


def test_rows_are_set_against_the_targets_of_the_company_a_team_or_a_person(team: WriteDoor) -> None:
    wanted = (("company", "2026-11", "3000"), ("company", "2026-12", "500"), ("li", "2026-11", "1000"))
    team.add_many(
        [target(*each) for each in (*wanted, ("zhao", "2026-11", "5000"), ("team:wang", "2026-11", "6037.27"))]
    )
    found = rows(team)
    assert told(found, "month target") == [
        ("past_due", None),
        ("2026-11", 300_000),
        ("2026-12", 50_000),
        ("2027-01", None),
        (None, None),
    ]
    assert [row["coverage"] for row in found[1:3]] == [103_726 / (300_000 - 200_001), 0]
    november = Period(date(2026, 11, 1), date(2026, 11, 30))
    by = rows(team, by="owner", period=november)
    assert [(row["owner"], row["target"], row["coverage"]) for row in by] == [
        ("li", 100_000, Met("inf")),
        ("zhao", 500_000, 30_863 / 499_999),
    ]
    (below,) = rows(team, by="month", period=november, team=(["wang", "li", "zhao"], []), roll=True)
    assert below["target"] == 603_727
    assert [row["target"] for row in rows(team, by="manager", period=november)] == [603_727]
    assert [row["target"] for row in rows(team, period=november, owner=(["li"], []))][-1] == 100_000
    assert {row["target"] for row in rows(team, by="region", period=november)} == {None}
    assert {row["target"] for row in rows(team, period=november, source=(["fair"], []))} <= {None}
    quarter = Period(date(2026, 10, 1), date(2026, 12, 31))
    assert [row["target"] for row in rows(team, by="quarter", period=quarter)] == [None, None]
    team.add(target("company", "2026-10", "1"))
    assert told(rows(team, by="quarter", period=quarter), "quarter target") == [("past_due", None), ("2026Q4", 350_100)]


def test_receipts_are_what_is_unpaid_of_the_plans_by_how_sure_it_is(team: WriteDoor) -> None:
    numbers = {one.category or one.stage: one.id for one in team.find(Deal)}
    commit, low, sold, lead = numbers["commit"], numbers["方案"], numbers["赢单"], numbers["线索"]

    def payment(deal_id: int, on: str | None, amount: int, kind: str = "due", **more: Any) -> Payment:
        given = {"kind": kind, "on": on, "amount": amount, "currency": "CNY", "created_by": "li", **more}
        return Payment(deal_id=deal_id, sign_days=30 if on is None else None, **given)

    team.add_many([payment(sold, "2026-11-10", 500), payment(sold, "2026-12-10", 400), payment(sold, None, 300)])
    team.add_many([payment(sold, "2026-11-11", 450, "received"), payment(commit, "2026-12-20", 70)])
    team.add_many([payment(low, "2027-02-01", 60), payment(low, "2027-02-01", 1, voided_at=1)])
    team.add(payment(lead, "2027-02-01", 9))
    assert told(rows(team, receipts=True), "month guaranteed high low currency") == [
        ("past_due", 50, 0, 0, "CNY"),
        ("2026-11", 0, 0, 0, "CNY"),
        ("2026-12", 400, 70, 0, "CNY"),
        ("2027-01", 0, 0, 0, "CNY"),
        ("2027-02", 0, 0, 60, "CNY"),
        (None, 300, 0, 0, "CNY"),
    ]
    assert table(team, receipts=True).last == ("(total)", 750, 70, 60, "CNY")
    assert "payments of 1 deal that the forecast omits left out" in world.said(table(team, receipts=True))
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    assert told(rows(team, receipts=True, period=december), "month guaranteed") == [("2026-12", 400)]
    assert told(rows(team, receipts=True, roll=True), "month guaranteed")[:2] == [("2026-11", 350), ("2026-12", 400)]
    team.add(Rate(base="USD", currency="CNY", day="2026-11-01", rate="8", created_at=1, created_by="li"))
    assert told(rows(team, receipts=True, **{"in": "USD"}), "guaranteed currency")[0] == (6, "USD")
    with pytest.raises(NotAllowed, match="amount"):
        rows(team, receipts=True, hidden=("amount",))
    with pytest.raises(UsageError, match="months"):
        rows(team, receipts=True, by="owner")
