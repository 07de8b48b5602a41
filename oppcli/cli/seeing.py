"""What a scope does to what is shown: columns that are hidden, the right to take data out, what takes who sees all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from oppcli.cli.context import Context
from oppcli.cli.writing import remember
from oppcli.errors import NotAllowed, OppError, Reason
from oppcli.model.deals import NEXT
from oppcli.model.fields import BUILT_IN
from oppcli.model.journal import Entry
from oppcli.model.noun import replace
from oppcli.model.records import ANY
from oppcli.model.said import say
from oppcli.model.sight import OFFERING, Sight
from oppcli.reads.table import Table
from oppcli.render.view import named, words
from oppcli.rules.scopes import require_all, require_export, require_fields
from oppcli.store.doors import ReadDoor


@contextmanager
def read_all(opp: Context, what: str, standings: Sequence[str] = ANY) -> Iterator[ReadDoor]:
    """A door on everything of these standings, as it is stored, for `what`. Refused under a scope for who does not see
    all."""
    with opp.read(standings, whole=True) as door:
        if door.scope is not None:
            require_all(opp.see(door), what)
        yield door


REQUESTS = ("request ", "inbox")
"""Reads that show what was asked about: who is asked sees it, hidden or not."""
DEALS = ("deal ", "lead ", "export", "inbox", "request ")
"""Reads with columns of the team's own fields."""
SEVERAL = "show"
"""The read that leaves out what is hidden by itself: what that is depends on each thing it shows."""


def without_hidden(table: Table, sight: Sight, path: str, asked: Iterable[str]) -> Table:
    """The table without the columns that this person does not have. Refused where one of them is asked for."""
    if path == SEVERAL:
        return table
    gone = {name for name in sight.hidden if name in BUILT_IN or path.startswith(DEALS)}
    require_fields(sight, [name for name in asked if name in gone])
    names = [column.name for column in table.columns]
    if path.startswith(REQUESTS):
        table = table._replace(rows=list(table.rows))
        gone = {name for name in gone & set(names) if not any(row[names.index(name)] for row in table.rows)}
    kept = [place for place, name in enumerate(names) if name not in gone]
    if len(kept) == len(names):
        return table
    total = table.total and {name: value for name, value in table.total.items() if name not in gone}
    return table._replace(
        columns=tuple(table.columns[place] for place in kept),
        rows=(tuple(row[place] for place in kept) for row in table.rows),
        total=total,
    )


MANY = 50
"""Rows that anybody may have in another program; more is taking data out."""


def let_out(opp: Context, table: Table, path: str, limit: int | None) -> Table:
    """The table, for another program. Refused where it is so many rows, and this person may not take data out."""
    if opp.sight is None or opp.sight.exports or (limit is not None and limit <= MANY):
        return table
    first = list(islice(table.rows, MANY + 1))
    if len(first) > MANY:
        opp.still.close()  # a writer waits for readers
        require_right(opp, path)
    return table._replace(rows=first)


def require_right(opp: Context, path: str) -> None:
    """Refuse to take data out to who may not; the attempt is an entry."""
    try:
        require_export(opp.sight, ("export", path))
    except NotAllowed as refusal:
        remember(opp, refusal, opp.stamp(path))
        raise


def note_export(opp: Context, path: str, typed: Mapping[str, Any], table: Table, rows: int) -> None:
    """An entry of what is taken out, before it is. Refused for who may not take data out."""
    noun = typed["noun"]
    require_right(opp, noun)
    given = opp.given
    specs = [named(given[flag], table.columns) for flag in ("columns", "sort")]
    require_fields(opp.sight, [name for spec in specs for _, name in words(spec)])
    columns = specs[0] or ",".join(column.name for column in table.columns)
    told = {name: value for name, value in typed.items() if name != "noun" and value}
    limited = min(rows, given["limit"]) if given["limit"] else rows
    with opp.write(path) as door:
        meta = {"filters": told, "columns": columns.split(","), "rows": limited, "format": given["output"]}
        file = {"file": given["out"]} if given["out"] else {}
        door.note("export", "export", noun, {**meta, **file})


def unveiler(sight: Sight) -> Callable[[str], str]:
    """A text without what it tells of hidden fields: their names stay. A text that tells nothing stays what it is."""
    from oppcli.model.veil import Veil

    unveiled = Veil(sight.hidden, ())

    def told(text: str) -> str:
        found = unveiled(text, True)
        return text if found is None or found == str(text) else found

    return told


def veiled_error(error: OppError, sight: Sight) -> OppError:
    """A refusal that names hidden fields, and not what is in them."""
    error.message, error.reasons = unveiler(sight)(error.message), veiled(error.reasons, sight)
    return error


def veiled(reasons: Iterable[Reason], sight: Sight) -> tuple[Reason, ...]:
    """Reasons that name hidden fields, and not what is in them."""
    told = unveiler(sight)
    return tuple(reason._replace(detail=told(reason.detail)) for reason in reasons)


def veiled_entries(entries: Iterable[Entry], sight: Sight) -> list[Entry]:
    """Entries without hidden fields."""
    import json

    from oppcli.model.veil import Veil

    def seen(entry: Entry) -> Any:
        # Of a next step, which is a task, an entry tells nothing where that is hidden; not what kind its task is.
        if entry.noun == "task" and any(name in sight.hidden for name in NEXT):
            return {}
        if any(name in sight.hidden for name in OFFERING.get(entry.noun, ())):
            return {}
        return json.loads(unveiled(json.dumps(dict(entry.changes)), True) or "{}")

    unveiled = Veil(sight.hidden, ())
    return [replace(each, changes=seen(each)) for each in entries]


def of_those_seen(table: Table) -> Table:
    """Populations say whose they are."""
    told = tuple(
        note._replace(text=say("{what} of those you see", what=note.text)) if note.code == "population" else note
        for note in table.notes
    )
    return table._replace(notes=told)
