"""Conditions of the policy: what may be written, what it means, what is refused and where."""

from datetime import date
from decimal import Decimal

import pytest
from parsed import parse

from oppcli.errors import PolicyError
from oppcli.model.policy import ALWAYS
from oppcli.rules.conditions import Missing, boundaries, holds, reads, unchecked
from oppcli.rules.faults import faults
from oppcli.rules.syntax import syntax

KINDS = {
    "amount": "money",
    "discount": "percent",
    "margin": "percent",
    "payment_days": "int",
    "people_days": "number",
    "tier": "text",
    "source": "text",
    "class": "text",
    "方案类型": "text",
    "budget_confirmed": "bool",
    "start_date": "date",
}
FACTS = {
    "amount": Decimal("800000.00"),
    "discount": Decimal("12.5"),
    "margin": Decimal("24.9999"),
    "payment_days": Decimal(60),
    "people_days": Decimal("3.5"),
    "tier": "新客户",
    "source": "it's",
    "class": "A",
    "方案类型": "定制",
    "budget_confirmed": True,
    "start_date": date(2026, 3, 9),
}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("always", True),
        ("amount = 80万", True),
        ("tier = 新客户", True),
        ("tier in [C, 新客户]", True),
        ("tier not in [C, 新客户]", False),
        ("class = A and tier != C", True),
        ("tier is empty", False),
        ("tier is not empty and not (class is empty)", True),
        ("amount >= 80万", True),
        ("amount > 80万", False),
        ("amount >= 80 万", True),
        ("amount >= 0.8百万 and amount <= 0.08千万", True),
        ("amount < 1.2亿", True),
        ("amount == 800_000", True),
        ("amount == 800k and amount < 1m", True),
        ("amount == 80w and amount < 2百亿", True),
        ("amount == 八十万 and amount <= 80万零5", True),
        ("amount < 80万6千5百", True),
        ("amount >= 800'000", True),
        ("80万 <= amount", True),
        ("amount = 800,000", True),
        ("(amount = 8,00,000 or amount = 1)", True),
        ("amount = 800 000.00 and discount < 20", True),
        ("amount >= ８０万元 and amount < CNY 800,000.01", True),
        ("amount > 壹佰万元", False),
        ("amount = ¥0.8m", True),
        ("5- < amount and +5 < amount", True),
        ("discount > 12.4% and discount < 12.6 ％", True),
        ("discount <= 八五折 and discount >= 88折", True),
        ("amount in (1, 800_000, 5)", True),
        ("tier not in (C, '新客户')", False),
        ("budget_confirmed = yes", True),
        ("budget_confirmed != 是", False),
        ("'tier' = 'C' or \"方案类型\" in ['定制']", True),
        ("800000 <= 'amount' and 'tier' is not empty", True),
        ("50万 <= amount < 80万", False),
        ("50万 <= amount < 80.01万", True),
        ("amount > -5", True),
        ("discount > 12.4999 and discount < 12.5001", True),
        ("margin < 25", True),
        ("margin >= 25", False),
        ("tier in ['C', '新客户']", True),
        ("tier not in ['C', '新客户']", False),
        ("tier == '新客户'", True),
        ('source == "it\'s"', True),
        ("source == 'it\\'", False),
        ("class == 'A'", True),
        ("方案类型 == '定制'", True),
        ("budget_confirmed", True),
        ("not budget_confirmed", False),
        ("budget_confirmed == true", True),
        ("budget_confirmed != True", False),
        ("start_date >= '2026-03-09'", True),
        ("start_date < '2026-03-09'", False),
        ("start_date in ['2026-03-08', '2026-03-09']", True),
        ("not (amount < 50万 or discount > 20)", True),
        ("amount < 50万 and discount > 20 or tier == '新客户'", True),
        ("amount < 50万 and (discount > 20 or tier == '新客户')", False),
        ("  amount\n  > 50万\n  AND discount < 20 ", True),
    ],
)
def test_a_condition_holds_exactly_when_it_says(text, answer):
    assert holds(parse(text, KINDS), FACTS) is answer
    assert holds(unchecked(text), FACTS) is answer


def test_one_cent_below_a_limit_is_below_it():
    condition = parse("amount >= 12345678901234.56", KINDS)
    assert not holds(condition, {"amount": Decimal("12345678901234.55")})
    assert holds(condition, {"amount": Decimal("12345678901234.56")})


def test_every_field_without_a_value_is_named_even_when_the_rest_decides():
    condition = parse("amount >= 50万 or tier == 'C' or margin < 25", KINDS)
    with pytest.raises(Missing) as caught:
        holds(condition, {"amount": Decimal(900_000), "tier": None})
    assert caught.value.fields == ("tier", "margin")
    assert [reason.what for reason in caught.value.reasons] == ["tier", "margin"]


