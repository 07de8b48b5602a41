"""Elapsed time as reports take it: `168h`, `7d`."""

import re

from oppcli.errors import UsageError
from oppcli.model.said import say
from oppcli.model.units import HOUR_MS

_SPAN = re.compile(r"(\d{1,6}(?:\.\d{1,4})?)\s*([hd])")


def elapsed(text: str, flag: str) -> int:
    """The milliseconds of `168h` or `7d`. Refuses anything else."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            say("{flag} cannot be {text}: elapsed hours or days", flag=flag, text=text),
            hint=say("{flag} 168h or {flag} 7d", flag=flag),
        )
    return int(float(found[1]) * HOUR_MS) * (24 if found[2] == "d" else 1)
