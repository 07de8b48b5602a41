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
from oppcli.reads.index import MODULES
from oppcli.reads.table import NEEDED
from oppcli.render.output import Output

GOLDEN = Path(__file__).with_name("golden")
OTHERWISE: dict[str, list[dict[str, Any]]] = {
    "report funnel": [{"cohort": "month"}, {"by": "currency"}, {"by": "owner"}],
    "report wins": [{"by": "owner,month", "total": True}],
    "report durations": [{"business": True, "cumulative": True}],
    "report overdue": [{"overrides": True}, {"by": "waiting_on,band"}],
    "report turnaround": [{"by": "type"}, {"by": "person"}],
    "report waiting": [{"by": "person"}],
    "user list": [{"all": True}],
    "price list": [{"all": True}],
    "quote list": [{"all": True}],
}
"""What else is asked of a read than nothing."""
BARE = {
    "audit-risks",
    "contract-list",
    "criteria",
    "cost-list",
    "forecast-adjustments",
    "forecast-list",
    "points-list",
    "probability",
    "fact-list",
    "delegate-list",
    "notices-list",
    "policy-history",
    "payment-list",
    "proposal-list",
    "regret",
    "view-list",
}
"""Reads of things that the team of the tests has none of."""
NAMELESS = {"forecast", "losses", "sources", "overdue-by-waiting_on,band"}
"""Reads of which a row in these tests has no value in its first column, and so no line where only that is asked for."""
ELSEWHERE = {
    "audit anchor",
    "fields",
    "forecast show",
    "forecast whatif",
    "log",
    "policy show",
    "report absence",
    "report effect",
}
"""Reads whose answer holds a hash with salt, that need an applied policy or an option, or that list what the program
is made of: stories type them in every format."""


def plain(path: str) -> bool:
    """Whether the catalogue alone answers: no command puts it together, and nothing has to be given."""
    read = catalog.read(path)
    return bool(read.build) and not any(param.default == NEEDED for param in read.params) and path not in ELSEWHERE


def called(path: str, args: dict[str, Any]) -> str:
    words = [f"{name}-{value}" if isinstance(value, str) else name for name, value in args.items()]
    return "-".join([*path.removeprefix("report ").split(), *words])


VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    called(path, args): (path, args) for path in filter(plain, MODULES) for args in [{}, *OTHERWISE.get(path, [])]
}
SCREENS: dict[str, dict[str, Any]] = {name: {"format": name} for name in render.FORMATS} | {
    "terminal": {"format": "table", "width": 72, "terminal": True, "color": True},
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
    path, args = VARIANTS[variant]
    read = catalog.read(path)
    with store.open_read(file, read.standing) as door:
        table = catalog.run(read, door, args, world.frame())
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
    assert state == "empty" or rows or variant in BARE
    assert [json.loads(line) for line in answer(file, variant, "jsonl").splitlines()] == rows
    header, *lines = csv.reader(io.StringIO(answer(file, variant, "csv"), newline=""), strict=True)
    assert [list(row) for row in rows] == [header] * len(lines)
    assert all(len(line) == len(header) for line in lines)
    assert len(answer(file, variant, "tsv").splitlines()) == 1 + len(rows)
    assert variant in NAMELESS or len(answer(file, variant, "ids").splitlines()) == len(rows)


def test_every_read_that_the_catalogue_answers_alone_has_golden_answers() -> None:
    assert {path for path, _ in VARIANTS.values()} == set(filter(plain, MODULES))
    assert len(VARIANTS) > 15


def test_no_golden_answer_is_left_over() -> None:
    expected = {
        f"{variant}-{state}.{screen}" for variant in VARIANTS for state in ("full", "empty") for screen in SCREENS
    }
    assert {file.name for file in GOLDEN.iterdir()} == expected
