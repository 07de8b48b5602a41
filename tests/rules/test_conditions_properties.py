"""Conditions against Python's own reading of them, and against arbitrary text."""

from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st
from parsed import parse

from oppcli.policy.clauses import Clauses
from oppcli.rules.conditions import boundaries, decide, holds, tree
from oppcli.rules.faults import faults
from oppcli.rules.syntax import without_not

KINDS = {"amount": "money", "discount": "percent", "tier": "text", "confirmed": "bool"}
clause = Clauses({}, KINDS).of
numbers = st.integers(0, 20).map(lambda n: f"{n / 4:g}")
comparisons = st.one_of(
    st.tuples(st.sampled_from(["amount", "discount"]), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers),
    st.tuples(st.just("tier"), st.sampled_from(["==", "!="]), st.sampled_from(["'A'", "'新客户'"])),
    st.tuples(st.just("tier"), st.sampled_from(["in", "not in"]), st.sampled_from(["['A', 'B']", "['新客户']"])),
    st.just(("confirmed", "==", "True")),
).map(" ".join)
texts = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join),
        inner.map("({})".format),
        inner.map("not ({})".format),
    ),
    max_leaves=8,
)
facts = st.fixed_dictionaries(
    {
        "amount": st.integers(0, 20).map(lambda n: Decimal(n) / 4),
        "discount": st.integers(0, 20).map(lambda n: Decimal(n) / 4),
        "tier": st.sampled_from(["A", "B", "C", "新客户"]),
        "confirmed": st.booleans(),
    }
)


@settings(max_examples=400, deadline=None)
@given(texts, facts)
def test_a_condition_means_what_the_same_words_mean_in_python(text, given_facts):
    expected = eval(text, {}, given_facts)
    assert holds(parse(text, KINDS), given_facts) is expected


@settings(max_examples=400, deadline=None)
@given(texts, facts)
def test_the_sentence_is_said_of_a_tree_with_the_same_answers(text, given_facts):
    """A clause moves every `not` inwards; that must not change what is said."""
    node = tree(parse(text, KINDS))
    assert node is not None
    said = without_not(node)
    assert decide(said, given_facts) is decide(node, given_facts)
    assert " not (" not in clause(said)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=60) | st.text("amount >=<!万亿'\"()[],.0159-and or not in 新客户＞", max_size=60))
@example("\ud800")
@example("amount > 1e5")
@example("\N{FULLWIDTH LATIN SMALL LETTER A} > 5")
def test_any_text_is_either_a_condition_or_gets_faults_inside_of_it(text):
    found = faults(text, KINDS)
    assert all(1 <= fault.column <= max(len(text), 1) + 1 and fault.message for fault in found)
    if not found:
        node = tree(parse(text, KINDS))
        assert node is None or clause(node)
        assert isinstance(boundaries(parse(text, KINDS)), tuple)
