"""The days of a zone in arithmetic: from which instant on it is how far from UTC."""

from datetime import UTC, datetime
from functools import lru_cache

from oppcli.model.units import DAY_MS, EPOCH
from oppcli.words.zones import MS, zone

YEARS_AHEAD = 3
_STEP_MS = 14 * DAY_MS


@lru_cache(maxsize=8)
def offsets(tz: str, now: int) -> tuple[tuple[int, int], ...]:
    """(instant, milliseconds ahead of UTC from then on), the latest first; the last one holds for all before it. From
    1970 to some years from now: instants outside are taken as at these ends."""
    place = zone(tz)
    if place is UTC:
        return ((0, 0),)

    def ahead(ms: int) -> int:
        offset = datetime.astimezone(EPOCH + ms * MS, place).utcoffset()
        return 0 if offset is None else round(offset / MS)

    found = [(0, ahead(0))]
    for start in range(0, now + YEARS_AHEAD * 366 * DAY_MS, _STEP_MS):
        low, high = start, start + _STEP_MS
        if ahead(low) == ahead(high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if ahead(middle) == ahead(low) else (low, middle)
        found.append((high, ahead(high)))
    return tuple(reversed(found))
