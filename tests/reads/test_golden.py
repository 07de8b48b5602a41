"""Every report in every format, full and empty, as it was looked at and found right.

To accept new answers: GOLDEN=write pytest tests/reads/test_golden.py, then read the difference in git.
"""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
import world

from oppcli import render, store
from oppcli.model.journal import Stamp
from oppcli.reads import catalog
from oppcli.render.output import Output

GOLDEN = Path(__file__).with_name("golden")
VARIANTS: dict[str, dict[str, Any]] = {
    "funnel": {},
    "funnel-cohort": {"cohort": "month"},
    "funnel-by-currency": {"by": "currency"},
    "durations": {},
    "durations-business": {"business": True, "cumulative": True},
    "overdue": {},
    "overdue-overrides": {"overrides": True},
    "turnaround": {},
    "turnaround-type": {"by": "type"},
    "turnaround-person": {"by": "person"},
    "waiting": {},
    "waiting-person": {"by": "person"},
}
SCREENS: dict[str, dict[str, Any]] = {name: {"format": name} for name in render.FORMATS} | {
    "terminal": {"format": "table", "width": 72, "color": True},
    "excel.csv": {"format": "csv", "excel": True},
}


@pytest.fixture(scope="module", params=["full", "empty"])
def filled(request: pytest.FixtureRequest, new_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """full or empty, and a database that is."""
    file = tmp_path_factory.mktemp("golden") / "opp.db"
    file.write_bytes(new_file.read_bytes())
    with store.open_write(str(file), Stamp(actor="wang", now=world.NOW, command="test")) as door:
        world.fill(door, empty=request.param == "empty")
    return request.param, str(file)


def answer(file: str, variant: str, screen: str) -> str:
    report = catalog.read("report " + variant.partition("-")[0])
    with store.open_read(file) as door:
        table = catalog.run(report, door, VARIANTS[variant], world.frame())
    return render.text(table, Output(tz="Asia/Shanghai", now=world.NOW)._replace(**SCREENS[screen]))


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_report_in_every_format_is_as_it_was_found_right(
    filled: tuple[str, str], variant: str, screen: str
) -> None:
    state, file = filled
    kept = GOLDEN / f"{variant}-{state}.{screen}"
    text = answer(file, variant, screen)
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        kept.write_bytes(text.encode())
    assert text == kept.read_bytes().decode()


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_report_is_a_valid_document_in_every_machine_format(filled: tuple[str, str], variant: str) -> None:
    state, file = filled
    rows = json.loads(answer(file, variant, "json"))
    assert bool(rows) == (state == "full")
    assert [json.loads(line) for line in answer(file, variant, "jsonl").splitlines()] == rows
    header, *lines = csv.reader(io.StringIO(answer(file, variant, "csv"), newline=""), strict=True)
    assert [list(row) for row in rows] == [header] * len(lines)
    assert all(len(line) == len(header) for line in lines)
    assert len(answer(file, variant, "tsv").splitlines()) == 1 + len(rows)
    assert len(answer(file, variant, "ids").splitlines()) == len(rows)


def test_every_report_of_the_catalog_has_golden_answers() -> None:
    assert {variant.partition("-")[0] for variant in VARIANTS} == {
        catalog.read(path).name for path in catalog.reports()
    }


def test_no_golden_answer_is_left_over() -> None:
    expected = {
        f"{variant}-{state}.{screen}" for variant in VARIANTS for state in ("full", "empty") for screen in SCREENS
    }
    assert {file.name for file in GOLDEN.iterdir()} == expected
