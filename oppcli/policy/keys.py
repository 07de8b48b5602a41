"""Every key of the file, told once: what it holds, how it is read, within which limits, how it is written down again,
what `policy explain` says of it and what docs/policy.md does. Shape, reading, checks, `policy diff`, sentences and the
reference follow from these tables.

A key more is a field of its rule in `oppcli.model.policy`, a row here (of a type or step in `request_keys`), and its
sentence in the catalogues.
"""

from oppcli.model.deals import BEST, CATEGORIES, COMMIT, KINDS, OMITTED, PIPELINE
from oppcli.model.policy import Calendar, FieldRule, Policy, Sod, StageRule
from oppcli.model.said import say
from oppcli.policy.kinds import (
    APART,
    CALENDAR_NAME,
    CONDITION,
    DATES,
    FLAG,
    HOURS,
    LASTING,
    LIMIT,
    RATE,
    REASONS,
    STAGES,
    TEXT,
    TEXTS,
    WHOLE,
    WORDS,
    Key,
    keys,
)

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
        name="fiscal_year",
        kind=WHOLE,
        means="the month in which the year of reports begins: `4` makes `--by quarter` say `FY2026/27Q1` from April on",
        least=1,
        most=12,
    ),
    Key(
        name="delay_cost",
        kind=RATE,
        means='`"0.1%"`: what a calendar day of waiting for approval costs in `report waiting`, of the amount × the '
        "probability of the deal when the wait began",
        default="no cost is told",
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
    Key(
        name="category",
        kind=TEXT,
        means="how sure its deals are in the forecast: `pipeline`, `best`, `commit`, or `omitted`, which is left out; "
        "a deal may have its own (`opp deal edit --set category=commit`)",
        default='`"pipeline"`; of a stage of kind `lead` `"omitted"`',
        among=CATEGORIES,
        said={
            PIPELINE: say("In the forecast {stage} is pipeline."),
            BEST: say("In the forecast {stage} is best case."),
            COMMIT: say("In the forecast {stage} is committed."),
            OMITTED: say("{stage} is left out of the forecast."),
        },
    ),
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
CALENDAR = keys(
    Calendar,
    Key("timezone", TEXT, "an IANA zone such as `Asia/Shanghai`", required=True),
    Key("holidays", DATES, "days off"),
    Key("workdays", DATES, "make-up days (调休上班), worked with the hours of an ordinary weekday"),
)
