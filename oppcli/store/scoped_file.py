"""What one person sees of a database in a file: conditions and columns for the views of one connection.

Who it is stands in the views as text; which deals they see besides their own is looked up once, before the first read.
"""

from collections.abc import Iterator

from oppcli.model.fields import BUILT_IN
from oppcli.model.sight import Sight
from oppcli.store import scope
from oppcli.store.patterns import literal
from oppcli.store.reading import Reading

OWN = "main."
BEYOND, ASKED = "temp.seen_deal", "temp.seen_request"
EVERY = "temp.seen_every"
"""All deals they see, theirs and those beside: what belongs to deals is asked of it, and not of each table anew."""
SOMEBODY_ELSE = """
SELECT 1 FROM main.user_account u
WHERE u.login NOT IN ({owners}) AND EXISTS (SELECT 1 FROM main.deal d WHERE d.owner = u.login) LIMIT 1
"""
Found = tuple[dict[str, list[str]], dict[str, str]]
"""Conditions and columns by table."""


def prepared(sight: Sight, *, near: bool = True) -> Iterator[str]:
    """What is looked up once: the deals they see beside, the requests they are asked about, and, unless one thing is
    looked at (`near`) or most are seen, all deals they see."""
    me, now = literal(sight.login), str(sight.now)
    yield from _kept(BEYOND, scope.beyond(OWN, me, now))
    yield from _kept(ASKED, scope.asked(OWN, me, now))
    if _listed(sight, near=near):
        owners = ", ".join(map(literal, sight.owners))
        theirs = f"SELECT id FROM {OWN}deal WHERE owner IN ({owners})"
        yield from _kept(EVERY, f"{theirs} UNION ALL SELECT id FROM {OWN}deal WHERE owner IS NULL")
        yield f"INSERT OR IGNORE INTO {EVERY} SELECT id FROM {BEYOND}"


def _kept(table: str, found: str) -> Iterator[str]:
    yield f"CREATE TEMPORARY TABLE {table.removeprefix('temp.')} (id INTEGER PRIMARY KEY)"
    yield f"INSERT OR IGNORE INTO {table} {found}"


def _listed(sight: Sight, *, near: bool) -> bool:
    return not (near or sight.wide or sight.whole)


def scoped(door: Reading, sight: Sight, *, near: bool = False, then: bool = False) -> Found:
    """What has to hold of the rows of each table, and what is selected of it where that is not all. `near`: one thing
    is looked at, and not all that a team sees is looked up for that; `then`: the rows are those of another time."""
    asker = asker_of(sight)._replace(near=near)
    if not then and _listed(sight, near=near):
        asker = asker._replace(deals=f"SELECT id FROM {EVERY}", far=len(sight.owners) > 1)
    conditions: dict[str, list[str]] = {}
    if not sight.whole:
        everyone = door.one(SOMEBODY_ELSE.format(owners=", ".join(map(literal, sight.owners)))) is None
        conditions = {table: [holds] for table, holds in scope.conditions(asker, everyone)}
    veil = _veil(door, sight)
    return conditions, dict(scope.columns(asker._replace(then=then), veil)) if veil else {}


def asker_of(sight: Sight) -> scope.Asker:
    """Whom the rows of a file are for."""
    beyond, asked = f"SELECT id FROM {BEYOND}", f"SELECT id FROM {ASKED}"
    return scope.asker(sight, own=OWN, beyond=beyond, asked=asked, wide=sight.wide)


def _veil(door: Reading, sight: Sight) -> scope.Veil | None:
    if not sight.hidden and not sight.masked:
        return None
    from oppcli.model import veil

    unveiled, masked = veil.Veil(sight.hidden, sight.masked), veil.masked
    door.teach("opp_unveiled", 2, unveiled)
    door.teach("opp_masked", 2, lambda name, said: said if said is None else masked(name, said))
    columns = tuple(name for name in sight.hidden if name in BUILT_IN and not BUILT_IN[name].own)

    def partly(name: str, column: str, full: str) -> str:
        return f"CASE WHEN {full} THEN {column} ELSE opp_masked({literal(name)}, {column}) END"

    return scope.Veil(
        hidden=columns,
        column=lambda name, column: "NULL",
        text=lambda column, full: f"opp_unveiled({column}, {full})",
        partly=partly,
        masks="email" in sight.masked,
        lists=tuple(name for name in scope.ADDRESSES if name in sight.masked),
    )
