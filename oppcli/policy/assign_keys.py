"""The keys of `[assign]`, `[archive]` and `[priority]`. Read where a policy has one of them."""

from oppcli.model.relations import Archive, Assign, AssignRule, Person, Pool, Priority, Protection, Return
from oppcli.model.said import say
from oppcli.policy import relation_notation as notation
from oppcli.policy.follow_keys import DATES_LONG, SPAN
from oppcli.policy.kinds import CONDITION_OF_DEALS, LASTING, TEXT, WHOLE, WORDS, Key, Kind, inline, keys, listed, named
from oppcli.toml import shape
from oppcli.toml.shape import Named

AMOUNT = Kind("amount", shape.ANY, notation.amount)
FACTORS = Kind("pairs", Named(shape.ANY), notation.factors)

RULE = keys(
    AssignRule,
    Key("name", TEXT, "what it is called; whose turn it is, is counted by it", required=True),
    Key("when", CONDITION_OF_DEALS, "the deals it is for; the first rule that is true counts", default='`"always"`'),
    Key("unless", CONDITION_OF_DEALS, "not these; once it becomes true, the deal is taken away again", default="none"),
    Key("to", LASTING, "`role:…` or `user:…`: among whom; not for `customer` and `pool`"),
    Key(
        name="by",
        kind=TEXT,
        means="`turn`: whose last tenure by this rule began longest ago; `least`: who has the fewest live deals; "
        "`customer`: the customer's owner, else that of its newest live deal; `pool`: nobody, it may be claimed",
        among=("turn", "least", "customer", "pool"),
    ),
    Key(
        name="capacity",
        kind=WHOLE,
        means="how many live deals one of them may have",
        default="any number",
        least=1,
        said=say("One of them has at most {it} live deals."),
    ),
)
PERSON = keys(
    Person,
    Key(
        name="capacity",
        kind=WHOLE,
        means="how many live deals",
        default="any number",
        least=0,
        said=say("{who} has at most {it} live deals."),
    ),
    Key(
        name="per_day",
        kind=WHOLE,
        means="how many assigned on one day",
        default="any number",
        least=0,
        said=say("{who} is given at most {it} a day."),
    ),
    Key("when", CONDITION_OF_DEALS, "only these deals", default='`"always"`'),
)
POOL = keys(
    Pool,
    Key(
        name="claim_per_day",
        kind=WHOLE,
        means="how many one may claim on one day",
        default="any number",
        least=1,
        said=say("One may claim {it} a day."),
    ),
    Key(
        name="hold",
        kind=SPAN,
        means="how long a deal lies in the pool before anybody may claim it",
        default="none",
        said=say("A deal lies in the pool for {it} before it may be claimed."),
    ),
    Key(
        name="cooldown",
        kind=DATES_LONG,
        means="how long after one's own tenure one may claim it again",
        default="none",
        into=("cooldown_days",),
        said=say("After one's own tenure one may claim it again {it} later."),
    ),
)
RETURN = keys(
    Return,
    Key("when", CONDITION_OF_DEALS, "the deals it is for; the first that is true counts", required=True),
    Key(
        name="after",
        kind=DATES_LONG,
        means='`"30 days"` without a touch; days on which the owner is away do not count',
        required=True,
        into=("after_days",),
    ),
    Key("warn", DATES_LONG, "how long before the owner is warned", default="not at all", into=("warn_days",)),
)
PROTECTION = keys(
    Protection,
    Key("max", WHOLE, "how many customers one may protect", required=True, least=1),
    Key("days", WHOLE, "for how many days", required=True, least=1),
)
ASSIGN = keys(
    Assign,
    Key(
        name="rule",
        kind=listed(RULE, "[ { name = …, to = … } ]"),
        means="to whom a deal goes that nobody was named for, see below",
        default="none",
        into=("rules",),
    ),
    Key(
        name="person",
        kind=named(PERSON),
        means="`person.li = { … }`: what one may be given, see below",
        default="anything",
        into=("people",),
    ),
    Key("pool", inline(POOL), "when one may claim what is nobody's, see below", default="always"),
    Key(
        name="return",
        kind=listed(RETURN, "[ { when = …, after = … } ]"),
        means="when a deal goes back to the pool, see below",
        default="never",
        into=("returns",),
    ),
    Key(
        "protect",
        inline(PROTECTION),
        "`{ max = 20, days = 30 }`: customers that one may keep from claims",
        default="not at all",
    ),
)
ARCHIVE = keys(
    Archive,
    Key(
        name="needs",
        kind=WORDS,
        means="the [words](#words-of-a-gate) that a closed deal needs to be archived",
        said=say("It is not archived without {it}."),
    ),
    Key(
        name="after",
        kind=DATES_LONG,
        means='`"180 days"`: after how long the complete are archived by themselves',
        default="never",
        into=("after_days",),
        said=say("A closed deal is archived by itself {it} after it was closed."),
    ),
)
PRIORITY = keys(
    Priority,
    Key("effort", TEXT, "the field that says how much work a deal is", default="none"),
    Key("cost", AMOUNT, "of one unit of it, in the policy's currency", default="`0`"),
    Key("grade", FACTORS, "`{ A = 1.5, B = 1, C = 0.5 }`: what the value is multiplied by", default="1 each"),
)
