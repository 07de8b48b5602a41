"""`opp sql`: a statement from the line or standard input, with the values of its names, over the documented views."""

from collections.abc import Sequence
from typing import Any, cast

from oppcli.cli.batch import standard_input
from oppcli.cli.context import Context
from oppcli.errors import PolicyError, UsageError
from oppcli.model.command import command
from oppcli.model.records import COUNTED
from oppcli.model.said import listed, say
from oppcli.reads import sql
from oppcli.reads.table import Table
from oppcli.store.doors import ReadDoor, SqlDoor
from oppcli.store.statements import names, single


def sql_(opp: Context, query: str | None, param: Sequence[str] | None, views: bool) -> Table:
    """What the statement answers, or the views there are. Refused under a scope for who does not see all."""
    from oppcli.cli.seeing import read_all

    if not views and not query:
        hint = say("what can be asked: {views}", views=command("sql", "--views"))
        raise UsageError(say("a statement is missing: a SELECT, or - for standard input"), hint=hint)
    statement = "" if views else single(standard_input() if query == "-" else query or "")
    values = {} if views else _values(opp, statement, param or ())
    door = opp.still.enter_context(read_all(opp, sql.READ.whole, COUNTED))
    if views:
        return sql.catalogue(door, _currency(opp, door))
    table = sql.asked(cast(SqlDoor, door), statement, values, _currency(opp, door))
    given = opp.given
    streams = given["output"] in sql.STREAMED and not (given["excel"] or given["sort"])
    if streams:
        return table
    held = sql.held(table, opp.newest)
    opp.still.close()  # a writer waits for readers, and a pager may stand for long
    return held


def _values(opp: Context, statement: str, given: Sequence[str]) -> dict[str, Any]:
    """A value for each name of the statement. Refused for one that is missing, and for one that it does not ask for."""
    from oppcli.words.shown import iso_in_full

    typed = dict(_pair(text) for text in given)
    known: dict[str, Any] = {"now": iso_in_full(opp.now), "me": opp.actor, **typed}
    wanted = names(statement)
    if missing := [name for name in wanted if name not in known]:
        said = say("no value for {names}", names=listed(f":{name}" for name in missing))
        raise UsageError(said, hint=f"-p {missing[0]}=…")
    if strange := [name for name in typed if name not in wanted]:
        raise UsageError(say("the statement has no {names}", names=listed(f":{name}" for name in strange)))
    return {name: known[name] for name in wanted}


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise UsageError(say("-p takes NAME=VALUE, not {text}", text=text))
    try:
        return name, int(value)
    except ValueError:
        pass
    try:
        return name, float(value)
    except ValueError:
        return name, value


def _currency(opp: Context, door: ReadDoor) -> str:
    try:
        return opp.policy(door).currency
    except PolicyError:
        return ""
