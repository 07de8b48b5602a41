"""The keys of the tables about trust: who sees what, who is told of risks. Read only where a policy has one of them."""

from oppcli.model.policy import RISK_KINDS, Policy
from oppcli.policy.kinds import HIDDEN, LISTENERS, ROLES, SEEN, TEXTS, Key, keys

SCOPE = keys(
    Policy,
    Key(
        name="see",
        kind=SEEN,
        means='`{ sales = "own", manager = "team", finance = "all" }`, or one for all: `"team"`. The widest of one\'s '
        "roles counts; an admin sees all",
        default='`"own"`',
    ),
    Key(
        name="hide",
        kind=HIDDEN,
        means='`{ margin = ["sales"] }`: who has these roles and no others does not have this field',
        default="nothing",
    ),
    Key(
        name="mask",
        kind=TEXTS,
        means='`["phone", "email", "wechat"]`: in full to owner, collaborators, their superiors, and who sees all',
        said="{it} are shown in part, but to the owner, the collaborators and their superiors.",
    ),
    Key(
        name="export",
        kind=ROLES,
        means="the roles that may take data out; an admin always may",
        default="everybody",
        said="Only {it} may take data out.",
    ),
)

RISK = keys(
    Policy,
    Key(
        name="ignore",
        kind=TEXTS,
        means="kinds of risks that are left out; each answer says so",
        into=("risks_ignored",),
        among=RISK_KINDS,
        called="risks left out",
        said="Of the risks these are left out: {it}.",
    ),
    Key(
        name="tell",
        kind=LISTENERS,
        means="`role:…` or `user:…`, or a list: who is told once of each risk, by `opp tick`",
        default="the admins",
        into=("risks_told",),
        called="who is told of risks",
        said="{it} is told of each risk.",
    ),
)
