"""Conditions on reads: SQL and the pure evaluator agree on both engines, nothing is counted twice or lost."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from begun import begun
from command_line import InProcess
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import NOW, POLICY, STAGES, deal, frame, said

from oppcli.errors import UsageError
from oppcli.model.deals import Customer, Deal
from oppcli.model.people import User
from oppcli.model.policy import FieldRule
from oppcli.model.rates import Rate
from oppcli.reads import deals, population
from oppcli.reads.narrowing import narrowed
from oppcli.reads.table import Frame, Table
from oppcli.reads.where import Where
from oppcli.store import queries
from oppcli.store.doors import ReadDoor, WriteDoor

OWN = (
    FieldRule("rate", type="number"),
    FieldRule("bonus", type="money"),
    FieldRule("share", type="percent"),
    FieldRule("count", type="int"),
    FieldRule("signed", type="bool"),
    FieldRule("visit", type="date"),
    FieldRule('it\'s "own"', type="text"),
    FieldRule("closes", type="date", title="Close date"),
    FieldRule("hurry", type="bool", title="需求 紧迫"),
)
RULES = POLICY._replace(fields={rule.name: rule for rule in OWN} | {"tier": FieldRule("tier", values=("A", "B", "C"))})
FRAME = frame()._replace(policy=lambda: RULES)
RATES = (("EUR", "CNY", "2026-01-01", "7.5"), ("EUR", "CNY", "2026-03-01", "8"), ("EUR", "JPY", "2026-03-09", "160"))
"""Of US dollars none is known."""
DAYS = ("2026-03-01", "2026-03-09", "2026-12-31", None)


def perhaps(dice: random.Random, *values: Any) -> Any:
    return dice.choice((*values, None))


def some(dice: random.Random, number: int) -> Deal:
    """A deal of which every other field is empty."""
    extra = {
        "rate": perhaps(dice, "12.5", "0.1", "-3"),
        "bonus": perhaps(dice, 28_000_000, 5),
        "share": perhaps(dice, 125_000, 0),
        "count": perhaps(dice, 0, 7),
        "signed": perhaps(dice, True, False),
        "visit": dice.choice(DAYS),
        "closes": dice.choice(DAYS),
        "hurry": perhaps(dice, True, False),
    }
    way = dice.choice(((("线索", "01-05"),), (("线索", "02-02"), ("方案", "03-08")), (("线索", None),)))
    return deal(
        dice.choice(("ＭＥＳ Ⅱ", "mes ii plant", "100% _x_", "жук ЖУК", 'say "hi"')) + f" {number}",
        *way,
        owner=perhaps(dice, "li", "zhao"),
        amount=perhaps(dice, 0, 100_000_00, 50_000_001),
        currency=dice.choice(("CNY", "CNY", "USD", "EUR", "JPY")),
        discount=perhaps(dice, 0, 125_000, 125_001),
        payment_days=perhaps(dice, 0, 30),
        tier=perhaps(dice, "A", "B"),
        source=perhaps(dice, "展会", "Web"),
        expected_close=dice.choice(DAYS),
        customer_id=perhaps(dice, 1, 2),
        tags=dice.choice(((), ("vip",), ("vip", 'a"b'), ("vipers",))),
        created_at=perhaps(dice, NOW, NOW - 86_400_000, NOW - 30 * 86_400_000),
        closed_at=perhaps(dice, None, NOW - 20 * 86_400_000),
        probability=perhaps(dice, 10, 90),
        extra={name: value for name, value in extra.items() if value is not None},
    )


def fill(door: WriteDoor) -> None:
    dice = random.Random(8)
    for login in ("wang", "li", "zhao"):
        door.add(User(login=login, name=login.title(), email=f"{login}@x.cn"))
    for stage in STAGES:
        door.add(stage)
    for name in ("上海精密", "ACME Ltd"):
        door.add(Customer(name=name, key=name))
    for base, currency, on, rate in RATES:
        door.add(Rate(base=base, currency=currency, day=on, rate=rate))
    for number in range(60):
        door.add(some(dice, number))
    names = [[rule.name, rule.type, rule.title or ""] for rule in OWN]
    door.derive(queries.OWN_FIELDS, json.dumps(names))


@pytest.fixture
def full(door: WriteDoor) -> Iterator[WriteDoor]:
    fill(door)
    yield door


numbers = st.sampled_from(("0", "0.1", "7", "10万", "12.5", "12.50001", "-3", "50万", "500000.01", "9999999999亿"))
orders = st.sampled_from(("<", "<=", ">", ">=", "=", "==", "!="))
measured = st.tuples(
    st.sampled_from(("amount", "discount", "payment_days", "probability", "rate", "bonus", "share", "count", "折扣")),
    orders,
    numbers,
)
dated = st.tuples(
    st.sampled_from(("expected_close", "visit", "created_at", "updated_at", "close")),
    orders,
    st.sampled_from(("2026-03-09", "'2026-03-08'", "eom", "2026Q1", "今天", "2026-03", "明天")),
)
named = st.tuples(
    st.sampled_from(("tier", "source", "title", "currency", "region", "id")),
    st.sampled_from(("=", "!=", "~")),
    st.sampled_from(("'A'", "'B'", "'展会'", "'web'", "'CNY'", "'D-7'", "'mes ii'", "'%'", "'жук'", "'_'", "'HI'")),
).filter(lambda parts: parts[0] != "tier" or parts[2] in ("'A'", "'B'") or parts[1] == "~")
known = st.sampled_from(
    (
        "created_at > '2026-02-07 09:00'",
        "created_at = '2026-03-08 18:00'",
        "stage = 方案",
        "stage in [线索, 方案]",
        "stage != 线索",
        "kind = open",
        "owner = me",
        "owner != li",
        "owner in [Li, 'zhao@x.cn']",
        "customer ~ acme",
        "customer = '上海精密'",
        "customer is empty",
        "last_open_stage is empty",
        "tags = vip",
        "tags != vip",
        "tags ~ VIP",
        "tags in ['a\"b', none]",
        "tags is empty",
        "tags is not empty",
        "signed",
        "not signed",
        "signed != false",
        "signed is empty",
        "tier is empty",
        "rate is not empty",
        "amount is empty",
        "visit is empty",
        "bonus in [5, 0.05, 28万]",
        "5 <= discount < 12.5001",
        "expected_close in [2026-03-01, 2026Q4]",
        "amount >= 500,000.01",
        "amount < 10,000,000 and currency = CNY",
        "amount = ¥10万元",
        "金额 > CNY 100k",
        "amount in (0, 100_000)",
        "bonus in [0.05, 28万元]",
        "discount > 10%",
        "discount = 八七折 or discount = 12.5 ％",
        "probability >= 90%",
        "Close date > 2026-03-05",
        "'Close date' is empty",
        '2026-03-09 <= "close  date"',
        "需求 紧迫",
        "需求 紧迫 = 是",
        "not '需求 紧迫'",
        "需求 紧迫 != no",
        "signed = 否",
        "id = d-7",
        "id in [d8, 9, 'Ｄ-10']",
        "id != 3",
        "负责人 = ZHAO",
        "KIND = 进行中",
    )
)
single = st.one_of(*(kind.map(" ".join) for kind in (measured, dated, named)), known)
conditions = st.recursive(
    single,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("and", "or")), inner).map(" ".join).map("({})".format),
        inner.map("not ({})".format),
    ),
    max_leaves=6,
)


def in_sql(door: ReadDoor, text: str) -> tuple[set[str], tuple[str, ...]]:
    table = deals.listed(door, Where(), {"where": [text]}, FRAME)
    return {row[0] for row in table.rows}, said(table)


def row_by_row(whole: Table, door: ReadDoor, text: str) -> tuple[set[str], tuple[str, ...]]:
    table = narrowed(whole, [text], door, FRAME)
    return {row[0] for row in table.rows}, said(table)


def test_sql_answers_what_is_answered_row_by_row(full: WriteDoor) -> None:
    whole = deals.listed(full, Where(), {}, FRAME)
    whole = whole._replace(rows=list(whole.rows))
    every = {row[0] for row in whole.rows}
    seen: list[int] = []

    @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
    @given(conditions)
    def agree(text: str) -> None:
        found, told = in_sql(full, text)
        assert (found, told) == row_by_row(whole, full, text)
        others, _ = in_sql(full, f"not ({text})")
        assert (found | others, found & others) == (every, set())
        seen.append(len(found))

    agree()
    assert {0, len(every)} < set(seen), "conditions that nothing, everything and some things meet were tried"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("amount >= 500,000.01", "amount >= 500000.01"),
        ("amount = ¥10万元", "amount = 100000"),
        ("amount in (0, 100_000)", "amount in [0, 100000]"),
        ("discount > 12.4 ％", "discount > 12.4"),
        ("discount = 八折 or discount = 8.8折", "discount in [20, 12]"),
        ("probability >= 90%", "probability >= 90"),
        ("Close date > 2026-03-05", "closes > 2026-03-05"),
        ("2026-03-09 <= 'close date'", "closes >= 2026-03-09"),
        ("需求 紧迫 = 是", "hurry"),
        ("'需求 紧迫' != 是", "not hurry"),
        ("id in [d8, 9, 'Ｄ-10']", "id in [D-8, D-9, D-10]"),
        ("always", "id is not empty"),
        ("closes < 3月20日 and closes != 2天后", "closes < 2026-03-20 and closes != 2026-03-11"),
        ("created_at >= 2026-03-05T08:00+08:00", "created_at >= '2026-03-05T00:00:00Z'"),
    ],
)
def test_what_is_typed_otherwise_means_the_same(full: WriteDoor, typed: str, plain: str) -> None:
    found, _ = in_sql(full, typed)
    assert found == in_sql(full, plain)[0]


@pytest.mark.parametrize(
    "text", ["amount >= 10万 and owner = li", "not (visit < 2026-03-05)", "tags ~ vip or customer is empty"]
)
def test_a_report_counts_the_deals_that_the_list_shows(full: WriteDoor, text: str) -> None:
    where, told = population.chosen(full, {"where": [text]}, FRAME)
    (number,) = full.rows(f"SELECT count(*) FROM deal d {where.sql}", **where.params)[0]
    found, notes = in_sql(full, text)
    assert (number, tuple(note.text for note in told)) == (len(found), notes)


@pytest.mark.parametrize(
    ("condition", "days"),
    [("age_days > 29", 30), ("days_in_stage < 1.4", 1), ("age_days <= 30 and age_days >= 30", 30)],
)
def test_ages_are_counted_in_days(door: WriteDoor, condition: str, days: int) -> None:
    for stage in STAGES:
        door.add(stage)
    day = 86_400_000
    door.add(User(login="li", name="Li"))
    for age in (1, 20, 30):
        made = deal(f"{age} days", ("线索", None), created_at=NOW - age * day)
        visits = (made.visits[0].__class__(stage="线索", entered_at=NOW - age * day),)
        door.add(made.__class__(**{name: getattr(made, name) for name in made.__annotations__} | {"visits": visits}))
    table = deals.listed(door, Where(), {"where": [condition]}, FRAME)
    assert [row[1] for row in table.rows] == [f"{days} days"]


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("stage = 方按", "stage is never '方按', did you mean '方案'?"),
        ("owner = lo", "owner is never 'lo', did you mean 'li'?"),
        ("kind = opened", "kind is never 'opened', did you mean 'open'?"),
        ("tier = Z", "tier is never 'Z', only A, B, C"),
        ("expected_close < whenever", "'whenever' is not a date"),
        ("title < 'A'", "title is text and has no order"),
        ("amount ~ 5", "write: amount ~ 'part of the text'"),
        ("tags > vip", "tags is text and has no order"),
        ("nosuch = 5", "unknown field 'nosuch'"),
        ("amount in [10,000, 5]", "between brackets a comma parts values: write 10_000"),
        ("amount > (5)", "(5) may be -5 or 5: write it without brackets"),
        ("amount > EUR 10k", "EUR 10k is in EUR, not in CNY"),
        ("amount > 10%", "amount is an amount of money, and '10%' is none"),
        ("source = region", "region is also a field: for the text, write 'region' in quotes"),
    ],
)
def test_what_a_read_cannot_be_asked_is_refused(full: WriteDoor, condition: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        in_sql(full, condition)
    assert says in caught.value.reasons[0].detail


def test_a_field_that_there_is_not_leads_to_those_there_are_and_that_who_asks_has(full: WriteDoor) -> None:
    blind: Frame = FRAME._replace(hidden=("amount",))
    hints = []
    for its in (FRAME, blind):
        with pytest.raises(UsageError) as caught:
            deals.listed(full, Where(), {"where": ["nosuch = 5"]}, its)
        hints.append((caught.value.hint or "").removeprefix("the fields are ").split())
    assert {"title", "stage", "amount", "tier"} <= {*hints[0]}
    assert hints[1] == [name for name in hints[0] if name != "amount"]


def test_every_fault_of_a_condition_is_told(full: WriteDoor) -> None:
    with pytest.raises(UsageError) as caught:
        in_sql(full, "stage = 方按 and expected_close > whenever and owner = lo")
    assert [str(reason.what) for reason in caught.value.reasons] == ["column 1", "column 16", "column 46"]


def test_how_a_day_was_read_is_told(full: WriteDoor) -> None:
    _, told = in_sql(full, "created_at < 明天 and visit is not empty")
    assert told[0] == "明天 = Tue 10 Mar"
    _, told = in_sql(full, "created_at = 2026Q1 or closes = 2026-03 or closes in [明天, 3天后]")
    assert told[:4] == (
        "2026Q1 = Thu 1 Jan to Tue 31 Mar",
        "2026-03 = Sun 1 Mar to Tue 31 Mar",
        "明天 = Tue 10 Mar",
        "3天后 = Thu 12 Mar",
    )


def test_who_has_not_a_field_does_not_filter_by_it(full: WriteDoor) -> None:
    from oppcli.errors import NotAllowed

    blind: Frame = FRAME._replace(hidden=("amount",))
    for texts in (["amount > 5"], ["owner = li", "not (金额 is empty)"]):
        with pytest.raises(NotAllowed):
            deals.listed(full, Where(), {"where": texts}, blind)


# --- as commands ---------------------------------------------------------------------------------------------------


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template b2b --lang en")
    opp.ok("user add bob --manager wang")
    opp.ok("add Plant --customer Acme --amount 600000 --source fair")
    opp.ok("add Line --customer Bolt --amount 40000 --owner bob")
    return opp


@pytest.mark.parametrize(
    ("line", "condition", "found"),
    [
        ("ls --ids", "amount >= 50万 and stage = Lead", "D-1"),
        ("ls --ids", "owner != me", "D-2"),
        ("ls --ids", "amount > 100,000 and 阶段 = lead and id = d1", "D-1"),
        ("user list --ids", "roles = 管理员 and roles = admin", "wang"),
        ("lead list --ids", "customer ~ ACM", "D-1"),
        ("export deals -o ids", "customer is not empty and source is empty", "D-2"),
        ("export visits -o ids", "stage = Lead and deal = D-2", "D-2"),
        ("export customers -o ids", "name = Bolt", "C-2"),
        ("user list --ids", "manager = wang", "bob"),
        ("log --ids", "noun = customer and actor = me and id = C-2", "C-2"),
    ],
)
def test_every_list_and_export_takes_conditions(team: InProcess, line: str, condition: str, found: str) -> None:
    assert team.ok(*line.split(), "-w", condition).out.split() == [found]


def test_a_report_is_about_those_that_meet_the_condition(team: InProcess) -> None:
    rows = team.ok("report", "funnel", "--json", "-w", "owner = bob").json
    assert rows[0]["reached"] == 1
    assert team.ok("report", "funnel", "--json", "-w", "owner = bob or owner = me").json[0]["reached"] == 2


def test_a_report_of_people_counts_the_deals_that_meet_the_condition(team: InProcess) -> None:
    answers = {row["person"]: row["leads"] for row in team.ok("report", "response", "--json", "-w", "owner = bob").json}
    assert answers == {"bob": 1, "(lead)": 1}
    followed = team.ok("report", "followup", "--json", "-w", "source = fair").json
    assert [(row["person"], row["deals"]) for row in followed] == [("wang", 1)]
    learnt = team.ok("report", "probability", "--json", "-w", "owner = bob")
    assert "0 won and 0 lost" in learnt.err


@pytest.mark.parametrize("flags", ["--ids", "-o csv", "-o full"])
def test_a_day_in_words_is_told_resolved_wherever_the_answer_goes(team: InProcess, flags: str) -> None:
    told = team.ok("ls", *flags.split(), "-w", "created_at > 下周五")
    assert (told.err, team.ok("ls", *flags.split(), "-w", "created_at > 下周五", "-q").err) == (
        "note: 下周五 = Fri 13 Mar\n",
        "",
    )


def test_several_conditions_must_all_hold(team: InProcess) -> None:
    assert team.ok("ls", "--ids", "-w", "amount > 1", "-w", "owner = bob").out.split() == ["D-2"]


def test_a_slip_looks_like_no_empty_answer(team: InProcess) -> None:
    answer = team("ls", "-w", "stage = Leed and amuont > 5")
    assert (answer.code, answer.err.count("did you mean")) == (2, 1)
    answer = team("ls", "-w", "stage = Leed")
    assert (answer.code, "did you mean 'Lead'?" in answer.err) == (2, True)
