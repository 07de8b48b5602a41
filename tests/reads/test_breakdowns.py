"""Break-down reports: rows that add up to the population whatever they are split by, totals, comparisons."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import world

from oppcli.errors import NotAllowed, UsageError
from oppcli.model.costs import Cost
from oppcli.model.deals import Customer, Deal, Visit
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.model.policy import FieldRule
from oppcli.model.rates import Rate
from oppcli.reads import catalog
from oppcli.reads.breakdown_times import PREVIOUS, YEAR
from oppcli.reads.table import Kind, Table
from oppcli.store import queries
from oppcli.store.doors import WriteDoor
from oppcli.words.periods import Period

NOVEMBER = int(datetime(2026, 11, 20, 4, 0, tzinfo=UTC).timestamp() * 1000)
REPORTS = {
    "wins": ("won", "lost", "won_amount"),
    "losses": ("lost", "lost_amount"),
    "cycle": ("closed", "lead_n", "deal_n", "left_out"),
    "velocity": ("open",),
    "sources": ("leads", "qualified", "won", "lost", "open", "won_amount"),
}
"""The measures whose rows add up."""
KEYS = (
    *("owner", "manager", "source", "campaign", "product", "region", "tier", "grade", "customer", "stage", "kind"),
    *("reason", "competitor", "outcome", "last_open_stage", "expected_close", "channel", "size", "vip", "heads"),
    *("amount", "discount", "score", "probability", "budget", "next_step_on", "collaborators", "renewal_of"),
)
PERIODS = ("day", "week", "month", "quarter", "year")
POLICY = world.POLICY._replace(
    fields={"size": FieldRule("size", "text"), "vip": FieldRule("vip", "bool"), "heads": FieldRule("heads", "number")},
    bands={"amount": ("10", "20")},
    fiscal_year=4,
)
OWN = '[["size", "text", ""], ["vip", "bool", ""], ["heads", "number", ""]]'


def instant(text: str) -> int:
    """09:00 in Shanghai on a day."""
    return int(datetime.fromisoformat(f"{text}T01:00:00+00:00").timestamp() * 1000)


def deal(number: int, stage: str, amount: int | None, closed: str | None, **more: Any) -> Deal:
    """One that took 14 days: 4 as a lead, 10 from its first open stage on."""
    end = instant(closed) if closed else None
    began = (end or instant("2026-11-01")) - 14 * world.DAY
    path = [("线索", began, began + 4 * world.DAY), ("方案", began + 4 * world.DAY, end)]
    visits = [Visit(stage=name, entered_at=start, left_at=stop) for name, start, stop in path]
    if end is not None:
        visits.append(Visit(stage=stage, entered_at=end))
    return Deal(
        title=f"deal {number}",
        stage=stage,
        amount=None if amount is None else amount * 100,
        created_at=began,
        closed_at=end,
        last_open_stage="方案" if end else None,
        visits=tuple(visits),
        **{"owner": "li", **more},
    )


def deals() -> Iterator[Deal]:
    yield deal(1, "赢单", 10, "2026-11-03", source="Google", tags=("a", "b"), extra={"size": "S", "vip": True})
    yield deal(2, "赢单", 20, "2026-11-05", source="google", tags=("b",), owner="zhao", extra={"heads": "12.5"})
    yield deal(3, "赢单", 31, "2026-10-30", source="google", region="东", discount=125_000, customer_id=1)
    yield deal(4, "输单", 7, "2026-10-15", close_reason="price", competitor="X", grade="A", score=12)
    yield deal(5, "输单", None, "2026-08-01", close_reason="price", tier="A", product="P", campaign="C")
    yield deal(6, "输单", 5, "2026-11-18", owner=None, expected_close="2026-12-01", extra={"vip": False})
    yield deal(7, "方案", 9, None, source="fair", probability=40, collaborators=("chen",))
    yield replace(deal(8, "输单", 5, "2026-11-18", tags=("c",)), created_at=None)


@pytest.fixture
def team(door: WriteDoor) -> WriteDoor:
    """Seven closed deals and an open one, of three people."""
    for stage in world.STAGES:
        door.add(stage)
    for login, manager in (("wang", None), ("li", "wang"), ("zhao", "wang"), ("chen", None)):
        door.add(User(login=login, name=login, manager=manager))
    door.add(Customer(name="上海精密", key="上海精密"))
    door.add_many(list(deals()))
    door.derive(queries.OWN_FIELDS, OWN)
    return door


def table(door: WriteDoor, name: str, **args: Any) -> Table:
    frame = world.frame(NOVEMBER)._replace(policy=lambda: POLICY)
    hidden = args.pop("hidden", ())
    return catalog.run(catalog.read(f"report {name}"), door, args, frame._replace(hidden=hidden))


def rows(door: WriteDoor, name: str, **args: Any) -> list[dict[str, Any]]:
    found = table(door, name, **args)
    names = [column.name for column in found.columns]
    return [dict(zip(names, row, strict=True)) for row in found.rows]


def total(door: WriteDoor, name: str, **args: Any) -> dict[str, Any]:
    found = table(door, name, **args)
    assert found.last is not None
    return dict(zip([column.name for column in found.columns], found.last, strict=True))


@pytest.mark.parametrize("key", [*KEYS, *PERIODS])
@pytest.mark.parametrize("name", REPORTS)
def test_the_rows_of_every_report_add_up_to_the_population_by_every_key(team: WriteDoor, name: str, key: str) -> None:
    if name == "velocity" and key in PERIODS:
        with pytest.raises(UsageError, match="about now"):
            table(team, name, by=key)
        return
    found, whole = rows(team, name, by=key), total(team, name, by=key)
    assert len({row[key] for row in found}) == len(found)
    plain = total(team, name, by="owner")
    sums = {each: sum(row[each] or 0 for row in found) for each in REPORTS[name]}
    assert sums == {each: whole[each] for each in REPORTS[name]} == {each: plain[each] for each in REPORTS[name]}


@pytest.mark.parametrize(
    ("name", "given", "first"),
    [("forecast", {"by": "amount"}, "by_amount"), ("wins", {"by": "currency", "in": "CNY"}, "by_currency")],
)
def test_a_key_that_is_called_like_a_measure_has_a_name_of_its_own(
    team: WriteDoor, name: str, given: dict[str, Any], first: str
) -> None:
    found = table(team, name, **given)
    names = [column.name for column in found.columns]
    assert (names[0], len(set(names))) == (first, len(names))
    assert found.columns[0].heading == first.removeprefix("by_").upper()
    assert found.chart is not None and found.chart.label == (first,)


def test_two_keys_give_a_row_for_each_pair_that_occurs_and_add_up_too(team: WriteDoor) -> None:
    found = rows(team, "wins", by="owner,month")
    assert [(row["owner"], row["month"], row["won"], row["lost"]) for row in found] == [
        ("li", "2026-08", 0, 1),
        ("li", "2026-10", 1, 1),
        ("li", "2026-11", 1, 1),
        ("zhao", "2026-11", 1, 0),
        (None, "2026-11", 0, 1),
    ]
    assert sum(row["won_amount"] for row in found) == 61_00


def test_the_median_of_the_whole_is_that_of_the_deals_and_not_of_the_rows(team: WriteDoor) -> None:
    assert [row["median_won"] for row in rows(team, "wins")] == [20_50, 20_00, None]
    whole = total(team, "wins")
    assert (whole["owner"], whole["median_won"], whole["mean_won"]) == ("(total)", 20_00, 20_33)
    assert [row["rank"] for row in rows(team, "wins")] == [1, 2, None]


def test_a_deal_with_several_values_stands_in_several_rows_and_once_in_the_total(team: WriteDoor) -> None:
    found = table(team, "wins", by="tag")
    assert [row[:3] for row in found.rows] == [("b", 2, 0), ("a", 1, 0), ("c", 0, 1), (None, 1, 3)]
    assert found.last is not None
    assert found.last[:3] == ("(total)", 3, 4)
    assert "1 closed deal in several rows, once in the total" in world.said(found)


def test_values_that_differ_in_case_only_are_one_in_the_commonest_spelling(team: WriteDoor) -> None:
    found = table(team, "wins", by="source")
    assert [row[:3] for row in found.rows] == [("google", 3, 0), (None, 0, 4)]
    assert "1 closed deal counted under another spelling of the same" in world.said(found)


def test_periods_between_the_first_and_the_last_are_rows_of_nothing(team: WriteDoor) -> None:
    assert [(row["month"], row["won"], row["lost"], row["won_amount"]) for row in rows(team, "wins", by="month")] == [
        ("2026-08", 0, 1, 0),
        ("2026-09", 0, 0, 0),
        ("2026-10", 1, 1, 31_00),
        ("2026-11", 2, 2, 30_00),
    ]
    assert [row["quarter"] for row in rows(team, "wins", by="quarter")] == ["FY2026/27Q2", "FY2026/27Q3"]
    created = rows(team, "wins", by="month", on="created")
    assert [(row["month"], row["won"]) for row in created] == [
        ("2026-07", 0),
        ("2026-08", 0),
        ("2026-09", 0),
        ("2026-10", 3),
        ("2026-11", 0),
        (None, 0),
    ]


def test_numbers_stand_in_the_bands_of_the_policy_or_in_powers_of_ten(team: WriteDoor) -> None:
    assert [(row["amount"], row["won"], row["lost"]) for row in rows(team, "wins", by="amount")] == [
        ("<10", 0, 3),
        ("10..20", 1, 0),
        (">=20", 2, 0),
        (None, 0, 1),
    ]
    assert [row["heads"] for row in rows(team, "wins", by="heads")] == ["10..100", None]
    assert [row["discount"] for row in rows(team, "wins", by="discount")] == ["10..100", None]


def test_the_rest_of_the_largest_stands_in_one_row(team: WriteDoor) -> None:
    found = rows(team, "wins", by="month", top=1)
    assert [(row["month"], row["won"], row["lost"]) for row in found] == [("2026-11", 2, 2), ("(others)", 1, 2)]
    assert [row["median_won"] for row in found] == [15_00, 31_00]
    whole = total(team, "wins", by="month", top=1)
    assert (whole["won"], whole["median_won"]) == (3, 20_00)


def test_who_had_something_only_before_stands_among_the_others_too_unless_there_is_room(team: WriteDoor) -> None:
    team.add(deal(9, "赢单", 8, "2026-10-20", owner="wang"))
    november, october = (Period(date(2026, month, 1), date(2026, month, 30)) for month in (11, 10))
    found = {
        most: [
            (row["owner"], row["won"], row["before_won"])
            for row in rows(team, "wins", period=november, vs=october, by="owner", top=most)
        ]
        for most in (1, 2, 3)
    }
    assert found[1] == [("li", 1, 0), ("(others)", 1, 1), (None, 0, 0)]
    assert found[2] == [("li", 1, 0), ("zhao", 1, 0), ("(others)", 0, 1), (None, 0, 0)]
    assert found[3] == [("li", 1, 0), ("zhao", 1, 0), ("wang", 0, 1), (None, 0, 0)]


def test_a_period_chooses_by_the_date_it_is_about_and_tells_what_has_none(team: WriteDoor) -> None:
    october = Period(date(2026, 10, 1), date(2026, 10, 31))
    assert [(row["owner"], row["won"], row["lost"]) for row in rows(team, "wins", period=october)] == [("li", 1, 1)]
    found = table(team, "wins", period=october, on="created")
    assert "1 closed deal whose date nobody knows left out" in world.said(found)
    assert "created: 2026-10-01 to 2026-10-31" in world.said(found)
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    assert [row["lost"] for row in rows(team, "losses", period=december, on="expected")] == [1]
    with pytest.raises(UsageError, match="give one of both"):
        table(team, "wins", period=october, since=0)


def test_a_period_that_is_not_over_is_compared_with_as_many_days_of_the_other(team: WriteDoor) -> None:
    november = Period(date(2026, 11, 1), date(2026, 11, 30))
    found = table(team, "wins", period=november, vs=PREVIOUS, by="owner")
    names = [column.name for column in found.columns]
    assert names[:8] == [
        "owner",
        "won",
        "before_won",
        "change_won",
        "lost",
        "win_rate",
        "before_win_rate",
        "change_win_rate",
    ]
    assert [row[:8] for row in found.rows] == [
        ("li", 1, 0, None, 1, 0.5, 0.0, 0.5),
        ("zhao", 1, 0, None, 0, 1.0, None, None),
        (None, 0, 0, None, 1, 0.0, None, None),
    ]
    assert "2026-11-01 to 2026-11-30 is not over: compared with 20 days of the other" in world.said(found)
    assert "before: 2026-10-01 to 2026-10-20" in world.said(found)


def test_periods_are_compared_with_those_in_their_place_and_what_was_only_before_is_told(team: WriteDoor) -> None:
    fall = Period(date(2026, 10, 1), date(2026, 11, 19))
    summer = Period(date(2026, 8, 1), date(2026, 9, 19))
    found = rows(team, "losses", by="month", period=fall, vs=summer)
    assert [(row["month"], row["lost"], row["before_lost"], row["change_lost"]) for row in found] == [
        ("2026-10", 1, 1, 0.0),
        ("2026-11", 2, 0, None),
    ]
    third, second = Period(date(2026, 7, 1), date(2026, 9, 30)), Period(date(2026, 4, 1), date(2026, 6, 30))
    assert [
        (row["reason"], row["lost"], row["before_lost"]) for row in rows(team, "losses", period=second, vs=third)
    ] == [("price", 0, 1)]
    assert rows(team, "losses", period=third, vs=YEAR)[0]["before_lost"] == 0
    with pytest.raises(UsageError, match="which one"):
        table(team, "losses", vs=YEAR)


def test_money_of_several_currencies_is_empty_unless_one_is_asked_for(team: WriteDoor) -> None:
    team.add(deal(9, "赢单", 100, "2026-11-02", currency="USD"))
    assert total(team, "wins")["won_amount"] is None
    assert total(team, "wins")["currency"] is None
    assert [(row["owner"], row["won_amount"], row["currency"]) for row in rows(team, "wins")][1] == (
        "zhao",
        20_00,
        "CNY",
    )
    assert "amounts are in CNY and USD and not added up: --by currency, or --in CNY" in world.said(table(team, "wins"))
    by_currency = rows(team, "wins", by="currency")
    assert [(row["currency"], row["won_amount"]) for row in by_currency] == [("CNY", 61_00), ("USD", 100_00)]
    found = table(team, "wins", **{"in": "CNY"})
    assert "no rate to CNY is known: deals in USD are counted, their money is left out" in world.said(found)
    team.add(Rate(base="USD", currency="CNY", day="2026-11-01", rate="7"))
    whole = total(team, "wins", **{"in": "CNY"})
    assert (whole["won_amount"], whole["currency"], whole["mean_won"], whole["median_won"]) == (
        761_00,
        "CNY",
        190_25,
        25_50,
    )
    for key in ("month", "source", "amount", "tier"):
        assert total(team, "wins", by=key, **{"in": "CNY"})["won_amount"] == 761_00
    assert [(row["amount"], row["won"]) for row in rows(team, "wins", by="amount")][-2] == (">=20", 3)


def test_who_does_not_have_a_field_has_no_measure_of_it_and_cannot_split_by_it(team: WriteDoor) -> None:
    names = [column.name for column in table(team, "wins", hidden=("amount",)).columns]
    assert names == ["owner", "won", "lost", "win_rate", "win_low", "win_high", "rank"]
    with pytest.raises(NotAllowed, match="does not have the field source"):
        table(team, "wins", by="source,owner", hidden=("source",))


def test_keys_may_be_typed_as_their_headings_and_slips_are_told_the_nearest(team: WriteDoor) -> None:
    assert table(team, "wins", by="负责人").columns[0].name == "owner"
    assert table(team, "wins", by="close_reason，size").columns[0].name == "reason"
    for typed, said in (("regoin", "did you mean region"), ("owner,owner", "two that differ"), ("title", "cannot be")):
        with pytest.raises(UsageError, match=said):
            table(team, "wins", by=typed)


def test_losses_say_which_share_they_are_how_long_they_took_and_where_they_ended(team: WriteDoor) -> None:
    found = rows(team, "losses")
    assert [(row["reason"], row["lost"], row["share"], row["from_stage"]) for row in found] == [
        ("price", 2, 0.5, "方案"),
        (None, 2, 0.5, "方案"),
    ]
    assert {row["median_days"] for row in found} == {14.0}


def test_spans_that_nobody_can_tell_are_left_out_and_named(team: WriteDoor) -> None:
    found = table(team, "cycle")
    names = [column.name for column in found.columns]
    told = [dict(zip(names, row, strict=True)) for row in found.rows]
    assert [(row["outcome"], row["lead_n"], row["deal_n"], row["left_out"]) for row in told] == [
        ("won", 3, 3, 0),
        ("lost", 3, 4, 1),
    ]
    assert {(row["lead_median_days"], row["deal_p90_days"]) for row in told} == {(14.0, 10.0)}
    assert "1 deal left out of a span that is not known or would be negative: D-8" in world.said(found)


def test_the_velocity_is_of_now_whatever_period_its_rate_is_of(team: WriteDoor) -> None:
    october = Period(date(2026, 10, 1), date(2026, 10, 31))
    (row,) = rows(team, "velocity", period=october)
    assert row == {
        "open": 1,
        "win_rate": 0.5,
        "mean_won": 31_00,
        "cycle_days": 10.0,
        "velocity": 1_55,
        "currency": "CNY",
    }
    assert table(team, "velocity").last is None
    with pytest.raises(UsageError, match="no figure of Sales velocity is compared"):
        table(team, "velocity", period=october, vs="previous")


def test_an_empty_database_has_no_rows_and_no_total(door: WriteDoor) -> None:
    for name in ("wins", "losses", "cycle", "sources"):
        found = table(door, name)
        assert (list(found.rows), found.last) == ([], None)


def test_a_break_down_takes_two_statements_and_one_more_for_each_median(team: WriteDoor) -> None:
    asked: list[str] = []
    rows_of, stream_of = team.rows, team.stream

    def rows_(sql: str, /, **params: Any) -> Any:
        asked.append(sql)
        return rows_of(sql, **params)

    def stream_(sql: str, /, **params: Any) -> Any:
        asked.append(sql)
        return stream_of(sql, **params)

    team.rows, team.stream = rows_, stream_  # type: ignore[method-assign]
    counts = {}
    for by in ("owner", "customer", "manager,month", "tag", "stage"):
        asked.clear()
        table(team, "wins", by=by)
        counts[by] = len(asked)
    assert set(counts.values()) == {3}
    asked.clear()
    table(team, "cycle")
    assert len(asked) == 3


def test_money_measures_name_the_column_of_their_currency(team: WriteDoor) -> None:
    for name in REPORTS:
        columns = table(team, name).columns
        priced = [column for column in columns if column.kind is Kind.MONEY]
        assert {column.currency for column in priced} <= {column.name for column in columns}


def cost(source: str, first: str, last: str, amount: int, currency: str = "CNY") -> Cost:
    return Cost(source=source, first=first, last=last, amount=amount * 100, currency=currency)


def test_sources_tell_how_many_leads_were_qualified_and_won_and_what_that_cost(team: WriteDoor) -> None:
    team.add_many([cost("google", "2026-10-01", "2026-11-30", 61), cost("fair", "2026-11-01", "2026-11-30", 30)])
    found = rows(team, "sources")
    told = [(row["source"], row["leads"], row["qualified"], row["won"], row["open"], row["cost"]) for row in found]
    assert told == [("google", 3, 3, 3, 0, 61_00), ("fair", 1, 1, 0, 1, 30_00), (None, 4, 4, 0, 0, None)]
    assert (found[0]["cost_per_win"], found[0]["roi"], found[0]["won_rate"]) == (20_33, 0.0, 1.0)
    whole = total(team, "sources")
    assert (whole["leads"], whole["cost"], whole["won_amount"]) == (8, 91_00, 61_00)


def test_a_cost_lies_evenly_on_its_days_and_adds_up_over_periods(team: WriteDoor) -> None:
    team.add(cost("google", "2026-10-02", "2026-11-30", 100))
    by_month = rows(team, "sources", by="month")
    assert [(row["month"], row["cost"]) for row in by_month if row["cost"]] == [("2026-10", 50_00), ("2026-11", 50_00)]
    october = Period(date(2026, 10, 1), date(2026, 10, 31))
    assert total(team, "sources", period=october)["cost"] == 50_00
    assert total(team, "sources", by="week")["cost"] == 100_00
    assert {row["cost"] for row in rows(team, "sources", by="source,quarter")} == {100_00, None}


def test_a_cost_of_whole_sources_is_not_told_of_some_of_their_deals(team: WriteDoor) -> None:
    team.add(cost("google", "2026-11-01", "2026-11-30", 30))
    assert total(team, "sources", by="owner")["cost"] is None
    assert total(team, "sources", owner=(["li"], []))["cost"] is None
    assert total(team, "sources", source=(["google"], []))["cost"] == 30_00
    assert total(team, "sources", source=(["fair"], []))["cost"] is None


def test_a_source_that_brought_nothing_stands_with_what_it_cost_in_one_currency(team: WriteDoor) -> None:
    team.add(Rate(base="EUR", currency="CNY", day="2026-01-01", rate="8"))
    team.add(cost("radio", "2026-11-01", "2026-11-30", 5, "EUR"))
    assert [
        (row["leads"], row["cost"], row["currency"]) for row in rows(team, "sources") if row["source"] == "radio"
    ] == [(0, 5_00, "EUR")]
    assert total(team, "sources")["cost"] is None
    assert total(team, "sources", **{"in": "CNY"})["cost"] == 40_00


@pytest.mark.parametrize("key", [each for each in (*KEYS, *PERIODS) if each not in ("collaborators", "tag")])
def test_the_funnels_of_every_key_add_up_to_the_funnel_of_all(team: WriteDoor, key: str) -> None:
    def sums(found: list[dict[str, Any]]) -> dict[str, tuple[int, ...]]:
        by_stage: dict[str, list[dict[str, Any]]] = {}
        for row in found:
            by_stage.setdefault(row["stage"], []).append(row)
        names = [name for name in ("reached", "now", "amount", "lost_here") if name != key]
        return {stage: tuple(sum(row[name] or 0 for row in each) for name in names) for stage, each in by_stage.items()}

    assert sums(rows(team, "funnel", by=key)) == sums(rows(team, "funnel"))


def test_a_funnel_of_each_value_stands_in_its_order_and_a_deal_of_several_values_in_several(team: WriteDoor) -> None:
    found = rows(team, "funnel", by="source")
    assert list(dict.fromkeys(row["source"] for row in found)) == ["google", "fair", None]
    months = dict.fromkeys(row["month"] for row in rows(team, "funnel", by="month"))
    assert list(months) == ["2026-07", "2026-10", "2026-11", None]
    tagged = table(team, "funnel", by="tag")
    assert "several_rows" in {note.code for note in tagged.notes}
    assert tagged.total == table(team, "funnel").total


def test_a_funnel_is_compared_crossed_and_cut_like_every_break_down(team: WriteDoor) -> None:
    october = Period(date(2026, 10, 1), date(2026, 10, 31))
    july = Period(date(2026, 7, 1), date(2026, 7, 31))
    plain = {row["stage"]: row["reached"] for row in rows(team, "funnel", period=july)}
    compared = rows(team, "funnel", period=october, vs=july)
    assert {row["stage"]: row["before_reached"] for row in compared} == plain
    crossed = table(team, "funnel", by="stage,source").cross
    assert crossed is not None
    reached = {row["stage"]: row["reached"] for row in rows(team, "funnel")}
    assert {stage: figures[0] for stage, figures in crossed.first.items()} == reached
    cut = rows(team, "funnel", by="source", top=1)
    assert list(dict.fromkeys(row["source"] for row in cut)) == ["google", "(others)", None]
    for stage, deals in reached.items():
        assert sum(row["reached"] for row in cut if row["stage"] == stage) == deals


def test_a_period_of_the_funnel_is_that_of_the_creation(team: WriteDoor) -> None:
    october = Period(date(2026, 10, 1), date(2026, 10, 31))
    assert rows(team, "funnel", period=october)[0]["reached"] == 5
    with pytest.raises(UsageError, match="give one of both"):
        rows(team, "funnel", period=october, until=0)


def test_late_steps_are_counted_by_whom_they_wait_on_and_how_late_they_are(door: WriteDoor) -> None:
    world.fill(door)
    late = rows(door, "overdue")
    by_type = rows(door, "overdue", by="type")
    assert sum(row["steps"] for row in by_type) == len(late)
    people = table(door, "overdue", by="waiting_on")
    assert sum(row[1] for row in people.rows) > len(late)
    assert people.last is not None
    assert people.last[1] == len(late)
    assert any(said.endswith("in several rows, once in the total") for said in world.said(people))
    bands = [row["band"] for row in rows(door, "overdue", by="band")]
    assert bands == [label for label in ("<1", "1..3", "3..7", ">=7") if label in bands]
    for typed in ("steps", "type,type", "type,band,step"):
        with pytest.raises(UsageError):
            rows(door, "overdue", by=typed)


def test_customers_of_the_same_name_are_not_one(team: WriteDoor) -> None:
    team.add(Customer(name="上海精密", key="上海精密 2"))
    team.add(deal(9, "赢单", 5, "2026-11-02", customer_id=2))
    assert [(row["customer"], row["won"], row["won_amount"]) for row in rows(team, "wins", by="customer")] == [
        ("上海精密 (C-1)", 1, 31_00),
        ("上海精密 (C-2)", 1, 5_00),
        (None, 2, 30_00),
    ]
    november = Period(date(2026, 11, 1), date(2026, 11, 19))
    told = rows(team, "wins", by="customer", period=november, vs=Period(date(2026, 10, 13), date(2026, 10, 31)))
    assert [row["customer"] for row in told] == ["上海精密 (C-2)", "上海精密 (C-1)", None]
