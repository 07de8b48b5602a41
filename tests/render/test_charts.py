"""What a page draws beside a table: bars, funnels and lines, each figure also as text, and nothing that runs."""

import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import pytest

from oppcli import render
from oppcli.reads.table import Beyond, Chart, Column, Kind, Table
from oppcli.render.output import Output

COLUMNS = (Column("stage"), Column("period"), Column("reached", Kind.COUNT), Column("late", Kind.HOURS, unit="bh"))
ROWS = [("线索", "2026-01", 8, 4.0), ("<b>&'", "2026-01", 4, None), ("线索", "2026-02", 0, Beyond(2))]
NAMESPACE = "{http://www.w3.org/2000/svg}"


def page(chart: Chart, rows: list[tuple[Any, ...]] = ROWS, **asked: Any) -> str:
    return render.text(Table(COLUMNS, rows, "Figures", chart=chart), Output(format="html", **asked))


def figures(text: str) -> list[ET.Element]:
    """The drawings of a page, which are well formed."""
    found, rest = [], text
    while "<svg viewBox" in rest:
        rest = rest[rest.index("<svg viewBox") :]
        found.append(ET.fromstring(rest[: rest.index("</svg>") + 6]))
        rest = rest[6:]
    return found


def texts(drawing: ET.Element) -> list[str]:
    return [each.text or "" for each in drawing.iter("text")]


def widths(drawing: ET.Element) -> list[float]:
    return [float(each.attrib["width"]) for each in drawing.iter("rect")]


def test_a_bar_is_as_long_as_its_figure_and_has_it_as_text() -> None:
    (drawing,) = figures(page(Chart("bars", ("stage", "period"), ("late",))))
    assert texts(drawing) == ["线索 · 2026-01", "4.0 bh", "<b>&' · 2026-01", "", "线索 · 2026-02", ">2.0 bh"]
    assert widths(drawing) == [300.0, 0.0, 150.0]


def test_the_parts_of_a_bar_are_told_apart_by_pattern_and_named_in_a_key() -> None:
    text = page(Chart("bars", ("stage",), ("reached", "late")))
    (drawing,) = figures(text)
    assert {each.attrib["fill"] for each in drawing.iter("rect")} == {"var(--bar)", "url(#p1)"}
    assert texts(drawing)[:2] == ["REACHED", "LATE"]
    assert '<pattern id="p1"' in text


def test_a_funnel_has_centred_bars_and_one_for_each_of_a_series() -> None:
    first, second = figures(page(Chart("funnel", ("stage",), ("reached",), "period")))
    assert (texts(first), widths(first)) == (["线索", "8", "<b>&'", "4"], [300.0, 150.0])
    assert texts(second) == ["线索", "0"]


def test_lines_have_dashes_of_their_own_and_their_names_do_not_stand_upon_each_other() -> None:
    rows = [(name, period, 1, None) for name in "abc" for period in ("2026-01", "2026-02")]
    (drawing,) = figures(page(Chart("lines", ("period",), ("reached",), "stage"), rows))
    assert len({each.attrib["stroke-dasharray"] for each in drawing.iter("polyline")}) == 3
    ends = sorted(float(each.attrib["y"]) for each in drawing.iter("text") if each.text in ("a", "b", "c"))
    assert [high - low for low, high in pairwise(ends)] == [14, 14]


def test_without_rows_or_without_the_column_there_is_no_figure() -> None:
    chart = Chart("bars", ("stage",), ("late",))
    assert [figures(page(chart, [])), figures(page(chart, columns="stage,reached"))] == [[], []]
    assert len(figures(page(chart, columns="stage,late"))) == 1


@pytest.mark.parametrize("kind", ["bars", "funnel", "lines"])
def test_nothing_of_a_figure_runs_and_all_of_it_is_escaped(kind: str) -> None:
    text = page(Chart(kind, ("stage",), ("reached",), "" if kind == "bars" else "period"))
    assert "<script" not in text and "<b>&" not in text and "onload" not in text
    assert text.count('role="img"') >= 1
