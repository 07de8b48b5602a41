"""What stands above columns is a name, too: in each language it stands above one column of a read only."""

from collections import Counter
from collections.abc import Iterator

import pytest

from oppcli.reads import catalog
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
