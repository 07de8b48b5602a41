"""JSON is read as `json` reads it, by its scanner alone."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.model import json_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(VALUES, st.sampled_from([None, 1]), st.sampled_from(["", " ", "\n\t "]))
def test_what_json_writes_is_read_as_json_reads_it(value: Any, indent: int | None, blank: str) -> None:
    text = f"{blank}{json.dumps(value, indent=indent)}{blank}"
    assert json_text.loads(text) == json.loads(text)


@pytest.mark.parametrize("text", ["", " ", "{", "[1,]", "{} x", "'a'", "nul", '"\n"', "\ufeff[]", "[1] [2]", '"\\x"'])
def test_what_is_no_json_is_refused_as_json_refuses_it(text: str) -> None:
    with pytest.raises(json.JSONDecodeError) as theirs:
        json.loads(text)
    with pytest.raises(json.JSONDecodeError) as ours:
        json_text.loads(text)
    assert str(ours.value) == str(theirs.value)


def test_constants_and_twice_given_names_are_as_in_json() -> None:
    assert repr(json_text.loads('[NaN, Infinity, -Infinity, {"a": 1, "a": 2}]')) == "[nan, inf, -inf, {'a': 2}]"
    with pytest.raises(TypeError):
        json_text.loads(None)  # type: ignore[arg-type]


def test_a_hook_makes_something_else_of_an_object() -> None:
    assert json_text.loads('[{"a": {"b": 1}}]', lambda found: sorted(found.items())) == [[("a", [("b", 1)])]]


@pytest.mark.parametrize("values", [[], [1, -2, 10**30], ["a", "ü", '"\\\n\0']])
def test_a_list_is_written_as_json_reads_it(values: list[Any]) -> None:
    assert json.loads(json_text.array(iter(values))) == values


def test_what_is_no_json_is_refused_before_anything_else_loaded_json() -> None:
    """The scanner in C says what is wrong by a class of `json`, and says nothing where that is not loaded."""
    line = "import sys\nfrom oppcli.model.json_text import loads\nassert 'json' not in sys.modules\nloads('{bad')"
    done = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1].startswith("json.decoder.JSONDecodeError: Expecting property name")
