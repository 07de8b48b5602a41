"""What the policy says, as text that can be compared and read: each kind of value as it is written in the file."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from oppcli.model.policy import EVERYBODY, WEEKDAYS, Calendar, Condition, Escalation, Policy, Reminder, Tolerance
from oppcli.model.units import HOUR_MS
from oppcli.policy.kinds import Key, Keys
from oppcli.words import spans, yes_no

Told = tuple[str, Callable[[Any], str]]
"""What a key is called, and how what it says of one thing is written down."""
Hours = tuple[tuple[int, int], ...]


def text(value: Any) -> str:
    return "" if value is None else str(value)


def listed(names: Iterable[Any]) -> str:
    return ", ".join(map(str, names))


def hours(ms: int | None) -> str:
    return "" if ms is None else f"{ms / HOUR_MS:g}h"


def number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def length(value: Any) -> str:
    """A `Span` of the tables about relations."""
    if value is None:
        return ""
    if value.unit == "hours":
        return hours(value.amount)
    return f"{value.amount} {value.unit[:-1] if value.amount == 1 else value.unit}"


def dates_long(count: int | None) -> str:
    return "" if count is None else f"{count} {'day' if count == 1 else 'days'}"


def pairs(value: Mapping[str, Any]) -> str:
    return listed(
        f"{name} {listed(found) if isinstance(found, tuple) else found}".strip() for name, found in value.items()
    )


def condition(value: Condition | None) -> str:
    return "" if value is None else value.text


def row(table: Keys, value: Any) -> str:
    """A table within another: `首次联系 from assigned within 24h`."""
    if value is None:
        return ""
    said = [(key.name, _value(key, value)) for key in table.keys.values() if key.of(value) != _default(table, key)]
    return " ".join(each for name, text in said for each in ((text,) if name in _PLAIN else (name, text)) if each)


def rows(table: Keys, values: Iterable[Any]) -> str:
    return "; ".join(row(table, each) for each in values)


def by_name(table: Keys, values: Mapping[str, Any]) -> str:
    return "; ".join(f"{name} {row(table, each)}".strip() for name, each in values.items())


def _default(table: Keys, key: Key) -> Any:
    defaults = tuple(table.rule._field_defaults.get(field) for field in key.fields)
    return defaults[0] if len(defaults) == 1 else defaults


_PLAIN = ("name", "when")
"""What is told without its key."""


def span(ms: int | None) -> str:
    return "" if ms is None else spans.shown(ms)


def rule(value: tuple[str, int, int | None]) -> str:
    name, need, share = value
    if name != "at_least":
        return name
    return f"at least {need}" if share is None else f"at least {percent(share)}%"


def percent(share: int) -> str:
    """`50`, `33.33` of hundredths of a per cent."""
    return f"{share / 100:.2f}".rstrip("0").rstrip(".")


def stages(names: Iterable[str] | None) -> str:
    """Where one may go next."""
    return "anywhere" if names is None else listed(names) or "nowhere"


def listeners(names: Iterable[Any] | None) -> str:
    """Who is told; nothing where nobody asked for that."""
    return "" if names is None else listed(names) or "the admins"


def groups(names: Iterable[Iterable[str]]) -> str:
    return "; ".join(map(listed, names))


def reminders(value: Iterable[Reminder]) -> str:
    return listed(reminder.text for reminder in value)


def levels(value: Iterable[Escalation]) -> str:
    return listed(f"{hours(level.after_ms)} {level.do} {level.to}" for level in value)


def tolerances(value: Mapping[str, Tolerance]) -> str:
    return listed(f"{name} {_tolerance(tolerance)}" for name, tolerance in value.items())


def likes(value: Mapping[str, int]) -> str:
    return listed(f"{field} {least}" for field, least in value.items())


def seen(value: Mapping[str, str]) -> str:
    return listed(level if role == EVERYBODY else f"{role} {level}" for role, level in value.items())


def hidden(value: Mapping[str, Iterable[str]]) -> str:
    return listed(f"{name} from {' '.join(roles)}" for name, roles in value.items())


def roles(names: Iterable[str] | None) -> str:
    """Who may; None for everybody."""
    return "everybody" if names is None else listed(names) or "nobody"


def _tolerance(tolerance: Tolerance) -> str:
    if tolerance.share is not None:
        return f"{plain(tolerance.share * 100)}%"
    return plain(tolerance.absolute or Decimal(0))


def plain(value: Decimal) -> str:
    """A number as people write it: `500,000`, `12.5`."""
    return f"{value.normalize() + 0:,f}"


def week(calendar: Calendar) -> str:
    return listed(f"{_days(first, last)} {' '.join(map(interval, found))}" for first, last, found in runs(calendar))


def _days(first: int, last: int) -> str:
    return WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}_{WEEKDAYS[last]}"


def runs(calendar: Calendar) -> list[tuple[int, int, Hours]]:
    """Neighbouring weekdays with the same hours: (first, last, hours)."""
    found: list[tuple[int, int, Hours]] = []
    for day, open_hours in enumerate(calendar.week):
        if found and found[-1][2] == open_hours and found[-1][1] == day - 1:
            found[-1] = (found[-1][0], day, open_hours)
        elif open_hours:
            found.append((day, day, open_hours))
    return found


def interval(minutes: tuple[int, int]) -> str:
    """`09:00-12:00`, of minutes of the day."""
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes)


def days(dates: Iterable[date]) -> str:
    """`2026-10-01..2026-10-07, 2026-12-24`, as the file writes them."""
    found: list[list[date]] = []
    for day in sorted(dates):
        if found and day - found[-1][-1] == timedelta(days=1):
            found[-1].append(day)
        else:
            found.append([day])
    return listed(f"{run[0]}..{run[-1]}" if len(run) > 1 else run[0] for run in found)


def rates(values: Iterable[int]) -> str:
    """`13 %, 6 %`."""
    from oppcli.words import percents

    return listed(map(percents.shown, values))


def rate(value: int | None) -> str:
    """`0.1 %`; nothing where nothing is said."""
    return "" if value is None else rates((value,))


WRITERS: Mapping[str, Callable[[Any], str]] = {
    "text": text,
    "texts": listed,
    "reasons": listed,
    "brought": listed,
    "locks": listed,
    "away": listed,
    "touching": listed,
    "flag": yes_no.shown,
    "whole": text,
    "hours": hours,
    "span": span,
    "rule": rule,
    "limit": text,
    "reminders": reminders,
    "levels": levels,
    "tolerances": tolerances,
    "apart": groups,
    "approvers": listed,
    "approver": text,
    "listeners": listeners,
    "fields": listed,
    "stages": stages,
    "roles": roles,
    "likes": likes,
    "seen": seen,
    "hidden": hidden,
    "calendar": text,
    "movers": listed,
    "length": length,
    "seconds": spans.shown,
    "dates_long": dates_long,
    "activities": pairs,
    "values": pairs,
    "pairs": pairs,
    "amount": number,
    "rate": rate,
    "rates": rates,
}
"""By the word of a kind of value. Conditions and dates are compared by what in them changed."""
TABLES: Mapping[str, Callable[[Keys, Any], str]] = {"row": row, "rows": rows, "named": by_name}
"""The same, of tables within tables."""


def told(keys: Keys, but: tuple[str, ...] = ()) -> tuple[Told, ...]:
    """Each key that is compared as a whole; a thing is known by its name, which no comparison changes."""
    named = but if keys.rule is Policy else (*but, "name")
    return tuple(
        (key.called or key.name, partial(_value, key))
        for key in keys.keys.values()
        if key.fields and _is_whole(key) and key.name not in named
    )


def _is_whole(key: Key) -> bool:
    """Whether it is compared as a whole: of conditions those that say more than when."""
    word = key.kind.word
    return word in WRITERS or word in TABLES or (word == "condition" and key.name != "when")


def _value(key: Key, rule_of: Any) -> str:
    value = key.of(rule_of)
    if key.kind.word == "condition":
        return condition(value)
    table = TABLES.get(key.kind.word)
    return table(key.kind.of, value) if table else WRITERS[key.kind.word](value)
