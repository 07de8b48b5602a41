"""What a person at a terminal is told where nothing was found: what was asked for, and the command without it."""

from collections.abc import Callable, Sequence
from typing import Any

from oppcli.cli.answers import typed
from oppcli.cli.context import Context
from oppcli.cli.row_nouns import noun_of
from oppcli.model.command import Command, written
from oppcli.model.nouns import BY_WORD
from oppcli.model.said import Word, say
from oppcli.reads.cards import told_on
from oppcli.reads.table import COMMAND, Footnote, Read, Table


def nothing(read: Read, line: Any, table: Table, argv: Sequence[str]) -> Table:
    """The empty table, whose footer is `no deals: --stage Won --owner kim`, as they were typed on the `line`, what was
    left out, and the command without these options."""
    noun = BY_WORD.get(noun_of(read.path))
    what = say("no {things}", things=Word("plural", noun.plural)) if noun else say("nothing found")
    left_out = tuple(part for part in table.footer if part.omission)
    asked = {f"{param.word}_": param.place for param in read.asks}
    known = [each for each in line.command.params if each.name in asked]
    options = sorted((each for each in known if not asked[each.name]), key=_typed_at(argv))
    given = typed(options, line.params, argv)
    if not given:
        return table._replace(rows=[], footer=(Footnote("population", 0, what), *left_out))
    told = say("{nothing}: {options}", nothing=what, options=written(given).removeprefix("opp "))
    places = typed((each for each in known if asked[each.name]), line.params)
    bare = Command([*read.path.split(), *places])
    return table._replace(rows=[], footer=(Footnote("population", 0, told), *left_out, Footnote(COMMAND, None, bare)))


def worth_a_word(opp: Context) -> bool:
    """Whether who reads an empty answer off a terminal is told so beside it: a person, not a program; whoever names a
    format or columns has a document, as ever."""
    return told_on(opp.given) and opp.line.params.get("output") is None


def _typed_at(argv: Sequence[str]) -> Callable[[Any], int]:
    """Where on the line an option stands first; one that does not, last."""

    def at(param: Any) -> int:
        return next((at for at, word in enumerate(argv) if word.partition("=")[0] in param.opts), len(argv))

    return at
