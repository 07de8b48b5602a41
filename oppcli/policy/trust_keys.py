"""The keys of the tables about trust: who must not do what, who sees what."""

from oppcli.model.policy import Policy, Sod
from oppcli.policy.kinds import APART, FLAG, HIDDEN, ROLES, SEEN, TEXT, TEXTS, Key, keys

SOD = keys(
    Sod,
    Key(
        name="submitter_may_approve",
        kind=FLAG,
        means="whether people may approve what they submitted or own",
        said={
            True: "People may approve their own deals: those they submitted or own.",
            False: "People never approve their own deals: those they submitted or own.",
        },
    ),
    Key(
        name="editor_may_approve",
        kind=FLAG,
        means="whether who changed a material fact may decide on that version",
        said={False: "Who changed a material fact does not decide on that version."},
    ),
    Key(
        name="repeat",
        kind=TEXT,
        means='the same person in two steps in a row is asked once; `"all"`: in all steps once; `"none"`: every time',
        among=("consecutive", "none", "all"),
        code="P028",
        said={
            "consecutive": "The same person in two steps in a row is asked once.",
            "all": "The same person in several steps is asked once.",
            "none": "The same person in several steps is asked each time.",
        },
    ),
    Key("distinct", APART, '`[["Finance", "Director"]]`: these steps are decided by different people'),
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
