"""A deal's quote and contract on its card, and the values that a gate asks of it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from oppcli.errors import Reason
from oppcli.model import money
from oppcli.model.command import command
from oppcli.model.conditions import comparisons
from oppcli.model.refs import ref
from oppcli.model.said import Word, label, listed, say
from oppcli.model.spaces import KINDS, WHOLE
from oppcli.rules import conditions, papers
from oppcli.rules.papers import called
from oppcli.rules.quotes import versions
from oppcli.words import percents
from oppcli.words.kinds import stored

if TYPE_CHECKING:
    from oppcli.actions.act import Look
    from oppcli.model.deals import Deal


def told(look: "Look", deal: "Deal") -> Iterator[tuple[str, Iterator[tuple[str, ...]]]]:
    """The title and the rows of each that the policy has."""
    if look.policy.quote is not None:
        yield say("Quote:"), lines(look, deal, look.door.hidden)
    if look.policy.contract is not None:
        yield say("Contract:"), agreed(look, deal, look.door.hidden)


def lines(look: "Look", deal: "Deal", hidden: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The version in effect, and the draft: what it is, how it stands, what it comes to, until when it holds."""
    from oppcli.actions.offers import figures_of, quote_of

    quote = quote_of(look, deal.id)
    for version in () if quote is None else (quote.in_effect, quote.draft):
        if quote is None or version is None:
            continue
        found = figures_of(look, version)
        sums = say(
            "net {net}, gross {gross}",
            net=money.shown(found.net, version.currency),
            gross=money.shown(found.gross, version.currency),
        )
        until = say("valid until {day}", day=version.valid_until) if version.valid_until else ""
        state = Word("quote", versions.state(quote, version, look.business_day.isoformat()))
        show = command("quote", "show", ref("deal", deal.id))
        yield (
            papers.called(quote, version),
            state,
            "" if {"amount", "discount"} & set(hidden) else sums,
            until,
            show,
        )


def agreed(look: "Look", deal: "Deal", hidden: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The last version of the contract: how it stands, what it comes to, its open clauses."""
    from oppcli.actions.agreed import apart, contract_of
    from oppcli.rules.contracts import state

    contract = contract_of(look, deal.id)
    version = contract.in_effect if contract is not None else None
    if contract is None or version is None:
        return
    known = version.amount is not None and "amount" not in hidden
    amount = money.shown(version.amount or 0, version.currency) if known else ""
    left = len(version.unanswered(apart(look, deal)))
    clauses = say("{n} {n:clause|clauses} open", n=left) if left else ""
    show = command("contract", "show", ref("deal", deal.id))
    yield called(contract, version), Word("contract", state(contract, version)), amount, clauses, show


def with_values(look: "Look", deal: "Deal", reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The same reasons; a condition on quote or contract says what that is now: `quote.margin is 18.5 %`."""
    if not any(space in reason.what and not reason.detail for reason in reasons for space in WHOLE):
        return reasons
    from oppcli.actions.offers import offers

    facts = offers(look, deal)().facts
    return tuple(_told(reason, facts, deal.currency) for reason in reasons)


def _told(reason: Reason, facts: "dict[str, Any] | Any", currency: str) -> Reason:
    if reason.detail or reason.what.partition(".")[0] not in WHOLE:
        return reason
    condition = conditions.unchecked(str(reason.what))
    names = dict.fromkeys(each.field for each in comparisons(conditions.tree(condition)) if each.field in KINDS)
    told = [
        say("{name} is {value}", name=label(name), value=shown(name, facts[name], currency))
        for name in names
        if facts.get(name) is not None
    ]
    return reason._replace(detail=listed(told)) if told else reason


def shown(name: str, value: Any, currency: str) -> str:
    """A fact of quote or contract as people read it."""
    kind = KINDS[name]
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if kind == "money":
        return money.shown(stored(kind, value, currency), currency)
    if kind == "percent":
        return percents.shown(stored(kind, value))
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)
