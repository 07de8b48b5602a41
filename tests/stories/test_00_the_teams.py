"""The beginning of both pages, and that they have the same twenty points."""

import re

import pytest
from storytelling import PAGES, Story, sections
from typed_pages import tour


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


@pytest.mark.parametrize("lang", PAGES)
def test_a_page_has_twenty_points_of_five_commands_or_more_each(lang: str) -> None:
    points = sections(PAGES[lang].read_text("utf-8"))[2:]
    assert [int(point[3:].split(".")[0]) for point in points] == list(range(1, 21))
    assert [point.splitlines()[0] for point in points if len(tour(point)) < 5] == []


def test_either_team_has_figures_of_its_own() -> None:
    said = {lang: page.read_text("utf-8") for lang, page in PAGES.items()}
    amounts = {lang: set(re.findall(r"(?:CNY|USD) ([\d,]+\.\d\d)", text)) for lang, text in said.items()}
    assert min(map(len, amounts.values())) > 15
    assert len(amounts["en"] & amounts["zh"]) < 10
