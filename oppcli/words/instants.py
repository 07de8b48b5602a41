"""A time as people type it → an instant: ISO 8601 with offset, wall times, `tomorrow 14:00`, `+2h`, `明天下午3点`."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from oppcli.errors import UsageError
from oppcli.model.said import say
from oppcli.model.units import EPOCH
from oppcli.words import day_names as words
from oppcli.words.counting import DAY, HELP, shifted
from oppcli.words.day_names import NUMBER, chinese, match, number
from oppcli.words.spans import CHINESE_SECONDS, SECONDS
from oppcli.words.zones import MS, local, today, zone

if TYPE_CHECKING:
    from oppcli.model.policy import Calendar

TIMES = (
    r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,6}))?)?(?: ?(?P<half>am|pm))?",
    r"(?P<h>\d{1,2}) ?(?P<half>am|pm)",
    rf"(?P<part>凌晨|早上|上午|中午|下午|晚上)?(?P<h>{NUMBER})[点时](?:(?P<m>{NUMBER})分?|(?P<quarter>半|整))?",
)


def parse_instant(
    text: str,
    *,
    now_ms: int,
    tz: str,
    calendar: "Calendar | None" = None,
    order: str = "",
    edge: str = "start",
    past: bool = False,
) -> int:
    """Milliseconds since 1970 UTC of what was typed; wall times are those of `tz`.

    A day alone is its first instant, or with `edge="end"` the first instant after it; `past` says that a weekday, or a
    day without a year, is the last one. Refuses wall times that a
    change of the clocks skips or repeats, unless an offset says which is meant.
    """
    typed = words.clean(text)
    if typed in ("now", "现在"):
        return now_ms
    try:
        found = _moved(typed, now_ms, tz, calendar)
        if found is None:
            found = _wall(text.strip(), now_ms, tz, calendar, order, edge, past)
        local(found, "UTC")
        return found
    except (OverflowError, ValueError):
        raise UsageError(say("{text} is outside the years 1 to 9999", text=text.strip()), hint=HELP) from None


def _moved(typed: str, now_ms: int, tz: str, calendar: "Calendar | None") -> int | None:
    """`+2h`, `-30min`, `+1d+4h`, `2小时后`: from now. Days and longer keep the wall time, hours are elapsed time."""
    if found := chinese(rf"({NUMBER}|半)个?(小时|分钟|秒)钟?(?:以|之)?(后|前)", typed):
        count = 0.5 if found[1] == "半" else number(found[1])
        return now_ms + int(count * CHINESE_SECONDS[found[2]] * 1000) * (1 if found[3] == "后" else -1)
    if not match(r"(?:[+-]\d{1,7}(?:bd|d|w|min|m|q|y|h|s) ?)+", typed):
        return None
    for count, unit in words.terms(typed):
        if unit in ("h", "min", "s"):
            now_ms += count * SECONDS[unit] * 1000
        else:
            at = local(now_ms, tz)
            day = shifted(at.date(), count, unit, calendar)
            now_ms = _ms(datetime.combine(day, at.time(), tzinfo=at.tzinfo))
    return now_ms


def _wall(text: str, now_ms: int, tz: str, calendar: "Calendar | None", order: str, edge: str, past: bool) -> int:
    """A day, a time, or both; with an offset after them the zone does not matter."""
    from oppcli.words.days import parse_date

    typed = words.clean(text)
    body, offset = _offset(typed, text)
    day_text, at = clock(body, text)
    if text[: len(day_text)].lower() == day_text:
        day_text = text[: len(day_text)]  # told as it was typed
    here = today(now_ms, tz)
    day = here
    if day_text or at is None:
        try:
            day = parse_date(day_text, today=here, calendar=calendar, order=order, edge=edge, past=past)
        except UsageError as error:
            if error.message.endswith("is not a date"):
                raise UsageError(say("{typed!r} is not a time", typed=text), hint=HELP) from None
            raise
    if at is None:
        return _start_of(day + DAY if edge == "end" else day, tz)
    naive = datetime.combine(day, time()) + at
    return _ms(naive.replace(tzinfo=UTC)) - offset if offset is not None else _only(naive, tz, text)


def _offset(typed: str, text: str) -> tuple[str, int | None]:
    """The text before an ISO offset (`z`, `+08:00`, `+0800`, `+08`), and the offset in milliseconds."""
    found = match(r"(.+:\d{2}(?:[.,]\d{1,6})?) ?(?:z|utc|([+-])(\d{2})(?::?(\d{2}))?)", typed)
    if found is None:
        return typed, None
    minutes = int(found[3] or 0) * 60 + int(found[4] or 0)
    if minutes > 14 * 60 or int(found[4] or 0) > 59:
        raise UsageError(say("{typed} is not a time: no zone is more than 14 hours from UTC", typed=text), hint=HELP)
    return found[1], (-1 if found[2] == "-" else 1) * minutes * 60_000


def clock(body: str, text: str) -> tuple[str, timedelta | None]:
    """The text before the time of day, and the time of day; None when there is none. `text` is what was typed."""
    for pattern in TIMES:
        reads = match if pattern.isascii() else chinese
        found = reads(rf"(?:(?P<day>.*?)(?:(?<=\d)t|(?<=\D) ?|(?<=\d) |(?<=日)|(?<=号)))??{pattern}", body)
        if found:
            return (found["day"] or "").strip(), _time_of_day(found.groupdict(), text)
    return body, None


def _time_of_day(parts: dict[str, str | None], text: str) -> timedelta:
    hour, minute = number(parts["h"] or "0"), number(parts.get("m") or "0")
    minute = 30 if parts.get("quarter") == "半" else minute
    second = int(parts.get("s") or 0)
    half = parts.get("half")
    if half and not 1 <= hour <= 12:
        raise UsageError(say("{typed} is not a time: {half} goes with 1 to 12", typed=text, half=half), hint=HELP)
    hour = hour % 12 + (12 if half == "pm" else 0) if half else _chinese_hour(parts.get("part"), hour)
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
        raise UsageError(say("{typed} is not a time: the day ends at 24:00", typed=text), hint=HELP)
    micro = int((parts.get("f") or "0").ljust(6, "0"))
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)


def _chinese_hour(part: str | None, hour: int) -> int:
    """下午3点 is 15:00, 晚上12点 the end of the day, 凌晨12点 its beginning."""
    if hour == 12 and part in ("晚上", "凌晨"):
        return 24 if part == "晚上" else 0
    return hour + 12 if part in ("下午", "晚上", "中午") and 1 <= hour < 11 else hour


def _only(naive: datetime, tz: str, typed: str) -> int:
    """The instant of a wall time. Refuses one that does not exist, or exists twice."""
    early, late = (naive.replace(tzinfo=zone(tz), fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return _ms(early)
    times = [each.isoformat(timespec="minutes") for each in (early, late)]
    # In a gap the offset before the change is the smaller one; in an hour that comes twice it is the larger one.
    if (early.utcoffset() or timedelta()) < (late.utcoffset() or timedelta()):
        raise UsageError(
            say("{typed} does not exist in {tz}: the clocks go forward over it", typed=typed, tz=tz),
            hint=say("write {time}", time=times[0]),
        )
    hint = say("write {time} or {times1}", time=times[0], times1=times[1])
    raise UsageError(say("{typed} comes twice in {tz}: the clocks go back over it", typed=typed, tz=tz), hint=hint)


def _start_of(day: date, tz: str) -> int:
    """The first instant of a day. Where the clocks skip midnight, fold=0 lands on the instant they change."""
    return _ms(datetime.combine(day, time(), tzinfo=zone(tz)))


def _ms(at: datetime) -> int:
    return (at - EPOCH) // MS
