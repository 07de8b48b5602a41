"""Raw value → text of one cell: for people, for flat machine formats, for JSON; one small function per kind."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from re import fullmatch
from typing import Any

from oppcli.model import money
from oppcli.model.said import Listed, Word, coded, listed, say
from oppcli.model.units import LastMinute, Met
from oppcli.reads.table import Beyond, Kind, Row
from oppcli.render.output import Output
from oppcli.render.screen import harmless
from oppcli.render.view import Shown, View

DECIMALS = 4  # of fractions, days and hours in machine formats: a hundredth of one per cent, nine seconds of a day
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"  # an instant in nested data
CODED = ("state", "kind", "channel", "verdict", "rule")
"""Names in nested data whose values people read as words, of the group that is called so."""
HASH, DIGEST = "[0-9a-f]{64}", 12  # a SHA-256, and so many characters of it people read
RIGHT = frozenset(
    (Kind.COUNT, Kind.NUMBER, Kind.FRACTION, Kind.PERCENT, Kind.MONEY, Kind.DAYS, Kind.HOURS, Kind.SECONDS)
)
"""Kinds that stand at the right of their column."""
WORDS = frozenset((Kind.TEXT, Kind.REF, Kind.LIST, Kind.OBJECT))  # kinds that hold what somebody typed
Texts = Callable[[Sequence[Row]], list[str]]
"""Rows → the texts of one column. Whole columns, because a call per cell costs more than what it does."""


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _measure(value: Any) -> float | int | str:
    """A fraction, days or hours, rounded; `>138` where only that is known."""
    rounded = "met" if isinstance(value, Met) else _whole(round(value, DECIMALS))
    return f">{rounded}" if isinstance(value, Beyond) else rounded


def rounded(value: Any) -> Any:
    """A figure of a total: a fraction with as many decimals as in a column."""
    return _measure(value) if isinstance(value, float) else value


def _number(value: Any) -> float | int:
    return value if isinstance(value, int) else _whole(float(value))


def _percent(value: Any) -> float | int:
    return _whole(value / 10_000)


def _listed(value: Any) -> Any:
    """Nested data as JSON has it. A text is a text, whatever it begins with."""
    return list(value) if isinstance(value, tuple) else value


def _compact(value: Any) -> str:
    import json

    return json.dumps(_listed(value), ensure_ascii=False, separators=(",", ":"))


def _joined(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _together(parts: Sequence[str], out: Output) -> str:
    """A list as people read it: with semicolons where what it holds has commas."""
    between = "; " if any(mark in part for part in parts for mark in ",，、") else ", "
    return out.told(Listed(parts, between))


def _digits(value: Any) -> str:
    """As `_measure`, as text: `47.9854`, `45`, `>138`."""
    text = "met" if isinstance(value, Met) else f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return f">{text}" if isinstance(value, Beyond) else text if text != "-0" else "0"


_DATA: dict[Kind, Callable[[Any], Any]] = {
    Kind.FRACTION: _measure,
    Kind.DAYS: _measure,
    Kind.HOURS: _measure,
    Kind.NUMBER: _number,
    Kind.PERCENT: _percent,
    Kind.BOOL: bool,
    Kind.LIST: _listed,
    Kind.OBJECT: _listed,
}
_FLAT: dict[Kind, Callable[[Any], str]] = {
    **dict.fromkeys((Kind.FRACTION, Kind.DAYS, Kind.HOURS), _digits),
    Kind.NUMBER: lambda value: str(_whole(value) if isinstance(value, float) else value),
    Kind.PERCENT: lambda value: str(_percent(value)),
    Kind.BOOL: lambda value: "true" if value else "false",
    Kind.LIST: _joined,
    Kind.OBJECT: _compact,
}


def data(shown: Shown) -> Callable[[Sequence[Row]], list[Any]]:
    """Rows → the values of a column as JSON holds them; money is text with its decimals."""
    if shown.column.kind is Kind.MONEY:
        return _money(shown, money.plain, None)
    at, convert = shown.at, iso() if shown.column.kind is Kind.INSTANT else _DATA.get(shown.column.kind)
    if convert is None:
        return lambda rows: [row[at] for row in rows]
    return lambda rows: [None if row[at] is None else convert(row[at]) for row in rows]


def flat(shown: Shown) -> Texts:
    """Rows → the texts of a column in csv, tsv and ids; nothing for no value."""
    if shown.column.kind is Kind.MONEY:
        return _money(shown, money.plain, "")
    at, convert = shown.at, iso() if shown.column.kind is Kind.INSTANT else _FLAT.get(shown.column.kind, str)
    return lambda rows: ["" if row[at] is None else convert(row[at]) for row in rows]


def people(shown: Shown, out: Output) -> Texts:
    """Rows → the texts of a column that people read, harmless on a terminal; nothing for no value."""
    if shown.column.kind is Kind.MONEY:
        return _money(shown, _amounts(out, named=shown.names_currency), "")
    at, convert = shown.at, _reader(shown.column.kind, out)
    if shown.column.hashes:
        return lambda rows: ["" if row[at] is None else convert(_found_by(row[at])) for row in rows]
    if shown.behalf_at is not None:
        return _acting(at, shown.behalf_at, convert, out)
    if shown.until_at is not None:
        return _left(shown, shown.until_at, convert, out)
    unit, blank = f" {out.told(shown.column.unit)}" if shown.column.unit else "", out.told(shown.column.blank)
    if (group := shown.column.words) and out.voice.plain:
        return lambda rows: [blank if row[at] is None else convert(getattr(row[at], "said", row[at])) for row in rows]
    if group:
        return lambda rows: [harmless(out.told(coded(group, row[at]))) if row[at] else blank for row in rows]
    return lambda rows: [blank if row[at] is None else convert(row[at]) + unit for row in rows]


def _found_by(text: str) -> str:
    """The beginning of a hash, which finds it; another text as it is."""
    return text[:DIGEST] if fullmatch(HASH, text) else text


def _left(shown: Shown, until_at: int, convert: Callable[[Any], str], out: Output) -> Texts:
    """What is left until an instant: `3.5 bh`, behind it `34.2 bh late`; on a screen the last day says so."""
    at, unit = shown.at, out.told(shown.column.unit)

    def told(row: Row) -> str:
        left, due = row[at], row[until_at]
        if left is None or due is None:
            return ""
        if out.now is not None and due < out.now:
            return out.told(say("{hours} {unit} late", hours=convert(abs(left)), unit=unit))
        if out.terminal and due_today(due, out):
            return out.told(say("{hours} {unit} today", hours=convert(left), unit=unit))
        return f"{convert(left)} {unit}"

    return lambda rows: [told(row) for row in rows]


def due_today(due: int, out: Output) -> bool:
    """Is that today, where this is read, and still to come?"""
    from oppcli.words.zones import today

    return out.now is not None and out.now <= due and today(due, out.tz) == today(out.now, out.tz)


def _acting(at: int, behalf_at: int, convert: Callable[[Any], str], out: Output) -> Texts:
    def told(row: Row) -> str:
        who = "" if row[at] is None else convert(row[at])
        return (
            out.told(say("{who} for {principal}", who=who, principal=convert(row[behalf_at])))
            if row[behalf_at]
            else who
        )

    return lambda rows: [told(row) for row in rows]


def lines(view: View, rows: Sequence[Row], out: Output) -> list[tuple[str, ...]]:
    """The texts that people read, a tuple per row."""
    return list(zip(*[people(shown, out)(rows) for shown in view.shown], strict=True))


def things(value: Any, out: Output) -> list[str]:
    """The texts of a list of nested things, one each; nothing for any other value."""
    found = _listed(value)
    return [harmless(_said(inner, out)) for inner in found] if isinstance(found, list) else []


def _said(value: Any, out: Output) -> str:
    """Nested data in a line: `bob 16.0, cay 1.0`; things of a list are parted by semicolons, empty values left out."""
    found = _listed(value)
    if isinstance(found, Mapping):
        parts = (_named(name, inner, out) for name, inner in found.items() if inner not in (None, "", [], {}))
        return out.told(listed(parts))
    if isinstance(found, list | tuple):
        return out.told(listed((_said(inner, out) for inner in found), "; "))
    if isinstance(found, bool):
        return out.told(say("yes") if found else say("no"))
    if isinstance(found, float):
        return _days(found)
    return _told(found, out) if isinstance(found, str) else _compact(found)


def _named(name: str, value: Any, out: Output) -> str:
    """`entered at Mon 9 Mar 09:00`, in the zone of who reads; of a digest the beginning."""
    if name.endswith("_at") and isinstance(value, str) and fullmatch(INSTANT, value):
        from oppcli.words.instants import parse_instant
        from oppcli.words.shown import show_instant

        value = out.told(show_instant(parse_instant(value, now_ms=0, tz="UTC"), out.tz, out.now))
    elif name == "sha256" and isinstance(value, str):
        value = value[:DIGEST]
    elif name in CODED and isinstance(value, str):
        value = Word(name, value)
    called = out.named(name) if type(name) is str else out.told(name)
    return f"{called} {_said(value, out)}"


def iso() -> Callable[[int], str]:
    from oppcli.words.shown import iso

    return iso


def _money(shown: Shown, text: Callable[[int, str], str], nothing: Any) -> Callable[[Sequence[Row]], list[Any]]:
    at, currency_at = shown.at, shown.currency_at
    if currency_at is None:
        return lambda rows: [nothing if row[at] is None else text(row[at], "").lstrip() for row in rows]
    if shown.column.counts:
        from oppcli.render.counts import mixed

        return mixed(at, currency_at, text, nothing)
    return lambda rows: [nothing if row[at] is None else text(row[at], row[currency_at] or "") for row in rows]


def _amounts(out: Output, *, named: bool) -> Callable[[int, str], str]:
    """How people read minor units of a currency; `named`: it is told with them."""
    if not out.money:
        return money.shown if named else money.bare
    from oppcli.words import short

    text = short.shown if named else short.bare
    return lambda minor, currency: text(minor, currency, out.voice.lang)


def _reader(kind: Kind, out: Output) -> Callable[[Any], str]:
    if kind is Kind.INSTANT:
        return lambda ms: out.told(_moment(ms, out))
    if kind is Kind.DATE:
        from oppcli.words.zones import today

        now = None if out.now is None else today(out.now, out.tz)
        return lambda text: _shown_date(text, now, out)
    if kind is Kind.FRACTION:
        return lambda share: out.told(Word("coverage", "met")) if isinstance(share, Met) else f"{share * 100:.1f} %"
    if kind is Kind.SECONDS:
        from oppcli.words.shown import show_seconds

        return lambda seconds: out.told(show_seconds(seconds))
    if kind is Kind.OBJECT:
        return lambda value: harmless(_said(value, out))
    if kind is Kind.BOOL:
        return lambda value: out.told(say("yes") if value else say("no"))
    if kind is Kind.LIST:
        return lambda value: harmless(_together([_told(each, out) for each in _listed(value)], out))
    return _PEOPLE.get(kind, lambda value: harmless(_told(value, out)))


def _moment(ms: int, out: Output) -> str:
    from oppcli.words.shown import show_date, show_instant
    from oppcli.words.zones import today

    if not isinstance(ms, LastMinute):
        return show_instant(ms, out.tz, out.now)
    return show_date(today(ms, out.tz), None if out.now is None else today(out.now, out.tz))


def _told(value: Any, out: Output) -> str:
    """A value as people read it: what was said in their language, what somebody typed as it is."""
    return out.told(value) if isinstance(value, str) and type(value) is not str else str(value)


def _days(value: Any) -> str:
    return f"{'>' if isinstance(value, Beyond) else ''}{float(value):,.1f}"


_PEOPLE: dict[Kind, Callable[[Any], str]] = {
    Kind.NUMBER: lambda value: f"{value:,f}" if hasattr(value, "as_tuple") else str(value),
    Kind.COUNT: lambda value: f"{value:,}",
    Kind.PERCENT: lambda value: f"{_percent(value)} %",
    Kind.DAYS: _days,
    Kind.HOURS: _days,
}


def _shown_date(text: str, now: date | None, out: Output) -> str:
    from oppcli.words.shown import show_date, show_instant

    if fullmatch(INSTANT, text):
        at = int(datetime.fromisoformat(text).timestamp() * 1000)
        return out.told(show_instant(at, out.tz, out.now))
    try:
        return out.told(show_date(date.fromisoformat(text), now))
    except ValueError:
        return harmless(text)
