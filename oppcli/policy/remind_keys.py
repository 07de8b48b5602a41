"""The keys of `[remind]`: of which dates people are reminded. Read where a policy has this table."""

import re
from typing import Any

from oppcli.model.reminding import DayReminder, Remind
from oppcli.model.said import say
from oppcli.policy.kinds import LASTING, Key, Kind, keys
from oppcli.policy.notation import Misread
from oppcli.toml import shape
from oppcli.toml.shape import quoted

MOST_DAYS = 366


def day_reminder(value: Any) -> DayReminder:
    """`"7d before"` or `"1d after"`, in calendar days; `"0d before"` is the day itself. Refuses (P020) anything else,
    and more than a year."""
    match = re.fullmatch(r"(\d{1,3})d (before|after)", value) if isinstance(value, str) else None
    if match is None or int(match[1]) > MOST_DAYS:
        said = say("{value}: use '7d before' or '1d after', calendar days, at most a year", value=quoted(value))
        raise Misread("P020", said)
    return DayReminder(value, int(match[1]) * (-1 if match[2] == "before" else 1))


DAYS = Kind("reminders", shape.TEXTS, day_reminder, many=True)
REMIND = keys(
    Remind,
    Key("approval", DAYS, "the day on which an approval ends"),
    Key("quote", DAYS, "the last day of a quote that is not accepted"),
    Key("contract", DAYS, "the day on which a signed contract ends"),
    Key("payment", DAYS, "the day on which an instalment is due that is not paid"),
    Key("fact", DAYS, "the last day of a customer's fact of the type `until`"),
    Key("cc", LASTING, "`role:…` or `user:…`, or a list: who is told besides the owner"),
)
