"""Conditions tried out at their boundaries: contradictions and holes between tiers."""

from decimal import Decimal

import pytest
from parsed import parse

from oppcli.rules.probing import candidates, hole, possible

KINDS = {"amount": "money", "days": "int", "discount": "percent", "tier": "text", "ok": "bool", "on": "date"}


def conditions(*texts):
    return tuple(parse(text, KINDS) for text in texts)


@pytest.mark.parametrize(
    ("texts", "answer"),
    [
        (["amount > 5", "amount < 5"], False),
        (["amount >= 5", "amount <= 5"], True),
        (["amount > 5", "amount < 5.01"], False),  # no cent lies between
        (["amount > 5", "amount < 5.02"], True),
        (["days > 5", "days < 6"], False),
        (["days > 5", "days < 7"], True),
        (["days > 5.5", "days < 6.5"], True),
        (["days > 5.2", "days < 5.8"], False),
        (["amount > -5.005", "amount < -4.995"], True),
        (["discount > 5", "discount < 5.01"], True),
        (["tier == 'A'", "tier == 'B'"], False),
        (["tier != 'A'", "tier != 'B'"], True),
        (["tier in ['A', 'B']", "tier not in ['A']"], True),
        (["ok", "not ok"], False),
        (["on > '2026-01-01'", "on < '2026-01-02'"], False),
        (["on >= '2026-01-01'", "on < '2026-01-02'"], True),
        (["amount > 5 or tier == 'A'", "amount < 5", "tier != 'A'"], False),
        (["always"], True),
    ],
)
def test_conditions_are_known_to_exclude_each_other(texts, answer):
    assert possible(conditions(*texts), KINDS) is answer


@pytest.mark.parametrize(
    ("tiers", "when", "found"),
    [
        (["amount < 50万", "amount > 50万"], "always", ("amount", Decimal(500_000))),
        (["amount < 50万", "amount >= 50万"], "always", None),
        (["amount <= 50万", "amount > 50万"], "always", None),
        (["always", "amount < 50万", "amount > 50万"], "always", ("amount", Decimal(500_000))),
        (["amount < 50万", "amount > 50万", "amount == 50万"], "always", None),
        (["amount < 50万", "amount > 50万"], "amount != 50万", None),
        (["discount < 5", "discount > 5 and tier == 'A'"], "always", ("discount", Decimal(5))),
        (["amount < 50万", "amount > 60万"], "always", None),  # a gap of a whole range is meant
        (["amount > 50万", "amount > 100万"], "always", None),
    ],
)
def test_a_hole_between_neighbouring_tiers_is_found(tiers, when, found):
    assert hole(conditions(*tiers), parse(when, KINDS), KINDS) == found


def test_too_many_combinations_are_left_alone_rather_than_tried():
    kinds = {f"f{n}": "money" for n in range(12)}
    many = tuple(parse(f"f{n} > {n}", kinds) for n in range(12))
    none = parse("f0 < 0", kinds)
    assert possible((*many, none), kinds)


def test_however_many_fields_the_other_tiers_read_a_hole_is_found():
    kinds = KINDS | {f"f{n}": "money" for n in range(12)}
    others = [parse(f"f{n} > {n}", kinds) for n in range(12)]
    tiers = (*others, parse("amount < 50万", kinds), parse("amount > 50万", kinds))
    assert hole(tiers, parse("always", kinds), kinds) == ("amount", Decimal(500_000))


def test_candidates_are_each_boundary_and_its_nearest_neighbours():
    found = candidates(conditions("amount > 5 or tier in ['A', 'B'] or ok"), KINDS)
    assert found["amount"] == (Decimal("4.99"), Decimal(5), Decimal("5.01"), Decimal("5.02"))
    assert set(found["tier"]) == {"A", "B", "\x00"}
    assert set(found["ok"]) == {True, False}
