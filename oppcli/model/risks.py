"""The risks that `opp audit risks` looks for: what each is called and what it is, told once, with its numbers.

The numbers are fixed: a policy may leave kinds out and say who is told, it cannot make one harder to find.
"""

from decimal import Decimal

from oppcli.model.said import Said, say
from oppcli.model.units import DAY_MS

RISKS: dict[str, Said] = {
    "split": say("several deals of one customer just below a limit"),
    "reciprocal": say("two people approve each other's requests"),
    "fast": say("approved within a minute"),
    "burst": say("wins in the last days of a quarter"),
    "part": say("vote by somebody who had or took a part in the deal"),
    "one_hand": say("all steps approved by one person, although several were asked"),
    "fresh": say("vote by somebody whom one with a part had just made, moved or let in"),
    "handed": say("vote on a seat that was handed to the voter"),
    "claimed": say("decisions in a name that nothing proved"),
    "self": say("vote on one's own that [sod] allows"),
    "override": say("approved by override"),
    "won": say("won deal changed or opened again"),
    "policy": say("policy in force for a short time only, or proof lowered"),
    "import": say("imported past a gate, or with approvals that count"),
    "backdated": say("import that closed deals in a month already over"),
    "restore": say("database restored"),
    "clock": say("clock set right, or not that of the machine"),
    "erased": say("customer erased"),
    "guess": say("five wrong PINs"),
}
"""Kind of `RISK_KINDS` → what it is, in a few words without amounts: that is what a notice says."""

LISTED_MS = 90 * DAY_MS
"""How far back risks are listed by default."""
NEAR = Decimal("0.1")
SPLIT, SPLIT_MS = 2, 30 * DAY_MS
RECIPROCAL, RECIPROCAL_MS = 2, 90 * DAY_MS
FAST_MS = 60_000
BURST_DAYS, BURST_LEAST, BURST_SHARE = 5, 3, Decimal("0.5")
PART_MS = 90 * DAY_MS
FRESH_MS = 30 * DAY_MS
POLICY_MS = 7 * DAY_MS
