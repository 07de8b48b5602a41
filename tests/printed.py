"""Every command that the program makes to be printed, while a test runs, is one that the tree of commands takes."""

import itertools
import re
import shlex
from collections.abc import Iterable
from functools import cache
from typing import Any

import oppcli.model.command as commands
from oppcli.cli.app import root
from oppcli.cli.context import Context
from oppcli.cli.globals import options
from oppcli.errors import OppError

MADE: set[tuple[str, ...]] = set()
"""The words of every command made so far."""
_written = commands.written


def _noted(words: Iterable[str], flags: Iterable[str] = ()) -> str:
    kept = tuple(words)
    MADE.add(kept)
    return _written(kept, flags)


def watch() -> None:
    """From now on remember each command that is made, and none of before."""
    MADE.clear()
    commands.written = _noted


ANYWHERE = {spelling for option in options() if not option.is_flag for spelling in option.opts}
"""Flags with a value that may stand before the command."""


@cache
def trouble(words: tuple[str, ...]) -> str | None:
    """Why this command could not be typed; None when it could, once its blanks are filled in."""
    try:
        group: Any = root()
        rest = [{"N": "1", "-N": "-1"}.get(word, word) for word in words]  # the blank of a number
        while rest[:1] and rest[0] in ANYWHERE:
            rest = rest[2:]
        if rest[:2] == ["view", "run"]:  # the line of a view is looked up in a database
            return None if len(rest) == 3 else "takes a name"
        context = group.make_context("opp", [], obj=Context({}))
        while rest not in ([], ["--help"]) and hasattr(group, "resolve_command"):
            name, group, rest = group.resolve_command(context, rest)
            if rest in ([], ["--help"]):
                return None
            if not hasattr(group, "resolve_command"):
                group.make_context(name, rest, parent=context)
    except OppError as error:
        return error.message
    except Exception as error:  # what the vendored Click refuses, by whatever name
        return str(getattr(error, "message", error))
    return None


def troubles() -> dict[str, str]:
    """Commands made so far that nobody could type, each with the reason."""
    return {_written(words): said for words in sorted(MADE) if (said := trouble(words))}


HINT = re.compile(r"^(?:hint: |提示：)opp (.+)$", re.MULTILINE)


def hint_trouble(err: str) -> str | None:
    """Why a hint that begins as a command could not be pasted; None when it could, or where there is none."""
    found = HINT.search(err)
    if found is None:
        return None
    shell = shlex.shlex(found[1], posix=True, punctuation_chars="|>;")
    shell.whitespace_split, shell.commenters = True, "#"
    words = [*itertools.takewhile(lambda word: word not in ("|", ">", ";"), shell)]
    return trouble(tuple(words))
