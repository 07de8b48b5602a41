"""Cells that are dates and times: ISO, a format of the mapping, Unix stamps, or any form that names its order."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from oppcli.errors import UsageError
from oppcli.files.doubts import ORDER, Doubt, Doubtful
from oppcli.model.said import say, told
from oppcli.model.units import EPOCH
from oppcli.words import numbers
from oppcli.words.invalid import Invalid

ISO, UNIX, UNIX_MS = "iso", "unix", "unix_ms"
"""Formats of dates that have a name; others are those of strptime."""
EARLIEST, LATEST = -2_208_988_800_000, 7_258_118_400_000
"""1900 and 2200: an instant outside is a slip of the pen."""
_STAMPS = {UNIX: 1000, UNIX_MS: 1}
_NO_ORDER = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2,4}( \d{1,2}:\d{2}(:\d{2})?)?")
"""`3/4/2026`: nobody but the mapping knows whether that is April or March."""
_BASIC_TIME = re.compile(r"\dT\d")
"""`20261127T0900`."""
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
YEAR_FIRST = re.compile(r"\d{4}(-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?|([/.])\d{1,2}\3\d{1,2}|年\d{1,2}月\d{1,2}日)")
"""`2026-03-20`, `2026/3/20`, `2026年3月20日`, in any column: it means one day only."""
_YEAR_BEHIND = re.compile(r"(?<=[/. -])%[yY]")
"""The year of a form in which a mark parts it from the day: as well told in two figures as in four."""
_NO_DAY = date(2000, 1, 1)
_PYTHONS = (
    say("month must be in 1..12"),
    say("day is out of range for month"),
    say("hour must be in 0..23"),
    say("minute must be in 0..59"),
    say("second must be in 0..59"),
)
"""What Python says is wrong with a date, newer ones with the number behind it."""


def is_format(form: str) -> bool:
    """Whether strptime can read back what strftime writes with it."""
    sample = datetime(2026, 11, 27, 13, 5, 9, tzinfo=UTC)
    try:
        datetime.strptime(sample.strftime(form), form)
    except ValueError:
        return False
    return "%" in form


def day(text: str, form: str | None, zone: ZoneInfo) -> date:
    """The date of a cell in the mapping's format; without one, in any form that names its order. Raises `Invalid`."""
    if form in _STAMPS:
        return (EPOCH + timedelta(milliseconds=instant(text, form, zone))).astimezone(zone).date()
    try:
        if form not in (None, ISO):
            return _formed(text, form or "").date()
        if len(text) >= 10 and text[4] == "-" == text[7]:
            return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).date()
        return _by_order(text, form, lambda: _typed_day(text), lambda: datetime.fromisoformat(text).date())
    except Invalid:
        raise
    except ValueError as wrong:
        raise _no_date(text, form, wrong) from None


