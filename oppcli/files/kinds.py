"""A cell's text → a stored value, by the field's kind, the mapping's formats and the policy's limits."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from oppcli.files import dates
from oppcli.files.doubts import COMMA, FRACTION, Doubt, Doubtful, needs_comma
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.reading import Convert
from oppcli.model import money
from oppcli.model.fields import Field
from oppcli.model.policy import Policy
from oppcli.model.said import say
from oppcli.rules import fields
from oppcli.words import amounts, numbers
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading
from oppcli.words.percents import UNIT

NUMERIC = ("money", "number", "int", "percent")
Tell = Callable[[str], None]
_SIGNS = frozenset("%％折")
"""What a per cent says itself to be with."""
_BETWEEN = re.compile("[,，;；]")


def silent(said: str) -> None:
    """Nobody is told."""


def zone_of(mapping: ImportMap, policy: Policy) -> ZoneInfo:
    """Where the dates of the file are from: the mapping's zone, else that of the policy's calendar."""
    calendar = policy.calendars.get(policy.calendar)
    return ZoneInfo(mapping.timezone or (calendar.timezone if calendar else "UTC"))


def converter(field: Field, source: Source, *, currency: str, zone: ZoneInfo, tell: Tell = silent) -> Convert:
    """The function from a cell's text to the stored value; it raises `Invalid`. `tell` is told how a cell was read that
    could have been meant otherwise."""
    if field.kind == "text":
        return text(field)
    if field.kind == "instant":
        return lambda text: dates.instant(text.strip(), source.date, zone)
    if field.kind == "list":
        return parts
    decimal = source.decimal or "."
    reading = Reading(currency, lambda text: dates.day(text, source.date, zone), decimal, tell)
    parse = _parsed(field, reading, doubting=source.decimal is None)
    if field.kind == "money" and source.round:
        parse = _rounded(parse, reading)
    if isinstance(source.factor, Decimal):
        return _multiplied(parse, reading, source.factor)
    if field.kind == "percent":
        return _percent(parse)
    if field.kind == "money" and decimal == "." and not source.round:
        return _money(field, parse, currency)
    return parse


def parts(text: str) -> tuple[str, ...]:
    """The texts of a list, between commas or semicolons."""
    return tuple(part for piece in _BETWEEN.split(text) if (part := piece.strip()))


def text(field: Field) -> Convert:
    """Text as it is in the cell; where the field has a dictionary or a form, without the spaces around it."""
    if field.is_id:
        # Ids never repeat, and hardly one is anything but short and plain.
        return lambda cell: cell if cell.isalnum() and cell.isascii() and len(cell) < 99 else fields.parse(field, cell)
    limited = bool(field.values or field.pattern or field.name == "currency")

    def convert(cell: str) -> str:
        kept: str = fields.parse(field, cell) if limited else cell
        if len(cell) > field.longest:
            raise Invalid(
                say("{value:,} characters; at most {longest:,} are kept", value=len(cell), longest=field.longest)
            )
        return kept

    return convert


def _parsed(field: Field, reading: Reading, *, doubting: bool) -> Convert:
    """As people type it. `doubting`: the mapping does not say what the decimal mark is."""

    def convert(text: str) -> Any:
        try:
            return fields.parse(field, text, reading)
        except Invalid as wrong:
            if doubting and field.kind in NUMERIC and needs_comma(text):
                raise Doubtful(wrong.args[0], Doubt(COMMA, text)) from None
            raise

    return convert


def _percent(parse: Convert) -> Convert:
    """Of a column where some have their sign, `22%`, nobody but the mapping knows what `0.25` is."""
    first: dict[bool, str] = {}

    def convert(text: str) -> Any:
        found = parse(text)
        signed = not _SIGNS.isdisjoint(text)
        if signed or 0 < abs(found) < UNIT:
            first.setdefault(signed, text.strip())
            if len(first) > 1:
                said = say("{bare} beside {signed} may be a part of 1", bare=first[False], signed=first[True])
                raise Doubtful(said, Doubt(FRACTION, said))
        return found

    return convert


def _money(field: Field, parse: Convert, currency: str) -> Convert:
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
        return parse(text)

    return convert


def _rounded(parse: Convert, reading: Reading) -> Convert:
    """Amounts with more decimals than the currency has, to the nearest that it has; halves away from zero."""
    currency, decimal = reading.currency, reading.decimal
    digits = Decimal(1).scaleb(-money.exponent(currency))

    def convert(text: str) -> Any:
        try:
            exact, named = amounts.read(text, decimal)
        except Invalid:
            return parse(text)
        if named and currency not in amounts.fitting(named):
            return parse(text)
        return parse(format(exact.quantize(digits, ROUND_HALF_UP), "f").replace(".", decimal))

    return convert


def _multiplied(parse: Convert, reading: Reading, factor: Decimal) -> Convert:
    """Numbers times the factor; what has a % or a unit (`120万`) says itself what it is, and what is no number is
    told as it stands."""
    decimal = reading.decimal

    def convert(text: str) -> Any:
        try:
            exact, named = amounts.read(text, decimal)
        except Invalid:
            return parse(text)
        if numbers.says_unit(text):
            return parse(text)
        number = format((exact * factor).normalize(), "f").replace(".", decimal)
        return parse(" ".join([*named[:1], number, *named[1:]]))

    return convert


def _minor(limit: Any, currency: str) -> Any:
    return None if limit is None else limit.scaleb(money.exponent(currency))
