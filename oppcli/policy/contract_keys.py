"""The keys of `[contract]`: what is approved before a contract is signed, and the clauses that somebody has to look at.
Read where a policy has this table."""

from oppcli.model.contracting import ClauseRule, Contracting
from oppcli.model.contracts import FILED
from oppcli.model.said import say
from oppcli.policy.kinds import APPROVERS, CONDITION, TEXT, Key, keys, listed

CLAUSE = keys(
    ClauseRule,
    Key("name", TEXT, "what the clause is called", required=True),
    Key("who", APPROVERS, "who answers it; never the owner of the deal, nor who submitted its contract", required=True),
    Key("when", CONDITION, "the deals whose contracts it is in", default='`"always"`'),
)
CONTRACT = keys(
    Contracting,
    Key(
        name="approval",
        kind=TEXT,
        means="the type of request that has to pass for a version before that is signed",
        default="none",
        said=say("A contract is signed once {it} is approved for that version."),
    ),
    Key(
        name="file",
        kind=TEXT,
        means="the kind of evidence that its file is: `file:合同` in needs, material and gates",
        default=f'`"{FILED}"`',
    ),
    Key("clauses", listed(CLAUSE, "[ { name = …, who = … } ]"), "the clauses that are answered one by one"),
)
