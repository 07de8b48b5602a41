"""What an import costs: memory that does not grow with the file, statements in batches, no heavy modules."""

import os
import select
import shutil
import signal
import sys
import time
import tracemalloc
from pathlib import Path

import pytest
from sales import MAPPING, POLICY, House, table

from oppcli import policy, store
from oppcli.actions.act import Act
from oppcli.actions.imports import customers
from oppcli.actions.imports.run import run
from oppcli.files import encodings, mapping, reading
from oppcli.files.sheets.text import Sheet
from oppcli.model.deals import Stage
from oppcli.model.journal import Stamp
from oppcli.model.people import User


def rows(count: int) -> list[str]:
    return [
        f"{n},Deal {n},Company {n},Seller {n % 7},赢单,{n}.50,web,A,,,2025-11-0{n % 9 + 1},2025-12-11"
        for n in range(count)
    ]


def imported(url: str, file: Path) -> int:
    """Rows created by an import of the file."""
    rules = policy.read(POLICY)
    plan = mapping.load(MAPPING, "m.toml")
    me = User(login="wang", name="wang", roles=("admin",))
    with store.open_write(url, Stamp(actor="wang", now=1_772_442_000_000, channel="import")) as door:
        door.add(me)
        for place, rule in enumerate(rules.stages):
            door.add(Stage(name=rule.name, kind=rule.kind, position=place))
        with file.open("rb") as stream:
            sheet = Sheet(stream, "f.csv", plan.format, plan.columns)
            return run(Act(door, rules=lambda _: rules), sheet, plan, "m.toml", rejects=None).created


def again(url: str, file: Path) -> int:
    """Rows that a second import of the file finds unchanged."""
    rules = policy.read(POLICY)
    plan = mapping.load(MAPPING, "m.toml")
    with (
        store.open_write(url, Stamp(actor="wang", now=1_772_442_000_000, channel="import")) as door,
        file.open("rb") as stream,
    ):
        sheet = Sheet(stream, "f.csv", plan.format, plan.columns)
        return run(Act(door, rules=lambda _: rules), sheet, plan, "m.toml", rejects=None).unchanged


@pytest.fixture
def url(tmp_path: Path, new_file: Path) -> str:
    return str(shutil.copy(new_file, tmp_path / "opp.db"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deals.csv"


def test_memory_does_not_grow_with_the_file(monkeypatch: pytest.MonkeyPatch, new_file: Path, file: Path) -> None:
    # Smaller memories than in earnest, so that a small file fills them.
    monkeypatch.setattr(reading, "REMEMBERED", 256)
    monkeypatch.setattr(customers, "REMEMBERED", 256)
    monkeypatch.setattr(encodings, "CHUNK", 4096)
    peaks = []
    for count in (1_000, 4_000):
        url = str(shutil.copy(new_file, file.with_name(f"{count}.db")))
        file.write_bytes(table(*rows(count)))
        tracemalloc.start()
        assert imported(url, file) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.1 + 100_000


def test_memory_stays_flat_when_a_file_comes_again(monkeypatch: pytest.MonkeyPatch, new_file: Path, file: Path) -> None:
    monkeypatch.setattr(reading, "REMEMBERED", 256)
    monkeypatch.setattr(customers, "REMEMBERED", 256)
    monkeypatch.setattr(encodings, "CHUNK", 4096)
    peaks = []
    for count in (1_000, 4_000):
        url = str(shutil.copy(new_file, file.with_name(f"{count}.db")))
        file.write_bytes(table(*rows(count)))
        assert imported(url, file) == count
        tracemalloc.start()
        assert again(url, file) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.1 + 100_000


def test_statements_are_made_for_many_rows_at_once(url: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from oppcli.store.sqlite_writing import SqliteWriteDoor

    counts = {"statements": 0}
    for name in ("_insert", "_execute", "rows"):
        original = getattr(SqliteWriteDoor, name)

        def counted(self, *given, original=original, **named):
            counts["statements"] += 1
            return original(self, *given, **named)

        monkeypatch.setattr(SqliteWriteDoor, name, counted)
    file.write_bytes(table(*rows(5_000)))
    assert imported(url, file) == 5_000
    assert counts["statements"] < 200


def test_an_import_loads_neither_the_schema_nor_a_progress_bar(opp_process, opp, tmp_path: Path) -> None:
    House(opp, tmp_path).begin()
    (tmp_path / "deals.csv").write_bytes(table(*rows(3)))
    script = (
        f'{sys.executable} -c "import sys; from oppcli.cli.app import run;'
        " code = run(['import', 'deals.csv', '--mapping', 'mapping.toml']);"
        " print(code, sorted(set(sys.modules) & {'sqlmodel', 'sqlalchemy', 'pydantic', 'rich', 'alembic'}))\""
    )
    assert opp_process.shell(script).out.splitlines()[-1] == "0 []"


def test_progress_shows_on_a_terminal_and_an_interrupted_import_leaves_nothing(
    opp_process, opp, tmp_path: Path
) -> None:
    House(opp, tmp_path).begin()
    (tmp_path / "deals.csv").write_bytes(table("x,,,,,,,,,,,", *rows(150_000)))
    before = (tmp_path / "opp.db").read_bytes()
    master, slave = os.openpty()
    with opp_process.start("import deals.csv --mapping mapping.toml", stderr=slave, env={"TERM": "xterm"}) as process:
        os.close(slave)
        shown = _until(master, b" rows")
        process.send_signal(signal.SIGINT)
        shown += _until(master, b"Nothing was written.")
        out, _ = process.communicate(timeout=30)
    os.close(master)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in shown
    assert (tmp_path / "opp.db").read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("deals.csv*")) == ["deals.csv"]


def _until(terminal: int, text: bytes) -> bytes:
    """What is shown on the terminal up to the text; fails when it does not come within half a minute."""
    shown, end = b"", time.monotonic() + 30
    while text not in shown:
        assert select.select([terminal], [], [], end - time.monotonic())[0], shown
        shown += os.read(terminal, 4096)
    return shown