@pytest.mark.parametrize(
    ("text", "fact"), [("amount > 5", "900"), ("tier == 'A'", Decimal(5)), ("amount > 5", True), ("tier != 'A'", False)]
)
def test_a_value_of_another_kind_than_the_rule_was_written_for_counts_as_missing(text, fact):
    with pytest.raises(Missing):
        holds(unchecked(text), {"amount": fact, "tier": fact})


def test_a_condition_names_the_fields_it_reads():
    assert reads(parse("amount >= 50万 or not (tier in ['C'] and amount < 9)", KINDS)) == {"amount", "tier"}
    assert reads(ALWAYS) == frozenset()


def test_boundaries_are_every_comparison_once():
    condition = parse("50万 <= amount < 1.2亿 or tier in ['C', 'D'] or amount >= 500_000 or budget_confirmed", KINDS)
    assert boundaries(condition) == (
        ("amount", ">=", Decimal(500_000)),
        ("amount", "<", Decimal(120_000_000)),
        ("tier", "in", ("C", "D")),
        ("budget_confirmed", "==", True),
    )


@pytest.mark.parametrize(
    ("text", "code", "column", "says"),
    [
        ("amount => 50万", "P009", 8, "write >="),
        ("amount =< 50万", "P009", 8, "write <="),
        ("amount <> 50万", "P009", 8, "write !="),
        ("amount ≥ 50万", "P009", 8, "write >="),
        ("金额 > 5 且 amount > 5", "P009", 8, "write and"),
        ("amount > 10,00", "P009", 10, "'10,00' is not a number: between separators stand groups of three digits"),
        ("amount > 1e5", "P009", 10, "'1e5' is not a number: a spreadsheet has shortened it; write 1234.50"),
        ("amount in [10,000, 5]", "P035", 1, "between brackets a comma parts values: write 10_000"),
        ("amount in [1 000]", "P009", 12, "a comma may be missing after 1"),
        ("amount > (5)", "P035", 1, "(5) may be -5 or 5: write it without brackets"),
        ("amount > 10%", "P035", 1, "amount is an amount of money, and '10%' is none"),
        ("discount > CNY 5", "P035", 1, "discount is a percentage, and 'CNY 5' is none"),
        ("margin > 8折", "P035", 1, "margin is a percentage, and '8折' is none"),
        ("amount > EUR 10k", "P035", 1, "EUR 10k is in EUR, not in CNY"),
        ("budget_confirmed = maybe", "P035", 1, "yes or no"),
        ("5 > 'A'", "P010", 5, "unknown field 'A'"),
        ("amount > 1_5", "P009", 10, "'1_5' is not a number: between separators stand groups of three digits"),
        ("amount > 三万五", "P009", 10, "the last digit is without its unit; write 3.5万"),
        ("amount ＞ 50", "P009", 8, "full-width sign: write '>'"),
        ("tier in ['A'，'B']", "P009", 13, "full-width sign: write ','"),
        ("tier == “A”", "P009", 9, "straight quotes"),
        ("discount is 15", "P009", 13, "write discount is empty, or compare with ="),
        ("discount is not", "P009", 16, "something is missing at the end"),
        ("tier ~ 'C'", "P035", 1, "for lists and reports"),
        ("amount ~ 5", "P009", 10, "amount ~ 'part of the text'"),
        ("tier = class", "P035", 1, "write 'class' in quotes"),
        ("tier = Z", "P035", 1, "tier is never 'Z', only A, B, C, 新客户"),
        ("tier in [A, class]", "P035", 1, "write 'class' in quotes"),
        ("discount > ", "P009", 12, "something is missing at the end"),
        ("discount >", "P009", 11, "something is missing at the end"),
        ("(discount > 5", "P009", 1, "never closed"),
        ("discount > 5)", "P009", 13, "never opened"),
        ("tier in []", "P009", 9, "in ['A', 'B']"),
        ("tier in 'A'", "P009", 9, "in ['A', 'B']"),
        ("amount in 5", "P009", 11, "in ['A', 'B']"),
        ("amount not in 50万", "P009", 15, "in ['A', 'B']"),
        ("tier == 'A", "P009", 9, "never closed"),
        ("amount * 2 > 5", "P009", 8, "no arithmetic"),
        ("amount - 2 > 5", "P009", 8, "no arithmetic"),
        ("amount -2 > 5", "P009", 8, "no arithmetic"),
        ("max(amount, 5) > 5", "P009", 1, "no function calls"),
        ("len(tier)", "P009", 1, "no function calls"),
        ("amount > discount", "P035", 1, "compare it with a number"),
        ("start_date > eom", "P035", 1, "'eom' is not a date"),
        ("5 > 4", "P009", 5, "compare a field with"),
        ("true", "P009", 1, "always"),
        ("50万", "P009", 1, "always"),
        ("", "P009", 1, "nothing to compare"),
        ("   ", "P009", 1, "nothing to compare"),
        ("amount > 5 and", "P009", 15, "missing at the end"),
        ("start_date > 2026-01-01", "P009", 1, "in quotes: '2026-01-01'"),
        ("amount > 5; import os", "P009", 11, "cannot read"),
        ("__import__('os').system('x')", "P009", 17, "cannot read '.'"),
        ("[amount for amount in ['x']]", "P009", 2, "comma"),
        ("[amount] == 5", "P009", 13, "compare a field"),
        ("tier in ['A' 'B']", "P009", 10, "a comma may be missing after 'A'"),
        ("amount > 5 5", "P009", 12, "cannot read '5' here"),
        ("not", "P009", 1, "nothing to compare"),
        ("lambda: 0", "P009", 7, "cannot read ':'"),
        ("(" * 30 + "amount > 5" + ")" * 30, "P009", 21, "too many brackets"),
        ("amount > 5 or " * 100 + "amount > 5", "P009", 1000, "longer than"),
        ("amount > 1\x00", "P009", 11, "cannot read"),
        ("marign < 25", "P010", 1, "did you mean 'margin'?"),
        ("amount > 5 and 金额 > 5", "P010", 16, "did you mean 'amount'?"),
        ("xyzzy == 'A'", "P010", 1, "unknown field 'xyzzy'"),
        ("tier >= 3", "P035", 1, "tier is text"),
        ("tier >= 'B'", "P035", 1, "has no order"),
        ("tier == ''", "P035", 1, "is never ''"),
        ("tier in ['A', ' ']", "P035", 1, "is never ''"),
        ("tier == 3", "P035", 1, "in quotes"),
        ("amount > '5'", "P035", 1, "without quotes"),
        ("amount in [5, 'x']", "P035", 1, "without quotes"),
        ("amount", "P035", 1, "not yes or no"),
        ("not tier", "P035", 5, "not yes or no"),
        ("budget_confirmed == 'yes'", "P035", 1, "yes or no"),
        ("budget_confirmed > true", "P035", 1, "yes or no"),
        ("start_date > '2026-02-30'", "P035", 1, "'2026-02-30' is not a date"),
        ("start_date > '20260203'", "P035", 1, "is not a date"),
        ("start_date > 5", "P035", 1, "'2026-12-31'"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_column_and_a_suggestion(text, code, column, says):
    found = faults(text, KINDS, {"tier": ("A", "B", "C", "新客户")}, currency="CNY")
    assert [(fault.code, fault.column) for fault in found] == [(code, column)]
    assert says in found[0].message
    with pytest.raises(PolicyError) as caught:
        parse(text, KINDS, {"tier": ("A", "B", "C", "新客户")}, currency="CNY")
    assert len(caught.value.reasons) == 1


def test_a_field_may_be_asked_whether_it_is_empty_where_a_comparison_refuses_it() -> None:
    nothing = dict.fromkeys(FACTS)
    assert holds(parse("tier is empty and amount is empty", KINDS), nothing) is True
    assert holds(parse("tier is not empty", KINDS), {**nothing, "tier": ""}) is False
    with pytest.raises(Missing):
        holds(parse("tier is empty or amount > 5", KINDS), nothing)


def test_all_faults_of_a_condition_are_found_at_once():
    found = faults("marign < 25 and tier >= 3 and discuont > 5", KINDS)
    assert [fault.code for fault in found] == ["P010", "P035", "P010"]


def test_a_text_outside_a_fields_dictionary_is_a_fault():
    found = faults("tier in ['A', '新客']", KINDS, {"tier": ("A", "B", "新客户")})
    assert [fault.code for fault in found] == ["P035"]
    assert "did you mean '新客户'?" in found[0].message
    assert faults("tier in ['A', '新客户']", KINDS, {"tier": ("A", "B", "新客户")}) == ()


def test_a_condition_that_was_checked_before_is_read_only_when_asked():
    syntax.cache_clear()
    condition = unchecked("amount > 7")
    assert syntax.cache_info().currsize == 0
    assert holds(condition, {"amount": Decimal(8)})
    assert syntax.cache_info().currsize == 1
