"""What text takes on a screen: harmless, as wide as a terminal draws it, shortened and padded by cells."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from oppcli.render.screen import clusters, harmless, pad, shorten, width

WIDTHS = {
    "deal": 4,
    "上海精密仪器": 12,
    "한국어": 6,
    "か\u3099き": 4,
    "ｱｲｳ": 3,
    "café": 4,
    "cafe\u0301": 4,
    "ก็": 1,
    "कि": 2,
    "👍": 2,
    "👍🏽": 2,
    "👨‍👩‍👧": 2,
    "👩🏽‍💻 dev": 6,
    "🇨🇳🇩🇪": 4,
    "❤️": 2,
    "1️⃣": 2,
    "①…█": 3,
    "\u1112\u1161\u11ab": 2,
    "": 0,
}
LETTERS = st.characters(
    min_codepoint=32, max_codepoint=0xFFFF, exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"]
)
TEXT = st.text(LETTERS | st.sampled_from("上海精密仪器가나👍❤e\u0301"))


@pytest.mark.parametrize(("text", "cells"), WIDTHS.items())
def test_text_is_as_wide_as_a_terminal_draws_it(text: str, cells: int) -> None:
    assert width(text) == cells


@pytest.mark.parametrize("text", WIDTHS)
def test_the_width_is_the_one_that_wcwidth_works_out(text: str) -> None:
    assert width(text) == wcswidth(text)


def test_every_assigned_letter_of_the_first_plane_but_a_few_is_as_wide_as_wcwidth_says() -> None:
    shown = [chr(code) for code in range(0x20, 0x10000) if unicodedata.category(chr(code))[0] in "LNPSZ"]
    # Fillers and hexagrams that newer Unicode versions widened.
    differing = [letter for letter in shown if letter not in "\u2028\u2029" and width(letter) != wcswidth(letter)]
    assert len(shown) > 50_000
    assert len(differing) < 120, differing


@given(TEXT)
def test_clusters_are_the_whole_text(text: str) -> None:
    assert "".join(cluster for cluster, _ in clusters(text)) == text


@given(TEXT, st.integers(2, 40))
def test_shortened_text_fits_and_says_so(text: str, cells: int) -> None:
    short = shorten(text, cells)
    assert width(short) <= cells
    assert short == text if width(text) <= cells else short.endswith("…") and text.startswith(short[:-1])


@given(TEXT, st.integers(0, 60))
def test_padded_text_fills_its_cells(text: str, cells: int) -> None:
    assert width(pad(text, cells)) == max(cells, width(text))
    assert pad(text, cells, right=True).endswith(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("上海 👍🏽 a\u0301", "上海 👍🏽 a\u0301"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x1b[31mred\x1b[0m", "\\e[31mred\\e[0m"),
        ("bell\x07 back\x08", "bell\\x07 back\\x08"),
        ("\x9b2J", "\\x9b2J"),
        ("safe\u202egnp.exe", "safe\\u202egnp.exe"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("lone \ud800", "lone \\ud800"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("two\u2028lines", "two\\u2028lines"),
        ("नि\u200dक", "नि\u200dक"),
        ("full　width", "full　width"),
    ],
)
def test_what_would_move_hide_or_reorder_is_written_visibly(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_line_feeds_and_tabs_stay_where_lines_are_wanted() -> None:
    assert harmless("a\n\tb\x1b", newlines=True) == "a\n\tb\\e"


@given(st.text())
def test_nothing_that_controls_a_terminal_is_left(text: str) -> None:
    left = {unicodedata.category(letter) for letter in harmless(text)} & {"Cc", "Cs", "Zl", "Zp"}
    assert not left
