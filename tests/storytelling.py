"""Sections of docs/twenty-points.md, typed by their team in this process, and what can be asked of them afterwards."""

import atexit
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import printed
import pytest
from command_line import Answer, InProcess, _at, _streams
from typed_pages import Typed, tour, written

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = {"en": DOCS / "twenty-points.md", "zh": DOCS / "twenty-points.zh_CN.md"}
SECTION = re.compile(r"^## ", re.MULTILINE)
KEPT = ("OPP_LANG", "OPP_USER", "OPP_NOW", "OPP_DB")


def sections(text: str) -> list[str]:
    """What stands before the first heading, the beginning, and the points."""
    starts = [0, *(match.start() for match in SECTION.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(starts)]


class Typist(InProcess):
    """Types the blocks of a page: `opp …` and `export …` in this process, whatever else by the shell."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        home = folder / "home"
        places = {"DATA": ".local/share", "STATE": ".local/state", "CONFIG": ".config", "CACHE": ".cache"}
        self.env |= {f"XDG_{name}_HOME": str(home / place) for name, place in places.items()}
        for name in KEPT:
            self.env.pop(name, None)

    def typed(self, line: str) -> str:
        """What the terminal shows."""
        if line.startswith("export "):
            line, _, rest = line.partition(" && ")
            if rest:
                return self.typed(line) + self.typed(rest)
            self.env |= dict(word.split("=", 1) for word in shlex.split(line)[1:])
            return ""
        if not line.startswith("opp "):
            return self.shell(line)
        said = line.removesuffix(' || echo "exit code $?"')
        words = shlex.split(said)[1:]
        file = words[words.index(">") + 1] if ">" in words and " > " in said else None
        if file:
            answer = self(*words[:-2])
            (self.folder / file).write_bytes(answer.raw)
            code, told = answer.code, answer.err
        else:
            code, told = self._told(words)
        return told + (f"exit code {code}\n" if code and said != line else "")

    def _told(self, words: list[str]) -> tuple[int, str]:
        """The exit code and all that stands on the terminal, in its order."""
        from oppcli.cli.app import run

        with _at(self.folder, self.environment(None, None, None)), _streams(b"") as (out, _):
            sys.stderr = sys.stdout
            code = run(words)
            sys.stdout.flush()
            return code, out.getvalue().decode("utf-8")

    def shell(self, line: str) -> str:
        done = subprocess.run(
            ["bash", "-c", line], cwd=self.folder, env=self.env, capture_output=True, text=True, check=False
        )
        return done.stderr + done.stdout


class Story:
    """What a team typed for one point, and what was printed."""

    def __init__(self, lang: str, number: int, opp: Typist, shown: list[Typed], answers: list[str]) -> None:
        self.lang, self.number, self.opp, self.shown, self.answers = lang, number, opp, shown, answers

    @property
    def texts(self) -> str:
        """All that was printed."""
        return "".join(self.answers)

    def agrees(self) -> None:
        """What was printed is what the page says."""
        typed = [Typed(each.command, answer) for each, answer in zip(self.shown, self.answers, strict=True)]
        assert typed == self.shown

    def answer(self, beginning: str, n: int = 0) -> str:
        """What the nth command that begins so has printed."""
        found = [a for t, a in zip(self.shown, self.answers, strict=True) if t.lines.startswith(beginning)]
        return found[n]

    def reasons(self, beginning: str, n: int = 0) -> list[str]:
        """The lines of what is missing that a refusal has told."""
        return [line for line in self.answer(beginning, n).splitlines() if line.startswith("  ")]

    def ask(self, line: str, **given: Any) -> Any:
        """A read, as JSON."""
        return self.opp.ok(*shlex.split(line), "--json", **given).json

    def do(self, line: str, **given: Any) -> Answer:
        """Another command, done or refused."""
        return self.opp(*shlex.split(line), **given)

    def log(self, ref: str) -> list[tuple[str, str, str]]:
        """Who did what to which, in order."""
        return [(e["actor"], e["action"], e["id"]) for e in self.ask(f"log {ref} --sort at -L 0")]

    def again(self, folder: Path) -> "Story":
        """The same in a folder of its own, where something may be done."""
        opp = Typist(folder)
        shutil.copytree(self.opp.folder, folder, dirs_exist_ok=True)
        opp.env = {name: value.replace(str(self.opp.folder), str(folder)) for name, value in self.opp.env.items()}
        return Story(self.lang, self.number, opp, self.shown, self.answers)


def _typed(opp: Typist, shown: list[Typed]) -> list[str]:
    printed.watch()
    answers = [opp.typed(typed.lines) for typed in shown]
    troubles = printed.troubles()
    assert troubles == {}, f"printed, and not to be typed: {troubles}"
    return answers


@cache
def _begun(lang: str) -> tuple[Path, dict[str, str], list[str]]:
    """The team, made once and copied."""
    folder = Path(tempfile.mkdtemp(prefix="opp-story-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    opp = Typist(folder)
    answers = _typed(opp, tour(sections(PAGES[lang].read_text("utf-8"))[1]))
    return folder, opp.env, answers


def told(lang: str, number: int, folder: Path) -> Story:
    """The section of this number, typed; the beginning is number 0."""
    kept, env, answers = _begun(lang)
    page = PAGES[lang]
    shown = tour(sections(page.read_text("utf-8"))[number + 1])
    opp = Typist(folder)
    if number:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        opp.env = {name: value.replace(str(kept), str(folder)) for name, value in env.items()}
        answers = _typed(opp, shown)
    if os.environ.get("GOLDEN") == "write":
        parts = sections(page.read_text("utf-8"))
        parts[number + 1] = written(parts[number + 1], answers)
        page.write_text("".join(parts), encoding="utf-8")
        shown = tour(parts[number + 1])
    return Story(lang, number, opp, shown, answers)


@pytest.fixture(scope="module", params=PAGES)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The point that the name of the module says."""
    found = re.search(r"test_(\d\d)_", request.module.__name__)
    assert found is not None
    return told(request.param, int(found[1]), tmp_path_factory.mktemp("story"))


@pytest.fixture
def own(story: Story, tmp_path: Path) -> Story:
    """The same story, in a folder where a test may go on."""
    return story.again(tmp_path)
