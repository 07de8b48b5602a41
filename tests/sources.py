"""The program's own modules as trees, each parsed once by the tests of a file."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from oppcli.speech.catalogues import states

HOUSE = Path(__file__).parents[1] / "oppcli"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Each module's path below the package, and its tree."""
    for path in sorted(HOUSE.rglob("*.py")):
        yield str(path.relative_to(HOUSE)), tree(path)


@cache
def translated() -> dict[tuple[str, str], str]:
    """Each text of the program by context and template, in Chinese."""
    return {key: text for state in states() for key, text in state.translated.items()}


def teardown_module() -> None:
    """Let go of them: a file of tests has this as its own, for they weigh much."""
    tree.cache_clear()
