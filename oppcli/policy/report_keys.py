"""The keys of `[kpi]` and `[win]`. Read where a policy has these tables."""

from oppcli.model.reporting import Kpi, Win
from oppcli.policy.kinds import FIELDS, WHOLE, Key, keys

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
