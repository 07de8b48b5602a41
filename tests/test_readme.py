"""The README and the pages of docs/ are typed as they stand: every command gives what is printed below it.

After a change of what the program prints: GOLDEN=write pytest tests/test_readme.py, then read the difference in git.
"""

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

import pytest
from typed_pages import Typed, tour, written

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"\]\(([^)]+)\)")
TITLED = re.compile(r"# .*[?？]$", re.MULTILINE)
"""A page whose title is a question."""
MARK = "@@@@"
WORLD = "opp demo --keep demo > tour.txt"
"""Makes the world of most pages, which takes longer than all that is asked of it."""


def typed_again(commands: list[str], folder: Path) -> list[str]:
    """What a shell in an empty folder, which is its home as well, answers to each command."""
    lines = [f'opp() {{ "{sys.executable}" -m oppcli "$@"; }}', "exec 2>&1"]
    for command in commands:
        lines += [f"echo {MARK}", command]
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE") if name in os.environ}
    done = subprocess.run(
        ["bash", "-c", "\n".join([*lines, ""])],
        cwd=folder,
        env=kept | {"HOME": str(folder), "LC_ALL": "C.UTF-8"} | own_folders(folder),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    return done.stdout.split(f"{MARK}\n")[1:]


def in_its_world(commands: list[str], folder: Path, shelf: Path) -> list[str]:
    """As `typed_again`; a world in which several pages begin alike is made once, and copied for each of them."""
    if WORLD not in commands:
        return typed_again(commands, folder)
    before = commands[: commands.index(WORLD)]
    kept = shelf / f"world-{sha256(' '.join(before).encode()).hexdigest()[:12]}"
    if not kept.exists():
        made = Path(mkdtemp(dir=shelf))
        assert typed_again([*before, WORLD], made)[-1] == ""
        with suppress(OSError):  # another worker was faster
            made.rename(kept)
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    answers = typed_again([each for each in commands if each != WORLD], folder)
    return [*answers[: len(before)], "", *answers[len(before) :]]


def own_folders(home: Path) -> dict[str, str]:
    """Where programs keep things below this home, whatever the machine says."""
    places = {"DATA": ".local/share", "STATE": ".local/state", "CONFIG": ".config", "CACHE": ".cache"}
    return {f"XDG_{name}_HOME": str(home / place) for name, place in places.items()}


ELSEWHERE = "twenty-points"
"""Typed by tests/stories, point by point."""
ALL = (*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("*.md")))
PAGES = [page for page in ALL if not page.name.startswith(ELSEWHERE) and tour(page.read_text("utf-8"))]


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_prints_what_the_page_says(
    page: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = page.read_text("utf-8")
    base = tmp_path_factory.getbasetemp()
    shelf = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    answers = in_its_world([typed.lines for typed in tour(text)], tmp_path, shelf)
    if os.environ.get("GOLDEN") == "write":
        text = written(text, answers)
        page.write_text(text, encoding="utf-8")
    shown = tour(text)
    assert [Typed(said.command, answer) for said, answer in zip(shown, answers, strict=True)] == shown


def test_the_readme_and_the_first_week_are_among_the_pages_that_are_typed() -> None:
    assert {page.stem for page in PAGES} >= {"README", "first-week"}
    assert [page.stem for page in PAGES if len(tour(page.read_text("utf-8"))) < 5] == []


def test_the_readmes_tell_the_same_things_in_the_same_order() -> None:
    """Row by row of what else there is the same pages, each the Chinese one where there is one; as many chapters."""
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh_CN.md"))
    rows = [[LINK.findall(row) for row in re.findall(r"^\| .*$", page, re.MULTILINE)] for page in (english, chinese)]
    assert [[in_chinese(each) for each in row] for row in rows[0]] == rows[1]
    assert english.count("\n## ") == chinese.count("\n## ")


def in_chinese(link: str) -> str:
    """The page in Chinese, where there is one."""
    page, mark, place = link.partition("#")
    translated = page.replace(".md", ".zh_CN.md")
    return translated + mark + place if page.endswith(".md") and (ROOT / translated).exists() else link


def test_every_page_of_a_question_is_in_the_index() -> None:
    for index in ("questions.md", "questions.zh_CN.md"):
        links = LINK.findall((ROOT / "docs" / index).read_text(encoding="utf-8"))
        questions = {
            page.name for page in (ROOT / "docs").glob("*.md") if TITLED.match(page.read_text(encoding="utf-8"))
        }
        wanted = {name for name in questions if name.endswith(".zh_CN.md") == index.endswith(".zh_CN.md")}
        assert wanted - {*links} == set()
