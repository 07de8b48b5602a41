"""Every read, in both languages, now and as of a day, full and empty: its CSV says what its JSON says, its Markdown is
square, and no terminal gets a line that is too wide. A fifth of the reads each run of the suite; OPP_WAYS=1 takes all.

What is hidden from whom stands in `tests/cli/test_scope_everywhere.py`, every format alone in
`tests/cli/test_every_command.py`."""

import csv
import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import Answer, InProcess
from kept import Kept

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))

from test_every_command import ARGUMENTS, READS, is_markdown, named, with_flag

from oppcli.render.screen import width
from oppcli.store import backup

__all__ = ["named"]
ALL = bool(os.environ.get("OPP_WAYS"))
DAY = "2026-08-20"
DATED = set(with_flag("--as-of"))
SOME = READS if ALL else [*READS[::5], "report satisfaction"]
VERBATIM = {"policy show", "mapping show", "export", "sql"}
"""What a terminal gets as it was written, or for a file."""
WIDTHS = (80, 100, 160) if ALL else (80,)
LANGUAGES = ("en", "zh")
YOUNG = {"deal", "late", "planned"}
"""Things of the demo that were not there that day."""
WHOLE = re.compile(r"^\s*opp |/\S+/")
"""Lines that a terminal may break, for they are pasted whole: commands, addresses, paths."""
SCOPE = '\n[scope]\nsee = { sales = "own", manager = "team" }\nhide = { amount = ["sales"] }\n'
ITS_OWN = {
    "doctor",
    "db info",
    "db path",
    "db check",
    "db diff",
    "audit anchor",
    "config list",
    "export",
    "log",
    "user list",
    "sql",
}
"""Reads that tell of the engine, or of what is drawn anew in each database, or whose rows are in no order."""
ESCAPE = re.compile("\x1b\\[[0-9;]*m")


def typed(line: str, names: dict[str, str]) -> str:
    return f"{line} {ARGUMENTS.get(line, '').format(**names)}"


def ways(line: str, names: dict[str, str]) -> Iterator[str]:
    """The line now, and as of a day where it can look back and its thing was there."""
    yield typed(line, names)
    if line in DATED and not any(f"{{{name}}}" in ARGUMENTS.get(line, "") for name in YOUNG):
        yield f"{typed(line, names)} --as-of {DAY}"


def told(value: Any) -> str | None:
    """A value of JSON as CSV has it; None of lists and objects, which each tells in its way."""
    if isinstance(value, list | dict):
        return None
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def differing(opp: InProcess, line: str, env: dict[str, str | None]) -> Iterator[str]:
    """Where the CSV of a read says another thing than its JSON, and Markdown that is not square."""
    answers = {format_: opp(f"{line} -o {format_}", user="sun", env=env) for format_ in ("json", "csv", "md")}
    if len({each.code for each in answers.values()}) > 1 or answers["json"].code not in (0, 1):
        yield f"{line}: {[(format_, each.code, each.err[:100]) for format_, each in answers.items()]}"
        return
    found = answers["json"].json
    objects = found if isinstance(found, list) else [found]
    rows = [*csv.DictReader(io.StringIO(answers["csv"].out, newline=""))]
    if len(objects) != len(rows):
        yield f"{line}: {len(objects)} objects, {len(rows)} rows"
    for one, row in zip(objects, rows, strict=False):
        for name, cell in row.items():
            if name not in one or told(one[name]) not in (cell, None):
                yield f"{line}: {name} is {one.get(name)!r} and {cell!r}"
    try:
        is_markdown(answers["md"].out)
    except AssertionError:
        yield f"{line}: no table of Markdown"


def wide(opp: InProcess, line: str, env: dict[str, str | None], columns: int) -> Iterator[str]:
    """Lines that do not fit a terminal of so many columns."""
    answer: Answer = opp(line, user="sun", env={**env, "COLUMNS": str(columns), "LINES": "100000"}, screen=True)
    for text in ESCAPE.sub("", answer.out).split("\n"):
        if width(text) > columns and not WHOLE.search(text):
            yield f"{line} at {columns}: {text}"


@pytest.mark.parametrize("lang", LANGUAGES if ALL else LANGUAGES[1:])
def test_every_read_says_the_same_as_csv_and_as_json(chinese: Kept, named: dict[str, str], lang: str) -> None:
    lines = [way for line in SOME for way in ways(line, named)]
    assert [fault for line in lines for fault in differing(chinese.opp, line, {"OPP_LANG": lang})] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_terminal_gets_a_line_that_is_too_wide(chinese: Kept, named: dict[str, str], lang: str) -> None:
    lines = [way for line in SOME if line not in VERBATIM for way in ways(line, named)]
    env: dict[str, str | None] = {"OPP_LANG": lang}
    assert [fault for line in lines for columns in WIDTHS for fault in wide(chinese.opp, line, env, columns)] == []


@pytest.mark.parametrize("deals", [0, 1])
def test_of_nothing_and_of_one_row_of_chinese_every_read_says_the_same_in_each_format(
    opp: InProcess, deals: int
) -> None:
    opp.ok("init --template b2b --lang zh", user="sun")
    for _ in range(deals):
        opp.ok("add 夜班产线“改造”，一期｜二期 --customer 上海精密仪器 --amount 80万 --source 展会", user="sun")
    lines = [line for line in SOME if line not in ARGUMENTS and line not in VERBATIM]
    env: dict[str, str | None] = {"OPP_LANG": "zh"}
    found = [fault for line in lines for fault in (*differing(opp, line, env), *wide(opp, line, env, 80))]
    assert found == []


@pytest.mark.skipif(not ALL, reason="OPP_WAYS=1 asks a server, too")
@pytest.mark.parametrize("user", ["tang", "sun", "zhao"])
def test_a_server_answers_every_read_as_the_file_does_whoever_sees_how_much(
    chinese: Kept, named: dict[str, str], pg_url: str, user: str
) -> None:
    file, policy = chinese.opp.folder / f"scoped-{user}.db", chinese.opp.folder / "scoped.toml"
    shutil.copy(chinese.opp.db, file)
    policy.write_text(chinese.opp.ok("policy show").out + SCOPE, encoding="utf-8")
    chinese.opp.ok(f"--db {file} policy apply {policy}", user="tang")
    backup.restore(file, pg_url)
    found = []
    for line in [way for read in READS if read not in ITS_OWN for way in ways(read, named)]:
        for form in ("json", "csv"):
            told_by = [
                chinese.opp(f"{line} -o {form}", user=user, env={"OPP_DB": address}) for address in (str(file), pg_url)
            ]
            if len({(each.code, each.out) for each in told_by}) > 1:
                found.append(f"{line} -o {form}: {[(each.code, each.err[:80], len(each.out)) for each in told_by]}")
    assert found == []
