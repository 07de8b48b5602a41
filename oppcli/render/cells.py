"""Raw value → text of one cell: for people, for flat machine formats, for JSON; one small function per kind."""

from collections.abc import Callable
from datetime import date
from typing import Any

from oppcli.model import money
from oppcli.render.output import Output
from oppcli.render.screen import harmless
from oppcli.render.view import Shown
from oppcli.reports.table import Beyond, Kind, Row

DECIMALS = 4
"""Of fractions, days and hours in machine formats: a hundredth of one per cent, nine seconds of a day."""
RIGHT = frozenset((Kind.COUNT, Kind.NUMBER, Kind.FRACTION, Kind.PERCENT, Kind.MONEY, Kind.DAYS, Kind.HOURS))
"""Kinds that stand at the right of their column."""
WORDS = frozenset((Kind.TEXT, Kind.REF, Kind.LIST, Kind.OBJECT))
"""Kinds that hold what somebody typed."""
Cell = Callable[[Row], str]


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _measure(value: Any) -> float | int | str:
    """A fraction, days or hours, rounded; `>138` where only that is known."""
    rounded = _whole(round(float(value), DECIMALS))
    return f">{rounded}" if isinstance(value, Beyond) else rounded


def _number(value: Any) -> float | int:
    return value if isinstance(value, int) else _whole(float(value))


def _percent(value: Any) -> float | int:
    return _whole(value / 10_000)


def _iso(ms: int) -> str:
    from oppcli.dates import iso

    return iso(ms)


def _loaded(value: Any) -> Any:
    """Nested data that may come as JSON text, as it lies in the database."""
    if isinstance(value, str) and value[:1] in "[{":
        import json

        return json.loads(value)
    return list(value) if isinstance(value, tuple) else value


def _compact(value: Any) -> str:
    import json

    return json.dumps(_loaded(value), ensure_ascii=False, separators=(",", ":"))


def _joined(value: Any) -> str:
    found = _loaded(value)
    return "; ".join(map(str, found)) if isinstance(found, list) else str(found)


_DATA: dict[Kind, Callable[[Any], Any]] = {
    Kind.FRACTION: _measure,
    Kind.DAYS: _measure,
    Kind.HOURS: _measure,
    Kind.NUMBER: _number,
    Kind.PERCENT: _percent,
    Kind.INSTANT: _iso,
    Kind.BOOL: bool,
    Kind.LIST: _loaded,
    Kind.OBJECT: _loaded,
}
_FLAT: dict[Kind, Callable[[Any], str]] = {
    Kind.FRACTION: lambda value: str(_measure(value)),
    Kind.DAYS: lambda value: str(_measure(value)),
    Kind.HOURS: lambda value: str(_measure(value)),
    Kind.PERCENT: lambda value: str(_percent(value)),
    Kind.INSTANT: _iso,
    Kind.BOOL: lambda value: "true" if value else "false",
    Kind.LIST: _joined,
    Kind.OBJECT: _compact,
}


def data(shown: Shown) -> Callable[[Row], Any]:
    """Row → the value as JSON holds it; money is text with its decimals."""
    at, currency_at = shown.at, shown.currency_at
    if shown.column.kind is Kind.MONEY:
        return lambda row: None if row[at] is None else _plain_money(row, at, currency_at)
    convert = _DATA.get(shown.column.kind)
    if convert is None:
        return lambda row: row[at]
    return lambda row: None if row[at] is None else convert(row[at])


def flat(shown: Shown) -> Cell:
    """Row → the text in csv, tsv and ids; nothing for no value."""
    at, currency_at = shown.at, shown.currency_at
    if shown.column.kind is Kind.MONEY:
        return lambda row: "" if row[at] is None else _plain_money(row, at, currency_at)
    convert = _FLAT.get(shown.column.kind, str)
    return lambda row: "" if row[at] is None else convert(row[at])


def _plain_money(row: Row, at: int, currency_at: int | None) -> str:
    return money.plain(row[at], row[currency_at] or "" if currency_at is not None else "")


def people(shown: Shown, out: Output) -> Cell:
    """Row → the text that people read, harmless on a terminal; nothing for no value."""
    at, column = shown.at, shown.column
    if column.kind is Kind.MONEY:
        return _people_money(shown)
    convert = _reader(column.kind, out)
    unit = f" {column.unit}" if column.unit else ""
    return lambda row: "" if row[at] is None else convert(row[at]) + unit


def _people_money(shown: Shown) -> Cell:
    at, currency_at = shown.at, shown.currency_at

    def text(row: Row) -> str:
        if row[at] is None:
            return ""
        currency = row[currency_at] or "" if currency_at is not None else ""
        amount = money.shown(row[at], currency)
        return amount if shown.names_currency else amount.removeprefix(currency).lstrip()

    return text


def _reader(kind: Kind, out: Output) -> Callable[[Any], str]:
    if kind is Kind.INSTANT:
        from oppcli.dates import show_instant

        return lambda ms: show_instant(ms, out.tz, out.now)
    if kind is Kind.DATE:
        from oppcli.dates import today

        now = None if out.now is None else today(out.now, out.tz)
        return lambda text: _shown_date(text, now)
    return _PEOPLE.get(kind, lambda value: harmless(str(value)))


def _days(value: Any) -> str:
    return f"{'>' if isinstance(value, Beyond) else ''}{float(value):,.1f}"


_PEOPLE: dict[Kind, Callable[[Any], str]] = {
    Kind.COUNT: lambda value: f"{value:,}",
    Kind.FRACTION: lambda value: f"{value * 100:.1f} %",
    Kind.PERCENT: lambda value: f"{_percent(value)} %",
    Kind.DAYS: _days,
    Kind.HOURS: _days,
    Kind.BOOL: lambda value: "yes" if value else "no",
    Kind.LIST: lambda value: harmless(_joined(value)),
    Kind.OBJECT: lambda value: harmless(_compact(value)),
}


def _shown_date(text: str, now: date | None) -> str:
    from oppcli.dates import show_date

    try:
        return show_date(date.fromisoformat(text), now)
    except ValueError:
        return harmless(text)
