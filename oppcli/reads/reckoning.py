"""Columns of lists of deals that are reckoned by the policy: how much is filled, expected value, priority."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from oppcli.model import money
from oppcli.reads.table import Column, Kind, Row
from oppcli.reads.worths import Worth, reckoned
from oppcli.rules import filling
from oppcli.rules.reckoned import Reckoned, read
from oppcli.rules.worth import priority

COMPLETENESS = Column("completeness", Kind.FRACTION, wide=False)
VALUE = Column("value", Kind.MONEY, wide=False)
PRIORITY = Column("priority", Kind.MONEY, wide=False)


def beside(kept: str, names: Sequence[str]) -> tuple[tuple[Column, ...], Callable[[Row], Row]]:
    """The columns that the policy asks for, by what is kept of it, and what makes their cells of a row whose cells are
    called so."""
    by = read(kept)
    columns = (*((COMPLETENESS,) if by.weights else ()), *((VALUE, PRIORITY) if by.priority is not None else ()))

    def cells(row: Row) -> Row:
        values = dict(zip(names, row, strict=False))
        filled = (_filled(by, values),) if by.weights else ()
        return (*filled, *_worth(by, values)) if by.priority is not None else filled

    return columns, cells


def _filled(by: Reckoned, values: Mapping[str, Any]) -> float | None:
    share = filling.filling(by.weights, values).share
    return None if share is None else float(share)


def _worth(by: Reckoned, values: Mapping[str, Any]) -> tuple[int | None, int | None]:
    assert by.priority is not None
    parts = (values[name] for name in ("amount", "currency", "margin", "probability", "grade"))
    value = reckoned(Worth._make((*parts, _stored(values, by))), by.priority, by.kind, by.currency)
    rank = priority(value, values["grade"], by.priority)
    return _minor(value, values["currency"]), _minor(rank, values["currency"])


def _stored(values: Mapping[str, Any], by: Reckoned) -> dict[str, Any]:
    """The effort, as it is stored in its own column."""
    name = by.priority.effort if by.priority is not None else None
    return {name: values[name]} if name is not None and values.get(name) is not None else {}


def _minor(value: Decimal | None, currency: str) -> int | None:
    return None if value is None else money.to_minor(value, currency)
