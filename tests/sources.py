"""The program's own modules as trees, each parsed once by the tests of a file."""

import ast
import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from oppcli.speech.catalogues import states

HOUSE = Path(__file__).parents[1] / "oppcli"


@cache
def _house() -> dict[Path, ast.Module]:
    """All of them at once: parsing takes four times as long while Python looks for rubbish in what it parsed so far."""
    gc.disable()
    try:
        return {path: ast.parse(path.read_text("utf-8")) for path in sorted(HOUSE.rglob("*.py"))}
    finally:
        gc.freeze()
        gc.enable()


def tree(path: Path) -> ast.Module:
    return _house()[path]


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Each module's path below the package, and its tree."""
    for path, module in _house().items():
        yield str(path.relative_to(HOUSE)), module


@cache
def translated() -> dict[tuple[str, str], str]:
    """Each text of the program by context and template, in Chinese."""
    return {key: text for state in states() for key, text in state.translated.items()}


def teardown_module() -> None:
    """Let go of them: a file of tests has this as its own, for they weigh much."""
    _house.cache_clear()
