"""A cell's text → a stored value, by the field's kind, the mapping's formats and the policy's limits."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from oppcli.files.mapping import ISO, UNIX, UNIX_MS, ImportMap, Source
from oppcli.model import money
from oppcli.model.policy import Policy
from oppcli.rules import fields
from oppcli.rules.fields import Field
from oppcli.words import amounts, kinds, numbers
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading

Convert = Callable[[str], Any]
EARLIEST, LATEST = -2_208_988_800_000, 7_258_118_400_000
"""1900 and 2200: an instant outside is a slip of the pen."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STAMPS = {UNIX: 1000, UNIX_MS: 1}


def zone_of(mapping: ImportMap, policy: Policy) -> ZoneInfo:
    """Where the dates of the file are from: the mapping's zone, else that of the policy's calendar."""
    calendar = policy.calendars.get(policy.calendar)
    return ZoneInfo(mapping.timezone or (calendar.timezone if calendar else "UTC"))


def converter(field: Field, source: Source, *, currency: str, zone: ZoneInfo) -> Convert:
    """The function from a cell's text to the stored value; it raises `Invalid`."""
    if field.kind == "text":
        return text(field)
    if field.kind == "instant":
        return lambda text: instant(text.strip(), source.date, zone)
    if field.kind == "list":
        return lambda text: tuple(part for piece in text.replace("，", ",").split(",") if (part := piece.strip()))
    typed = _parsed(field, source, currency, zone)
    if field.kind == "money" and source.round:
        return _rounded(typed, currency, source.decimal)
    return _money(field, currency, typed) if field.kind == "money" and source.decimal == "." else typed


def text(field: Field) -> Convert:
    """Text as it is in the cell; where the field has a dictionary or a form, without the spaces around it."""
    if field.is_id:
        return lambda cell: fields.parse(field, cell)
    limited = bool(field.values or field.pattern or field.name == "currency")

    def convert(cell: str) -> str:
        kept: str = kinds.parse("text", cell) if limited else cell
        if len(cell) > field.longest:
            raise Invalid(f"{len(cell):,} characters; at most {field.longest:,} are kept")
        problem = limited and fields.limit_problem(field, kept)
        if problem:
            raise Invalid(problem)
        return kept

    return convert


def _parsed(field: Field, source: Source, currency: str, zone: ZoneInfo) -> Convert:
    def dates(text: str) -> date:
        try:
            return day(text, source.date, zone)
        except ValueError as wrong:
            raise ValueError(_said(wrong, source.date)) from None

    reading = Reading(currency, dates, source.decimal)

    def convert(text: str) -> Any:
        return fields.parse(field, text, reading)

    return convert


def _money(field: Field, currency: str, typed: Convert) -> Convert:
    """Amounts are the one kind of cell that seldom repeats: plain digits are counted without `Decimal`."""
    digits = money.exponent(currency)
    low, high = (_minor(limit, currency) for limit in (field.min, field.max))

    def convert(text: str) -> Any:
        whole, point, cents = text.partition(".")
        plain = whole.isascii() and whole.isdigit() and len(whole) <= 12
        if plain and len(cents) <= digits and (not point or (cents.isascii() and cents.isdigit())):
            minor = int(whole + cents.ljust(digits, "0"))
            if (low is None or minor >= low) and (high is None or minor <= high):
                return minor
        return typed(text)

    return convert


def _rounded(typed: Convert, currency: str, decimal: str) -> Convert:
    """Amounts with more decimals than the currency has, to the nearest that it has; halves away from zero."""
    digits = Decimal(1).scaleb(-money.exponent(currency))

    def convert(text: str) -> Any:
        try:
            exact, named = amounts.read(text, decimal)
        except Invalid:
            return typed(text)
        if named and currency not in amounts.fitting(named):
            return typed(text)
        return typed(format(exact.quantize(digits, ROUND_HALF_UP), "f").replace(".", decimal))

    return convert


def _minor(limit: Any, currency: str) -> Any:
    return None if limit is None else limit.scaleb(money.exponent(currency))


def day(text: str, form: str, zone: ZoneInfo) -> date:
    """The date of a cell: ISO, the mapping's format, or a Unix stamp in the mapping's zone."""
    if form == ISO:
        return date.fromisoformat(text) if len(text) <= 10 else _moment(text, form).date()
    if form in _STAMPS:
        return (EPOCH + timedelta(milliseconds=instant(text, form, zone))).astimezone(zone).date()
    return _moment(text, form).date()


def instant(text: str, form: str, zone: ZoneInfo) -> int:
    """Milliseconds since 1970 UTC of a cell: a day begins at midnight of the zone; an offset in the text counts.
    Raises `Invalid`."""
    if form in _STAMPS:
        return _plausible(int(numbers.parse(text) * _STAMPS[form]), text)
    try:
        moment = _moment(text, form)
    except ValueError as wrong:
        raise Invalid(f"{text} is not a date: {_said(wrong, form)}") from None
    if moment.tzinfo is None:
        # fold=0: the first of two; where the clocks skip midnight, the instant they change, which begins the day.
        moment = moment.replace(tzinfo=zone)
    return _plausible((moment - EPOCH) // timedelta(milliseconds=1), text)


def _moment(text: str, form: str) -> datetime:
    return datetime.fromisoformat(text) if form == ISO else datetime.strptime(text, form)


def _said(wrong: ValueError, form: str) -> str:
    said = str(wrong)
    if said.startswith("Invalid isoformat") or "does not match format" in said or "unconverted data" in said:
        return "expected YYYY-MM-DD" if form == ISO else f"expected {form}"
    return said


def _plausible(stamp: int, text: str) -> int:
    if not EARLIEST <= stamp < LATEST:
        raise Invalid(f"{text} lies {'before 1900' if stamp < EARLIEST else 'after 2200'}")
    return stamp
