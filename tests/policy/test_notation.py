"""How things are written in the file, and what becomes of them."""

from datetime import date
from decimal import Decimal

import pytest

from oppcli.model.policy import Reminder, Tolerance
from oppcli.model.units import HOUR_MS
from oppcli.policy import building, notation, read
from oppcli.policy.kept import digest
from oppcli.policy.notation import Misread


@pytest.mark.parametrize(
    ("text", "ms"),
    [("16h", 16 * HOUR_MS), ("0.25h", HOUR_MS // 4), ("1.5h", 5_400_000), ("0h", 0), ("500h", 500 * HOUR_MS)],
)
def test_hours_are_business_hours(text, ms):
    assert notation.hours(text) == ms


@pytest.mark.parametrize("text", ["2d", "30m", "8", "8 h", "-1h", "1e3h", "h", "", "1,5h", 8, 1.5, True, None, ["8h"]])
def test_anything_but_hours_is_refused_for_a_time(text):
    with pytest.raises(Misread) as caught:
        notation.hours(text)
    assert caught.value.code == "P020"


def test_a_step_has_at_least_a_quarter_of_an_hour():
    assert notation.sla("0.25h") == HOUR_MS // 4
    with pytest.raises(Misread) as caught:
        notation.sla("0.24h")
    assert caught.value.code == "P019"


@pytest.mark.parametrize("text", ["manager", "manager+1", "manager+9", "role:finance", "role:财务", "user:wang.wei"])
def test_approvers_are_lines_roles_and_people(text):
    assert notation.approver(text) == text


@pytest.mark.parametrize("text", ["财务", "manager+0", "manager-1", "manager + 1", "role:", "role: x", "Role:x", "", 5])
def test_other_approvers_are_refused(text):
    with pytest.raises(Misread) as caught:
        notation.approver(text)
    assert caught.value.code == "P006"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("any", ("any", 1, None)),
        ("all", ("all", 1, None)),
        ("at least 2", ("at_least", 2, None)),
        ("at least 50%", ("at_least", 1, 5_000)),
        ("at least 33.33 %", ("at_least", 1, 3_333)),
    ],
)
def test_rules_are_any_all_a_number_or_a_share(text, rule):
    assert notation.rule(text) == rule


@pytest.mark.parametrize(
    "text", ["2/3", "at least 0", "at least two", "at least  2", "Any", "50%", "at least 0%", "at least 101%"]
)
def test_other_rules_are_refused(text):
    with pytest.raises(Misread):
        notation.rule(text)


def test_reminders_are_a_share_of_the_time_or_hours_before_due_or_after():
    assert notation.reminder("50%") == Reminder(text="50%", share=Decimal("0.5"))
    assert notation.reminder("2h before") == Reminder(text="2h before", before_ms=2 * HOUR_MS)
    assert notation.reminder("4h after") == Reminder(text="4h after", after_ms=4 * HOUR_MS)


@pytest.mark.parametrize(
    ("value", "states"),
    [(True, ("pending",)), (False, ()), ("approved", ("approved",)), (["moves", "pending"], ("pending", "moves"))],
)
def test_a_lock_names_states_and_moves(value, states):
    assert notation.locks(value) == states


@pytest.mark.parametrize("value", ["returned", [], ["pending", "x"], 3])
def test_other_locks_are_refused(value):
    with pytest.raises(Misread):
        notation.locks(value)


@pytest.mark.parametrize("text", ["chosen:role:tech", "field:lead"])
def test_whom_a_step_asks_may_be_chosen_or_stand_in_a_field_and_nobody_else(text):
    assert notation.asked(text) == text
    with pytest.raises(Misread):
        notation.approver(text)
    with pytest.raises(Misread):
        notation.asked("chosen:user:li")


@pytest.mark.parametrize("text", ["150%", "0%", "2h", "2h  after", "2d after", "2d before", 50])
def test_other_reminders_are_refused(text):
    with pytest.raises(Misread):
        notation.reminder(text)


def test_a_tolerance_is_a_share_or_an_amount():
    assert notation.tolerance("2%") == Tolerance(share=Decimal("0.02"))
    assert notation.tolerance(5000) == Tolerance(absolute=Decimal(5000))
    assert notation.tolerance("5万") == Tolerance(absolute=Decimal(50_000))


@pytest.mark.parametrize("value", ["-2%", "two", "", True, "inf", "inf%", "nan%", "-5"])
def test_other_tolerances_are_refused(value):
    with pytest.raises(Misread):
        notation.tolerance(value)


def test_dates_are_single_or_ranges_with_both_ends():
    assert notation.days("2026-10-01") == (date(2026, 10, 1),)
    assert notation.days("2026-02-27..2026-03-01") == (date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1))
    assert notation.days(date(2026, 10, 1)) == (date(2026, 10, 1),)


