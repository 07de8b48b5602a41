"""The program's named tuples behave as those of `typing`, in whatever way they are made, and cost next to nothing."""

import copy
import pickle
import re
import typing
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

import oppcli
from oppcli.tuples import NamedTuple


class Ours(NamedTuple):
    """Words."""

    what: str
    state: str = ""
    fix: tuple[int, ...] = ()

    @property
    def short(self) -> str:
        return self.what[:1]


class Theirs(typing.NamedTuple):
    """Words."""

    what: str
    state: str = ""
    fix: tuple[int, ...] = ()

    @property
    def short(self) -> str:
        return self.what[:1]


WAYS: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
    (("a",), {}),
    (("a", "b", (1,)), {}),
    (("a",), {"fix": (2,)}),
    ((), {"fix": (3,), "what": "c"}),
    ((), {}),
    (("a", "b", (1,), 4), {}),
    (("a",), {"what": "b"}),
    (("a",), {"whose": "b"}),
    (("a", "b", (1,)), {"fix": ()}),
    ((), {"state": "b"}),
)


def told(make: Any, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    try:
        made = make(*given, **named)
    except TypeError:
        return "refused"
    return tuple(made), made.short, made._asdict(), re.sub("^Theirs", "Ours", repr(made)), hash(made), made[0], made[-1]


@pytest.mark.parametrize(("given", "named"), WAYS)
def test_a_named_tuple_is_made_or_refused_as_typing_does(given: tuple[Any, ...], named: dict[str, Any]) -> None:
    assert told(Ours, given, named) == told(Theirs, given, named)


def test_a_class_that_is_made_often_goes_on_as_before() -> None:
    class Often(NamedTuple):
        a: int
        b: int = 2

    class Child(Often):
        @cached_property
        def sum(self) -> int:
            return self.a + self.b

    made = [kind(a=number) for number in range(300) for kind in (Often, Child)]
    assert made == [(number, 2) for number in range(300) for _ in (Often, Child)]
    assert {type(each) for each in made[:2]} == {type(each) for each in made[-2:]} == {Often, Child}
    assert Child(3).sum == 5
    assert Often(1, 5) == Often(b=5, a=1)
    assert [told_often(Often, *given) for given in ((), (1, 2, 3))] == ["refused", "refused"]


def told_often(make: Any, *given: int) -> str:
    try:
        return repr(make(*given))
    except TypeError:
        return "refused"


def test_a_named_tuple_can_be_changed_copied_matched_and_read_again() -> None:
    made = Ours("a", fix=(1,))
    assert made._replace(state="b") == ("a", "b", (1,))
    assert type(made._replace(state="b")) is Ours
    assert Ours._make(["x", "y", ()]) == Ours("x", "y")
    assert copy.copy(made) == pickle.loads(pickle.dumps(made)) == made
    match made:
        case Ours(what, state):
            assert (what, state) == ("a", "")
    with pytest.raises(ValueError, match="whose"):
        made._replace(whose="c")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Ours._make(["x"])
    with pytest.raises(AttributeError):
        made.what = "b"  # type: ignore[misc]


def test_every_named_tuple_of_the_program_is_one_of_these() -> None:
    root = Path(oppcli.__file__).parent
    typed = re.compile(r"^from typing import .*\bNamedTuple\b", re.MULTILINE)
    found = [path.name for path in root.rglob("*.py") if typed.search(path.read_text("utf-8"))]
    assert found == []
