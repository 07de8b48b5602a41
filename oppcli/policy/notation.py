"""How things are written in the file: hours, approvers, rules, reminders, tolerances, dates, hours of a day."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from oppcli.model import approver as model
from oppcli.model.approver import CHOSEN, FIELD, LINE, Approver
from oppcli.model.policy import ALWAYS, EVERYBODY, LEVELS, WEEKDAYS, Condition, Reminder, Tolerance
from oppcli.model.requests import APPROVED, MOVES, PENDING, REJECTED
from oppcli.model.said import listed, say
from oppcli.model.units import HOUR_MS, MINUTE_MS
from oppcli.toml.shape import quoted

LEAST_SLA_MS = HOUR_MS // 4
MOST_HOURS = 99_999
LEAST_IDLE_MS, MOST_IDLE_MS = MINUTE_MS, 12 * HOUR_MS
LONGEST_RANGE = 366
_HOURS = r"(\d{1,5}(?:\.\d{1,4})?)h"
_INTERVAL = r"(\d\d?):(\d\d)-(\d\d?):(\d\d)"
_QUORUM = r"at least (\d{1,3})"
_SHARE = r"at least (\d{1,3}(?:\.\d{1,2})?) ?%"
LOCKING = (PENDING, APPROVED, REJECTED, MOVES)
_DATE = r"\d{4}-\d\d-\d\d"
APPROVERS = say("use manager, manager+1, role:NAME or user:LOGIN")


class Misread(ValueError):
    """A value that cannot be understood: the code of the problem, and a message that says how to write it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def hours(value: Any) -> int:
    """Business milliseconds of `"16h"` or `"0.5h"`. Refuses days, minutes, a bare number."""
    match = re.fullmatch(_HOURS, value) if isinstance(value, str) else None
    if match:
        return int(Decimal(match[1]) * HOUR_MS)
    raise Misread("P020", say("{value}: {instead}", value=quoted(value), instead=_instead(value)))


