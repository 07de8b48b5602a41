"""The tables about relations, as a team would write them."""

from datetime import date

import pytest

from oppcli.model.relations import Span
from oppcli.model.said import Said
from oppcli.model.units import HOUR_MS
from oppcli.policy import load, template
from oppcli.policy.problems import BrokenPolicy
from oppcli.rules import conditions

TABLES = """
[follow]
deadline = [
  { name = "首次联系", from = "assigned", within = "24h", calendar = "always", done = ["touch"], escalate = [
    { after = "0h", to = "manager", do = "notify" }, { after = "8h", to = "manager", do = "reassign" } ] },
  { name = "方案", from = "首次联系", within = "72h", calendar = "always", done = ["file:方案"] },
  { name = "决策人", from = "created", within = "14 days", when = "amount >= 50万", done = [
    "contact:决策人" ], stop_loss = true },
]
cadence = [ { when = "tier == 'A'", every = "3 workdays" }, { when = "always", every = "14 days", of = "customer" } ]
survey = { from = "won", within = "14 days", scale = 5, low = 2, rescue = "16h" }
[assign]
rule = [ { name = "华东A", when = "region == '华东' and tier == 'A'", to = [
  "role:sales" ], by = "turn", capacity = 40 } ]
person.li = { capacity = 25, per_day = 5, when = "product == 'MES'" }
pool = { claim_per_day = 5, hold = "24h", cooldown = "14 days" }
return = [ { when = "kind == 'lead' and tier != 'A'", after = "30 days", warn = "3 days" } ]
protect = { max = 20, days = 30 }
[archive]
needs = ["file:合同", "survey"]
after = "180 days"
[fields.contact.hobby]
title = "爱好"
[fields.customer.vip]
type = "bool"
"""


def test_the_tables_of_a_team_that_writes_all_of_them_load_without_an_error() -> None:
    policy = load(template("blank", "zh") + TABLES).policy
    first, offer, decider = policy.follow.deadlines
    assert (first.within, offer.start, decider.within) == (Span("hours", 24 * HOUR_MS), "首次联系", Span("days", 14))
    assert [each.of for each in policy.follow.cadences] == ["deal", "customer"]
    assert (policy.assign.pool.cooldown_days, policy.assign.returns[0].warn_days) == (14, 3)
    assert policy.hours("always").hours_on(date(2026, 11, 29)) == ((0, 1440),)
    assert ({*policy.fields_of}, "contact" in policy.fields) == ({"contact", "customer"}, False)


def test_a_plain_key_speaks_of_the_deals_own_field_of_that_name() -> None:
    policy = load(template("blank", "zh") + '[fields.contact]\ntitle = "对接人"\n').policy
    assert (policy.fields["contact"].title, policy.fields_of) == ("对接人", {})


def test_three_d_is_no_span_and_it_is_said_what_to_write() -> None:
    told = []
    try:
        load(template("blank", "zh") + '[follow]\ncadence = [{ when = "always", every = "3d" }]\n')
    except BrokenPolicy as broken:
        told = [(each.code, str(each.message)) for each in broken.problems if not each.warning]
    assert told == [("P020", "every: '3d': write '24h' for business hours, '3 workdays' or '3 days'")]


def test_a_policy_without_them_has_none() -> None:
    policy = load(template("blank", "zh")).policy
    tables = (policy.follow, policy.assign, policy.archive, policy.priority, policy.tags, policy.tiers, policy.scores)
    assert tables == (None, None, None, None, (), (), ())


NAMED = """[[tag]]
name = "a"
when = "{}"
"""
SCORED = """[[score]]
name = "x"
unknown = "{}"
rules = [{{ when = "tier != 'A'", points = 1 }}]
"""


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (NAMED.format("kind == 'lead' and tier != 'A'"), ["tier != 'A'"]),
        (NAMED.format("tier != 'A' or tier is empty"), []),
        (NAMED.format("not (tier == 'A' or region in ['东', '西'])"), ["region not in ['东', '西']", "tier != 'A'"]),
        (NAMED.format("not (tier != 'A')"), []),
        (NAMED.format("kind != 'lead' and not (stage == '线索') and customer != 'X' and amount != 5"), []),
        (NAMED.replace("tag", "tier").format("industry != '电力' and not vip"), ["industry != '电力'", "vip != true"]),
        ("""[follow]\ncadence = [{ when = "source not in ['展会']", every = "7 days" }]""", ["source not in ['展会']"]),
        ("""[assign]\nreturn = [{ when = "tier != 'A'", after = "30 days" }]""", ["tier != 'A'"]),
        (SCORED.format("open"), ["tier != 'A'"]),
        (SCORED.format("missing"), []),
        ("""[fields.hobby]\nrequired_when = "source != '展会'" """, ["source != '展会'"]),
        ("[fields.hall]\nrequired = true\n" + NAMED.format("hall != '1'"), []),
        # What is submitted is refused while it reads an empty field: nothing is passed over in silence.
        ("""[type.q]\nwhen = "tier != 'A'"\nstep = [{ name = "s", who = ["manager"] }]""", []),
    ],
)
def test_what_a_condition_says_a_field_is_not_is_warned_of_where_the_empty_one_is_passed_over(
    table: str, told: list[str]
) -> None:
    text = template("blank", "zh") + f"{table}\n[fields.customer.vip]\ntype = 'bool'\n"
    messages = [each.message for each in load(text).warnings if each.code == "P122"]
    found = [message.values for message in messages if isinstance(message, Said)]
    assert [each["compared"] for each in found] == told
    # Each is told in words that can be put in its place.
    mended = [f"({each['compared']} or {each['field']} is empty)" for each in found]
    assert [conditions.decided(conditions.unchecked(one), {}) for one in mended] == [True] * len(told)
