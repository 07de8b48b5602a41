"""The manual pages: what lies in man/ is what the commands and catalogues make of it, and every roff reads it."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from oppcli.cli.completion.table import rows
from oppcli.cli.manual import FOLDERS, pages, roff
from oppcli.cli.tree import TREE

ROOT = Path(__file__).resolve().parents[2]
MAN = ROOT / "man"
MACROS = {"TH", "SH", "SS", "PP", "TP", "RS", "RE", "nf", "fi", "nh", "ad"}
LANGUAGES = pytest.mark.parametrize("lang", sorted(FOLDERS))


def lying(lang: str) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (MAN / FOLDERS[lang]).iterdir()}


def plain(page: str) -> str:
    """What a page says, without what makes it look."""
    text = re.sub(r"\\f[BIR]|\\:|\\&", "", page)
    return text.replace(r"\-", "-").replace(r"\(aq", "'").replace(r"\(dq", '"').replace(r"\(ti", "~")


@LANGUAGES
def test_the_pages_are_what_the_commands_make_of_them(lang: str) -> None:
    made, found = pages(lang), lying(lang)
    stale = sorted(name for name in made.keys() | found.keys() if made.get(name) != found.get(name))
    assert stale == [], "python -m oppcli.cli.manual --write"


@LANGUAGES
def test_every_noun_has_a_page_and_every_command_its_part(lang: str) -> None:
    found = lying(lang)
    assert set(found) == {"opp.1", *(f"opp-{name}.1" for name in TREE)}
    paths = [row.path.split() for row in rows() if row.path.split()[:1] and row.path.split()[0] in TREE]
    missing = [path for path in paths if f"opp {' '.join(path)}\n" not in plain(found["opp.1"]).replace("\\fR", "")]
    assert missing == []
    told = {name: plain(page) for name, page in found.items()}
    untold = [row for row in paths if f"opp {' '.join(row)}" not in told[f"opp-{row[0]}.1"]]
    assert untold == []


@LANGUAGES
def test_every_flag_of_a_command_stands_on_its_page(lang: str) -> None:
    found = {name: plain(page) for name, page in lying(lang).items()}
    missing = [
        f"{row.path} {flag.name}"
        for row in rows()
        if row.path and row.path.split()[0] in TREE
        for flag in row.flags
        if not re.search(rf"(?<![\w-]){re.escape(flag.name)}(?![\w-])", found[f"opp-{row.path.split()[0]}.1"])
    ]
    assert missing == []


@LANGUAGES
def test_pages_have_no_macro_that_man_does_not_know_and_no_bare_mark(lang: str) -> None:
    lines = [line for page in lying(lang).values() for line in page.splitlines() if not line.startswith('.\\"')]
    macros = {line[1:].split(" ")[0] for line in lines if line.startswith(".")}
    assert macros <= MACROS
    bare = re.sub(r"\\(\([a-z]{2}|f[BIR]|[-e&:])", "", "\n".join(lines))
    assert re.findall(r"^'.*|.*\\.*|.*(?<!\.)[-^~`].*", bare, re.MULTILINE) == []


@LANGUAGES
def test_pages_render_without_a_warning(lang: str) -> None:
    if shutil.which("groff") is None:
        pytest.skip("no groff here")
    words = ["groff", "-k", "-Tutf8", "-man", "-ww", "-rLL=80n"]
    found = {
        path.name: (done.returncode, done.stderr)
        for path in sorted((MAN / FOLDERS[lang]).iterdir())
        for done in [subprocess.run([*words, str(path)], capture_output=True, text=True, check=False)]
    }
    assert {name: fault for name, fault in found.items() if fault != (0, "")} == {}
    assert len(found) > 10


def test_a_line_of_chinese_may_end_behind_a_character_but_not_before_a_comma() -> None:
    assert roff.running("商机，-m 已赢单。") == r"商\:机，\:\-m 已\:赢\:单。"
    assert roff.running("a-b 'c'") == r"a\-b \(aqc\(aq"
    assert roff.escaped(".opp.toml") == r"\&.opp.toml"


def test_the_wheel_has_the_pages_where_man_looks_for_them() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    found = {source: target for source, target in wheel["shared-data"].items() if source.startswith("man/")}
    assert found == {f"man/{folder}": f"share/man/{folder}" for folder in FOLDERS.values()}
