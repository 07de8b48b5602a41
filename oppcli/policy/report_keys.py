"""The keys of `[kpi]` and `[win]`, and how `[bands]` are written. Read where a policy has one of these tables."""

from typing import Any

from oppcli.model.reporting import Kpi, Win
from oppcli.model.said import say
from oppcli.policy.kinds import FIELDS, WHOLE, Key, keys
from oppcli.policy.notation import Misread, many, number
from oppcli.rules.bands import bands
from oppcli.toml.shape import quoted

MOST_CUTS = 30
KPI = keys(
    Kpi,
    Key("own", WHOLE, "how much what a person reached weighs in `dual` of `opp report attainment`", least=0, most=100),
    Key("team", WHOLE, "how much what their team reached weighs", least=0, most=100),
)
WIN = keys(
    Win,
    Key(
        name="fields",
        kind=FIELDS,
        means="from which fields of deals it is learnt how likely they are won; never from how they ended",
    ),
)


def cuts(value: Any) -> tuple[str, ...]:
    """Where the bands of a number are cut, as it is written: `["10万", "50万"]`, `[100000, 500000]`. Refuses what is no
    number, none at all, more than 30, and cuts that do not rise."""
    try:
        found = tuple(each.strip() if isinstance(each, str) else format(number(each), "f") for each in many(value))
        if found and len(found) <= MOST_CUTS and bands(found):
            return found
    except ValueError:
        pass
    said = say("{value}: use rising numbers, at most {most}: ['10万', '50万']", value=quoted(value), most=MOST_CUTS)
    raise Misread("P037", said)
