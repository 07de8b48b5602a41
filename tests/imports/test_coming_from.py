"""The pages for teams that come from another program: their files are written, their commands typed in this process,
and every answer is what the page says. GOLDEN=write writes the answers into the pages."""

import atexit
import os
import re
import shutil
from functools import cache
from itertools import takewhile
from pathlib import Path
from tempfile import mkdtemp

import pytest
from storytelling import DOCS, Typist
from typed_pages import Typed, tour, written

from oppcli.cli.app import root
from oppcli.cli.topics import find

PAGES = sorted((DOCS / "coming-from").glob("*.md"))
FILE = re.compile(r"^```(?:csv|toml) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FROM_CHINA = {"jiandaoyun", "kingdee", "yonyou", "wecom", "xiaoshouyi", "qidian", "fxiaoke"}
PROGRAMS = FROM_CHINA | {"salesforce", "zoho", "hubspot", "sap"}


def languages(page: Path) -> tuple[str, str]:
    """Of the answers, and of the policy: who comes from a Chinese program has Chinese stages on either page."""
    chinese = page.name.endswith(".zh_CN.md")
    return "zh" if chinese else "en", "zh" if chinese or page.stem in FROM_CHINA else "en"


@cache
def begun(policy: str) -> Path:
    """A database that was only begun, made once and copied."""
    folder = Path(mkdtemp(prefix="opp-arrival-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    person = typist(folder, policy, policy)
    assert person.typed(f"opp init --template b2b --lang {policy} -q") == f"{folder / 'team.db'}\n"
    return folder


def typist(folder: Path, answers: str, policy: str) -> Typist:
    made = Typist(folder)
    zone = "Asia/Shanghai" if policy == "zh" else "America/New_York"
    user = "wang" if policy == "zh" else "nora"
    now = "2026-03-09T09:00:00" + ("+08:00" if policy == "zh" else "-04:00")
    made.env |= {
        "OPP_DB": str(folder / "team.db"),
        "OPP_LANG": answers,
        "OPP_TZ": zone,
        "OPP_USER": user,
        "OPP_NOW": now,
    }
    return made


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name.removesuffix(".md"))
def test_what_is_typed_on_a_page_prints_what_the_page_says(page: Path, tmp_path: Path) -> None:
    answers, policy = languages(page)
    shutil.copyfile(begun(policy) / "team.db", tmp_path / "team.db")
    person = typist(tmp_path, answers, policy)
    text = page.read_text("utf-8")
    for name, body in FILE.findall(text):
        (tmp_path / name).write_text(body, "utf-8")
    plain = text.replace("```console run\n", "```console\n")
    told = [person.typed(typed.lines) for typed in tour(plain)]
    if os.environ.get("GOLDEN") == "write":
        plain = written(plain, told)
        page.write_text(plain.replace("```console\n", "```console run\n"), "utf-8")
    shown = tour(plain)
    assert [Typed(said.command, answer) for said, answer in zip(shown, told, strict=True)] == shown
    assert len(shown) >= 5, "little is tried"


def test_each_of_eleven_programs_has_its_page_in_both_languages_with_the_same_files_and_commands() -> None:
    assert {page.name for page in PAGES} == {f"{name}{end}" for name in PROGRAMS for end in (".md", ".zh_CN.md")}
    parts = {page.name: re.findall(r"^(?:## |```\S+ \S+)", page.read_text("utf-8"), re.MULTILINE) for page in PAGES}
    assert [name for name in sorted(PROGRAMS) if parts[f"{name}.md"] != parts[f"{name}.zh_CN.md"]] == []


@pytest.mark.parametrize("index", ["coming-from.md", "coming-from.zh_CN.md"])
def test_every_page_is_short_and_on_the_index(index: str) -> None:
    end = index.removeprefix("coming-from")
    pages = {page for page in PAGES if page.name.endswith(end) and (end == ".zh_CN.md" or ".zh_CN" not in page.name)}
    linked = set(re.findall(r"\]\((coming-from/[^)]+)\)", (DOCS / index).read_text("utf-8")))
    assert linked == {f"coming-from/{page.name}" for page in pages}
    assert [page.name for page in pages if len(page.read_text("utf-8").splitlines()) > 90] == []


def test_every_command_that_a_page_names_is_one() -> None:
    tree = root()
    named = {
        (page.name, code)
        for page in PAGES
        for code in re.findall(
            r"`opp ([a-z][^`]*)`", re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.S | re.M)
        )
    }
    unknown = [(page, code) for page, code in sorted(named) if find(tree, _verbs(code)) is None]
    assert len(named) > 200
    assert unknown == []


def _verbs(code: str) -> list[str]:
    """The words before the first that is no noun or verb of the tree: an id, a flag, a name."""
    words = list(takewhile(re.compile(r"[a-z-]+").fullmatch, code.split()))
    group = find(root(), words[:1])
    return words[: 2 if hasattr(group, "get_command") else 1]
