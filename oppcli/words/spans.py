"""Spans of elapsed time: `90s`, `30m`, `1h30m`, `1d`, `2小时`."""

import re

from oppcli.errors import UsageError
from oppcli.model.said import say
from oppcli.model.units import HOUR_MS
from oppcli.words import day_names as words
from oppcli.words.day_names import match

SECONDS = {"s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
CHINESE_SECONDS = {"秒": 1, "分钟": 60, "分": 60, "小时": 3600, "天": 86_400, "周": 604_800}


def parse(text: str) -> int:
    """Milliseconds of elapsed time: `90s`, `30m`, `1h30m`, `1d` (24 hours), `2小时`. Refuses a bare number."""
    typed = words.clean(text).replace(" ", "")
    units = SECONDS | CHINESE_SECONDS
    unit = "|".join(sorted(units, key=len, reverse=True))
    if not match(rf"(?:\d{{1,7}}(?:\.\d{{1,3}})?个?(?:{unit}))+", typed):
        raise UsageError(
            say("{text!r} is not a duration", text=text.strip()), hint=say("write 90s, 30m, 2h, 1h30m or 1d")
        )
    found = re.findall(rf"([\d.]+)个?({unit})", typed)
    return sum(round(float(count) * units[name] * 1000) for count, name in found)


def shown(ms: int) -> str:
    """`1h30m`, `90s`: as it may be typed back; parts of a second as decimals."""
    hours, rest = divmod(ms, HOUR_MS)
    minutes, rest = divmod(rest, 60_000)
    seconds = f"{rest / 1000:.3f}".rstrip("0").rstrip(".")
    parts = (f"{hours}h" if hours else "", f"{minutes}m" if minutes else "", f"{seconds}s" if rest else "")
    return "".join(parts) or "0s"
