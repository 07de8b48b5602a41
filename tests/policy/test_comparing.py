"""What changed between two policies, said thing by thing; and nothing that can change is overlooked."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oppcli.model.approver import approver, role
from oppcli.model.contracting import Contracting
from oppcli.model.duplicates import Duplicates
from oppcli.model.facts import FactRule
from oppcli.model.hooking import Hook
from oppcli.model.policy import (
    Calendar,
    Condition,
    Escalation,
    FieldRule,
    Policy,
    Reminder,
    Sod,
    StageRule,
    StepRule,
    Tolerance,
    TypeRule,
)
from oppcli.model.quoting import Quoting
from oppcli.model.relations import (
    Archive,
    Assign,
    AssignRule,
    Cadence,
    Deadline,
    Follow,
    OnEnter,
    Person,
    Points,
    Pool,
    Priority,
    Protection,
    Return,
    ScoreRule,
    Sheet,
    Span,
    StageTask,
    Suggestion,
    Survey,
    TagRule,
    TierRule,
)
from oppcli.model.reminding import DayReminder, Remind
from oppcli.model.reporting import Kpi, Win
from oppcli.model.said import LANGUAGES
from oppcli.model.units import HOUR_MS
from oppcli.policy import TEMPLATES, read, template
from oppcli.policy.comparing import changes
from oppcli.policy.written import days
from oppcli.rules.conditions import unchecked

B2B = template("b2b", "zh")


def said(*edits, renames=None, text=B2B):
    """What is said of the b2b template after these edits (old, new)."""
    new = text
    for old, other in edits:
        assert new.count(old) == 1, old
        new = new.replace(old, other)
    return [str(change) for change in changes(read(text), read(new), renames or {})]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            ('when = "amount >= 50万 or discount > 15"', 'when = "amount >= 50万 or discount > 20"'),
            ["step 大区总监 of quote: threshold discount > 15 → discount > 20"],
        ),
        (
            ('when = "amount >= 50万 or discount > 15"', 'when = "amount >= 600_000 or discount > 12.5"'),
            [
                "step 大区总监 of quote: threshold amount >= 500,000 → amount >= 600,000",
                "step 大区总监 of quote: threshold discount > 15 → discount > 12.5",
            ],
        ),
        (
            ('when = "amount >= 50万 or discount > 15"', 'when = "amount > 50万 or discount > 15"'),
            ["step 大区总监 of quote: when amount >= 50万 or discount > 15 → amount > 50万 or discount > 15"],
        ),
        (
            ('when = "amount >= 50万 or discount > 15"', 'when = "amount >= 50万 and discount > 15"'),
            ["step 大区总监 of quote: when amount >= 50万 or discount > 15 → amount >= 50万 and discount > 15"],
        ),
        (
            ('when = "amount >= 50万 or discount > 15"\n', ""),
            ["step 大区总监 of quote: when amount >= 50万 or discount > 15 → always"],
        ),
        # Written differently, it is the same rule.
        (('when = "amount >= 50万 or discount > 15"', 'when = "(amount >= 500_000) or 15 < discount"'), []),
        (
            ("tier in ['C', '新客户']", "tier in ['C']"),
            ["type risk: when amount >= 50万 or tier in ['C', '新客户'] → amount >= 50万 or tier in ['C']"],
        ),
        (('rule = "at least 2"', 'rule = "at least 3"'), ["step 技术评审 of quote: rule at least 2 → at least 3"]),
        (
            ('who  = "manager+1"', 'who  = ["manager+1", "role:vp_sales"]'),
            ["step 大区总监 of quote: who manager+1 → manager+1, role:vp_sales"],
        ),
        (("valid_days = 60\n", ""), ["type quote: valid_days 60 → –"]),
        (('{ amount = "2%" }', "{ amount = 5000 }"), ["type quote: tolerance amount 2% → amount 5,000"]),
        (('"谈判" = ["risk", "quote"]', '"谈判" = ["quote"]'), ["gate 谈判: asks for risk, quote → quote"]),
        (('"赢单" = ["final"]\n', ""), ["gate 赢单: dropped (final)"]),
        (('"赢单" = ["final"]', '"赢单" = ["final"]\n"报价" = ["risk"]'), ["gate 报价: added (risk)"]),
        (('"财务", who = []', '"财务", who = ["chen", "zhao"]'), ["role finance: people – → chen, zhao"]),
        (('repeat = "consecutive"', 'repeat = "none"'), ["separation of duties: repeat consecutive → none"]),
        (('fallback = "role:sales_ops"', 'fallback = "user:tang"'), ["policy: fallback role:sales_ops → user:tang"]),
        (('"2026-10-01..2026-10-07"]', '"2026-10-02..2026-10-08"]'), ["calendar cn: holidays 2026-10-01 → 2026-10-08"]),
        (('"2026-10-10"]', '"2026-10-10", "2026-10-11"]'), ["calendar cn: workdays – → 2026-10-11"]),
        (
            (
                'mon_fri  = ["09:00-12:00", "13:00-18:00"]',
                'mon_fri  = ["09:00-12:00", "13:00-17:30"]\nsat = ["09:00-12:00"]',
            ),
            ["calendar cn: hours mon_fri 09:00-12:00 13:00-18:00 → mon_fri 09:00-12:00 13:00-17:30, sat 09:00-12:00"],
        ),
        (
            ('values = ["A", "B", "C", "新客户"]', 'values = ["A", "B", "C"]'),
            ["field tier: values A, B, C, 新客户 → A, B, C"],
        ),
        (
            ('[type.final]\ntitle    = "领导终审"', '[type.final]\ntitle    = "终审"'),
            ["type final: title 领导终审 → 终审"],
        ),
        (("# 改完先检查", "# 改完请先检查"), []),
    ],
)
def test_a_change_is_said_in_one_line(edit, expected):
    assert said(edit) == expected


def test_a_step_that_came_one_that_went_and_another_order():
    finance = '[[type.quote.step]]\nname = "财务"\nwhen = "margin < 25 or discount > 20"\n'
    finance += 'who  = "role:finance"\nrule = "any"\n\n'
    boss = '[[type.quote.step]]\nname = "销售主管"\nwho  = "manager"\n\n'
    ceo = '[[type.quote.step]]\nname = "总经理"\nwho  = "role:ceo"\nsla = "4h"\n\n'
    assert said((finance, "")) == ["step 财务 of quote: dropped (role:finance; any; 8h)"]
    assert said((finance, ceo)) == [
        "step 财务 of quote: dropped (role:finance; any; 8h)",
        "step 总经理 of quote: added (role:ceo; any; 4h)",
    ]
    assert said((boss, ""), (finance, finance + boss)) == [
        "type quote: order 销售主管, 大区总监, 财务, 技术评审, 销售副总 → 大区总监, 财务, 销售主管, 技术评审, 销售副总"
    ]


def test_types_and_stages_that_came_went_or_moved():
    found = [str(change) for change in changes(read(template("saas", "en")), read(template("b2b", "en")))]
    assert "type big_discount: dropped (Sales lead or founder)" in found
    assert any(line.startswith("type risk: added (") for line in found)
    stage = 'name = "方案"\nkind = "open"\nprobability = 30\ntarget = "80h"\nrotting = "80h"\n\n'
    moved = said(("[[stage]]\n" + stage, ""), ('name = "谈判"\n', stage + '[[stage]]\nname = "谈判"\n'))
    was, now = "方案, 报价, 谈判, 签约, 赢单, 输单", "报价, 方案, 谈判, 签约, 赢单, 输单"
    assert moved == [f"stages: order 线索, 资格确认, {was} → 线索, 资格确认, {now}"]


def test_a_rule_of_duplicates_that_came_or_went_says_what_it_is_of():
    blank = template("blank", "en")
    rule = '[duplicates]\nrule = [ { name = "tax id", of = "customer", same = ["tax_id"] } ]\n'
    found = [str(change) for change in changes(read(blank), read(blank + rule))]
    assert "rule tax id: added (customer)" in found


def test_a_renamed_stage_is_one_change_with_its_gate_and_the_ways_to_it():
    edits = [('name = "方案"', 'name = "方案设计"'), ('"方案" = ["qualification"]', '"方案设计" = ["qualification"]')]
    assert said(*edits, renames={"方案": "方案设计"}) == ["stage 方案: name 方案 → 方案设计"]
    assert len(said(*edits)) == 4


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_policy_does_not_differ_from_itself(name, lang):
    assert changes(read(template(name, lang)), read(template(name, lang) + "# a comment\n")) == ()


def test_each_change_names_the_type_and_step_it_belongs_to():
    new = B2B.replace('rule = "at least 2"', 'rule = "at least 3"').replace("valid_days = 60", "valid_days = 30")
    found = changes(read(B2B), read(new.replace('"财务", who = []', '"财务", who = ["chen"]')))
    assert [(change.type, change.step, change.what) for change in found] == [
        ("quote", None, "valid_days"),
        ("quote", "技术评审", "rule"),
        (None, None, "people"),
    ]


def test_days_are_written_as_in_the_file():
    dates = [date(2026, 10, day) for day in (7, 1, 2, 3, 9)]
    assert days(dates) == "2026-10-01..2026-10-03, 2026-10-07, 2026-10-09"


# --- nothing is overlooked -----------------------------------------------------------------------------------------

OTHER: dict[str, Any] = {
    # A value per field that differs from what FULL has.
    "StageRule": {
        "pipeline": "续约",
        "kind": "won",
        "probability": 99,
        "target_ms": HOUR_MS,
        "rotting_ms": HOUR_MS,
        "category": "best",
        "enter": ("margin",),
        "leave": ("margin",),
        "guide": "x",
        "next": ("B",),
        "max_gap": Span("days", 7),
        "back": "never",
        "who": ("owner",),
        "tasks": (StageTask("x"),),
        "on_enter": OnEnter(notify=(role("x"),)),
    },
    "StepRule": {
        "who": ("user:x",),
        "rule": "all",
        "need": 3,
        "when": Condition("amount > 2", None),
        "sla_ms": HOUR_MS,
        "remind": (Reminder("1h before", before_ms=HOUR_MS),),
        "escalate": (Escalation(0, approver("manager"), "add"),),
        "together": "x",
        "veto": ("user:x",),
        "must": ("user:x",),
        "fresh": True,
        "approve_needs": ("comment",),
        "fills": ("margin",),
        "share": 5_000,
        "stand_in": ("user:x",),
        "on_timeout": "reject",
        "on_reject": "return",
        "calendar": "x",
        "cc": ("user:x",),
    },
    "TypeRule": {
        "title": "x",
        "when": Condition("amount > 2", None),
        "needs": ("margin",),
        "material": ("margin",),
        "tolerance": {"amount": Tolerance(absolute=Decimal(5))},
        "valid_days": 5,
        "bulk": False,
        "away": ("mail",),
        "lock": ("pending", "moves"),
        "reasons": ("price",),
        "max_rounds": 2,
        "again": True,
        "require": (role("legal"),),
        "cc": ("user:x",),
    },
    "Sod": {
        "submitter_may_approve": True,
        "editor_may_approve": True,
        "repeat": "all",
        "distinct": (("A", "B"),),
    },
    "FieldRule": {
        "title": "x",
        "type": "int",
        "values": ("x",),
        "required": True,
        "min": Decimal(1),
        "max": Decimal(2),
        "pattern": "x+",
        "personal": True,
        "required_when": Condition("amount > 2", None),
    },
    "Follow": {
        "kinds": {"demo": ("演示",)},
        "touch": ("call",),
        "deadlines": (Deadline("x", "created", Span("hours", HOUR_MS)),),
        "cadences": (Cadence(Condition("always", None), Span("days", 14)),),
        "survey": Survey(Span("days", 14)),
    },
    "Assign": {
        "rules": (AssignRule("x", (role("x"),)),),
        "people": {"li": Person(capacity=5)},
        "pool": Pool(hold=Span("hours", HOUR_MS)),
        "returns": (Return(Condition("amount > 2", None), 30, 3),),
        "protect": Protection(20, 30),
    },
    "AssignRule": {
        "to": (role("x"),),
        "by": "least",
        "when": Condition("amount > 2", None),
        "unless": Condition("amount > 2", None),
        "capacity": 5,
    },
    "Deadline": {
        "start": "assigned",
        "within": Span("workdays", 3),
        "calendar": "always",
        "when": Condition("amount > 2", None),
        "done": ("touch",),
        "escalate": (Escalation(0, approver("manager"), "notify"),),
        "stop_loss": True,
    },
    "Calendar": {
        "timezone": "Asia/Tokyo",
        "week": (((60, 120),),) * 7,
        "holidays": frozenset({date(2026, 1, 1)}),
        "workdays": frozenset({date(2026, 1, 3)}),
    },
    "Policy": {
        "name": "x",
        "currency": "EUR",
        "calendar": "x",
        "fallback": ("user:x",),
        "gates": {"B": ("t",)},
        "roles": {"r": ("x",)},
        "role_titles": {"r": "财务"},
        "lost_reasons": ("x",),
        "lost_detail_required": ("x",),
        "language": "zh",
        "override": False,
        "scoped": True,
        "see": {"*": "team"},
        "hide": {"margin": ("x",)},
        "mask": ("phone",),
        "export": ("x",),
        "risks_ignored": ("fast",),
        "risks_told": (),
        "payers": ("user:x",),
        "proof": "pin",
        "idle_ms": 300_000,
        "fields_of": {"customer": {"vip": FieldRule("vip")}},
        "duplicates": Duplicates((), country="1"),
        "quote": Quoting(),
        "facts": {"credit_limit": FactRule("money")},
        "contract": Contracting(),
        "remind": Remind(payment=(DayReminder("1d after", 1),)),
        "kpi": Kpi(60, 0),
        "win": Win(("region",)),
        "fiscal_year": 4,
        "delay_cost": 1000,
        "bands": {"amount": ("10", "50")},
        "archive": Archive(needs=("survey",)),
        "priority": Priority("people_days"),
        "hooks": (Hook("erp", ("deal.win",)),),
        "tags": (TagRule("x", Condition("amount > 2", None)),),
        "tiers": (TierRule("x", Condition("live_deals > 2", None)),),
        "scores": (ScoreRule("x", (Points(Condition("amount > 2", None), 5),)),),
        "suggestions": (Suggestion("B", words=("x",)),),
        "sheets": {"record": Sheet("record", {"amount": 3})},
    },
}
STEP = StepRule("S", (approver("manager"),), rule="at_least", need=2, when=Condition("amount > 1", None))
FULL = Policy(
    name="p",
    currency="CNY",
    calendar="c",
    fallback=(role("admin"),),
    stages=(StageRule("A"), StageRule("B")),
    types={"t": TypeRule("t", "T", (STEP,), when=Condition("amount > 1", None))},
    gates={"A": ("t",)},
    roles={"r": ()},
    fields={"f": FieldRule("f")},
    sod=Sod(),
    calendars={"c": Calendar("c", "UTC", ((),) * 7)},
    assign=Assign(rules=(AssignRule("a", (role("r"),), when=Condition("amount > 1", None)),)),
    follow=Follow(deadlines=(Deadline("d", "created", Span("hours", HOUR_MS), when=Condition("amount > 1", None)),)),
)
RELATIONS = (Follow, Deadline, Assign, AssignRule)
NAMES = {"name", "steps", "stages", "types", "fields", "sod", "calendars", "text", "hash"}
NAMES |= {"follow", "assign"}
"""What is the thing's identity, or holds other things."""


