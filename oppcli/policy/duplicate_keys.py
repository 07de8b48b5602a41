"""The keys of `[duplicates]`: when two records may be one, and what becomes of that. Read where a policy has it."""

from oppcli.model.duplicates import ANSWERS, NOUNS, DuplicateRule, Duplicates
from oppcli.policy.kinds import FLAG, TEXT, TEXTS, Key, Kind, keys, listed
from oppcli.toml.shape import WHOLE, Named

_SAID = "`block`, `warn`, `flag`, `allow`"
LIKES = Kind("likes", Named(WHOLE), dict)
RULE = keys(
    DuplicateRule,
    Key("name", TEXT, "what the rule is called: in answers, and for `--rule`", required=True),
    Key("of", TEXT, "`customer`, `contact` or `deal`", required=True, among=NOUNS),
    Key("same", TEXTS, "fields in which both have a value in common, in normal form"),
    Key("like", LIKES, "`{ name = 85 }`: fields that are alike, by the least likeness, 1 to 100"),
    Key(
        name="sure",
        kind=FLAG,
        means="`true`: the two are one; a run that assigns merges them where nobody has touched the later one",
    ),
    Key("cli", TEXT, f"for records typed here: {_SAID}", "the table's", among=ANSWERS),
    Key("import", TEXT, "for imported ones", "the table's", into=("imported",), among=ANSWERS),
    Key("mail", TEXT, "for those of mails", "the table's", among=ANSWERS),
)
DUPLICATES = keys(
    Duplicates,
    Key("country", TEXT, "the country's code of phones that are written without one"),
    Key("public_domains", TEXTS, "hosts that say nothing of who has them, as `qq.com` does", into=("public",)),
    Key("cli", TEXT, f"what becomes of a record typed here that a rule takes for another: {_SAID}", among=ANSWERS),
    Key("import", TEXT, "the same for imported ones", into=("imported",), among=ANSWERS),
    Key("mail", TEXT, "the same for those of mails", among=ANSWERS),
    Key(
        name="rule",
        kind=listed(RULE, "[ { name = …, of = …, same = [ … ] } ]"),
        means="the rules, in order; the first that holds names a pair",
        into=("rules",),
        default="none",
    ),
)
