"""The keys of the tables about trust: what is asked of who acts, who sees what, who is told of risks. Read where a
policy has one of them."""

from oppcli.model.policy import PROOFS, RISK_KINDS, Policy
from oppcli.model.said import say
from oppcli.policy.kinds import HIDDEN, IDLE, LISTENERS, ROLES, SEEN, TEXT, TEXTS, Key, keys

IDENTITY = keys(
    Policy,
    Key(
        name="proof",
        kind=TEXT,
        means="what is asked of who acts: `claim`, nothing; `login`, writes need one's own login at the machine, a "
        "session, the PIN or a role of the server; `pin`, the same, and decisions and other signed verbs the PIN or "
        "the role",
        among=PROOFS,
        said={
            "login": say("Whoever writes is known by the machine's login, a session, the PIN or the server's role."),
            "pin": say(
                "Whoever writes is known by the machine's login, a session, the PIN or the server's role; who "
                "decides gives the PIN or has the role."
            ),
        },
    ),
    Key(
        name="idle",
        kind=IDLE,
        means="elapsed time after which a terminal's session ends unless it is used, `1m` to `12h`; after 12 hours it "
        "ends anyway",
        default='`"10m"`',
        into=("idle_ms",),
        said=say("A session ends after {it} minutes without use."),
    ),
)
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
        said=say("{it} are shown in part, but to the owner, the collaborators and their superiors."),
    ),
    Key(
        name="export",
        kind=ROLES,
        means="the roles that may take data out; an admin always may",
        default="everybody",
        said=say("Only {it} may take data out."),
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
        said=say("Of the risks these are left out: {it}."),
    ),
    Key(
        name="tell",
        kind=LISTENERS,
        means="`role:…` or `user:…`, or a list: who is told once of each risk, by `opp tick`",
        default="the admins",
        into=("risks_told",),
        called="who is told of risks",
        said=say("{it} is told of each risk."),
    ),
)
