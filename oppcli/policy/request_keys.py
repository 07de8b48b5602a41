"""The keys of types of requests and of their steps, told once as those of `oppcli.policy.keys` are."""

from oppcli.model.codes import AWAY
from oppcli.model.policy import Escalation, StepRule, TypeRule
from oppcli.model.said import say
from oppcli.policy.kinds import (
    APPROVER,
    APPROVERS,
    ASKED,
    AWAYS,
    BROUGHT,
    CALENDAR_NAME,
    CONDITION,
    FIELDS,
    FLAG,
    HOURS,
    LOCKS,
    REASONS,
    REMINDERS,
    RULE,
    SLA,
    TEXT,
    TOLERANCES,
    WHOLE,
    WORDS,
    Key,
    Keys,
    keys,
    listed,
)

ESCALATE = keys(
    Escalation,
    Key("after", HOURS, required=True, into=("after_ms",)),
    Key("to", APPROVER, required=True),
    Key("do", TEXT, required=True, among=("notify", "add", "reassign"), code="P023"),
)
LEVELS = listed(ESCALATE, "[ { after = …, to = …, do = … } ]", word="levels")

TYPE = keys(
    TypeRule,
    Key("title", TEXT, "what people read", default="the name"),
    Key("when", CONDITION, "the deals that need it", default='`"always"`'),
    Key(
        name="needs",
        kind=WORDS,
        means="fields, `file:KIND` and the other [words of a gate](#words-of-a-gate) without which it cannot be "
        "submitted; all that are missing are listed",
        said=say("It is not submitted without {it}."),
    ),
    Key(
        name="reasons",
        kind=REASONS,
        means="the reasons for a no and for a return: these then need `--reason`",
        default="any text",
        called="reasons for saying no",
        said=say("A no and a return name one of these reasons: {it}."),
    ),
    Key("material", FIELDS, "the facts it rests on: when one changes, everybody is asked again"),
    Key(
        name="tolerance",
        kind=TOLERANCES,
        means='`{ amount = "2%" }` or `{ amount = 5000 }`: changes up to this, measured from what the approvers saw, '
        "ask nobody",
        default="none",
    ),
    Key(
        name="valid_days",
        kind=WHOLE,
        means="calendar days an approval is good for",
        default="for ever",
        least=1,
        code="P024",
        said=say("It is valid for {it} days."),
    ),
    Key(
        name="lock",
        kind=LOCKS,
        means="the states of the request in which the material facts of the deal cannot be changed: of `pending`, "
        "`approved`, `rejected`; `moves`: while it is live the deal is not moved on, won or archived. `true`: pending",
        said=say("The deal is locked: {it}."),
    ),
    Key(
        name="max_rounds",
        kind=WHOLE,
        means="how often it may go back to the submitter",
        default="any number",
        least=1,
        code="P065",
        said=say("It goes back to the submitter at most {it} times."),
    ),
    Key(
        name="again",
        kind=FLAG,
        means="whether a change by the owner that ends an approval asks for the next one at once",
        said={True: say("A change by the owner that ends it asks for the next approval at once.")},
    ),
    Key(
        "bulk",
        FLAG,
        "whether several may be approved in one command",
        said={False: say("It cannot be approved in bulk.")},
    ),
    Key(
        name="on_reject",
        kind=TEXT,
        means="what a no does in its steps: `reject` ends the request, `return` sends it back to the submitter",
        default='`"reject"`',
        into=(),
        among=("reject", "return"),
    ),
    Key(
        name="require",
        kind=APPROVERS,
        means="roles that nobody goes past (`role:legal`): no override, no stand-in who does not carry it; a policy "
        "that "
        "drops the line is applied by somebody of the role, or with `--weaken`",
        default="nobody",
        said=say("Nobody goes past {it}: a yes of the role is always needed."),
    ),
    Key(
        name="away",
        kind=AWAYS,
        means="how it may be decided [away from the terminal](away.md): `mail`, by answering the letter; `packet`, "
        "with a file that is handed over",
        default="not at all",
        among=AWAY,
        said=say("Away from the terminal it is decided {it}."),
    ),
    Key("cc", APPROVERS, "who may read along", said=say("{it} may read it.")),
)
STEP = keys(
    StepRule,
    Key("name", TEXT, "what the step is called", required=True),
    Key(
        name="who",
        kind=ASKED,
        means="approvers; here also `chosen:role:…`, whom the submitter or the last to agree before it chooses of that "
        "role, and `field:NAME`, who stands in that field of the deal",
        required=True,
    ),
    Key(
        name="rule",
        kind=RULE,
        means="`any`, `all`, `at least N`, `at least 50%` of those who sit there when it opens",
        default='`"any"`',
        into=("rule", "need", "share"),
    ),
    Key(
        name="when",
        kind=CONDITION,
        means="the deals this step is for; a request whose steps all do not apply is not needed",
        default='`"always"`',
    ),
    Key("sla", SLA, 'business hours until it is due, at least `"0.25h"`', into=("sla_ms",), inherits="defaults"),
    Key("together", TEXT, "neighbouring steps with the same text open at the same time"),
    Key(
        "must", APPROVERS, "with `at least N`: who must be among those who agree", said=say("{it} must be among them.")
    ),
    Key("veto", APPROVERS, "with `at least N`: whose no ends the step", said=say("A no of {it} ends it.")),
    Key(
        name="self",
        kind=APPROVERS,
        means="who decides in place of an approver who is in conflict",
        into=("stand_in",),
        said=say("In place of somebody in conflict {it} decides."),
    ),
    Key(
        name="fresh",
        kind=FLAG,
        means="always in person: an earlier yes of the same person does not carry over",
        said={True: say("Always in person: an earlier yes does not carry over.")},
    ),
    Key(
        name="approve_needs",
        kind=BROUGHT,
        means="what whoever agrees has to bring: `comment`, why; `file:KIND`, a file; `clauses`, every clause of the "
        "contract answered; or a field that has to be filled",
        said=say("Whoever agrees brings {it}."),
    ),
    Key(
        name="fills",
        kind=FIELDS,
        means="the fields that whoever decides here may fill in; for this request that is no change",
        said=say("Whoever decides here may fill in {it}."),
    ),
    Key(
        name="remind",
        kind=REMINDERS,
        means='`["50%", "2h before", "4h after"]`: when half of the time is used; two business hours before it is due; '
        "four after it was, while it still waits; at most 10",
        inherits="defaults",
    ),
    Key("escalate", LEVELS, "levels, see below", inherits="defaults"),
    Key(
        name="on_reject",
        kind=TEXT,
        means="`reject` or `return`",
        among=("reject", "return"),
        said={"return": say("A no sends it back to the submitter.")},
        inherits="type",
    ),
    Key(
        name="on_timeout",
        kind=TEXT,
        means="`return` to the submitter, `reject`, or only escalate. Never approve: silence is not consent",
        among=("return", "reject", "escalate"),
        never={"approve": say("approval is never given by a clock")},
        code="P021",
        said={
            "return": say("When time runs out it is returned."),
            "reject": say("When time runs out it is rejected."),
        },
    ),
    Key(
        name="calendar",
        kind=CALENDAR_NAME,
        means="other business hours for this step",
        said=say("It runs by the calendar {it}."),
        inherits="policy",
    ),
    Key("cc", APPROVERS, "who may read along", said=say("{it} may read it.")),
)
DEFAULTS = Keys(StepRule, {key.name: key for key in STEP.keys.values() if key.inherits == "defaults"})