@pytest.mark.parametrize(
    "value",
    ["2026-02-30", "2026-10-07..2026-10-01", "2026-1-1", "10/01/2026", "2026-01-01..", "2020-01-01..2026-01-01", 5],
)
def test_other_dates_are_refused(value):
    with pytest.raises(Misread) as caught:
        notation.days(value)
    assert caught.value.code == "P032"


@pytest.mark.parametrize(
    ("text", "minutes"), [("09:00-12:00", (540, 720)), ("0:00-24:00", (0, 1440)), ("23:59-24:00", (1439, 1440))]
)
def test_hours_of_a_day_may_end_at_midnight(text, minutes):
    assert notation.interval(text) == minutes


@pytest.mark.parametrize("text", ["22:00-06:00", "09:00-09:00", "25:00-26:00", "09:60-10:00", "9-17", "09:00", "", 9])
def test_other_hours_of_a_day_are_refused(text):
    with pytest.raises(Misread) as caught:
        notation.interval(text)
    assert caught.value.code == "P030"


@pytest.mark.parametrize(
    ("key", "days"),
    [("mon", (0,)), ("mon_fri", (0, 1, 2, 3, 4)), ("sun_thu", (6, 0, 1, 2, 3)), ("mon_sun", tuple(range(7)))],
)
def test_weekdays_may_be_a_range_over_the_weekend(key, days):
    assert notation.weekdays(key) == days


@pytest.mark.parametrize("key", ["monday", "mon_", "mon-fri", "holidays", "_fri", ""])
def test_other_keys_name_no_days(key):
    assert notation.weekdays(key) is None


def test_a_day_named_alone_beats_the_range_it_lies_in_and_may_be_free():
    table = {"timezone": "UTC", "mon_sat": ["09:00-17:00"], "wed": [], "fri": "13:00-15:00"}
    week = building.calendar("x", table).week
    assert week == (((540, 1020),), ((540, 1020),), (), ((540, 1020),), ((780, 900),), ((540, 1020),), ())


MINIMAL = """
[policy]
name = "x"
currency = "CNY"
calendar = "c"
fallback = "role:admin"
[[stage]]
name = "a"
[[stage]]
name = "won"
kind = "won"
[[stage]]
name = "lost"
kind = "lost"
[type.quote]
on_reject = "return"
tolerance = { amount = 1.5 }
material = "amount"
[[type.quote.step]]
name = "one"
who = "manager"
[[type.quote.step]]
name = "two"
who = ["manager", "role:admin"]
rule = "at least 2"
sla = "4h"
remind = []
on_reject = "reject"
self = "user:x"
[calendar.c]
timezone = "UTC"
mon_fri = ["09:00-17:00"]
"""


DEFAULTS = """
[defaults]
sla = "2h"
remind = ["50%"]
escalate = [{ after = "1h", to = "manager", do = "add" }]
"""


def test_defaults_are_filled_in():
    policy = read(MINIMAL)
    one, two = policy.types["quote"].steps
    assert (one.rule, one.sla_ms, one.on_reject, one.calendar, one.who) == (
        "any",
        8 * HOUR_MS,
        "return",
        "c",
        ("manager",),
    )
    assert (two.rule, two.need, two.sla_ms, two.on_reject, two.stand_in) == (
        "at_least",
        2,
        4 * HOUR_MS,
        "reject",
        ("user:x",),
    )
    rule = policy.types["quote"]
    assert (rule.title, rule.bulk, rule.lock, rule.valid_days, rule.material) == (
        "quote",
        True,
        (),
        None,
        ("amount",),
    )
    assert rule.tolerance == {"amount": Tolerance(absolute=Decimal("1.5"))}
    assert policy.stages[0].kind == "open"
    assert (policy.sod.repeat, policy.sod.submitter_may_approve, policy.override) == ("consecutive", False, True)


def test_a_step_has_the_defaults_of_the_policy_unless_it_says_otherwise():
    text = (
        MINIMAL
        + '[defaults]\nsla = "2h"\nremind = ["50%"]\nescalate = [{ after = "1h", to = "manager", do = "add" }]\n'
    )
    one, two = read(text).types["quote"].steps
    assert (one.sla_ms, len(one.remind), len(one.escalate)) == (2 * HOUR_MS, 1, 1)
    assert (two.sla_ms, len(two.remind), len(two.escalate)) == (4 * HOUR_MS, 0, 1)


def test_the_hash_is_that_of_the_text():
    assert read(MINIMAL).hash == digest(MINIMAL)
    assert read(MINIMAL).text == MINIMAL
    assert read(MINIMAL + "# changed\n").hash != read(MINIMAL).hash
