"""Several values behind an equals sign, as lists of flags have them, are refused with the way to write them."""

import pytest

from oppcli.rules import syntax
from oppcli.words.conditions import Unreadable


@pytest.mark.parametrize(("text", "column"), [("stage=Quote,Solution", 13), ("amount > 5 and tier = A, B", 26)])
def test_several_values_are_refused_with_the_brackets_they_want(text: str, column: int) -> None:
    with pytest.raises(Unreadable) as refused:
        syntax.syntax(text)
    assert refused.value.message == "several values stand in brackets: stage in [Quote, Solution]"
    assert refused.value.column == column
