"""From which deals it is learnt how likely others are won: those that closed, as they stood on entering a stage."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from oppcli.model.deals import LIVE_KINDS, LOST, WON
from oppcli.model.fields import BUILT_IN
from oppcli.model.policy import Policy
from oppcli.model.reporting import ORDINARY
from oppcli.rules.chances import Past
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed
from oppcli.store.olds import Olds
from oppcli.tuples import NamedTuple

DEAL, IMPORT = "deal", "import"
_KEPT = {"customer": "customer_id"}
"""Fields whose column is called otherwise."""
_STAGES = (
    "SELECT id, name, kind, position, probability, pipeline FROM stage WHERE position IS NOT NULL ORDER BY position"
)
_CLOSED = """
SELECT d.id, s.kind, d.owner, d.source, d.channel, d.probability, e.at, d.extra{columns}
FROM deal d JOIN stage s ON s.id = d.stage_id JOIN (
SELECT deal_id, min(entered_at) AS at FROM visit WHERE stage_id IN ({stages}) GROUP BY deal_id) e ON e.deal_id = d.id
WHERE s.kind IN ('{won}', '{lost}') AND d.closed_at <= :now ORDER BY d.closed_at, d.id
"""


class Place(NamedTuple):
    """A stage of the policy."""

    id: int
    name: str
    kind: str
    position: int
    probability: int | None
    pipeline: str | None


class Closed(NamedTuple):
    """A deal that closed, as it stood when it came to the stage."""

    id: int
    owner: str | None
    source: str | None
    imported: bool
    """It came with its history: its values are those that it came with."""
    shown: float | None
    """The probability that was told of it then: its own, else that of the stage."""
    past: Past


def places(door: ReadDoor) -> tuple[Place, ...]:
    """The stages of the policy, in their order."""
    return tuple(Place(*row) for row in door.rows(_STAGES))


def fields_of(policy: Policy, hidden: Collection[str]) -> tuple[str, ...]:
    """From which fields it is learnt: those of `[win]`, without what who asks does not have."""
    return tuple(name for name in (policy.win or ORDINARY).fields if name not in hidden)


def closed(door: ReadDoor, stage: Place, fields: Sequence[str], now: int) -> list[Closed]:
    """The deals that closed by now and ever reached a stage, in order of closing, with the values of these fields as
    they stood on entering it. Two statements."""
    paths = [_path(name) for name in fields]
    later = [each.id for each in places(door) if _reaches(each, stage)]
    columns = "".join(f', d."{path}"' for path in paths if not path.startswith("extra."))
    sql = _CLOSED.format(columns=columns, stages=", ".join(map(str, later)) or "NULL", won=WON, lost=LOST)
    rows = door.rows(sql, now=now)
    then = Olds(door, DEAL, (*paths, "probability"))
    return [_closed(row, paths, then, stage) for row in rows]


def _reaches(each: Place, stage: Place) -> bool:
    """Whether who is in a stage has reached another: it, or one behind it on the same way."""
    on = each.kind in (*LIVE_KINDS, WON) and each.pipeline == stage.pipeline
    return on and (each.position >= stage.position or each.kind == WON)


def _path(name: str) -> str:
    """Where the journal and the table keep a field."""
    field = BUILT_IN.get(name)
    return f"extra.{name}" if field is None or field.own else _KEPT.get(name, name)


def _closed(row: Sequence[Any], paths: Sequence[str], then: Olds, stage: Place) -> Closed:
    number, kind, owner, source, channel, probability, entered, extra, *columns = row
    stood = dict(_values(paths, extra, columns)) | {"probability": probability}
    if entered is not None:
        stood = {path: then.at(int(number), path, entered, value) for path, value in stood.items()}
    own = stood.pop("probability")
    shown = stage.probability if own is None else own
    values = [_plain(stood[path]) for path in paths]
    share = None if shown is None else shown / 100
    return Closed(int(number), owner, source, channel == IMPORT, share, Past(values, kind == WON))


def _values(paths: Sequence[str], extra: str, columns: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    own, rest = parsed(extra) if extra else {}, iter(columns)
    for path in paths:
        yield path, own.get(path.removeprefix("extra.")) if path.startswith("extra.") else next(rest)


def _plain(value: Any) -> Any:
    """A list as a text; a number that is kept as a text stays one."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
