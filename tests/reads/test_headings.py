"""What stands above columns is a name, too: in each language it stands above one column of a read only."""

from collections import Counter
from collections.abc import Iterator

import pytest

from oppcli.model.said import heading
from oppcli.model.units import PERIODS
from oppcli.reads import catalog
from oppcli.reads.breakdown_keys import BY_NAME, MANAGER
from oppcli.reads.table import Kind
from oppcli.speech import CATALOGUES, Voice, spoken
from oppcli.speech.catalogues import FOLDER, read

ARROW = "→"
"""Above what a thing is now, beside what it was: no name."""


@pytest.fixture
def chinese() -> Iterator[None]:
    """Chinese as its sources say it, compiled or not."""
    texts = read(FOLDER / "opp.po")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CATALOGUES, "zh", lambda context, template: texts.get((context, template)) or template)
        yield


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_two_columns_of_a_read_have_the_same_heading(chinese: None, lang: str) -> None:
    doubled = []
    for path, each in catalog.found():
        headings = Counter(spoken(column.heading, Voice(lang=lang)) for column in each.columns)
        doubled += [(path, heading) for heading, n in headings.items() if n > 1 and heading != ARROW]
    assert doubled == []


def test_every_heading_is_in_chinese_but_for_what_has_no_other_name(chinese: None) -> None:
    columns = ((path, column) for path, each in catalog.found() for column in each.columns)
    said = [
        (path, spoken(column.heading, Voice(lang="zh"))) for path, column in columns if column.kind is not Kind.OBJECT
    ]
    assert [each for each in said if each[1].isascii() and each[1] not in ("", "P90", "SHA256")] == []


def test_what_break_downs_are_by_is_called_in_chinese_too(chinese: None) -> None:
    called = [spoken(heading(unit), Voice(lang="zh")) for unit in PERIODS]
    assert called == ["日期", "周", "月份", "季度", "年度"]
    assert [spoken(heading(key), Voice(lang="zh")) for key in (*BY_NAME, MANAGER)] == [
        "原因",
        "标签",
        "结果",
        "直属主管",
    ]
