"""What changed: from what was open at one instant to what is at another, adding up whatever deals are chosen."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from random import Random
from typing import Any

import pytest
import world
from conftest import ENGINES

from oppcli import store
from oppcli.errors import NotAllowed, UsageError
from oppcli.model.bridge import MEASURES
from oppcli.model.deals import Deal, Stage
from oppcli.model.journal import Stamp
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.model.rates import Rate
from oppcli.model.units import DAY_MS
from oppcli.reads import catalog
from oppcli.reads.deals_then import Then
from oppcli.render.output import Output
from oppcli.render.view import view
from oppcli.store.doors import ReadDoor, WriteDoor
from oppcli.words.periods import Period

BEGAN = world.NOW - 60 * DAY_MS
THEN = world.NOW - 30 * DAY_MS
NAMES = [stage.name for stage in world.STAGES]
CHANCES = {"线索": 5, "方案": 33, "谈判": 60}
OPEN = ("线索", "方案", "谈判")


def at(url: str, now: int) -> Any:
    return store.open_write(url, Stamp(actor="wang", now=now, command="test", os_user="wang"))


def edit(door: WriteDoor, dice: Random) -> None:
    """Something happens to a deal, or one is made."""
    deals = door.find(Deal)
    if dice.random() < 0.2:
        given = {"owner": dice.choice(("li", "zhao")), "amount": dice.choice((None, dice.randrange(10**6)))}
        door.add(Deal(title="d", stage=dice.choice(NAMES), currency=dice.choice(("CNY", "USD")), **given))  # type: ignore[arg-type]
        return
    deal = dice.choice(deals)
    what: dict[str, Any] = dice.choice(
        (
            {"amount": dice.choice((None, dice.randrange(10**6)))},
            {"stage": dice.choice(NAMES)},
            {"owner": dice.choice(("li", "zhao", None))},
            {"currency": dice.choice(("CNY", "USD"))},
            {"probability": dice.choice((None, dice.randrange(101)))},
            {"category": dice.choice((None, "omitted", "commit"))},
            {"standing": dice.choice(("live", "withdrawn", "archived"))},
            {"extra": {"budget": dice.choice(("yes", "no"))}},
            {"expected_close": dice.choice((None, "2026-03-01", "2026-04-01"))},
        )
    )
    door.save(deal, replace(deal, **what))


def rules(door: WriteDoor, dice: Random) -> None:
    """The policy says another probability, and a rate is corrected."""
    stage = dice.choice(door.find(Stage, kind="open"))
    door.save(stage, replace(stage, probability=dice.randrange(101)))
    rate = door.find(Rate)[0]
    door.save(rate, replace(rate, rate=str(6 + dice.randrange(100) / 100)))


def filled(url: str, seed: int) -> tuple[list[Deal], list[Stage], Rate]:
    """A history; what there was in its middle."""
    dice = Random(seed)
    with at(url, BEGAN) as door:
        for stage in world.STAGES:
            door.add(replace(stage, probability=CHANCES.get(stage.name, 0)))
        for login in ("wang", "li", "zhao"):
            door.add(User(login=login, name=login))
        door.add(Rate(base="USD", currency="CNY", day="2026-01-01", rate="7.03", created_at=1, created_by="wang"))
        for _ in range(12):
            door.add(Deal(title="d", stage=dice.choice(NAMES), owner="li", amount=dice.randrange(10**6)))
        for _ in range(20):
            edit(door, dice)
    with at(url, THEN - DAY_MS) as door:
        known = door.find(Deal), door.find(Stage), door.find(Rate)[0]
    for day in range(4):
        with at(url, THEN + day * DAY_MS) as door:
            for _ in range(8):
                edit(door, dice)
            rules(door, dice)
    return known


def rows(door: ReadDoor, **args: Any) -> list[dict[str, Any]]:
    found = catalog.run(catalog.read("report changes"), door, {"since": THEN, **args}, world.frame())
    names = [column.name for column in found.columns]
    return [dict(zip(names, row, strict=True)) for row in found.rows]


FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"owner": (["li"], [])},
    {"owner": ([None, "zhao"], [])},
    {"owner": ([], ["li"])},
    {"where": ["probability >= 50 and stage != 线索"]},
    {"where": ["budget = yes or owner = li or category = commit"]},
)


def passes(deal: Deal, chances: dict[str, int], at_filter: int) -> bool:
    own = chances[deal.stage] if deal.probability is None or deal.stage not in OPEN else deal.probability
    return (
        True,
        deal.owner == "li",
        deal.owner in (None, "zhao"),
        deal.owner != "li",
        own >= 50 and deal.stage != "线索",
        deal.extra.get("budget") == "yes" or deal.owner == "li" or deal.category == "commit",
    )[at_filter]


def figure(deals: list[Deal], chances: dict[str, int], measure: str, at_filter: int) -> dict[str, int]:
    """What was open, by currency, from the deals themselves."""
    found: dict[str, int] = {}
    for deal in deals:
        if deal.stage not in OPEN or deal.standing == "withdrawn" or not passes(deal, chances, at_filter):
            continue
        chance = chances[deal.stage] if deal.probability is None else deal.probability
        omitted = (deal.category or ("omitted" if deal.stage == "线索" else "")) == "omitted"
        weight = 0 if omitted else ((deal.amount or 0) * chance + 50) // 100
        worth = {"amount": deal.amount or 0, "weighted": weight, "count": 1}[measure]
        code = "" if measure == "count" else deal.currency
        found[code] = found.get(code, 0) + worth
    return found


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "pg_url"))


def bridges(found: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """By currency its rows, without those of which no money is told."""
    codes = dict.fromkeys(row["currency"] for row in found if row["after"] is not None)
    for code in codes:
        yield code or "", [row for row in found if row["currency"] == code and row["after"] is not None]


@pytest.mark.parametrize("seed", range(3))
def test_opening_and_all_changes_are_closing_whatever_deals_are_chosen(url: str, seed: int) -> None:
    deals, stages, _ = filled(url, seed)
    wrong: list[Any] = []
    with store.open_read(url) as door:
        chances = [{one.name: one.probability for one in each} for each in (stages, door.find(Stage))]
        now = door.find(Deal)
        for number, filters in enumerate(FILTERS):
            for measure in MEASURES:
                before, after = (figure(*each, measure, number) for each in zip((deals, now), chances, strict=True))
                for code, found in bridges(rows(door, measure=measure, **filters)):
                    opening, closing = found[0]["after"], found[-1]["after"]
                    told = (opening, closing, opening + sum(row["delta"] for row in found[1:-1]))
                    expected = (before.get(code, 0), after.get(code, 0), after.get(code, 0))
                    wrong += [(number, measure, code, told, expected)] if told != expected else []
    assert wrong == []


def test_money_in_one_currency_is_counted_at_the_rates_that_were_known_then(url: str) -> None:
    deals, _, rate = filled(url, 7)
    with store.open_read(url) as door:
        (found,) = [each for _, each in bridges(rows(door, **{"in": "CNY"}))]
        opened = [one for one in deals if one.stage in OPEN and one.standing != "withdrawn" and one.amount is not None]
        worth = [minor(one, rate.rate) for one in opened]
        assert found[0]["after"] == sum(worth)
        assert found[0]["after"] + sum(row["delta"] for row in found[1:-1]) == found[-1]["after"]
        moved = next(row for row in found if row["what"] == "rate")
        assert moved["deals"] > 0
        each = rows(door, deals=True, **{"in": "CNY"})
        named = [row for row in each if row["what"] == "rate"]
        assert (len(named), sum(row["delta"] for row in named)) == (moved["deals"], moved["delta"])


def minor(deal: Deal, rate: str) -> int:
    """In yuan, half up."""
    amount = deal.amount or 0
    return amount if deal.currency == "CNY" else int(amount * Fraction(rate) + Fraction(1, 2))


def test_until_a_day_what_came_later_does_not_count(url: str) -> None:
    filled(url, 5)
    with store.open_read(url) as door:
        first = rows(door, measure="amount", until=THEN + 2 * DAY_MS)
        second = rows(door, measure="amount", since=THEN + 2 * DAY_MS)
        closing = {row["currency"]: row["after"] for row in first if row["what"] == "closing"}
        opening = {row["currency"]: row["after"] for row in second if row["what"] == "opening"}
        assert (len(closing), closing) == (2, opening)


def test_what_was_closed_all_the_while_is_not_read(url: str) -> None:
    filled(url, 1)
    with store.open_read(url) as door:
        read = set(Then(door, (world.NOW + DAY_MS, None), closed=False).by_id)
        deals = door.find(Deal)
    assert read == {deal.id for deal in deals if deal.stage in OPEN} < {deal.id for deal in deals}


def test_the_rows_are_these_in_this_order_and_moves_tell_no_money(url: str) -> None:
    with at(url, BEGAN) as door:
        for stage in world.STAGES:
            door.add(stage)
        door.add(Deal(title="one", stage="方案", amount=100, expected_close="2026-03-01"))
    with at(url, THEN) as door:
        deal = door.find(Deal)[0]
        door.save(deal, replace(deal, stage="谈判", expected_close="2026-05-01"))
    with store.open_read(url) as door:
        told = "opening new through won lost reopened withdrawn restored in out amount_up amount_down".split()
        found = rows(door)
        assert [row["what"] for row in found] == [*told, *"rate other closing forward back pushed pulled".split()]
        moved = [(row["what"], row["deals"], row["before"], row["currency"]) for row in found if row["deals"]]
        assert moved == [
            ("opening", 1, 100, "CNY"),
            ("closing", 1, 100, "CNY"),
            ("forward", 1, None, None),
            ("pushed", 1, None, None),
        ]
        table = catalog.run(catalog.read("report changes"), door, {"since": THEN}, world.frame())
        seen = {name: [row[0] for row in view(table, Output(name)).rows] for name in ("md", "csv")}
        assert seen == {"md": ["opening", "closing", "forward", "pushed"], "csv": [row["what"] for row in found]}
        weighted = [row["what"] for row in rows(door, measure="weighted")]
        assert weighted[12:16] == ["prob_up", "prob_down", "rules", "rate"]
        frame = world.frame()._replace(hidden=("amount",))
        counted = list(catalog.run(catalog.read("report changes"), door, {"since": THEN}, frame).rows)
        assert counted[0] == ("opening", 1, 1, 1, None, None)
        with pytest.raises(NotAllowed, match="amount"):
            catalog.run(catalog.read("report changes"), door, {"since": THEN, "measure": "amount"}, frame)
        with pytest.raises(UsageError, match="age_days"):
            rows(door, since=THEN + DAY_MS, where=["age_days > 3"])
        with pytest.raises(UsageError, match="nothing lies between"):
            rows(door, since=THEN, until=THEN - DAY_MS)


def test_months_that_are_over_tell_what_was_forecast_at_their_first_instant(url: str) -> None:
    """In January 40 % of 1,000 and of 500 were to come, of which one was lost and one won for more."""
    february = int(datetime(2026, 2, 1, tzinfo=UTC).timestamp() * 1000)
    with at(url, february - 9 * DAY_MS) as door:
        for stage in world.STAGES:
            door.add(replace(stage, probability=40 if stage.kind == "open" else 0))
        door.add(User(login="li", name="li"))
        for amount in (100_000, 50_000):
            door.add(Deal(title="d", stage="方案", amount=amount, expected_close="2026-02-20", owner="li"))
        door.add(Deal(title="withdrawn later", stage="方案", amount=1_000, expected_close="2026-02-28"))
    with at(url, february + DAY_MS) as door:
        one, two, three = door.find(Deal)
        door.save(one, replace(one, stage="赢单", amount=120_000, closed_at=february + DAY_MS))
        door.save(two, replace(two, stage="输单", closed_at=february + DAY_MS))
        door.save(three, replace(three, standing="withdrawn"))
        stage = next(each for each in door.find(Stage) if each.name == "方案")
        door.save(stage, replace(stage, probability=90))
        door.add(Deal(title="came later", stage="方案", amount=9_900, expected_close="2026-02-27", owner="li"))
    with store.open_read(url) as door:

        def told(**args: Any) -> list[tuple[Any, ...]]:
            period = Period(date(2026, 1, 1), date(2026, 3, 31))
            found = catalog.run(
                catalog.read("report forecast"), door, {"period": period, **args}, world.frame(tz="UTC")
            )
            names = [column.name for column in found.columns]
            assert names[-4:] == ["forecast", "error", "error_share", "source"]
            return [(row[0], row[names.index("closed")], *map(str, row[-4:])) for row in found.rows if row[0]]

        assert told() == [
            ("past_due", 0, "None", "None", "None", "None"),
            ("2026-01", 0, "None", "None", "None", "None"),
            ("2026-02", 120_000, "60400", "-59600", str(-59_600 / 120_000), "as of 2026-02-01"),
            ("2026-03", 0, "None", "None", "None", "None"),
        ]
        assert told(owner=(["li"], []))[2][2] == "60000"
        assert [row[1] for row in told()][1:3] == [0, 120_000]