def instant(text: str, form: str | None, zone: ZoneInfo) -> int:
    """Milliseconds since 1970 UTC of a cell: a day begins at midnight of the zone; an offset in the text counts. Raises
    `Invalid`, also for a wall time that a change of the clocks skips."""
    if form in _STAMPS:
        return _plausible(int(numbers.parse(text) * _STAMPS[form]), text)
    try:
        moment = _moment(text, form)
    except Invalid:
        raise
    except ValueError as wrong:
        raise _no_date(text, form, wrong) from None
    if moment.tzinfo is None:
        # fold=0: the first of two; where the clocks skip midnight, the instant they change, which begins the day.
        naive, moment = moment, moment.replace(tzinfo=zone)
        if naive.hour or naive.minute or naive.second:
            _refuse_gap(text, moment, zone)
    return _plausible((moment - EPOCH) // timedelta(milliseconds=1), text)


def end(text: str, form: str | None, zone: ZoneInfo) -> int:
    """The instant of a cell as `instant` reads it, but of a day its last millisecond: what is due on it has all of it.
    Raises `Invalid`."""
    begins = instant(text, form, zone)
    if not _is_day(text, form):
        return begins
    wall = (EPOCH + timedelta(milliseconds=begins)).astimezone(zone).date() + timedelta(days=1)
    return instant(wall.isoformat(), ISO, zone) - 1


def _is_day(text: str, form: str | None) -> bool:
    """Whether a cell names a day and no time of it."""
    if form in _STAMPS:
        return False
    if form not in (None, ISO) and not _is_year_first(text, form or ""):
        early, late = (datetime(2026, 11, 27, hour, 5, 9, tzinfo=UTC) for hour in (1, 14))
        return early.strftime(form or "") == late.strftime(form or "")
    if len(text) >= 10 and text[4] == "-" == text[7]:
        return len(text) == 10
    return ":" not in text and not _BASIC_TIME.search(text)


def _moment(text: str, form: str | None) -> datetime:
    if form not in (None, ISO):
        return _formed(text, form or "")
    if len(text) >= 10 and text[4] == "-" == text[7]:
        return datetime.fromisoformat(text)
    return _by_order(text, form, lambda: _typed_moment(text), lambda: datetime.fromisoformat(text))


def _formed(text: str, form: str) -> datetime:
    """A cell in the form of its column; else, since a sheet is typed by several, with the year in two figures for four
    or the other way round, or with the year first."""
    try:
        return datetime.strptime(text, form)
    except ValueError:
        if _is_year_first(text, form):
            return datetime.fromisoformat(text) if text[4] == "-" else _typed_moment(text)
        if year := _YEAR_BEHIND.search(form):
            other = form[: year.start()] + year[0].swapcase() + form[year.end() :]
            with suppress(ValueError):
                return datetime.strptime(text, other)
        raise


def _is_year_first(text: str, form: str) -> bool:
    """Whether a cell is `2026-03-20` or `2026/3/20` in a column of another form; of one that begins with the year only
    `2026-03-20` is sure to have the month behind it."""
    sure = "%Y-" if text[4:5] == "-" else "%Y"
    return not form.startswith(sure) and YEAR_FIRST.fullmatch(text) is not None


Found = TypeVar("Found")


def _by_order(text: str, form: str | None, typed: Callable[[], Found], iso: Callable[[], Found]) -> Found:
    """What a cell says that is not written `2026-03-20`: a week, or without a stated format as people type it."""
    if form is None and _NO_ORDER.fullmatch(text):
        said = say("{typed} is not a date: the mapping does not say which is the day", typed=text)
        raise Doubtful(said, Doubt(ORDER, text))
    if form == ISO and not re.fullmatch(r"\d{4}-?[wW]\d{1,2}", text):
        return iso()
    if _YEAR.search(text.replace("年", " ").replace("-", " ").replace("W", " ")):
        return typed()
    try:
        return iso()
    except ValueError:
        if _is_moving(text):
            raise Invalid(say("{typed} depends on today: write YYYY-MM-DD", typed=text)) from None
        raise


def _is_moving(text: str) -> bool:
    """Whether people may type it for a day, though no sheet can: 年底, `fri`, `+3d`, `10月1日`."""
    with suppress(ValueError):
        _typed_moment(text)
        return True
    return False


def _typed_day(text: str) -> date:
    if ":" in text:
        return _typed_moment(text).date()
    from oppcli.words.days import parse_date

    try:
        return parse_date(text, today=_NO_DAY)
    except UsageError as wrong:
        raise ValueError(wrong.message) from None


def _typed_moment(text: str) -> datetime:
    """A day, or a day and a time; the wall time of whoever reads it."""
    from oppcli.words.instants import parse_instant

    if ":" not in text:
        return datetime.combine(_typed_day(text), datetime.min.time())
    try:
        return (EPOCH + timedelta(milliseconds=parse_instant(text, now_ms=0, tz="UTC"))).replace(tzinfo=None)
    except UsageError as wrong:
        raise ValueError(wrong.message) from None


def _refuse_gap(text: str, early: datetime, zone: ZoneInfo) -> None:
    late = early.replace(fold=1)
    before, after = early.utcoffset() or timedelta(), late.utcoffset() or timedelta()
    if before < after:
        said = say("{typed} does not exist in {tz}: the clocks go forward over it", typed=text, tz=zone.key)
        raise Invalid(said)


def _no_date(text: str, form: str | None, wrong: ValueError) -> Invalid:
    said = told(wrong)
    if said.startswith("Invalid isoformat") or "does not match format" in said or "unconverted data" in said:
        said = say("expected YYYY-MM-DD") if form in (None, ISO) else say("expected {form}", form=form)
    elif known := next((each for each in _PYTHONS if said.startswith(each)), None):
        said = known
    elif said.startswith(text) or said.startswith(repr(text)):
        return Invalid(said)
    return Invalid(say("{typed} is not a date: {fault}", typed=text, fault=said))


def _plausible(stamp: int, text: str) -> int:
    if stamp < EARLIEST:
        raise Invalid(say("{typed} lies before 1900", typed=text))
    if stamp >= LATEST:
        raise Invalid(say("{typed} lies after 2200", typed=text))
    return stamp
