"""Conditions of a policy name fields as people call them, and say the same."""

import re

import pytest

from oppcli.policy import load, read, template
from oppcli.policy.building import PARTS
from oppcli.policy.keeping import kept
from oppcli.policy.kinds import CONDITION_OF_CUSTOMERS
from oppcli.policy.problems import BrokenPolicy
from oppcli.policy.titles import OF_CUSTOMERS
from oppcli.rules.field_titles import by_name

TITLES = {
    "amount": ("金额",),
    "source": ("来源",),
    "size": ("Deal size", "规模（人）"),
    "stage": (),
    "dozen": ("12", "always"),
}
CONDITIONS = (
    ("金额 >= 10万", "amount >= 10万"),
    ("'金额' >= 10万", "amount >= 10万"),
    ("10万 <= 金额", "10万 <= amount"),
    ("5 <= 金额 < 9 and not 来源 in ['金额']", "5 <= amount < 9 and not source in ['金额']"),
    ("deal Size > 3 or 来源 = 金额", "size > 3 or source = 金额"),
    ("规模（人） > 5 and 来源 is empty", "size > 5 and source is empty"),
    ("stage == '来源'", "stage == '来源'"),
    ("'来源' == stage", "'来源' == stage"),
    ("'来源' == stage and 金额 > 5", "'来源' == stage and amount > 5"),
    ("12 < amount and stage = always", "12 < amount and stage = always"),
    ("always", "always"),
    ("金额 => 1", "金额 => 1"),
    ("未知 > 1", "未知 > 1"),
)
NAMED = """
[fields.rush]
title = "加急"
type = "bool"
[fields.customer.plants]
title = "工厂数"
type = "int"
[fields.margin]
required_when = "amount >= 50万"
[[tag]]
name = "急"
when = "rush and touches_30d >= 1 and amount > 1"
[[tier]]
name = "大"
when = "plants >= 3 and industry == '机械'"
[[tier]]
name = "小"
when = "always"
[archive]
needs = ["amount", "amount >= 1000"]
"""
CALLED = (("amount ", "金额 "), ("rush and", "加急 and"), ("plants >", "工厂数 >"), ("industry =", "行业 ="))


@pytest.mark.parametrize(("typed", "named"), CONDITIONS)
def test_a_condition_names_fields_as_people_call_them(typed: str, named: str) -> None:
    assert by_name(typed, TITLES) == named


def test_every_condition_of_a_policy_says_the_same_by_what_its_fields_are_called() -> None:
    named = re.sub(r"(?ms)^\[\[?(tag|tier|archive)\b.*?(?=^\[)", "", template("b2b", "zh")) + NAMED
    called = named
    for name, title in CALLED:
        called = re.sub(rf'(?m)(^[^#\n]*"[^"\n]*\b){name}', rf"\g<1>{title}", called)
    assert called.count("金额 ") > 8
    policies = [read(text) for text in (named, called)]
    assert policies[0]._replace(text="", hash="") == policies[1]._replace(text="", hash="")
    assert len({kept(policy).partition(" ")[2] for policy in policies}) == 1
    assert [load(text).warnings for text in (named, called)] == [(), ()]


def test_what_a_deals_and_a_customers_field_are_called_alike_is_the_field_of_what_the_condition_is_about() -> None:
    alike = """
[fields.sector]
title = "行业"
[[tag]]
name = "急"
when = "行业 == '机械'"
[[tier]]
name = "大"
when = "行业 == '机械'"
"""
    named = read(re.sub(r"(?ms)^\[\[?(tag|tier)\b.*?(?=^\[)", "", template("b2b", "zh")) + alike)
    assert [each.when.text for each in (*named.tags, *named.tiers)] == ["sector == '机械'", "industry == '机械'"]


def test_what_several_fields_are_called_is_refused_with_all_of_them() -> None:
    twice = """
[fields.here]
title = "规模"
[fields.there]
title = "规模"
[[tag]]
name = "大"
when = "规模 > 3"
"""
    text = re.sub(r"(?ms)^\[\[?(tag|tier)\b.*?(?=^\[)", "", template("b2b", "zh")) + twice
    with pytest.raises(BrokenPolicy) as refused:
        load(text)
    assert [each.detail for each in refused.value.reasons] == ["[[tag]] 1 (大): when: 规模 could be here or there"]


def test_the_tables_whose_conditions_are_of_customers_are_those_whose_keys_say_so() -> None:
    kinds = {part.name: [key.kind for key in part.keys.keys.values()] for part in PARTS}
    assert {name for name, those in kinds.items() if CONDITION_OF_CUSTOMERS in those} == {*OF_CUSTOMERS}
