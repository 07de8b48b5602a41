"""Files without an end, without a line end, without room: refused in bounded time and memory, with what is wrong."""

import gzip
import io
import tempfile
from pathlib import Path
from typing import Any

import pytest

from oppcli.errors import UsageError
from oppcli.files import sorting
from oppcli.files.mapping import MappingError, load
from oppcli.files.rejects import Rejects
from oppcli.files.sheets import opening
from oppcli.files.sheets.opening import LINE, Unreadable, open_file
from oppcli.files.sheets.text import Sheet


class Endless(io.RawIOBase):
    """A pipe that never ends; `read` counts what was taken from it."""

    def __init__(self, piece: bytes) -> None:
        self.piece, self.taken = piece, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.taken += len(self.piece)
        return self.piece


def test_a_pipe_without_a_line_end_is_refused_at_once() -> None:
    source = Endless(b"a" * 65_536)
    with pytest.raises(Unreadable, match=r"^standard input: a line is longer than 1,048,576 characters$"):
        open_file("-", source)  # type: ignore[arg-type]
    assert source.taken <= LINE + 2 * 65_536


def test_a_device_without_an_end_is_refused_at_once() -> None:
    with pytest.raises(Unreadable, match=r"^/dev/zero: a line is longer than"):
        open_file("/dev/zero")


def test_a_pipe_of_lines_without_an_end_is_refused_when_it_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST", 4 << 20)
    source = Endless(b"1,2\n" * 16_384)
    with pytest.raises(Unreadable, match=r"^standard input is larger than .*; import it in parts$"):
        open_file("-", source)  # type: ignore[arg-type]
    assert source.taken <= (4 << 20) + 65_536


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_file_of_one_endless_line_is_refused_before_it_is_unpacked(suffix: str, tmp_path: Path) -> None:
    raw = b"a" * (8 << 20)
    path = tmp_path / f"f.csv{suffix}"
    path.write_bytes(gzip.compress(raw) if suffix else raw)
    with pytest.raises(Unreadable, match=rf"f\.csv{suffix}: a line is longer than"):
        open_file(str(path))


@pytest.mark.parametrize(
    "raw",
    [
        b"a,b\n1,2\n1," + b"x" * (LINE + 1) + b"\n",
        # Cells that are short enough, in a row that never ends.
        b"a,b\n1,2\n" + b'"' + b'\n","' * (LINE // 4 + 1),
    ],
)
def test_a_row_that_is_too_long_is_named_by_its_line(raw: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^f\.csv:3: a line is longer than 1,048,576 characters$"):
        list(Sheet(io.BytesIO(raw), "f.csv").rows())


def test_a_row_of_many_lines_is_measured_by_itself() -> None:
    row = b'1,"' + b"x" * 100_000 + b'"\n'
    assert len(list(Sheet(io.BytesIO(b"a,b\n" + row * 30), "f.csv").rows())) == 30


def test_a_name_that_is_too_long_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"file name too long$"):
        open_file("x" * 300)


def full(*given: Any, **named: Any) -> Any:
    return Path("/dev/full").open("r+b", buffering=0)


def test_a_full_disk_is_said_where_a_pipe_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(Unreadable, match=r"^standard input cannot be copied to .*: no space left on device$"):
        open_file("-", io.BytesIO(b"a,b\n1,2\n"))


def test_a_full_disk_is_said_where_a_log_is_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(UsageError, match=r"^the rows cannot be sorted in .*: no space left on device$"):
        list(sorting.in_order(iter([(1,), (2,)]), 1))


def test_a_full_disk_is_said_where_rejected_rows_go() -> None:
    found = Sheet(io.BytesIO(b"a,b\n1,2\n"), "f.csv")
    rejects = Rejects(Path("/dev/full"), found)
    with pytest.raises(UsageError, match=r"^rejected rows cannot go to /dev/full: no space left on device$"):
        for line in range(10_000):
            rejects.write(line, ["1", "2"], ["wrong"])
    rejects.drop()


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 50_000,
        "x = " + "[" * 40 + "]" * 40,
        ".".join(["a"] * 40_000) + " = 1",
        "\n".join(f"[{'.'.join(['a'] * (n + 1))}]" for n in range(40)),
        "x = '" + "a" * 1_100_000 + "'",
    ],
)
def test_a_mapping_that_no_person_wrote_is_refused(text: str) -> None:
    with pytest.raises(MappingError, match=r"^m\.toml is not TOML: .*(levels|larger than 1 MB)"):
        load(text, "m.toml")
