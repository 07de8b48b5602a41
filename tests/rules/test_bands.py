"""Bands of numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.rules.bands import bands


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("-1", "<10万"),
        ("99999.99", "<10万"),
        ("100000", "10万..50万"),
        ("499999.99", "10万..50万"),
        ("500000", ">=50万"),
        ("9999999", ">=50万"),
    ],
)
def test_a_cut_belongs_to_the_band_above_it(value, label):
    found = bands(["10万", "50万"])
    assert found.labels[found.place(Decimal(value))] == label


def test_without_cuts_the_bands_are_powers_of_ten():
    found = bands([])
    assert [found.labels[found.place(Decimal(value))] for value in (0, 1, 9, 10, 12_345)] == [
        "<1",
        "1..10",
        "1..10",
        "10..100",
        "10000..100000",
    ]


@given(st.sets(st.integers(-(10**9), 10**9), min_size=1, max_size=12), st.integers(-(10**9), 10**9))
def test_every_number_lies_in_exactly_one_band(cuts, value):
    found = bands([str(cut) for cut in sorted(cuts)])
    place = found.place(Decimal(value))
    below, above = sorted(cuts)[:place], sorted(cuts)[place:]
    assert all(cut <= value for cut in below)
    assert all(value < cut for cut in above)
    assert len(set(found.labels)) == len(cuts) + 1


@pytest.mark.parametrize("cuts", [["10", "10"], ["50万", "10万"], ["many"]])
def test_cuts_that_do_not_rise_are_none(cuts):
    with pytest.raises(ValueError, match=cuts[0]):
        bands(cuts)