def with_other(noun, field):
    value = OTHER[noun][field]
    rule = FULL.types["t"]
    places: dict[str, Any] = {
        "StageRule": lambda: {"stages": (FULL.stages[0]._replace(**{field: value}), FULL.stages[1])},
        "StepRule": lambda: {"types": {"t": rule._replace(steps=(STEP._replace(**{field: value}),))}},
        "TypeRule": lambda: {"types": {"t": rule._replace(**{field: value})}},
        "Sod": lambda: {"sod": FULL.sod._replace(**{field: value})},
        "FieldRule": lambda: {"fields": {"f": FULL.fields["f"]._replace(**{field: value})}},
        "Calendar": lambda: {"calendars": {"c": FULL.calendars["c"]._replace(**{field: value})}},
        "Follow": lambda: {"follow": FULL.follow._replace(**{field: value})},
        "Assign": lambda: {"assign": FULL.assign._replace(**{field: value})},
        "AssignRule": lambda: {"assign": Assign(rules=(FULL.assign.rules[0]._replace(**{field: value}),))},
        "Deadline": lambda: {"follow": Follow(deadlines=(FULL.follow.deadlines[0]._replace(**{field: value}),))},
        "Policy": lambda: {field: value},
    }
    return FULL._replace(**places[noun]())


