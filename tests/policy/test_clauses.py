"""How conditions are said, in English and Chinese."""

from typing import Any

import pytest
from parsed import parse

from oppcli.policy.clauses import Clauses
from oppcli.rules.conditions import tree
from oppcli.speech import Voice, spoken

KINDS = {
    "amount": "money",
    "discount": "percent",
    "margin": "percent",
    "tier": "text",
    "budget_confirmed": "bool",
    "start_date": "date",
}


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (
            "amount >= 50万",
            "amount is at least 500,000",
            "金额不低于 50万",
        ),
        (
            "amount < 1.2亿",
            "amount is less than 120,000,000",
            "金额低于 1.2亿",
        ),
        (
            "amount > 123456.78",
            "amount is more than 123,456.78",
            "金额超过 123456.78",
        ),
        (
            "discount > 15",
            "discount is more than 15 %",
            "折扣超过 15 %",
        ),
        (
            "tier in ['C', '新客户']",
            "Kundenklasse is one of C or 新客户",
            "客户分级是“C”或“新客户”",
        ),
        (
            "tier in ['C']",
            "Kundenklasse is C",
            "客户分级是“C”",
        ),
        (
            "tier not in ['C', 'D']",
            "Kundenklasse is none of C or D",
            "客户分级不是“C”或“D”",
        ),
        (
            "not budget_confirmed",
            "budget confirmed is no",
            "预算已确认为“否”",
        ),
        (
            "start_date >= '2026-03-09'",
            "start date is on or after 2026-03-09",
            "开工日期不早于 2026-03-09",
        ),
        (
            "not (amount < 5 or budget_confirmed)",
            "amount is at least 5 and budget confirmed is no",
            "金额不低于 5，且预算已确认为“否”",
        ),
        (
            "amount > 5 or discount > 1 and margin < 2",
            "amount is more than 5 or both discount is more than 1 % and margin is less than 2 %",
            "金额超过 5，或（折扣超过 1 %，且毛利率低于 2 %）",
        ),
        (
            "(amount > 5 or discount > 1) and margin < 2",
            "either amount is more than 5 or discount is more than 1 % and margin is less than 2 %",
            "（金额超过 5，或折扣超过 1 %），且毛利率低于 2 %",
        ),
        (
            "tier != 'C' and discount != 5",
            "Kundenklasse is not C and discount is not 5 %",
            "客户分级不是“C”，且折扣不是 5 %",
        ),
        (
            "start_date == '2026-03-09'",
            "start date is 2026-03-09",
            "开工日期是 2026-03-09",
        ),
        (
            "amount in [5, 250000]",
            "amount is one of 5 or 250,000",
            "金额是 5 或 25万",
        ),
        (
            "amount >= 1 and (tier == 'A' or tier == 'B' or tier == 'C')",
            "amount is at least 1 and (Kundenklasse is A or Kundenklasse is B or Kundenklasse is C)",
            "金额不低于 1，且（客户分级是“A”，或客户分级是“B”，或客户分级是“C”）",
        ),
    ],
)
def test_a_condition_reads_as_a_sentence(text: str, english: str, chinese: str) -> None:
    node: Any = tree(parse(text, KINDS))
    titles = {"tier": "客户分级", "budget_confirmed": "预算已确认", "start_date": "开工日期"}
    assert Clauses({"tier": "Kundenklasse"}, KINDS).of(node) == english
    assert spoken(Clauses(titles, KINDS).of(node), Voice(lang="zh")) == chinese
