"""The keys of `[[tag]]`, `[[tier]]`, `[[score]]`, `[[suggest]]` and `[sheet.NAME]`. Read where a policy has one."""

from oppcli.model.relations import OF_DEAL, Points, Reached, ScoreRule, Sheet, Suggestion, TagRule, TierRule
from oppcli.policy.follow_keys import SPAN
from oppcli.policy.kinds import (
    APPROVER,
    CONDITION,
    CONDITION_OF_CUSTOMERS,
    CONDITION_OF_DEALS,
    STAGES,
    TEXT,
    TEXTS,
    WHOLE,
    Key,
    Kind,
    keys,
    listed,
)
from oppcli.toml import shape
from oppcli.toml.shape import Named

WEIGHTS = Kind("pairs", Named(shape.WHOLE), dict)
STAGE_NAME = STAGES._replace(word="text", many=False, holds=shape.TEXT)

TAG = keys(
    TagRule,
    Key("name", TEXT, "the tag; it is not set by hand", required=True),
    Key("when", CONDITION_OF_DEALS, "the deals that have it", required=True),
)
TIER = keys(
    TierRule,
    Key("name", TEXT, "the tier of a customer; it is not typed then", required=True),
    Key(
        name="when",
        kind=CONDITION_OF_CUSTOMERS,
        means="the customers in it, by `won_amount_365 won_deals_365 days_since_won live_deals idle_days` and their "
        "own fields; the first that is true counts",
        required=True,
    ),
)
POINTS = keys(
    Points,
    Key("when", CONDITION, "", required=True),
    Key("points", WHOLE, "", required=True),
    Key("name", TEXT, ""),
)
REACHED = keys(
    Reached,
    Key("grade", TEXT, required=True),
    Key("do", TEXT, among=("notify",), code="P023"),
    Key("to", APPROVER, required=True),
)
SCORE = keys(
    ScoreRule,
    Key("name", TEXT, "one word: a field of this name, which is not set by hand", required=True),
    Key(
        name="rules",
        kind=listed(POINTS, "[ { when = …, points = … } ]"),
        means="the points of all that are true are added, `name` says what one is called; also by `touches_30d "
        "idle_days days_in_stage contacts deciders completeness customer_won_deals`",
        required=True,
    ),
    Key(
        name="grades",
        kind=WEIGHTS,
        means="`{ A = 70, B = 40, C = 0 }`: the least for each; it then fills `score` and `grade`, too",
        default="none",
    ),
    Key(
        name="on",
        kind=listed(REACHED, "[ { grade = …, do = …, to = … } ]"),
        means='`[{ grade = "A", do = "notify", to = "manager" }]`: who is told when a deal gets it',
        default="nobody",
    ),
    Key(
        name="unknown",
        kind=TEXT,
        means="`open`: where a field is empty, the condition is not true; `missing`: there is no score then, and it "
        "is said which fields are empty",
        among=("open", "missing"),
    ),
)
SUGGEST = keys(
    Suggestion,
    Key("to", STAGE_NAME, "the stage a move to which is proposed", required=True),
    Key("words", TEXTS, "what stands in a mail or message", default="none"),
    Key("when", CONDITION_OF_DEALS, "the deals it is for", default='`"always"`'),
    Key("after", SPAN, "how long they have been so", default="none"),
)
SHEET = keys(
    Sheet,
    Key("of", TEXT, "`deal`, `customer` or `contact`", among=(OF_DEAL, "customer", "contact")),
    Key(
        name="fields",
        kind=WEIGHTS,
        means="`{ amount = 3, budget = 1 }`: fields and their weights; how much is filled is the weights of what is, "
        "by those of all",
        required=True,
    ),
)
