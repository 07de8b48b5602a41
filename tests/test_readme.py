"""The README and the pages of docs/ are typed as they stand: every command gives what is printed below it.

After a change of what the program prints: GOLDEN=write pytest tests/test_readme.py, then read the difference in git.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"^\$ .*\n(?:> .*\n)*", re.MULTILINE)
MARK = "@@@@"


class Typed(NamedTuple):
    """A command as the page shows it, with its prompts, and what the page says it prints."""

    command: str
    answer: str


def tour(page: Path) -> list[Typed]:
    """The commands of all console blocks of a page, in order; lines that go on begin with `> `."""
    found = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        starts = [match.start() for match in TYPED.finditer(block)]
        for start, end in zip(starts, [*starts[1:], len(block)], strict=True):
            said = TYPED.match(block, start)
            assert said is not None
            found.append(Typed(said[0], block[said.end() : end]))
    return found


def typed_again(commands: list[str], folder: Path) -> list[str]:
    """What a shell in an empty folder, which is its home as well, answers to each command."""
    lines = [f'opp() {{ "{sys.executable}" -m oppcli "$@"; }}', "exec 2>&1"]
    for command in commands:
        lines += [f"echo {MARK}", *(line[2:] for line in command.splitlines())]
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


def own_folders(home: Path) -> dict[str, str]:
    """Where programs keep things below this home, whatever the machine says."""
    places = {"DATA": ".local/share", "STATE": ".local/state", "CONFIG": ".config", "CACHE": ".cache"}
    return {f"XDG_{name}_HOME": str(home / place) for name, place in places.items()}


def written(page: Path, answers: list[str]) -> str:
    """The page with these answers below its commands."""
    rest = iter(answers)

    def filled(block: re.Match[str]) -> str:
        commands = TYPED.findall(block[1])
        return "```console\n" + "".join(command + next(rest) for command in commands) + "```"

    return BLOCK.sub(filled, page.read_text(encoding="utf-8"))


PAGES = [page for page in (*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("*.md"))) if tour(page)]


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_prints_what_the_page_says(page: Path, tmp_path: Path) -> None:
    shown = tour(page)
    answers = typed_again([command for command, _ in shown], tmp_path)
    if os.environ.get("GOLDEN") == "write":
        page.write_text(written(page, answers), encoding="utf-8")
        shown = tour(page)
    assert [Typed(said.command, answer) for said, answer in zip(shown, answers, strict=True)] == shown


def test_the_readme_and_the_first_week_are_among_the_pages_that_are_typed() -> None:
    assert {page.stem for page in PAGES} >= {"README", "first-week"}
    assert [page.stem for page in PAGES if len(tour(page)) < 5] == []
