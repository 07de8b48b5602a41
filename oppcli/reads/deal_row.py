"""A deal as a row: its columns, the SQL that has them, and what makes cells of what the SQL gives."""

from collections.abc import Callable, Sequence
from typing import Any

from oppcli.model.deals import CLOSED_KINDS
from oppcli.model.fields import of
from oppcli.model.nouns import PREFIXES
from oppcli.model.said import say
from oppcli.reads import own
from oppcli.reads.table import Column, Kind
from oppcli.store.mapping import LIKE, NEXT_STEP, RENEWED, parsed
from oppcli.store.patterns import quoted

_ORDER = """
id title customer stage kind amount currency probability owner source expected_close next_step created_at updated_at
closed_at version discount margin payment_days tier product region campaign grade score next_step_on tags collaborators
last_open_stage close_reason close_detail competitor external_id system channel extra probability_reason
""".split()
"""As programs have them; a field that is added to the registry stands behind these, and needs nothing here."""
STABLE = tuple(_ORDER[:16])
"""The columns that stand first in every version: they tell an own export."""
_NOT_LISTED = ("created_by", "standing", "merged_into")
_FIELDS = {field.name: field for field in of("deal") if not field.own and field.name not in _NOT_LISTED}
NAMES = (*_ORDER, *(name for name in _FIELDS if name not in _ORDER))
_OTHERWISE = {
    "id": Column("id", Kind.REF),
    "kind": Column("kind", words="kind", wide=False),
    "title": Column("title", cut=True),
    "customer": Column("customer", cut=True),
    "stage": Column("stage", toned="kind"),
    "owner": Column("owner", Kind.REF),
    "next_step": Column("next_step", wide=False, cut=True, named=True),
    "expected_close": Column("expected_close", Kind.DATE, title=say("CLOSE")),
    "channel": Column("channel", words="channel", wide=False),
    "category": Column("category", words="category", wide=False),
    "extra": Column("extra", Kind.OBJECT, wide=False),
    "renewal_of": Column("renewal_of", Kind.REF, wide=False),
    "origin": Column("origin", Kind.REF, wide=False),
}
"""What is not told like any field of its kind."""
_UNITS = {"%": "%", "days": say("d")}


def _column(name: str) -> Column:
    """Of a field of every team; a count says of what."""
    field = _FIELDS[name]
    unit = _UNITS.get(field.unit, "") if field.kind == "int" else ""
    return Column(name, own.KINDS[field.kind], wide=name == "amount", unit=unit)


COLUMNS = tuple(_OTHERWISE.get(name) or _column(name) for name in NAMES)
"""Of every team; the fields in `extra` stand behind them (`reads.own`)."""
_LOOKED_UP = {
    "id": f"'{PREFIXES['deal']}' || d.id",
    "customer": "c.name",
    "stage": "s.name",
    "kind": "s.kind",
    "probability": f"CASE WHEN s.kind IN ({quoted(CLOSED_KINDS)}) THEN s.probability "
    "ELSE coalesce(d.probability, s.probability) END",
    "last_open_stage": "l.name",
    "next_step": "nullif(n.title, '')",
    "next_step_on": "n.due_on",
    "renewal_of": RENEWED,
    "origin": LIKE,
}
SELECTED = ", ".join(_LOOKED_UP.get(name, f"d.{name}") for name in NAMES)
SIGNALS = Column("signals", Kind.LIST, wide=False)
"""Why one should look after a deal; only where it is asked for."""
FROM = (
    """
FROM deal d
JOIN stage s ON s.id = d.stage_id
LEFT JOIN stage l ON l.id = d.last_open_stage_id
LEFT JOIN customer c ON c.id = d.customer_id
"""
    + NEXT_STEP
)
SELECT = f"SELECT {SELECTED} {FROM}"
_SINCE = "(SELECT max(v.entered_at) FROM visit v WHERE v.deal_id = d.id AND v.left_at IS NULL)"
WITH_SINCE = f"SELECT {SELECTED}, {_SINCE} {FROM}"
_NOTHING: dict[Kind, Any] = {Kind.LIST: [], Kind.OBJECT: {}}
_JSON = tuple((i, _NOTHING[column.kind]) for i, column in enumerate(COLUMNS) if column.kind in _NOTHING)
_EMPTY = (None, "", "[]", "{}")
_EXTRA, _CURRENCY = (NAMES.index(name) for name in ("extra", "currency"))


def shaper(beside: Sequence[own.Own]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What makes a row of the SQL the cells of the columns, those of the fields in `extra` behind them."""
    blank = [None] * len(beside)

    def shape(row: Sequence[Any]) -> tuple[Any, ...]:
        cells = list(row)
        for i, nothing in _JSON:
            # Nearly every cell is empty, and reading JSON is most of what a long list costs.
            cells[i] = nothing if cells[i] in _EMPTY else parsed(cells[i])
        extra = cells[_EXTRA]
        if not extra:
            return (*cells, *blank)
        cells[_EXTRA] = own.plain(extra, beside, cells[_CURRENCY])
        return (*cells, *own.cells(extra, beside))

    return shape
