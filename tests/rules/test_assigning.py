"""Whose turn it is, why not somebody else's; the pool; deals that nobody moves."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.model.approver import role
from oppcli.model.policy import Calendar, Condition, all_hours
from oppcli.model.relations import Assign, AssignRule, Person, Pool, Return, Span
from oppcli.model.units import HOUR_MS
from oppcli.rules.assigning import Candidate, Choice, applies, choice, rule_for, withdrawn
from oppcli.rules.dues import Due
from oppcli.rules.idling import giveback, idle_since, over_target, rotting, without_step
from oppcli.rules.pool import Claim, Hindrance, allowed_from, hindrances

TZ = "Asia/Shanghai"
OFFICE = Calendar("cn", TZ, (*(((540, 720), (780, 1080)),) * 5, (), ()))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(TZ)).timestamp() * 1000)


NOW = at("2026-11-27T10:00")
EAST = AssignRule("east", (role("east"),), when=Condition("region == '华东'", None), capacity=3)
ALL = AssignRule("rest", (role("sales"),))


def test_the_first_rule_that_is_true_counts_and_unless_takes_away() -> None:
    assign = Assign(rules=(EAST, ALL))
    found = [rule_for(assign, facts) for facts in ({"region": "华东"}, {"region": "华北"}, {})]
    assert found == [EAST, ALL, ALL]
    unless = EAST._replace(unless=Condition("tier == 'C'", None))
    assert [applies(unless, {"region": "华东", "tier": tier}) for tier in ("A", "C", None)] == [True, False, True]
    assert withdrawn(unless, {"tier": "C"})
    assert rule_for(Assign(rules=(EAST,)), {}) is None


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        # Never comes first, then the longest ago; ties by login.
        ([Candidate("li", last_turn=5), Candidate("wu"), Candidate("he")], "he"),
        ([Candidate("li", last_turn=5), Candidate("wu", last_turn=3)], "wu"),
        ([Candidate("wu", last_turn=3), Candidate("li", last_turn=3)], "li"),
        ([Candidate("li", active=False), Candidate("wu", away=True), Candidate("he", live_deals=3)], None),
        ([], None),
    ],
)
def test_it_is_the_turn_of_whose_last_one_began_longest_ago(people: list[Candidate], expected: str | None) -> None:
    assert choice(EAST, people, {}, {}).login == expected


def test_why_not_whom_is_said_in_the_order_they_were_asked() -> None:
    people = [
        Candidate("a", active=False),
        Candidate("b", away=True),
        Candidate("c", live_deals=3),
        Candidate("d", given_today=5),
        Candidate("e"),
        Candidate("f"),
    ]
    said = {"d": Person(per_day=5), "e": Person(when=Condition("product == 'MES'", None))}
    found = choice(EAST, people, said, {"product": "ERP"})
    assert found.login == "f"
    assert [(login, str(why)) for login, why in found.passed_over] == [
        ("a", "is not active"),
        ("b", "is away today"),
        ("c", "has 3 of 3 live deals"),
        ("d", "was given 5 of 5 today"),
        ("e", "only takes: product == 'MES'"),
    ]


def test_a_persons_own_capacity_counts_beside_the_rules() -> None:
    assert choice(EAST, [Candidate("li", live_deals=1)], {"li": Person(capacity=1)}, {}).login is None


def test_least_is_who_has_the_fewest_and_customer_is_the_customers() -> None:
    people = [Candidate("li", live_deals=2), Candidate("wu", live_deals=1), Candidate("he", live_deals=2)]
    assert choice(EAST._replace(by="least"), people, {}, {}).login == "wu"
    assert choice(EAST._replace(by="customer"), people, {}, {}, customers_owner="he").login == "he"
    unowned = choice(EAST._replace(by="customer"), people, {}, {})
    assert (unowned.login, unowned.nobody) == (None, "its customer is nobody's")
    assert choice(EAST._replace(by="pool"), people, {}, {}) == Choice("east", None)


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True, min_size=1), st.integers(1, 40))
def test_turns_go_round_evenly(logins: list[str], deals: int) -> None:
    last: dict[str, int] = {}
    given_to = []
    for moment in range(deals):
        found = choice(ALL, [Candidate(login, last_turn=last.get(login)) for login in logins], {}, {}).login
        assert found is not None
        last[found] = moment
        given_to.append(found)
    counts = [given_to.count(login) for login in logins]
    assert max(counts) - min(counts) <= 1


def test_who_returns_gets_one_turn_and_not_all_that_were_missed() -> None:
    last = {"a": 1, "b": 9, "c": 10}
    found = []
    for moment in range(11, 15):
        login = choice(ALL, [Candidate(each, last_turn=turn) for each, turn in last.items()], {}, {}).login or ""
        last[login] = moment
        found.append(login)
    assert found == ["a", "b", "c", "a"]


POOL = Pool(claim_per_day=5, hold=Span("hours", 24 * HOUR_MS), cooldown_days=14)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (Claim(NOW), []),
        (Claim(NOW, claimed_today=5), [("claim_per_day", "2026-11-28T00:00")]),
        # Thu 26 Nov 16:00 and 24 business hours: two on Thursday, eight on Friday, Monday and six on Tuesday.
        (Claim(NOW, pooled_at=at("2026-11-26T16:00")), [("hold", "2026-12-01T16:00")]),
        (Claim(NOW, pooled_at=at("2026-11-02T16:00")), []),
        (Claim(NOW, tenure_ended_at=at("2026-11-20T17:00")), [("cooldown", "2026-12-04T00:00")]),
        (Claim(NOW, tenure_ended_at=at("2026-11-13T17:00")), []),
        (Claim(NOW, live_deals=25, capacity=25), [("capacity", None)]),
        (Claim(NOW, quiet_until=date(2026, 12, 10)), [("quiet_until", "2026-12-10T00:00")]),
        (Claim(NOW, quiet_until=date(2026, 11, 27)), []),
        (Claim(NOW, protected_until=at("2026-12-24T10:00")), [("protected", "2026-12-24T10:00")]),
    ],
)
def test_a_refused_claim_names_the_rule_and_from_when_it_is_allowed(
    claim: Claim, expected: list[tuple[str, str | None]]
) -> None:
    found = hindrances(claim, POOL, OFFICE)
    assert [(each.rule, each.until) for each in found] == [(name, until and at(until)) for name, until in expected]


def test_all_rules_are_named_and_the_last_of_them_says_from_when() -> None:
    claim = Claim(NOW, claimed_today=9, quiet_until=date(2026, 12, 10))
    found = hindrances(claim, POOL, OFFICE)
    assert [each.rule for each in found] == ["claim_per_day", "quiet_until"]
    assert allowed_from(found) == at("2026-12-10T00:00")
    assert allowed_from((*found, Hindrance("capacity", None, found[0].why))) is None
    assert allowed_from(()) is None


claims = st.builds(
    Claim,
    now=st.integers(at("2026-10-01T00:00"), at("2026-12-31T00:00")),
    pooled_at=st.none() | st.integers(at("2026-10-01T00:00"), at("2026-12-31T00:00")),
    claimed_today=st.just(0),
    tenure_ended_at=st.none() | st.integers(at("2026-10-01T00:00"), at("2026-12-31T00:00")),
    quiet_until=st.none() | st.dates(date(2026, 10, 1), date(2026, 12, 31)),
)


@given(claims)
def test_a_claim_is_allowed_exactly_from_the_instant_that_is_named(claim: Claim) -> None:
    allowed = allowed_from(hindrances(claim, POOL, OFFICE))
    again = (
        [] if allowed is None else [hindrances(claim._replace(now=allowed - before), POOL, OFFICE) for before in (0, 1)]
    )
    assert allowed is None or (again[0] == () and again[1] != ())


# --- deals that nobody moves ---------------------------------------------------------------------------------------


def test_idle_since_is_the_latest_that_is_known() -> None:
    assert [idle_since(3, 5, 1), idle_since(None, None, 1), idle_since(None, None, None)] == [5, 1, None]


def test_rotting_is_business_time_and_longer_than_the_stage_allows() -> None:
    friday = at("2026-11-27T16:00")
    exactly = at("2026-11-30T11:00")
    found = [rotting(4 * HOUR_MS, friday, moment, OFFICE) for moment in (exactly, exactly + 1)]
    assert found == [False, True]
    assert rotting(4 * HOUR_MS, None, friday, OFFICE)
    assert not rotting(None, None, friday, OFFICE)


def test_over_target_is_the_open_visit_alone() -> None:
    assert over_target(HOUR_MS, at("2026-11-27T09:00"), at("2026-11-27T10:01"), OFFICE)
    assert not over_target(HOUR_MS, at("2026-11-27T09:00"), at("2026-11-27T10:00"), OFFICE)
    assert not over_target(HOUR_MS, None, NOW, OFFICE)
    assert not over_target(None, 0, NOW, OFFICE)


WEEK = Span("days", 7)


@pytest.mark.parametrize(
    ("follow_up", "gap", "expected"),
    [
        (None, None, True),
        (None, WEEK, True),
        (Due(on=date(2027, 6, 1)), None, False),
        (Due(on=date(2026, 12, 4)), WEEK, False),
        (Due(on=date(2026, 12, 5)), WEEK, True),
        (Due(at=at("2026-12-04T23:00")), WEEK, False),
        (Due(), WEEK, True),
        (Due(at=at("2026-11-27T14:00")), Span("hours", 3 * HOUR_MS), False),
        (Due(at=at("2026-11-27T14:01")), Span("hours", 3 * HOUR_MS), True),
    ],
)
def test_a_deal_without_a_step_has_none_or_one_too_far_off(
    follow_up: Due | None, gap: Span | None, expected: bool
) -> None:
    assert without_step(follow_up, NOW, gap, OFFICE) is expected


def test_before_the_first_touch_of_an_unknown_past_any_step_will_do() -> None:
    assert not without_step(Due(on=date(2030, 1, 1)), None, WEEK, all_hours(TZ))


RETURN = Return(Condition("always", None), 30, 3)


def test_days_on_which_the_owner_is_away_do_not_count() -> None:
    here = giveback(RETURN, at("2026-11-01T10:00"), TZ, lambda day: False)
    assert (here.warn_on, here.take_on) == (date(2026, 11, 28), date(2026, 12, 1))
    away = giveback(RETURN, at("2026-11-01T10:00"), TZ, lambda day: date(2026, 11, 9) <= day <= date(2026, 11, 15))
    assert (away.warn_on, away.take_on) == (date(2026, 12, 5), date(2026, 12, 8))


@pytest.mark.parametrize(
    ("today", "warned", "expected"),
    [
        (date(2026, 11, 27), None, ""),
        (date(2026, 11, 28), None, "warn"),
        (date(2026, 11, 30), date(2026, 11, 28), ""),
        (date(2026, 12, 1), date(2026, 11, 28), "take"),
        # After a gap it warns first, and takes three days later.
        (date(2026, 12, 20), None, "warn"),
        (date(2026, 12, 22), date(2026, 12, 20), ""),
        (date(2026, 12, 23), date(2026, 12, 20), "take"),
    ],
)
def test_nobody_loses_a_deal_unwarned(today: date, warned: date | None, expected: str) -> None:
    found = giveback(RETURN, at("2026-11-01T10:00"), TZ, lambda day: False)
    assert found.due(today, warned, RETURN.warn_days) == expected


def test_without_warn_it_is_taken_when_it_is_time() -> None:
    plain = giveback(RETURN._replace(warn_days=None), at("2026-11-01T10:00"), TZ, lambda day: False)
    assert [plain.due(date(2026, 11, 30) + timedelta(days=n), None, None) for n in range(2)] == ["", "take"]
