"""Which deals passed the filters of a report at an instant: the database says it of those that nothing happened to
since; of the others it is asked of what they were then.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.model.deals import CLOSED_KINDS
from oppcli.reads import deal_row, own, population
from oppcli.reads.asking import Asker
from oppcli.reads.converting import converter
from oppcli.reads.deals_then import DEAL, STAGE, Known, Old, Past, Then
from oppcli.reads.narrowing import sorted_out
from oppcli.reads.table import Footnote, Frame, Table
from oppcli.reads.where import among
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import compact, parsed

FILTERS = ("owner", "team", "source", "pipeline", "where")
_AT = {name: place for place, name in enumerate(deal_row.NAMES)}
_AS_STORED = ("tags", "collaborators")
EXTRA = "extra."


class Within:
    """The filters of one report."""

    def __init__(self, door: ReadDoor, args: Mapping[str, Any], frame: Frame, then: Then) -> None:
        """Refused for conditions that cannot be answered of what was: those on time since something."""
        self._door, self._args, self._frame, self._then = door, args, frame, then
        self._line: frozenset[int] | None = None
        self.notes: tuple[Footnote, ...] = ()
        self._now: set[int] | None = None
        """The deals that pass now; None for all."""
        several = population.several(door, args)
        if any(args.get(name) for name in FILTERS) or several:
            chosen = {name: args.get(name) for name in FILTERS}
            where, self.notes = population.chosen(door, chosen, frame)
            self._now = set(door.column(f"SELECT d.id FROM deal d {where.sql}", **where.params))
        if several:
            from oppcli.reads import pipelines

            self._line = pipelines.stages(door, args)
        texts = args.get("where") if any(past.at is not None for past in then.pasts) else None
        self._beside = own.fields(door) if texts else ()
        self._columns = (*deal_row.COLUMNS, *own.columns(self._beside))
        # Asked whatever happened meanwhile: the same condition is not refused on one day and answered on another.
        asker = Asker(door, self._columns, frame, noun="deal")
        self._asked = asker.read(texts) if texts else None
        self._touched = [self._other(past) for past in then.pasts]
        self._met = [self._meeting(*each) for each in zip(then.pasts, self._touched, strict=True)]

    def of(self, deal: Known) -> list[bool]:
        """Whether it passed, at each instant."""
        if self._now is None:
            return [True] * len(self._then.pasts)
        return [
            self._passed(deal, past, met) if deal.id in touched else deal.id in self._now
            for past, touched, met in zip(self._then.pasts, self._touched, self._met, strict=True)
        ]

    def _other(self, past: Past) -> set[int]:
        """The deals of which something was otherwise than now, or of the stage that they are in."""
        stages, deals = past.old[STAGE], past.old[DEAL]
        moved = (deal.id for deal in self._then.by_id.values() if deal.stage_id in stages) if stages else ()
        return {*deals, *moved}

    def _passed(self, deal: Known, past: Past, met: set[int] | None) -> bool:
        old = past.of(DEAL, deal.id)
        for name in ("owner", "source"):
            if not among(old.get(name, getattr(deal, name)), self._args.get(name)):
                return False
        if not among(old.get("owner", deal.owner), self._args.get("team")):
            return False
        if self._line is not None and self._then.stage_of(deal, old) not in self._line:
            return False
        return met is None or deal.id in met

    def _meeting(self, past: Past, touched: set[int]) -> set[int] | None:
        """Of the deals that were otherwise, those that met the conditions then; None where no condition is asked."""
        keys = sorted(touched)
        if self._asked is None or not keys:
            return None if self._asked is None else set()
        holds, bound = self._door.any_of("d.id", "changed", keys)
        rows = self._door.rows(f"{deal_row.SELECT} WHERE {holds}", changed=bound)
        shape = deal_row.shaper(self._beside)
        names = self._customers(past)
        shaped = [shape(self._as_then(list(row), past, names)) for row in rows]
        by = converter(self._door, self._frame, self._frame.policy().currency)
        kept, _ = sorted_out(Table(self._columns, shaped), self._asked, by)
        return {int(str(row[0]).rpartition("-")[2]) for row in kept}

    def _customers(self, past: Past) -> dict[int, str]:
        """The names of the customers that deals had then."""
        keys = sorted({old["customer_id"] for old in past.old[DEAL].values() if old.get("customer_id")})
        if not keys:
            return {}
        holds, bound = self._door.any_of("c.id", "customers", keys)
        return dict(self._door.rows(f"SELECT c.id, c.name FROM customer c WHERE {holds}", customers=bound))

    def _as_then(self, row: list[Any], past: Past, names: Mapping[int, str]) -> Sequence[Any]:
        """What the database gives of a deal, as it was."""
        number = int(str(row[0]).rpartition("-")[2])
        old = past.of(DEAL, number)
        for name, value in old.items():
            if name in _AT:
                row[_AT[name]] = compact(value or []) if name in _AS_STORED else value
        if "customer_id" in old:
            row[_AT["customer"]] = names.get(old["customer_id"])
        stage = self._then.stage_of(self._deals[number], old)
        place = self._then.places[self._then.pasts.index(past)][stage]
        row[_AT["kind"]] = place.kind
        own_chance = old.get("probability", self._deals[number].probability)
        closed = place.kind in CLOSED_KINDS
        row[_AT["probability"]] = place.probability if closed or own_chance is None else own_chance
        _extra(row, old)
        return row

    @property
    def _deals(self) -> Mapping[int, Known]:
        return self._then.by_id


def _extra(row: list[Any], old: Old) -> None:
    """The fields beside the columns."""
    found = {path.removeprefix(EXTRA): value for path, value in old.items() if path.startswith(EXTRA)}
    if found:
        known = {**(parsed(row[_AT["extra"]]) if row[_AT["extra"]] else {}), **found}
        row[_AT["extra"]] = compact({name: value for name, value in known.items() if value is not None})
