"""The keys of `[fact.NAME]`: what is known of customers besides their fields. Read where a policy has one."""

import re
from typing import Any

from oppcli.model.facts import FACT_TYPES, FactRule
from oppcli.model.said import say
from oppcli.policy.kinds import LASTING, TEXT, TEXTS, Key, Kind, keys
from oppcli.policy.notation import Misread
from oppcli.toml import shape
from oppcli.toml.shape import quoted

_AGE = r"(\d{1,4}) ?d(?:ays?)?"


def days(value: Any) -> int:
    """Calendar days of `"30d"`. Refuses (P020) anything else."""
    match = re.fullmatch(_AGE, value) if isinstance(value, str) else None
    if match is None or not int(match[1]):
        raise Misread("P020", say("{value}: calendar days, such as '30d'", value=quoted(value)))
    return int(match[1])


FACT = keys(
    FactRule,
    Key(
        name="type",
        kind=TEXT,
        means="`money number int percent bool text date`, or `until`: a last valid day, after which it is missing",
        default='`"text"`',
        among=FACT_TYPES,
    ),
    Key("title", TEXT, "what people read", default="the name"),
    Key("source", TEXT, "the adapter that is asked for it (`[adapter.NAME]` of the configuration)", default="people"),
    Key(
        name="fresh",
        kind=Kind("dates_long", shape.TEXT, days),
        means='`"30d"`: how old it may be; older it is missing',
        default="any age",
        into=("fresh_days",),
    ),
    Key("values", TEXTS, "the texts it may hold", default="any"),
    Key("who", LASTING, "who enters it, never the owner of an open deal of the customer", default="managers, admins"),
)
