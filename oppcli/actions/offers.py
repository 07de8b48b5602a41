"""What a deal is offered for, as needs, conditions, gates and approvers ask for it: one look-up of its quote."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from oppcli.actions.act import Look
from oppcli.errors import Conflict, Reason
from oppcli.model.command import command
from oppcli.model.contracts import Contract
from oppcli.model.deals import Deal
from oppcli.model.policy import Policy
from oppcli.model.quotes import Price, Quote, QuoteVersion
from oppcli.model.quoting import EXPIRED, ORDINARY, STALE, Quoting
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.model.spaces import FROM_QUOTE, QUOTE, WHOLE, named, nothing, read_by, space_of
from oppcli.rules import conditions
from oppcli.rules.approvals.world import Offered, World
from oppcli.rules.fields import word as called
from oppcli.rules.quotes import checks, facts, figures, prices
from oppcli.rules.quotes.figures import Figures
from oppcli.words.zones import midnight


def quoting(policy: Policy) -> Quoting:
    """What the policy says of quotes."""
    found: Quoting | None = policy.quote
    return found or ORDINARY


def quote_of(look: Look, deal: int) -> Quote | None:
    """The quote of a deal; None where it has none, or it was withdrawn."""
    return next((each for each in look.of_deal(Quote, deal) if each.standing == LIVE), None)


def require_unquoted(look: Look, deal: Deal, names: Iterable[str]) -> None:
    """Refuse (5) to type what the deal has from its quote, and another currency than that is in."""
    typed = [each for each in names if each in FROM_QUOTE]
    if not typed or quote_of(look, deal.id) is None:
        return
    name = ref("deal", deal.id)
    raise Conflict(
        say(
            "{deal}: {fields} {n:comes|come} from its quote {quote}",
            deal=name,
            fields=listed(called(each, look.policy) for each in typed),
            n=len(typed),
            quote=ref("quote", deal.id),
        ),
        hint=command("quote", "show", name),
        slug="from_quote",
    )


def figures_of(look: Look, version: QuoteVersion) -> Figures:
    """What a version comes to."""
    return figures.figures(version.lines, version.currency, quoting(look.policy).prices)


def stale_of(look: Look, version: QuoteVersion) -> tuple[int, ...]:
    """The lines whose price list has changed since: one look at the prices, none for a version without a listed
    line."""
    skus = prices.skus(version.lines)
    known = look.door.find(Price, sku=skus, standing=LIVE) if skus else ()
    return prices.stale(version, known, look.business_day.isoformat())


def checks_of(look: Look, version: QuoteVersion, *, stale: tuple[int, ...] | None = None) -> tuple[checks.Check, ...]:
    """What stands out in a version today."""
    found = stale_of(look, version) if stale is None else stale
    return checks.checks(version, figures_of(look, version), found, quoting(look.policy), look.business_day.isoformat())


def offers(look: Look, deal: Deal, *was: Quote | Contract) -> Callable[[], Offered]:
    """What the rules of approvals are given of quote and contract, looked up when one asks, and once. `was`: one of
    them as it is to be taken, in place of what is there; without a version where there was none."""
    kept: list[Offered] = []

    def found() -> Offered:
        if not kept:
            kept.append(_all(look, deal, {type(each): each for each in was}))
        return kept[0]

    return found


def _all(look: Look, deal: Deal, was: Mapping[type, Any]) -> Offered:
    """Of each table that the policy has."""
    found = Offered()
    if look.policy.quote is not None:
        found = _offered(look, deal, was[Quote] if Quote in was else quote_of(look, deal.id))
    if look.policy.contract is not None:
        from oppcli.actions.agreed import agreed

        more = agreed(look, deal, was.get(Contract), found.facts.get("quote.gross"))
        found = Offered({**found.facts, **more.facts}, {**found.unmet, **more.unmet}, found.over, found.ends_at)
    return found


def _offered(look: Look, deal: Deal, quote: Quote | None) -> Offered:
    name = ref("deal", deal.id)
    version = quote.in_effect if quote is not None else None
    if version is None or not version.lines:
        fix = command("quote", "line", name, "--sku", "…", "--qty", "1")
        return Offered(nothing(QUOTE), {QUOTE: (Reason(QUOTE, say("no line"), fix),)})
    wanted = STALE in quoting(look.policy).strict or "quote.stale" in _asked(look.policy)
    stale = stale_of(look, version) if wanted else ()
    found = checks_of(look, version, stale=stale)
    if not wanted and checks.by_the_list(found, version):
        found = checks_of(look, version)
    over = next((each.text for each in found if each.code == EXPIRED), None)
    told = facts.facts(version, figures_of(look, version), len(stale) if wanted else None)
    unmet = checks.reasons(name, found, version, ready(look, quote))
    return Offered(told, {QUOTE: unmet}, over, _ends_at(look, version))


def ready(look: Look, quote: Quote | None) -> bool:
    """Whether it has a draft that could be offered today."""
    return quote is not None and checks.holds(quote.draft, quoting(look.policy), look.business_day.isoformat())


def _ends_at(look: Look, version: QuoteVersion) -> int | None:
    """The day after the last one, where business is done; what was accepted by then never ends."""
    if version.valid_until is None or (version.accepted_on is not None and version.accepted_on <= version.valid_until):
        return None
    return midnight(date.fromisoformat(version.valid_until) + timedelta(days=1), look.calendar.timezone)


def _asked(policy: Policy) -> frozenset[str]:
    """Every word of gates and needs, and what conditions of types and steps read."""
    words = _words(policy)
    read = (
        name
        for rule in policy.types.values()
        for when in (rule.when, *(step.when for step in rule.steps))
        for name in conditions.reads(when)
    )
    return frozenset((*words, *read, *(name for word in words for name in _reads(word))))


def _words(policy: Policy) -> tuple[str, ...]:
    """What stages and types ask for, and rest on."""
    stages = (word for stage in policy.stages for word in (*stage.enter, *stage.leave))
    types = (word for rule in policy.types.values() for word in (*rule.needs, *rule.material))
    return (*stages, *types, *(policy.archive.needs if policy.archive is not None else ()))


def _reads(word: str) -> Iterable[str]:
    if not any(space in word for space in WHOLE) or word in WHOLE:
        return ()
    from oppcli.rules.gate_words import CONDITION, wanted

    return conditions.reads(conditions.unchecked(word)) if wanted(word).kind == CONDITION else (word,)


def words_met(look: Look, around: Callable[[], World]) -> Iterator[str]:
    """The words of gates that ask for something of quote or contract, of payments, of the customer or of risk, and
    hold: `quote`, `contract.signed`, `quote.margin >= 25`, `customer.overdue <= 0`. `around` is the world of the
    deal."""
    from oppcli.rules.gate_words import CONDITION, wanted

    words = dict.fromkeys(_words(look.policy))
    ours = {word for word in words if look.policy.spaced and any(map(space_of, (word, *_reads(word))))}
    there = named(look.policy)
    asked = [word for word in words if word in ours or read_by(word) & there]
    if not asked:
        return
    world = around()
    found = world.facts(look.policy)
    for word in asked:
        if word in WHOLE:
            met = word in found and not world.offered().unmet.get(word)
        elif wanted(word).kind != CONDITION:
            value = found.get(word)
            met = value is not None and value is not False and value != ""  # 0 is a value, and equals False
        else:
            met = conditions.decided(conditions.unchecked(word), found) is True
        if met:
            yield word
