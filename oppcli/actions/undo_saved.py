"""Taking back what a run did to what stands beside deals: contacts, mappings, views, rates, costs, targets, judgements,
prices, proposals, quotes, contracts, pairs of records that may be one."""

from typing import Any

from oppcli.actions import conflicts
from oppcli.actions.act import Act
from oppcli.actions.undo_conflicts import Step, Told
from oppcli.errors import Conflict
from oppcli.model import money
from oppcli.model.command import command
from oppcli.model.contracts import Contract
from oppcli.model.deals import Deal
from oppcli.model.follow import DIFFERENT, DONE, OPEN
from oppcli.model.quotes import Quote
from oppcli.model.records import WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules.undoing import Net


def mapping(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """A mapping as it was. Refused to who may not change mappings."""
    act.require("mapping drop", say("change mappings"))
    saved = step.saved(act, meta)
    return say("mapping {name} {state}", name=saved.name, state=step.state(say("dropped"))), ()


def view(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """A view as it was. Refused to who may not change it."""
    own = step.before.owner == act.by
    act.require("view drop" if own else "view drop other", say("change views of others"))
    saved = step.saved(act, meta)
    return say("view {name} {state}", name=saved.name, state=step.state(say("dropped"))), ()


def rate(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """A rate as it was before it was corrected, or none. Refused to who may not enter rates."""
    act.require("rate add", say("enter rates"))
    saved = step.saved(act, meta)
    told = {"base": saved.base, "currency": saved.currency, "day": saved.day}
    if saved.standing == WITHDRAWN:
        return say("no rate of {base} in {currency} on {day}", **told), ()
    return say("1 {base} = {currency} {rate} since {day}, as before", **told, rate=saved.rate), ()


def cost(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """A cost as it was before it was corrected, or none. Refused to who may not enter costs."""
    act.require("cost add", say("enter costs"))
    saved = step.saved(act, meta)
    told = {"source": saved.source, "first": saved.first, "last": saved.last}
    if saved.standing == WITHDRAWN:
        return say("no such cost of {source} from {first} to {last}", **told), ()
    amount = money.shown(saved.amount, saved.currency)
    return say("{source} cost {amount} from {first} to {last}, as before", **told, amount=amount), ()


def target(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """A target as it was before it was corrected, or none. Refused to who may not set it."""
    from oppcli.actions import targets

    targets.require(act, step.before.who)
    saved = step.saved(act, meta)
    return targets.taken_back(saved), ()


def judgement(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """A judgement of the forecast as it was before, or none."""
    from oppcli.actions import judgements

    saved = step.saved(act, meta)
    return judgements.taken_back(saved), ()


def contact(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """A contact withdrawn, given back, or as it was. Refused to who may not change it."""
    from oppcli.actions import contacts

    contacts.require(act, "contact edit", step.before)
    saved = step.saved(act, meta)
    return say("{ref} {name} {state}", ref=step.net.name, name=saved.name, state=step.state()), ()


def proposal(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """A proposal that is open again, or that came with what is taken back."""
    saved = step.saved(act, meta)
    return say("{proposal} {state}", proposal=ref("proposal", saved.id), state=step.state()), ()


def price(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """A price as it was, or not there any more. Refused to who may not set prices."""
    act.require("price set", say("set prices"))
    saved = step.saved(act, meta)
    return say("{ref} {name} {state}", ref=ref("price", saved.id), name=saved.sku, state=step.state()), ()


def require_open(net: Net, quote: Any) -> None:
    """Refuse to take back what somebody was shown: a version of a quote or a contract that is frozen stays, and another
    one follows it. Nothing is asked of any other thing."""
    if isinstance(quote, Contract):
        from oppcli.actions.contracts.undoing import require_open as require_unsigned

        require_unsigned(net, quote)
    if not isinstance(quote, Quote):
        return
    touched = {path.split(".")[1] for path in net.changes if path.startswith("versions.")}
    shown = [
        each for each in quote.versions if each.frozen_at is not None and (net.made or str(each.number) in touched)
    ]
    if shown:
        from oppcli.rules.papers import called

        name = called(quote, shown[-1])
        before = max((each.number for each in quote.versions if each.number < shown[-1].number), default=0)
        back = command("quote", "revise", ref("deal", quote.deal_id), "--from", str(before))
        raise Conflict(
            say("{version} was shown to somebody: nothing of it changes any more", version=name),
            hint=back if before else command("quote", "revise", ref("deal", quote.deal_id)),
        )


def quote(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """A quote as it was, or not there any more; what it wrote to the deal is taken back with it, or stays with the
    version that counts."""
    deal = act.door.get(Deal, step.before.deal_id)
    act.require_deal("quote edit", deal)
    saved = step.saved(act, meta)
    follows: tuple[str, ...] = ()
    was, now = step.before.in_effect, saved.in_effect
    if was is not None and now is not None and was.hash != now.hash:
        from oppcli.actions.offers import offers
        from oppcli.actions.requests import deal_changed

        follows = deal_changed(act, deal, deal, offered=offers(act, deal, step.before))
    return say("{ref} {state}", ref=ref("quote", saved.id), state=step.state()), follows


def contract(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """A contract as it was, or not there any more."""
    from oppcli.actions.contracts.undoing import taken_back

    return taken_back(act, step, meta)


def match(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """Two records that may be one again, or are different again. Refused to who may not say so."""
    act.require("dupes keep", say("say that records are different"))
    saved = step.saved(act, meta)
    names = {"one": ref(saved.noun, saved.first), "other": ref(saved.noun, saved.second)}
    if saved.state == DIFFERENT and saved.standing != WITHDRAWN:
        conflicts.end(act, [saved], DONE, saved.reason)
        return say("{one} and {other} are different again", **names), ()
    if saved.state == OPEN:
        conflicts.revive(act, saved, meta)
    return say("{one} and {other} may be one again", **names), ()
