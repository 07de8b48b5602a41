"""Reading the tables `[adapter.NAME]` and `[hook.NAME]`: programs that are asked, of the machine's configuration or
one's own.

Never of a folder's file nor of a policy: who steps into a folder or reads a policy runs no program of somebody else.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oppcli.config.files import ADAPTERS, HOOKS, is_file, parsed
from oppcli.config.machine import machine_files, user_file
from oppcli.errors import PolicyError, UsageError
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.toml.faults import Faults
from oppcli.toml.shape import Holds, Named, Table, sound
from oppcli.tuples import NamedTuple
from oppcli.words import spans

SECONDS, MOST = 5.0, 30
"""How long it may take where nobody says, and at most."""


class Adapter(NamedTuple):
    """A program that is asked: for facts of a customer, or before something is committed."""

    name: str
    words: tuple[str, ...]
    """The program and its arguments; no shell is involved."""
    seconds: float = SECONDS


def adapters(environ: Mapping[str, str]) -> dict[str, Adapter]:
    """By name; what the machine says counts before one's own. Refused (8) with every mistake of a file."""
    return _programs(environ, ADAPTERS, _TABLE)


def hooks(environ: Mapping[str, str]) -> dict[str, Adapter]:
    """The same of hooks; how long each may take, the policy says."""
    return _programs(environ, HOOKS, _TABLE._replace(keys={"command": _TABLE.keys["command"]}))


def _programs(environ: Mapping[str, str], word: str, shape: Table) -> dict[str, Adapter]:
    found: dict[str, Adapter] = {}
    for path in (*machine_files(environ), user_file(environ)):
        if is_file(path):
            found = {**_of(path, word, shape), **found}
    return found


def _of(path: Path, word: str, shape: Table) -> dict[str, Adapter]:
    text, tree = parsed(path)
    faults = Faults(text)
    tables = sound(tree.get(word, {}), Named(shape, word), faults, (word,)) or {}
    if faults.found:
        hint = command("help", "facts") if word == ADAPTERS else command("help", "policy")
        raise PolicyError(say("{file} cannot be used", file=path), reasons=faults.reasons(), hint=hint)
    return {name: Adapter(name, tuple(each["command"]), _seconds(each)) for name, each in tables.items()}


def _seconds(table: Mapping[str, Any]) -> float:
    return spans.parse(table["timeout"]) / 1000 if "timeout" in table else SECONDS


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(word, str) and word for word in value)


def _is_short(value: Any) -> bool:
    try:
        return isinstance(value, str) and 0 < spans.parse(value) <= MOST * 1000
    except UsageError:
        return False


_TABLE = Table(
    {
        "command": Holds(say('a list of texts: ["/usr/local/bin/credit", "--quick"]'), _is_words, secret=True),
        "timeout": Holds(say('a span of at most {most} s: "5s"', most=MOST), _is_short),
    },
    required=("command",),
)
