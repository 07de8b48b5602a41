"""Quotes as verbs; here, what each of them begins and ends with: who may, and what the version in effect writes.

Every verb is one transaction: the quote, the deal's amount, discount and margin, and what that does to requests.
"""

from oppcli.actions.act import EDITED, Act, Cause, Look
from oppcli.actions.consequences import following
from oppcli.actions.deals import require_not_lost, require_unlocked
from oppcli.actions.offers import figures_of, offers, quote_of, quoting
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, PolicyError, Reason, Refused
from oppcli.model import money
from oppcli.model.command import Command, command
from oppcli.model.deals import Deal
from oppcli.model.money import LARGEST
from oppcli.model.noun import replace
from oppcli.model.quotes import Quote, QuoteVersion
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import label, listed, say
from oppcli.rules import fields, papers
from oppcli.rules.quotes import versions
from oppcli.rules.quotes.secrets import gone
from oppcli.words import percents

EDIT, SEND, ACCEPT = "quote edit", "quote send", "quote accept"


def require_table(look: Look) -> None:
    """Refuse (8) where the policy says nothing of quotes."""
    if look.policy.quote is None:
        raise PolicyError(
            say("the policy has no [quote], so there are no quotes here"),
            hint=say("add the table [quote]: {edit}", edit=command("policy", "edit")),
        )


def require(act: Act, verb: str, deal: Deal, note: str | None = None) -> None:
    """Refuse who may not, a deal that is closed, and a policy that knows no quotes."""
    require_table(act)
    act.require_deal(verb, deal)
    require_unlocked(act, deal, note)
    require_not_lost(act, deal, say("{deal} is lost: nothing is offered any more", deal=ref("deal", deal.id)))


def kept(
    act: Act, deal: Deal, before: Quote | None, after: Quote, *, action: str = "edit", note: str | None = None
) -> tuple[Quote, Deal, tuple[str, ...]]:
    """The quote stored, the deal with what it comes to by now, and what followed. Refused for what no deal can have."""
    meta = {"reason": note} if note else None
    saved = _stored(act, before, after, action, meta)
    was, now = (None if each is None else each.in_effect for each in (before, saved))
    if now is None or (was is not None and was.hash == now.hash and was.number == now.number):
        return saved, deal, ()
    changed = versions.written(deal, now, figures_of(act, now), quoting(act.policy))
    _refuse(act, deal, changed)
    same = changed == deal
    stored = deal if same else act.door.save(deal, replace(changed, updated_at=act.now), meta=meta)
    from oppcli.actions.requests import deal_changed

    said = deal_changed(act, deal, stored, offered=offers(act, deal, before or blank(deal)))
    return saved, stored, said if same else (*said, *following(act, Cause(EDITED, stored, deal)))


def _stored(act: Act, before: Quote | None, after: Quote, action: str, meta: dict[str, str] | None) -> Quote:
    """The quote as it is stored: one that was withdrawn begins anew, behind what it was."""
    if before is not None:
        return act.door.save(before, after, action=action, meta=meta)
    gone = act.door.find(Quote, id=after.id)
    if not gone:
        return act.door.add(after, meta=meta)
    return act.door.save(gone[0], replace(after, version=gone[0].version), meta=meta)


def _refuse(act: Act, deal: Deal, after: Deal) -> None:
    """Refuse (7) what a quote comes to and no deal can have: below zero, too large, outside the policy's limits."""
    known, name = fields.fields(act.policy), ref("deal", deal.id)
    found = []
    if after.amount is not None and abs(after.amount) > LARGEST:
        found.append(Reason(label("amount"), say("is too large")))
    for each in versions.FIGURES:
        value = getattr(after, each)
        if value is not None and (fault := fields.limit_problem(known[each], value, deal.currency)) is not None:
            found.append(Reason(fields.word(each, act.policy), fault, command("quote", "show", name)))
    if found:
        raise Refused(say("the quote of {deal} cannot be kept", deal=name), reasons=tuple(found))


def blank(deal: Deal) -> Quote:
    """A quote without a version."""
    return Quote(id=deal.id, deal_id=deal.id, standing=LIVE)


def numbered(act: Act, deal: Deal) -> Quote | None:
    """What was withdrawn of a deal's quote, whose numbers are not given again; None where nothing was."""
    found = act.door.find(Quote, id=deal.id)
    return found[0] if found else None


def told(act: Act, quote: Quote, version: QuoteVersion) -> str:
    """`Q-142.2: 3 lines, net CNY 720,000.00, gross CNY 811,500.00, discount 14.8936 %, valid until 2026-04-01`."""
    found, secret = figures_of(act, version), gone(act.door.hidden)
    parts: list[str] = [say("{n} {n:line|lines}", n=len(version.lines))]
    if "net" not in secret:
        parts.append(say("net {amount}", amount=money.shown(found.net, version.currency)))
        parts.append(say("gross {amount}", amount=money.shown(found.gross, version.currency)))
    for name in ("discount", "margin"):
        value = getattr(found, name)
        if value is not None and name not in secret:
            parts.append(say("{field} {percent}", field=fields.word(name, act.policy), percent=percents.shown(value)))
    if version.valid_until is not None:
        parts.append(say("valid until {day}", day=version.valid_until))
    return say("{version}: {parts}", version=papers.called(quote, version), parts=listed(parts))


def outcome(
    act: Act, deal: Deal, quote: Quote, version: QuoteVersion, follows: tuple[str, ...], *notes: str
) -> Outcome:
    """What is said of a version that was made or changed."""
    name = ref("deal", deal.id)
    next_: tuple[Command, ...] = ()
    draft = version.used_at is None
    if draft:
        next_ = (command("quote", "use", name, why=say("it is a draft: until then nothing is changed")),)
    return Outcome(
        done=(told(act, quote, version),),
        ids=(papers.called(quote, version),),
        details=(*notes, *follows),
        next=next_,
    )


def meant(act: Look, deal: Deal) -> Quote:
    """The deal's quote. Refused where it has none."""
    found = quote_of(act, deal.id)
    if found is None:
        name = ref("deal", deal.id)
        raise Conflict(
            say("{deal} has no quote yet", deal=name), hint=command("quote", "line", name, "--sku", "…", "--qty", "1")
        )
    return found
