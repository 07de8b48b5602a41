"""The keys of `[quote]`: what is approved before a quote goes out, what its prices are, how long it holds. Read where a
policy has this table."""

from oppcli.model.quoting import CHECKS, GROSS, NET, VALID_DAYS, Quoting
from oppcli.model.said import say
from oppcli.policy.kinds import RATES, TEXT, TEXTS, WHOLE, Key, keys

QUOTE = keys(
    Quoting,
    Key(
        name="approval",
        kind=TEXT,
        means="the type of request that has to pass before a quote is sent",
        default="none",
        said=say("A quote is sent once {it} is approved."),
    ),
    Key(
        name="amount",
        kind=TEXT,
        means='which total of the quote is the deal\'s amount: `"net"`, or `"gross"` with tax',
        among=(NET, GROSS),
        said={
            NET: say("The deal's amount is the quote's total without tax."),
            GROSS: say("The deal's amount is the quote's total with tax."),
        },
    ),
    Key(
        name="prices",
        kind=TEXT,
        means='whether prices are without tax (`"net"`) or with it (`"gross"`, 含税)',
        among=(NET, GROSS),
        said={GROSS: say("Its prices have their tax in them.")},
    ),
    Key(
        name="taxes",
        kind=RATES,
        means="the rates of tax there are, the usual one first",
        default="any",
        said=say("The rates of tax are {it}."),
    ),
    Key(
        name="strict",
        kind=TEXTS,
        means="the checks that stop a submit and a sending besides Q5 to Q7",
        default="nothing",
        among=CHECKS,
        said=say("It is neither submitted nor sent with {it}."),
    ),
    Key(
        name="valid_days",
        kind=WHOLE,
        means="calendar days a quote is valid for where nobody says",
        default=str(VALID_DAYS),
        least=1,
        most=3650,
    ),
    Key(
        name="max_valid_days",
        kind=WHOLE,
        means="the longest it may be valid for (Q6)",
        default="any",
        least=1,
        most=3650,
        said=say("A quote is valid for {it} days at most."),
    ),
)
