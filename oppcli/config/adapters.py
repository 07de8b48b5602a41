"""Reading the tables `[adapter.NAME]` and `[hook.NAME]`: programs that are asked, of the machine's configuration or
one's own.

Never of a folder's file nor of a policy: who steps into a folder or reads a policy runs no program of somebody else.
"""

from collections.abc import Mapping
from typing import Any

from oppcli.config.files import ADAPTERS, HOOKS, told_in
from oppcli.errors import UsageError
from oppcli.model.said import say
from oppcli.toml.shape import Holds, Named, Table
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
    return _programs(environ, ADAPTERS, _TABLE, "facts")


def hooks(environ: Mapping[str, str]) -> dict[str, Adapter]:
    """The same of hooks; how long each may take, the policy says."""
    return _programs(environ, HOOKS, _TABLE._replace(keys={"command": _TABLE.keys["command"]}), "policy")


def _programs(environ: Mapping[str, str], word: str, shape: Table, page: str) -> dict[str, Adapter]:
    tables: dict[str, Any] = {}
    for _, more in told_in(environ, word, Named(shape, word), page):
        tables = {**more, **tables}
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
