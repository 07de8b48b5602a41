"""What a person at a terminal is told where nothing was found: what was asked for, and the command without it."""

from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.cli.row_nouns import noun_of
from oppcli.cli.teams import typed_again
from oppcli.model.command import Command, written
from oppcli.model.nouns import BY_WORD
from oppcli.model.said import Word, say
from oppcli.reads.table import COMMAND, Footnote, Param, Read, Table


def nothing(read: Read, typed: Mapping[str, Any], table: Table, argv: Sequence[str]) -> Table:
    """The empty table, whose footer is `no deals: --stage Won --owner kim`, as they were typed, what was left out, and
    the command without these options."""
    noun = BY_WORD.get(noun_of(read.path))
    what = say("no {things}", things=Word("plural", noun.plural)) if noun else say("nothing found")
    left_out = tuple(part for part in table.footer if part.omission)
    options = sorted(_only(read, place=False), key=lambda param: _typed_at(param, argv))
    given = list(typed_again(options, typed))
    if not given:
        return table._replace(rows=[], footer=(Footnote("population", 0, what), *left_out))
    told = say("{nothing}: {options}", nothing=what, options=written(given).removeprefix("opp "))
    bare = Command([*read.path.split(), *typed_again(_only(read, place=True), typed)])
    return table._replace(rows=[], footer=(Footnote("population", 0, told), *left_out, Footnote(COMMAND, None, bare)))


def _only(read: Read, *, place: bool) -> list[Param]:
    """What it may be asked with: arguments, or options."""
    return [param for param in read.asks if param.place is place]


def _typed_at(param: Param, argv: Sequence[str]) -> int:
    """Where on the line an option stands first; one that does not, last."""
    flags = (f"--{param.name}", param.short or f"--{param.name}")
    return next((at for at, word in enumerate(argv) if word.partition("=")[0] in flags), len(argv))
