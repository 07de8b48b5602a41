"""The keys of `[follow]`, and those of a stage about what people do in it. Read where a policy has one of them."""

from oppcli.model.policy import Escalation, StageRule
from oppcli.model.relations import OF_CUSTOMER, OF_DEAL, Cadence, Deadline, Follow, OnEnter, StageTask, Survey
from oppcli.model.said import say
from oppcli.policy import relation_notation as notation
from oppcli.policy.kinds import (
    APPROVER,
    APPROVERS,
    CALENDAR_NAME,
    CONDITION,
    CONDITION_OF_DEALS,
    FLAG,
    HOURS,
    TEXT,
    TOUCHING,
    WHOLE,
    WORDS,
    Key,
    Kind,
    inline,
    keys,
    listed,
)
from oppcli.toml import shape
from oppcli.toml.shape import Named

SPAN = Kind("length", shape.ANY, notation.span)
DATES_LONG = Kind("dates_long", shape.ANY, notation.days)
ACTIVITIES = Kind("activities", shape.ANY, notation.activities)
MOVERS = Kind("movers", shape.TEXTS, notation.mover, many=True, names="mover")
DOER = Kind("text", shape.TEXT, notation.mover, names="mover")
VALUES = Kind("values", Named(shape.SCALAR), notation.values)

LEVEL = keys(
    Escalation,
    Key("after", HOURS, required=True, into=("after_ms",)),
    Key("to", APPROVER, required=True),
    Key("do", TEXT, required=True, among=("notify", "reassign"), code="P023"),
)
DEADLINE = keys(
    Deadline,
    Key("name", TEXT, "what it is called; another deadline may run from it", required=True),
    Key(
        name="from",
        kind=TEXT,
        means="what it runs from: `created`, `assigned` (anew with each owner), `stage:NAME`, or the name of another "
        "deadline, from the instant that was met",
        required=True,
        into=("start",),
    ),
    Key("within", SPAN, '`"24h"` of business hours, `"3 workdays"`, `"14 days"`', required=True),
    Key(
        name="calendar",
        kind=CALENDAR_NAME,
        means='other business hours; `"always"` are all hours of all days',
        default="the policy's",
        said=say("It runs by the calendar {it}."),
        inherits="policy",
    ),
    Key("when", CONDITION_OF_DEALS, "the deals it is for", default='`"always"`'),
    Key("done", WORDS, "the [words](#words-of-a-gate) that meet it, all of them", default="`opp done`"),
    Key(
        name="escalate",
        kind=listed(LEVEL, "[ { after = …, to = …, do = … } ]"),
        means="levels as of a step, counted in its hours; `do` is `notify` or `reassign`",
        default="none",
    ),
    Key(
        name="stop_loss",
        kind=FLAG,
        means="once late, it asks whether to go on: it is waived with a reason, or the deal lost",
        said={True: say("Once late it asks whether to go on.")},
    ),
)
CADENCE = keys(
    Cadence,
    Key("when", CONDITION, "the deals, or customers, it is for; the first that is true counts", required=True),
    Key("every", SPAN, "how long after a touch the next follow-up is due", required=True),
    Key(
        name="of",
        kind=TEXT,
        means="`deal`, or `customer`: one without a live deal",
        among=(OF_DEAL, OF_CUSTOMER),
    ),
)
SURVEY = keys(
    Survey,
    Key("from", TEXT, "what it runs from: `won` or `stage:NAME`", default='`"won"`', into=("start",)),
    Key("within", SPAN, "how long one has to ask", required=True),
    Key("scale", WHOLE, "the best answer; the worst is 1", least=2, most=10),
    Key("low", WHOLE, "up to this an answer is bad news", least=0, most=10),
    Key("rescue", SPAN, "how long the manager then has to look after it", default="no task"),
)
FOLLOW = keys(
    Follow,
    Key(
        name="kinds",
        kind=ACTIVITIES,
        means='`["demo"]`, or with other words for them, `{ demo = ["演示"] }`: kinds of activities besides `call '
        "visit meeting mail message note survey`",
        default="none",
    ),
    Key(
        name="touch",
        kind=TOUCHING,
        means="the kinds that are a touch",
        default="`call visit meeting mail message survey`",
        said=say("In touch one is by {it}."),
    ),
    Key(
        name="deadline",
        kind=listed(DEADLINE, "[ { name = …, from = …, within = … } ]"),
        means="by when something has to have happened, see below",
        default="none",
        into=("deadlines",),
    ),
    Key(
        name="cadence",
        kind=listed(CADENCE, "[ { when = …, every = … } ]"),
        means="how often one is in touch, see below",
        default="none",
        into=("cadences",),
    ),
    Key("survey", inline(SURVEY), "whether customers are asked, see below", default="none"),
)
TASK = keys(
    StageTask,
    Key("name", TEXT, "what is to be done", required=True),
    Key("who", DOER, "`owner`, or an approver: `role:…`, `user:…`, `manager`"),
    Key("within", SPAN, "when it is due, from entry", default="no day"),
    Key("must", FLAG, "the stage is not left forward without it"),
)
ENTRY = keys(
    OnEnter,
    Key("set", VALUES, '`{ phase = "推进" }`: fields and what they become', default="nothing"),
    Key("notify", APPROVERS, "who is told", said=say("Entering {stage} is told to {it}.")),
)
STAGE = keys(
    StageRule,
    Key(
        name="max_gap",
        kind=SPAN,
        means='`"7 days"`: how long after the last touch the next follow-up may be; else the deal is without a next '
        "step",
        default="any time",
        said=say("In {stage} the next step comes within {it} of the last touch."),
    ),
    Key(
        name="back",
        kind=TEXT,
        means="how it is left backwards: `free`, with a `reason`, or `never`",
        among=("free", "reason", "never"),
        said={
            "reason": say("Leaving {stage} backwards needs a reason."),
            "never": say("{stage} is never left backwards."),
        },
    ),
    Key(
        name="who",
        kind=MOVERS,
        means="who may move deals into it: `owner`, `role:…`, `user:…`, `manager`",
        default="who may change the deal",
        said=say("Into {stage} deals are moved by {it}."),
    ),
    Key(
        name="tasks",
        kind=listed(TASK, "[ { name = … } ]"),
        means='`[{ name = "…", who = "role:tech", within = "16h", must = true }]`: what entering it opens',
        default="none",
    ),
    Key(
        name="on_enter",
        kind=inline(ENTRY),
        means='`{ set = { phase = "推进" }, notify = ["role:presales"] }`: what entering it sets and tells',
        default="nothing",
    ),
)
