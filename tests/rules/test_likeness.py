"""Which records may be one: likeness, the rules for two records, all pairs exactly, and real data with known truth."""

import csv
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.model.duplicates import DuplicateRule, Duplicates
from oppcli.rules.duplicates import named, pairs, score
from oppcli.rules.likeness import alike, likeness, nearness
from oppcli.words.matching import Forms
from oppcli.words.normal import normal

SITES = Path(__file__).resolve().parents[2] / "../shared/data/dedupe/sites_with_true_ids.csv"
NAME = DuplicateRule("近似", "customer", like={"name": 85})
PHONE = DuplicateRule("同电话", "customer", same=("phone",), like={"name": 50})
TAX = DuplicateRule("信用代码", "customer", same=("tax_id",), sure=True, cli="block")
TEXTS = st.text(alphabet="上海精密仪ab ", max_size=8).map(str.strip)


def test_likeness_is_that_of_the_sets_of_pairs() -> None:
    # 上海 海精 精密 密仪 仪器, and 上海 海精 精密 密机 机械: 3 in common of 5 and 5.
    assert likeness("上海精密仪器", "上海精密机械") == 60
    # _a ac cm me e_, and _a ac cm me es s_: 4 in common of 5 and 6.
    assert likeness("acme", "acmes") == 72
    assert likeness("acme", "acme") == 100


def test_under_four_characters_only_equal_texts_are_alike() -> None:
    assert likeness("华为", "华为科技") == likeness("上海云", "上海星") == 0
    assert likeness("华为", "华为") == 100


def test_nothing_is_like_nothing() -> None:
    assert likeness("", "") == likeness("", "acme") == 0


@given(st.lists(TEXTS, unique=True, max_size=25), st.integers(1, 100))
def test_all_pairs_are_those_of_comparing_each_with_each(texts: list[str], least: int) -> None:
    every = {(a, b, likeness(texts[a], texts[b])) for a, b in combinations(range(len(texts)), 2)}
    found = list(alike(texts, least))
    assert len(found) == len(set(found))
    assert set(found) == {each for each in every if each[2] >= least}


def test_a_pair_has_its_least_likeness_and_100_where_nothing_is_compared() -> None:
    one = {"phone": ["861"], "name": ["上海精密仪器"], "tax_id": ["9"]}
    other = {"phone": ["862", "861"], "name": ["上海精密机械"], "tax_id": ["9"]}
    assert score(PHONE, one, other) == 60
    assert score(TAX, one, other) == 100
    assert score(NAME, one, other) is None
    assert score(TAX, {"tax_id": []}, {"tax_id": []}) is None
    assert named((NAME, PHONE, TAX), one, other) == (PHONE, 60)
    assert named((TAX, PHONE), one, other) == (TAX, 100)
    assert named((NAME,), one, other) is None


@given(
    st.lists(st.fixed_dictionaries({"name": st.lists(TEXTS, max_size=2), "phone": st.lists(st.sampled_from("123"))}))
)
def test_the_pairs_of_all_are_those_of_each_two(records: list[dict[str, list[str]]]) -> None:
    held: dict[int, Forms] = {
        number: {field: [text for text in texts if text] for field, texts in record.items()}
        for number, record in enumerate(records)
    }
    rules = (PHONE, NAME)
    every = {(a, b): named(rules, held[a], held[b]) for a, b in combinations(held, 2)}
    told = {(pair.first, pair.second): (pair.rule, pair.likeness) for pair in pairs(rules, held)}
    assert told == {pair: found for pair, found in every.items() if found}


def test_what_is_done_is_said_by_the_rule_else_by_the_table() -> None:
    table = Duplicates((TAX, NAME), cli="flag")
    assert [table.answer(rule, "cli") for rule in table.rules] == ["block", "flag"]
    assert [table.answer(TAX, channel) for channel in ("import", "mail")] == ["flag", "flag"]


@pytest.mark.parametrize(
    ("one", "other", "asked"),
    [
        ("上海精密", "上海精密", 100),
        ("上海精密", "上海精密仪器", 75),
        ("云帆", "北京云帆", 1),
        ("云", "北京云帆", 0),
        ("acme", "acme tooling", 55),
        ("acme", "macmeister", 0),
        ("globex", "initech", 0),
    ],
)
def test_a_name_is_near_to_one_that_is_like_it_or_holds_it_as_words_of_its_own(
    one: str, other: str, asked: int
) -> None:
    assert nearness(one, other) == nearness(other, one) == asked


@pytest.mark.skipif(not SITES.exists(), reason="../shared/data is not there")
def test_real_sites_are_found_as_precisely_as_was_told() -> None:
    with SITES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = defaultdict(list)
    for number, row in enumerate(rows):
        known[row["True Id"]].append(number)
    true = {pair for group in known.values() for pair in combinations(group, 2)}
    columns = {"name": "Site name", "address": "Address", "phone": "Phone"}
    held: dict[int, Forms] = {
        number: {kind: [form] for kind, column in columns.items() if (form := normal(kind, row[column], "1"))}
        for number, row in enumerate(rows)
    }
    rules = (
        DuplicateRule("address", "customer", same=("address",)),
        DuplicateRule("phone", "customer", same=("phone",), like={"address": 60}),
    )
    found = {(pair.first, pair.second) for pair in pairs(rules, held)}
    assert (len(rows), len(true)) == (3337, 6608)
    assert (len(found), len(found & true)) == (6477, 6275)
    alone = [
        {(pair.first, pair.second) for pair in pairs([DuplicateRule("", "customer", (kind,))], held)}
        for kind in ("phone", "name")
    ]
    shares = [(round(len(some & true) / len(some), 3), round(len(some & true) / len(true), 3)) for some in alone]
    assert shares == [(0.842, 0.766), (0.92, 0.351)]
