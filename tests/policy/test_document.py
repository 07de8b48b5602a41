"""The document of a policy that is kept beside its text: the same policy, read faster; or not used at all."""

from collections.abc import Iterator
from typing import Any

import pytest
from test_notation import MINIMAL

from oppcli.model.conditions import comparisons
from oppcli.model.policy import Condition
from oppcli.policy import TEMPLATES, document, read, template
from oppcli.rules.conditions import tree
from oppcli.toml.reading import known


def kept(text: str) -> Any:
    return document.document(text, document.digest(text), document.kept(text))


def conditions(value: Any) -> Iterator[Condition]:
    """Every condition in a policy."""
    if isinstance(value, Condition):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from conditions(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from conditions(part)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from conditions(getattr(value, name))


def told(condition: Condition) -> list[Any]:
    """What a condition says, with the types of its values: a word in quotes is another than one without."""
    values = [each.value for each in comparisons(tree(condition))]
    parts = [part for value in values for part in (value if isinstance(value, tuple) else (value,))]
    return [tree(condition), [type(part) for part in parts]]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_the_policy_of_what_is_kept_of_a_template_is_that_of_its_text(name: str, lang: str) -> None:
    text = template(name, lang)
    assert document.kept(text).startswith(f"{document.digest(text)} {{")
    fast, slow = read(text, document.kept(text)), read(text)
    theirs, ours = list(conditions(fast)), list(conditions(slow))
    assert [each.text for each in theirs] == [each.text for each in ours]
    assert repr([tree(each) for each in theirs]) == repr([tree(each) for each in ours])
    assert all(each.tree is not None or each.text == "always" for each in theirs), "none is read again"
    assert len(repr(fast)) > len(repr(slow)) or not any(each.tree for each in theirs)


@pytest.mark.parametrize(
    "value", ["0.1", "12.50", "1e3", "100000000000000000.5", "2026-01-01", "nan", "1", "true", '"0.1"', '{ if = "x" }']
)
def test_a_value_that_json_would_change_is_read_from_the_text(value: str) -> None:
    text = f"[policy]\nx = {value}\n"
    assert repr(kept(text)) == repr(known(text))


@pytest.mark.parametrize(
    "condition",
    [
        "amount >= 50万",
        "discount > 15%",
        "not (tier in ['A', B] or budget_confirmed)",
        "region is empty and expected_close < 2026-03-01",
        "currency in [CNY, USD] and amount > 1_000.5",
    ],
)
def test_a_condition_that_is_kept_says_what_its_text_says(condition: str) -> None:
    found = kept(f'[policy]\nwhen = "{condition}"\n')["policy"]["when"]
    same = found if isinstance(found, Condition) else Condition(found, None)
    assert same.text == condition
    assert told(same) == told(Condition(condition, None))


@pytest.mark.parametrize("condition", ["amount >=", "always", "amount >= (5)"])
def test_a_condition_that_cannot_be_kept_stays_text(condition: str) -> None:
    assert kept(f'[policy]\nwhen = "{condition}"\n')["policy"]["when"] == condition


def test_what_is_kept_is_used_with_its_own_text_alone() -> None:
    other = document.kept(MINIMAL).replace('"x"', '"Larger"', 1)
    assert other != document.kept(MINIMAL)
    assert read(MINIMAL, other).name == "Larger", "it is what is read"
    assert read(f"{MINIMAL}\n# another\n", other).name == "x", "but not for another text"
