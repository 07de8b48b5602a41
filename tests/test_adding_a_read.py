"""How far one has to walk to add a report or list: one file; what follows is generated, and tests compare it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ADDED = '''
"""Open deals by stage."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.records import COUNTED
from oppcli.reads.table import WITH_ROWS, Column, Frame, Kind, Param, Read, Table
from oppcli.store.doors import ReadDoor

COLUMNS = (Column("stage"), Column("deals", Kind.COUNT))


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per stage of the kind that was asked for."""
    rows = door.rows(
        "SELECT s.name, count(d.id) FROM stage s LEFT JOIN deal d ON d.stage_id = s.id"
        " WHERE s.kind = :kind GROUP BY s.id, s.name ORDER BY s.id",
        kind=args.get("kind") or "lead",
    )
    return Table(COLUMNS, rows, "Crowd")


READS = (
    Read(
        path="report crowd",
        title="Crowd",
        help="how many deals stand in each stage",
        columns=COLUMNS,
        build=build,
        params=(Param("kind", "which stages", "choice", choices=("lead", "open", "won", "lost")),),
        alarm=WITH_ROWS,
        standing=COUNTED,
        examples=("opp report crowd --kind open",),
    ),
)
'''


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with one file more, and what is generated made anew."""
    place = tmp_path_factory.mktemp("adding")
    for folder in ("oppcli", "docs", "migrations", "completions"):
        shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (place / "oppcli/reads/crowd.py").write_text(ADDED.lstrip(), encoding="utf-8")
    typed(place, "-m", "oppcli.reads")
    typed(place, "-m", "oppcli", "init", "--template", "b2b", "--lang", "en")
    typed(place, "-m", "oppcli", "add", "MES", "--customer", "Acme", "--amount", "5")
    return place


def typed(place: Path, *words: str) -> str:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(place), "HOME": str(place), "LC_ALL": "C.UTF-8"}
    done = subprocess.run([sys.executable, *words], cwd=place, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 10), done.stderr
    return done.stdout


def test_its_command_answers_in_every_format(scratch: Path) -> None:
    assert typed(scratch, "-m", "oppcli", "report", "crowd", "-o", "csv") == "stage,deals\nLead,1\nQualification,0\n"
    assert '"title": "Crowd"' in typed(scratch, "-m", "oppcli", "report", "crowd", "-o", "full")
    assert "Quote" in typed(scratch, "-m", "oppcli", "report", "crowd", "--kind", "open")


def test_its_help_and_the_list_of_reports_know_it(scratch: Path) -> None:
    told = typed(scratch, "-m", "oppcli", "report", "crowd", "--help")
    assert "how many deals stand in each stage" in told and "--kind" in told and "--exit-code" in told
    assert "crowd" in typed(scratch, "-m", "oppcli", "report", "--help")
    assert "crowd,how many deals" in typed(scratch, "-m", "oppcli", "report", "list", "-o", "csv")


def test_its_completion_and_its_page_follow(scratch: Path) -> None:
    assert "report crowd" in typed(scratch, "-m", "oppcli", "completion", "bash")
    assert "### opp report crowd" in (scratch / "docs/reports.md").read_text("utf-8")