def _instead(value: Any) -> str:
    """What to write in place of `2d`, `30m`, `8`."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([^\W\d]*)\s*", str(value))
    number, unit = (Decimal(match[1]), match[2].lower()) if match else (Decimal(8), "")
    if number > MOST_HOURS:
        return say("at most '{most}h'; a year has about 2000 business hours", most=MOST_HOURS)
    if unit == "h" and number.as_tuple().exponent != round(number, 4).as_tuple().exponent:
        return say("at most 4 digits behind the point, '{hours}h'", hours=_plain(number))
    if unit in ("d", "day", "days", "天"):
        return say("days are ambiguous, write '{plain}h' for business hours", plain=_plain(number * 8))
    if unit in ("m", "min", "minute", "minutes", "分钟"):
        return say("write business hours, '{plain}h'", plain=_plain(number / 60))
    return say("write business hours, '{plain}h'", plain=_plain(number))


def sla(value: Any) -> int:
    """Business milliseconds of a step; at least a quarter of an hour. Refuses less, and what `hours` refuses."""
    found = hours(value)
    if found < LEAST_SLA_MS:
        raise Misread("P019", say("{value}: at least '0.25h'", value=quoted(value)))
    return found


def idle(value: Any) -> int:
    """Elapsed milliseconds of `"10m"`, from a minute to 12 hours. Refuses what is outside, and what is no span."""
    from oppcli.errors import UsageError
    from oppcli.words import spans

    try:
        found = spans.parse(value)
    except UsageError:
        found = 0
    if LEAST_IDLE_MS <= found <= MOST_IDLE_MS:
        return found
    raise Misread("P020", say("{value}: from '1m' to '12h' of elapsed time", value=quoted(value)))


def approver(value: Any) -> Approver:
    """`manager`, `manager+N`, `role:NAME`, `user:LOGIN`; a name is one word. Refuses anything else."""
    found = _approver(value)
    if found is None or found.kind in (CHOSEN, FIELD):
        raise Misread("P006", say("{value}: {approvers}", value=quoted(value), approvers=APPROVERS))
    return found


def asked(value: Any) -> Approver:
    """The same, `chosen:role:NAME` and `field:NAME` besides. Refuses anything else."""
    if found := _approver(value):
        return found
    raise Misread("P006", say("{value}: {approvers}", value=quoted(value), approvers=APPROVERS))


def _approver(value: Any) -> Approver | None:
    try:
        return model.approver(value) if isinstance(value, str) and len(value.split()) == 1 else None
    except ValueError:
        return None


def lasting(value: Any) -> Approver:
    """The same where nobody submits, so that a line leads nowhere. Refuses a line."""
    found = approver(value)
    if found.kind == LINE:
        raise Misread("P006", say("{value}: here there is no line, use role:NAME or user:LOGIN", value=quoted(value)))
    return found


def brought(value: Any) -> str:
    """What an approval may have to bring: `comment`, `file:KIND`, a field. Refuses what is no text."""
    if isinstance(value, str) and value.strip():
        return value
    raise Misread("P037", say("approve_needs: {value} is no text", value=quoted(value)))


def locks(value: Any) -> tuple[str, ...]:
    """The states in which a type locks its deal: `true` is pending, `false` none. Refuses any other word."""
    if isinstance(value, bool):
        return LOCKING[:1] if value else ()
    found = many(value)
    if not found or not set(found) <= set(LOCKING):
        raise Misread(
            "P037", say("{value}: use true, or {states}", value=quoted(value), states=listed(LOCKING, " or "))
        )
    return tuple(state for state in LOCKING if state in found)


def rule(value: Any) -> tuple[str, int, int | None]:
    """The rule of a step, how many approvals it needs, and of `at least 50%` the share in hundredths of a per cent:
    `at least 2` is ("at_least", 2, None). Refuses any other word, none, and more than all."""
    if value in ("any", "all"):
        return str(value), 1, None
    match = re.fullmatch(_QUORUM, value) if isinstance(value, str) else None
    if match and int(match[1]) > 0:
        return "at_least", int(match[1]), None
    share = re.fullmatch(_SHARE, value) if isinstance(value, str) else None
    if share and 0 < Decimal(share[1]) <= 100:
        return "at_least", 1, int(Decimal(share[1]) * 100)
    raise Misread("P016", say("{value}: use any, all, 'at least N' or 'at least 50%'", value=quoted(value)))


def reminder(value: Any) -> Reminder:
    """`"50%"` of the time, `"2h before"` due, `"4h after"`. Refuses anything else, and no time at all."""
    if isinstance(value, str):
        share = re.fullmatch(r"(\d{1,2}(?:\.\d+)?)%", value)
        if share and Decimal(share[1]) > 0:
            return Reminder(text=value, share=Decimal(share[1]) / 100)
        if value.endswith(" before"):
            return Reminder(text=value, before_ms=hours(value.removesuffix(" before")))
        if value.endswith(" after"):
            return Reminder(text=value, after_ms=hours(value.removesuffix(" after")))
    raise Misread("P020", say("{value}: use '50%', '2h before' or '4h after'", value=quoted(value)))


def tolerance(value: Any) -> Tolerance:
    """`"2%"` of what the approvers saw, or an amount (`5000`, `"5万"`). Refuses what is negative, or no number."""
    try:
        if isinstance(value, str) and value.endswith("%"):
            return Tolerance(share=_positive(Decimal(value.removesuffix("%")) / 100))
        return Tolerance(absolute=_positive(number(value)))
    except (InvalidOperation, ValueError):
        raise Misread("P037", say("{value}: use '2%' or an amount", value=quoted(value))) from None


def tolerances(table: Mapping[str, Any]) -> dict[str, Tolerance]:
    return {name: tolerance(value) for name, value in table.items()}


def condition(text: str) -> Condition:
    """Not read yet: most commands never ask a condition."""
    return ALWAYS if text.strip() == "always" else Condition(text, None)


def limit(value: Any) -> Decimal | date:
    """The least or greatest value of a field: a number, `"50万"`, `"20 %"`, or a date. Raises ValueError."""
    if type(value) is date:
        return value
    if isinstance(value, str) and value.count("-") == 2:
        return date.fromisoformat(value)
    if isinstance(value, str):
        from oppcli.words import amounts, percents

        return amounts.read(percents.number(value))[0]
    return number(value)


def rate(value: Any) -> int:
    """A rate, of tax or of a day's delay, as it is stored: `13`, `"13%"`. Refuses what is none from 0 to 100."""
    from oppcli.words import percents

    try:
        found = percents.parse(str(value)) if isinstance(value, str) else int(number(value) * percents.UNIT)
    except ValueError:
        found = -1
    if not 0 <= found <= 100 * percents.UNIT:
        raise Misread("P037", say("{value}: not a rate from 0 to 100", value=quoted(value)))
    return found


