"""How far one has to walk to add a field, a gate condition, a command, a format: each is added to a copy of the program
in as many files as CONTRIBUTING says, and is then there wherever it should be (see test_adding.py)."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]


class Copy:
    """The program in another folder, and a database of its own with the deal D-1 of wang."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.edited = folder, set[str]()
        shutil.copytree(HOUSE / "oppcli", folder / "oppcli", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(HOUSE / "migrations", folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))

    def edit(self, name: str, old: str, new: str) -> None:
        """Put `new` in place of `old`, which stands there once."""
        path = self.folder / "oppcli" / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")
        self.edited.add(name)

    def write(self, name: str, text: str) -> None:
        (self.folder / "oppcli" / name).write_text(text, "utf-8")
        self.edited.add(name)

    def __call__(self, *words: str, code: int = 0) -> str:
        """What `opp WORDS` prints on both streams."""
        return self.python("-m", "oppcli", *words, code=code)

    def python(self, *words: str, code: int = 0) -> str:
        environ = {
            **os.environ,
            "PYTHONPATH": str(self.folder),
            "OPP_DB": str(self.folder / "opp.db"),
            "OPP_USER": "wang",
            "XDG_CONFIG_HOME": str(self.folder),
            "COLUMNS": "200",
        }
        done = subprocess.run(
            [sys.executable, *words], cwd=self.folder, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    def begin(self) -> None:
        self("init", "--template", "blank", "--lang", "en")
        self("lead", "add", "Plant", "--customer", "Acme")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_a_field_of_a_deal_is_added_in_two_files(copy: Copy) -> None:
    copy.edit(
        "model/deals.py",
        "    tier: str | None = None\n    grade: ",
        "    tier: str | None = None\n    seen_on: str | None = None\n    grade: ",
    )
    copy.edit(
        "model/fields.py",
        '    Field("tier", zh="客户等级"),\n',
        '    Field("tier", zh="客户等级"),\n    Field("seen_on", "date", zh="看厂日期"),\n',
    )
    assert len(copy.edited) == 2
    copy("init", "--template", "blank", "--lang", "en")
    with closing(sqlite3.connect(copy.folder / "opp.db")) as opened:  # which the generated migration does
        opened.execute("ALTER TABLE deal ADD COLUMN seen_on TEXT")
    copy("lead", "add", "Plant", "--customer", "Acme", "--set", "seen_on=2026-03-02")
    header = copy("deal", "list", "-o", "csv").splitlines()[0].split(",")
    assert header[header.index("probability_reason") + 1] == "seen_on"
    assert copy("deal", "list", "-w", "seen_on < '2026-04-01'", "-c", "id,seen_on", "-o", "tsv").split()[2:] == [
        "D-1",
        "2026-03-02",
    ]
    assert "seen_on  " in copy("deal", "edit", "D-1", "--set", "seen_on=soon", code=2) + copy("fields", "deal")
    assert "seen on" in copy("show", "D-1")
    assert "seen_on" in copy("export", "deals", "-o", "csv").splitlines()[0].split(",")
    assert "seen_on 2026-03-02 → 2026-03-09" in copy("deal", "edit", "D-1", "--set", "seen_on=2026-03-09", "-n")


def test_a_gate_condition_is_added_in_two_files(copy: Copy) -> None:
    copy.edit(
        "rules/pipeline.py",
        "def missing_fields(",
        "def unlucky(deal: Deal) -> tuple[Reason, ...]:\n"
        '    return (Reason("moon", say("is full"), command("deal", "list")),) if deal.title == "Plant" else ()\n\n\n'
        "def missing_fields(",
    )
    copy.edit(
        "actions/lacking.py",
        "    # An approval it was let through with",
        "    found += pipeline.unlucky(deal)\n    # An approval it was let through with",
    )
    assert len(copy.edited) == 2
    copy.begin()
    gate, refused = copy("gate", "D-1"), copy("advance", "D-1", code=7)
    assert [line.split() for line in gate.splitlines() if "moon" in line] == [
        ["moon", "is", "full", "opp", "deal", "list"]
    ]
    assert [line.split() for line in refused.splitlines() if "moon" in line] == [
        ["moon", "is", "full", "opp", "deal", "list"]
    ]


MOON = '''
"""`opp moon`."""

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.model.said import say

app = typer.Typer()
SINGLE = True


@app.command()
@writes
def moon(opp: Context) -> Outcome:
    """Tell the moon.

    opp moon
    """
    return Outcome(done=(say("the moon is full"),))
'''


def test_a_command_is_added_in_two_files(copy: Copy) -> None:
    copy.write("cli/moon.py", MOON)
    copy.edit(
        "cli/tree.py", '    "gate": Place(', '    "moon": Place("moon", "tell the moon", SALES),\n    "gate": Place('
    )
    assert len(copy.edited) == 2
    copy.begin()
    assert copy("moon") == "the moon is full\n"
    assert "moon" in copy("-h")
    assert "opp moon" in copy("help", "moon")
    assert "hint: opp moon" in copy("moom", code=2)
    path = copy.folder / "rows.py"
    path.write_text("from oppcli.cli.completion import table\nprint(*(row.path for row in table.rows()))\n")
    assert "moon" in copy.python(str(path)).split()


def test_a_format_to_write_is_added_in_two_files(copy: Copy) -> None:
    copy.write(
        "render/pipes.py",
        '"""Cells between pipes."""\n\nfrom oppcli.render.cells import flat\n\n\ndef pipes(view, out):\n'
        "    rows = list(view.rows)\n    columns = [flat(shown)(rows) for shown in view.shown]\n"
        '    yield from ("|".join(cells) + "\\n" for cells in zip(*columns))\n',
    )
    copy.edit("render/__init__.py", '    "full": "machine",\n', '    "full": "machine",\n    "pipes": "pipes",\n')
    assert len(copy.edited) == 2
    copy.begin()
    assert copy("deal", "list", "-o", "pipes", "-c", "id,title,customer") == "D-1|Plant|Acme\n"
    assert copy("report", "funnel", "-o", "pipes", "-c", "stage,now").splitlines()[0] == "Lead|1"
    assert "pipes" in copy("deal", "list", "-h") + copy("deal", "list", "-o", "nothing", code=2)
