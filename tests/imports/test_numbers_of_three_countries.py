"""A German, a Chinese and an English column of amounts: each cell is read right or refused, none is changed."""

from pathlib import Path
from typing import Any

import pytest
from sales import House, table

MAPPING = """
system = "x"
[fields]
external_id = "id"
title = "id"
stage = { constant = "报价" }
amount = "Betrag"
currency = { constant = "CURRENCY" }
"""
GERMAN = {
    "1.234,50": "1234.50",
    "12.345.678,90": "12345678.90",
    "€ 1.250.000,00": "1250000.00",
    "250.000,00 €": "250000.00",
    "8.400,5": "8400.50",
    "0,99": "0.99",
    "1'234,50": "1234.50",
    "1 234,50": "1234.50",
    "1.500": "1500.00",
    "12500": "12500.00",
    "1,234.50": None,
    "1.23,45": None,
    "12.5": None,
    "1.234,5 USD": None,
    "-5,00": None,
    "1,5E5": None,
}
CHINESE = {
    "50万": "500000.00",
    "50万元": "500000.00",
    "1.2亿": "120000000.00",
    "8万6千5百": "86500.00",
    "五十万元整": "500000.00",
    "一亿二千万": "120000000.00",
    "壹佰万元": "1000000.00",
    "两千零五块": "2005.00",
    "￥１，２３４．５０": "1234.50",
    "人民币 3千万": "30000000.00",
    "5w": "50000.00",
    "1,234万": "12340000.00",
    "1.500": "1.50",
    "三万五": None,
    "1万2": None,
    "10万左右": None,
    "1.2千万欧元": None,
    "$50万": None,
}
ENGLISH = {
    "$12,500.00": "12500.00",
    "US$ 12k": "12000.00",
    "1,234,567.89": "1234567.89",
    "12,34,567": "1234567.00",
    "USD 1.5m": "1500000.00",
    "1.500": "1.50",
    "2,000 USD": "2000.00",
    "(5)": None,
    "$(1,200.00)": None,
    "1e5": None,
    "0,123": None,
    "1,23": None,
    "12 500.00": "12500.00",
    "£1,000": None,
}


@pytest.fixture
def house(opp: Any, tmp_path: Path) -> House:
    return House(opp, tmp_path).begin()


@pytest.mark.parametrize(
    ("currency", "decimal", "cells"), [("EUR", ",", GERMAN), ("CNY", ".", CHINESE), ("USD", ".", ENGLISH)]
)
def test_each_cell_of_a_column_of_amounts_is_read_right_or_refused(
    house: House, currency: str, decimal: str, cells: dict[str, str | None]
) -> None:
    mapping = MAPPING.replace("CURRENCY", currency).replace(
        '"Betrag"', f'{{ column = "Betrag", decimal = "{decimal}" }}'
    )
    rows = [f"{n};{cell}" for n, cell in enumerate(cells)]
    assert house.load(table(*rows, header="id;Betrag"), mapping=mapping).code == 9
    stored = {deal["title"]: deal["amount"] for deal in house.deals()}
    assert [stored.get(str(n)) for n in range(len(cells))] == list(cells.values())
    assert [line for line, _ in house.rejects()] == [
        str(n + 2) for n, meant in enumerate(cells.values()) if meant is None
    ]


@pytest.mark.parametrize("cells", [CHINESE, ENGLISH])
def test_a_column_that_never_needs_the_comma_fits_without_saying_so(house: House, cells: dict[str, str | None]) -> None:
    rows = [f"{n};{cell}" for n, cell in enumerate(cells) if cells[cell] and "$" not in cell and "USD" not in cell]
    mapping = MAPPING.replace("CURRENCY", "CNY")
    assert house.load(table(*rows, header="id;Betrag"), mapping=mapping).code == 0


def test_a_german_column_does_not_fit_until_the_mapping_says_what_the_comma_is(house: House) -> None:
    rows = [f"{n};{cell}" for n, cell in enumerate(GERMAN)]
    answer = house.load(table(*rows, header="id;Betrag"), mapping=MAPPING.replace("CURRENCY", "EUR"))
    assert (answer.code, house.deals()) == (8, [])
    assert 'Betrag: 1.234,50 and 9 more need decimal = ","' in answer.err
