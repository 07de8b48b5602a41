"""From which deals it is learnt how likely others are won: those that closed, as they stood on entering a stage; and
how likely one is by them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from oppcli.model.deals import LIVE_KINDS, LOST, WON, Deal
from oppcli.model.fields import BUILT_IN
from oppcli.model.policy import Policy
from oppcli.model.reporting import ORDINARY
from oppcli.rules.chances import Chance, Lacking, Past, Priced, learnt
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed
from oppcli.store.olds import Olds
from oppcli.tuples import NamedTuple

DEAL, STAGE, IMPORT = "deal", "stage", "import"
_KEPT = {"customer": "customer_id"}
"""Fields whose column is called otherwise."""
_STAGES = (
    "SELECT id, name, kind, position, probability, pipeline FROM stage WHERE position IS NOT NULL ORDER BY position"
)
_ENDED = f"s.kind IN ('{WON}', '{LOST}') AND d.closed_at <= :now"
_CLOSED = """
SELECT d.id, d.last_open_stage_id, s.kind, d.owner, d.source, d.channel, d.probability, d.currency, d.extra{columns}
FROM deal d JOIN stage s ON s.id = d.stage_id WHERE {ended} ORDER BY d.closed_at, d.id
"""
_ENTERED = """
SELECT v.deal_id, v.stage_id, min(v.entered_at) FROM visit v JOIN deal d ON d.id = v.deal_id
JOIN stage s ON s.id = d.stage_id WHERE {ended} GROUP BY v.deal_id, v.stage_id
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


def of_money(policy: Policy, fields: Sequence[str]) -> frozenset[str]:
    """Which of these fields are amounts of money."""
    from oppcli.rules.fields import field_kinds

    kinds = field_kinds(policy)
    return frozenset(name for name in fields if kinds.get(name) == "money")


def places(door: ReadDoor) -> tuple[Place, ...]:
    """The stages of the policy, in their order."""
    return tuple(Place(*row) for row in door.rows(_STAGES))


def fields_of(policy: Policy, hidden: Collection[str]) -> tuple[str, ...]:
    """From which fields it is learnt: those of `[win]`, without what who asks does not have."""
    return tuple(name for name in (policy.win or ORDINARY).fields if name not in hidden)


def closed(door: ReadDoor, stage: Place, fields: Sequence[str], now: int, money: Collection[str] = ()) -> list[Closed]:
    """The deals that closed by now and ever reached a stage, in order of closing (`History`)."""
    return History(door, fields, now, money).closed(stage)


class History:
    """The deals that closed by an instant, when they came to which stage, and what was changed of them; read once, in
    five statements, for all stages of which it is asked."""

    def __init__(self, door: ReadDoor, fields: Sequence[str], now: int, money: Collection[str] = ()) -> None:
        """`money`: which of the fields are: of them it is learnt by currency."""
        self.places = places(door)
        self._paths = [path_of(name) for name in fields]
        self._money = [name in money for name in fields]
        sql = _CLOSED.format(columns=columns_of(self._paths), ended=_ENDED)
        self._rows = door.rows(sql, now=now)
        # An imported deal may tell no more of its way than the last stage before its end.
        self._entered: dict[int, list[tuple[int, int | None]]] = {
            int(row[0]): [] if row[1] is None else [(int(row[1]), None)] for row in self._rows
        }
        for deal, stage, at in door.stream(_ENTERED.format(ended=_ENDED), now=now):
            self._entered[int(deal)].append((stage, at))
        kept = (*self._paths, "probability", *(["currency"] if any(self._money) else []))
        self._then, self._chances = Olds(door, DEAL, kept), Olds(door, STAGE, ("probability",))

    def closed(self, stage: Place) -> list[Closed]:
        """Those that ever reached a stage, in order of closing, with the values of the fields as they stood on entering
        it, and the probability that was shown then."""
        later = {each.id: each for each in self.places if _reaches(each, stage)}
        found = []
        for row in self._rows:
            came = [
                (at is None, at or 0, later[place].position, place)
                for place, at in self._entered[int(row[0])]
                if place in later
            ]
            if came:
                unknown, at, _, place = min(came)
                shown = stage if later[place].kind == WON else later[place]
                found.append(self._one(row, None if unknown else at, shown))
        return found

    def _one(self, row: Sequence[Any], at: int | None, stage: Place) -> Closed:
        number, _, kind, owner, source, channel, probability, currency, extra, *columns = row
        stood = values_of(self._paths, extra, columns) | {"probability": probability, "currency": currency}
        chance = stage.probability
        if at is not None:
            stood = {path: self._then.at(int(number), path, at, value) for path, value in stood.items()}
            chance = self._chances.at(stage.id, "probability", at, chance)
        shown = stood["probability"] if stood["probability"] is not None else chance
        values = plain_values((stood[path] for path in self._paths), self._money, stood["currency"])
        share = None if shown is None else shown / 100
        return Closed(int(number), owner, source, channel == IMPORT, share, Past(values, kind == WON))


def columns_of(paths: Sequence[str]) -> str:
    """What is selected of a deal `d` for these fields, behind its `extra`."""
    return "".join(f', d."{path}"' for path in paths if not path.startswith("extra."))


def _reaches(each: Place, stage: Place) -> bool:
    """Whether who is in a stage has reached another: it, or one behind it on the same way."""
    on = each.kind in (*LIVE_KINDS, WON) and each.pipeline == stage.pipeline
    return on and (each.position >= stage.position or each.kind == WON)


def path_of(name: str) -> str:
    """Where the journal and the table keep a field."""
    field = BUILT_IN.get(name)
    return f"extra.{name}" if field is None or field.own else _KEPT.get(name, name)


def values_of(paths: Sequence[str], extra: str, columns: Iterable[Any]) -> dict[str, Any]:
    """The fields of a row that has `columns_of` them, by path."""
    own, rest = parsed(extra) if extra else {}, iter(columns)
    return {path: own.get(path.removeprefix("extra.")) if path.startswith("extra.") else next(rest) for path in paths}


def plain_values(values: Iterable[Any], money: Iterable[bool], currency: str) -> list[Any]:
    """As it is learnt from them: a list as a text, money with its currency; a number kept as a text stays one."""
    return [
        Priced(currency, value)
        if priced and value is not None
        else ", ".join(map(str, value))
        if isinstance(value, list | tuple)
        else value
        for value, priced in zip(values, money, strict=True)
    ]


def chance(door: ReadDoor, policy: Policy, deal: Deal, now: int) -> Chance | Lacking | None:
    """How likely one open deal is, with the interval of what came true; how many closed where they are too few; None
    where who asks sees none of the fields that it is learnt from, or the stage is no more."""
    fields = fields_of(policy, door.hidden)
    money = of_money(policy, fields)
    history = History(door, fields, now, money) if fields else None
    place = next((each for each in history.places if each.name == deal.stage), None) if history else None
    if history is None or place is None:
        return None
    model = learnt([each.past for each in history.closed(place)])
    if isinstance(model, Lacking):
        return model
    paths = [path_of(name) for name in fields]
    (row,) = door.rows(f"SELECT d.currency, d.extra{columns_of(paths)} FROM deal d WHERE d.id = :id", id=deal.id)
    currency, extra, *columns = row
    stood = values_of(paths, extra, columns)
    return model.chance(plain_values(stood.values(), [name in money for name in fields], currency))