@pytest.mark.parametrize(("noun", "field"), [(noun, field) for noun in OTHER for field in OTHER[noun]])
def test_every_key_that_differs_is_told(noun, field):
    found = changes(FULL, with_other(noun, field))
    assert len(found) == (2 if field in ("gates", "deadlines", "rules") else 1)
    assert found[0].before != found[0].after
    assert changes(with_other(noun, field), FULL) != ()


@pytest.mark.parametrize("noun", [StageRule, StepRule, TypeRule, Sod, FieldRule, Calendar, Policy, *RELATIONS])
def test_no_key_of_a_policy_is_forgotten_in_the_table_above(noun):
    assert set(noun._fields) - NAMES == set(OTHER[noun.__name__]) - NAMES


texts = st.builds(
    lambda parts, joins: " ".join(word for pair in zip(parts, joins, strict=False) for word in pair).rsplit(" ", 1)[0],
    st.lists(
        st.sampled_from(["amount > 5", "discount >= 15", "not tier == 'C'", "payment_days < 30"]),
        min_size=1,
        max_size=3,
    ),
    st.lists(st.sampled_from(["and", "or"]), min_size=3, max_size=3),
)


@settings(max_examples=80, deadline=None)
@given(texts, texts)
def test_two_conditions_differ_exactly_when_they_are_written_with_other_words(one, other):
    def policy(text):
        return FULL._replace(types={"t": FULL.types["t"]._replace(when=unchecked(text))})

    assert (changes(policy(one), policy(other)) == ()) == (one == other)
