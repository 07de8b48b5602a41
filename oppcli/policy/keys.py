"""Every key of the file, told once: what it holds, how it is read, within which limits, how it is written down again,
what `policy explain` says of it and what docs/policy.md does. Shape, reading, checks, `policy diff`, sentences and the
reference follow from these tables.

A key more is a field of its rule in `oppcli.model.policy`, a row here, and its sentence in the catalogues.
"""

from typing import Any

from oppcli.model.deals import KINDS
from oppcli.model.policy import Calendar, Escalation, FieldRule, Policy, Sod, StageRule, StepRule, TypeRule
from oppcli.model.said import say
from oppcli.policy.kinds import (
    APART,
    APPROVER,
    APPROVERS,
    BROUGHT,
    CALENDAR_NAME,
    CONDITION,
    DATES,
    FIELDS,
    FLAG,
    HOURS,
    LASTING,
    LIMIT,
    REASONS,
    REMINDERS,
    RULE,
    SLA,
    STAGES,
    TEXT,
    TEXTS,
    TOLERANCES,
    WHOLE,
    WORDS,
    Key,
    Keys,
    Kind,
    keys,
)
from oppcli.toml.shape import Rows

ESCALATE = keys(
    Escalation,
    Key("after", HOURS, required=True, into=("after_ms",)),
    Key("to", APPROVER, required=True),
    Key("do", TEXT, required=True, among=("notify", "add", "reassign"), code="P023"),
)


def _levels(rows: Any) -> tuple[Escalation, ...]:
    return tuple(Escalation(**ESCALATE.values(level)) for level in rows)


LEVELS = Kind("levels", Rows(ESCALATE.shape, "[ { after = …, to = …, do = … } ]"), _levels, of=ESCALATE)

POLICY = keys(
    Policy,
    Key("name", TEXT, "what the policy is called", required=True),
    Key("currency", TEXT, "ISO code; limits in conditions are in this currency", required=True),
    Key("calendar", CALENDAR_NAME, "the business hours that times are counted in", required=True),
    Key(
        name="fallback",
        kind=LASTING,
        means="`role:…` or `user:…` who gets what nobody else can decide. Nothing is ever approved because nobody was "
        "there",
        required=True,
    ),
    Key(
        name="language",
        kind=TEXT,
        means="`en` or `zh`: the language of answers to who asks for no other",
        default="`zh` where a stage has a Chinese name",
        among=("en", "zh"),
    ),
    Key(
        name="override",
        kind=FLAG,
        means="`true`: an admin may override a request, with a reason, on record; `false`: nobody may",
        said={False: say("Nobody may override a request, not even an admin.")},
    ),
)
LOST = keys(
    Policy,
    Key(
        name="reasons",
        kind=TEXTS,
        means="the reasons a deal may be lost for",
        default="any text",
        into=("lost_reasons",),
        called="reasons for losing",
        said=say("A deal is lost for one of these reasons: {it}."),
    ),
    Key(
        name="detail_required",
        kind=REASONS,
        means="the reasons that need a text as well",
        into=("lost_detail_required",),
        called="reasons that need a text",
        said=say("{it} must be explained in words."),
    ),
)
STAGE = keys(
    StageRule,
    Key("name", TEXT, "what the stage is called", required=True),
    Key("kind", TEXT, "`lead`, `open`, `won` or `lost`; reports look at the kind, never at the name", among=KINDS),
    Key("probability", WHOLE, "per cent, 0 to 100, for the forecast", least=0, most=100),
    Key("target", HOURS, "how long a deal should stay, in business hours", into=("target_ms",)),
    Key(
        name="rotting",
        kind=HOURS,
        means="after how many business hours without a touch a deal is rotting: `opp ls --rotting`",
        into=("rotting_ms",),
    ),
    Key(
        name="enter",
        kind=WORDS,
        means="what a deal needs to enter: fields, `file:KIND`, and the other [words of a gate](#words-of-a-gate)",
        said=say("To enter {stage} a deal needs {it}."),
    ),
    Key("leave", WORDS, "the same, to leave", said=say("To leave {stage} it needs {it}.")),
    Key("guide", TEXT, "a text shown on entry"),
    Key("next", STAGES, "the stages one may go to from here", default="anywhere", code="P025"),
    Key("pipeline", TEXT, "which of [several pipelines](#several-pipelines) it is in", default="the first"),
)
FIELD = keys(
    FieldRule,
    Key(
        name="type",
        kind=TEXT,
        means="`text number int money percent bool date phone email url address`; a built-in field keeps its own",
        default='`"text"`',
        among=("text", "number", "int", "money", "percent", "bool", "date", "phone", "email", "url", "address"),
    ),
    Key("title", TEXT, "what people read", default="the name"),
    Key("values", TEXTS, "the texts it may hold", default="any"),
    Key("required", FLAG, "a deal cannot be saved without it"),
    Key("required_when", CONDITION, "the same, where this holds: `\"source == '展会'\"`", default="never"),
    Key("min", LIMIT, "the least, for numbers and dates"),
    Key("max", LIMIT, "the greatest, for numbers and dates"),
    Key("pattern", TEXT, "for text: a regular expression that the whole value must match"),
    Key("personal", FLAG, "of a field of the team's own: it may tell of a person, and is erased with the customer"),
)
SOD = keys(
    Sod,
    Key(
        name="submitter_may_approve",
        kind=FLAG,
        means="whether people may approve what they submitted or own",
        said={
            True: say("People may approve their own deals: those they submitted or own."),
            False: say("People never approve their own deals: those they submitted or own."),
        },
    ),
    Key(
        name="editor_may_approve",
        kind=FLAG,
        means="whether who changed a material fact may decide on that version",
        said={False: say("Who changed a material fact does not decide on that version.")},
    ),
    Key(
        name="repeat",
        kind=TEXT,
        means='the same person in two steps in a row is asked once; `"all"`: in all steps once; `"none"`: every time',
        among=("consecutive", "none", "all"),
        code="P028",
        said={
            "consecutive": say("The same person in two steps in a row is asked once."),
            "all": say("The same person in several steps is asked once."),
            "none": say("The same person in several steps is asked each time."),
        },
    ),
    Key("distinct", APART, '`[["Finance", "Director"]]`: these steps are decided by different people'),
)
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
        kind=FLAG,
        means="whether the deal is locked while the request is pending",
        said={True: say("The deal is locked while it is pending.")},
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
    Key("cc", APPROVERS, "who may read along", said=say("{it} may read it.")),
)
STEP = keys(
    StepRule,
    Key("name", TEXT, "what the step is called", required=True),
    Key("who", APPROVERS, "approvers", required=True),
    Key("rule", RULE, "`any`, `all`, `at least N`", default='`"any"`', into=("rule", "need")),
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
        means='`["comment"]`: whoever agrees says why',
        said={("comment",): say("Whoever agrees says why.")},
    ),
    Key(
        name="remind",
        kind=REMINDERS,
        means='`["50%", "2h before"]`: when half of the time is used; two business hours before it is due',
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
        never={"approve": "approval is never given by a clock"},
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
CALENDAR = keys(
    Calendar,
    Key("timezone", TEXT, "an IANA zone such as `Asia/Shanghai`", required=True),
    Key("holidays", DATES, "days off"),
    Key("workdays", DATES, "make-up days (调休上班), worked with the hours of an ordinary weekday"),
)
