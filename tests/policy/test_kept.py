"""What is kept of a policy beside its text: the same policy, read faster; or not used at all."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from test_notation import MINIMAL

from oppcli.model.conditions import comparisons
from oppcli.model.policy import Condition, Policy
from oppcli.policy import TEMPLATES, keeping, kept, read, template
from oppcli.policy.kept import digest
from oppcli.rules.conditions import tree
from oppcli.tuples import LATE, Later


def fast(text: str) -> Policy:
    found = kept.policy_of(text, digest(text), keeping.kept(read(text)))
    assert found is not None
    return found


def values_of(text: str) -> str:
    """The values that are kept of a policy, as they are kept."""
    return keeping.kept(read(text)).split(" ", 3)[3]


def plain(value: Any) -> Any:
    """All of a value with the types of its parts, conditions by their trees."""
    if isinstance(value, Condition):
        return ["Condition", value.text, repr(tree(value))]
    if isinstance(value, tuple):
        if hasattr(value, "_fields"):
            return [type(value).__name__, *((name, plain(getattr(value, name))) for name in type(value)._fields)]
        return [plain(each) for each in value], "tuple"
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    return type(value).__name__, sorted(value) if isinstance(value, frozenset) else value


def conditions(value: Any) -> Iterator[Condition]:
    """Every condition in a policy."""
    if isinstance(value, Condition):
        yield value
    elif isinstance(value, tuple):
        fields = getattr(type(value), "_fields", ())
        for part in [getattr(value, name) for name in fields] if fields else value:
            yield from conditions(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from conditions(part)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_the_policy_that_is_kept_of_a_template_is_that_of_its_text(name: str, lang: str) -> None:
    text = template(name, lang)
    found = fast(text)
    assert plain(found) == plain(read(text))
    every = list(conditions(found))
    assert [each.text for each in every] == [each.text for each in conditions(read(text))]
    assert [each.text for each in every if each.tree is None] == ["always"] * sum(e.text == "always" for e in every)


def test_what_few_commands_ask_for_is_not_made_before_it_is_asked_for() -> None:
    found = fast(template("b2b"))
    values = dict(zip(Policy._fields, tuple(found), strict=True))
    asked = {name for name in LATE[Policy] if isinstance(values[name], Later)}
    assert asked >= {"types", "follow", "assign"}
    assert found.follow is not None
    assert found.follow is found.follow, "made once"


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
    text = MINIMAL.replace("[[type.quote.step]]", f'when = "{condition}"\n[[type.quote.step]]', 1)
    when = fast(text).types["quote"].when
    assert (when.text, plain(when)) == (condition, plain(Condition(condition, None)))
    values = [each.value for each in comparisons(tree(when))]
    slow = [each.value for each in comparisons(tree(Condition(condition, None)))]
    assert [(type(each), each) for each in values] == [(type(each), each) for each in slow]


def test_a_condition_that_cannot_be_read_stays_text() -> None:
    text = MINIMAL.replace("[[type.quote.step]]", 'when = "amount >= (5)"\n[[type.quote.step]]', 1)
    assert fast(text).types["quote"].when == Condition("amount >= (5)", None)


@pytest.mark.parametrize("limit", ["0.1", "12.50", "100000000000000000.5", "2026-01-01", "5", '"50万"'])
def test_a_limit_keeps_every_digit_and_its_kind(limit: str) -> None:
    text = f"{MINIMAL}\n[fields.margin]\nmin = {limit}\n"
    least = fast(text).fields["margin"].min
    assert repr(least) == repr(read(text).fields["margin"].min)


def test_what_is_kept_is_used_with_its_own_text_and_by_its_own_program_alone() -> None:
    told = values_of(MINIMAL)
    other = kept.signed(digest(MINIMAL), told.replace('"name":"x"', '"name":"Larger"', 1))
    assert other != keeping.kept(read(MINIMAL))
    assert read(MINIMAL, other).name == "Larger", "it is what is read"
    assert read(f"{MINIMAL}\n# another\n", other).name == "x", "but not for another text"
    assert read(MINIMAL, other.replace(kept.FORM, "0.0.9/1")).name == "x", "nor what another program kept"
    assert kept.is_kept(digest(MINIMAL), other)
    assert not kept.is_kept(digest(MINIMAL), other.replace(kept.FORM, "0.0.9/1"))


@pytest.mark.parametrize("spoilt", ["{bad", "", '{"":"n","v":"x"', '{"":"on","v":"2026-13-01"}'])
def test_what_was_spoilt_is_not_used(spoilt: str) -> None:
    assert read(MINIMAL, f"{digest(MINIMAL)} {kept.FORM} {spoilt}").name == "x"


def test_what_was_spoilt_in_a_part_that_is_made_later_is_not_used_either() -> None:
    text = template("b2b")
    told = keeping.kept(read(text))
    unreadable = told.replace('"follow":{"":"later","v":"{', '"follow":{"":"later","v":"}', 1)
    readable = told.replace("first contact", "last contact", 1)
    for spoilt in (unreadable, readable):
        assert spoilt != told
        assert plain(read(text, spoilt)) == plain(read(text))


def test_only_what_tells_of_policies_is_made_of_what_is_kept() -> None:
    told = values_of(MINIMAL).replace('"":"StageRule"', '"":"said.say"', 1)
    with pytest.raises(AttributeError):
        kept.policy_of(MINIMAL, digest(MINIMAL), kept.signed(digest(MINIMAL), told))