def number(value: Any) -> Decimal:
    """A plain number, or a text such as `"50万"`. Raises ValueError, also for TOML's nan and inf."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and Decimal(value).is_finite():
        return Decimal(value)
    if isinstance(value, str):
        from oppcli.words.numbers import parse

        return parse(value)
    raise ValueError(value)


def _positive(value: Decimal) -> Decimal:
    if not value.is_finite() or value < 0:
        raise ValueError(value)
    return value


def days(value: Any) -> tuple[date, ...]:
    """`"2026-10-01"`, also bare, or `"2026-10-01..2026-10-07"` inclusive. Refuses no day, backwards, over a year."""
    if type(value) is date:
        return (value,)
    first, dots, last = value.partition("..") if isinstance(value, str) else ("", "", "")
    begin, end = _day(first, value), _day(last if dots else first, value)
    if not 0 <= (end - begin).days < LONGEST_RANGE:
        raise Misread("P032", say("{value}: from the earlier to the later day, at most a year", value=quoted(value)))
    return tuple(begin + timedelta(days=n) for n in range((end - begin).days + 1))


def dates(value: Any) -> frozenset[date]:
    """All the days of a list of days and ranges."""
    return frozenset(day for text in many(value) for day in days(text))


def _day(text: str, whole: Any) -> date:
    try:
        if re.fullmatch(_DATE, text.strip()):
            return date.fromisoformat(text.strip())
    except ValueError:
        raise Misread("P032", say("{whole}: there is no such day", whole=quoted(whole))) from None
    raise Misread("P032", say("{whole}: use '2026-10-01' or '2026-10-01..2026-10-07'", whole=quoted(whole)))


def interval(value: Any) -> tuple[int, int]:
    """`"09:00-12:00"` in minutes of the day; it may end at 24:00. Refuses any other form, and an end that is not after
    the beginning."""
    match = re.fullmatch(_INTERVAL, value) if isinstance(value, str) else None
    if not match:
        raise Misread("P030", say("{value}: use '09:00-12:00'", value=quoted(value)))
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if max(int(match[2]), int(match[4])) > 59 or end > 1440:
        raise Misread("P030", say("{value}: there is no such time of day", value=quoted(value)))
    if start >= end:
        raise Misread(
            "P030",
            say("{value}: it ends before it begins; hours after midnight belong to the next day", value=quoted(value)),
        )
    return start, end


def weekdays(key: str) -> tuple[int, ...] | None:
    """The days of `mon_fri` or `sat`, Monday is 0; None for a key that names no days."""
    first, dash, last = key.partition("_")
    last = last if dash else first
    if first not in WEEKDAYS or last not in WEEKDAYS:
        return None
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
    return tuple((begin + n) % 7 for n in range((end - begin) % 7 + 1))


def many(value: Any) -> tuple[Any, ...]:
    """A list as a tuple; one thing alone is a list of one."""
    return tuple(value) if isinstance(value, list) else (value,)


def who(role: Any) -> tuple[str, ...]:
    """The people of a role: a list alone, or in a table beside its title."""
    return many(role.get("who", []) if isinstance(role, dict) else role)


def title(role: Any) -> str | None:
    """What a role is called otherwise than by its name."""
    return role.get("title") if isinstance(role, dict) else None


def _plain(value: Decimal) -> str:
    return format(round(value, 4).normalize(), "f")


def seen(value: Any) -> dict[str, str]:
    """Role → how far it sees; `*` for one word that holds for all. Refuses any other word, and an empty table."""
    found = {EVERYBODY: value} if isinstance(value, str) else value
    wrong = [each for each in found.values() if each not in LEVELS] if isinstance(found, dict) else [value]
    if wrong or not found:
        said = say("{value}: use {levels}, or a table of roles", value=quoted(value), levels=listed(LEVELS, " or "))
        raise Misread("P037", said)
    return dict(found)


def hidden(value: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Field → the roles without it."""
    return {name: many(roles) for name, roles in value.items()}
