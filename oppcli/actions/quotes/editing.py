"""A quote's versions as verbs: validity and terms, today's prices, the next version, which one counts."""

from collections.abc import Sequence

from oppcli.actions.act import Act
from oppcli.actions.find import deal as find_deal
from oppcli.actions.offers import quote_of
from oppcli.actions.outcome import Outcome
from oppcli.actions.quotes import EDIT, kept, meant, outcome, require
from oppcli.actions.quotes.lines import begun_like, following, opened, priced, replaced, said
from oppcli.errors import Reason, UsageError
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.noun import replace
from oppcli.model.quotes import Line, QuoteVersion
from oppcli.model.refs import number, ref
from oppcli.model.said import say
from oppcli.rules import papers
from oppcli.rules.quotes import versions
from oppcli.words import unit_prices


def edit(
    act: Act,
    deal: Deal,
    *,
    valid: str | None = None,
    terms: str | None = None,
    reprice: bool = False,
    note: str | None = None,
) -> Outcome:
    """Another last day (ISO; an empty text: none), other terms, its lines at the prices of today. Refused (2) for a
    last day before it was opened."""
    require(act, EDIT, deal, note)
    before = meant(act, deal)
    version = opened(act, deal, before)
    was = version.lines
    if reprice:
        version = replace(version, opened_on=act.business_day.isoformat())
    if valid is not None:
        version = replace(version, valid_until=valid or None)
    if version.valid_until is not None and version.valid_until < version.opened_on:
        what = say("{until} is before it was opened, {opened}", until=version.valid_until, opened=version.opened_on)
        fix = command("quote", "edit", ref("deal", deal.id), *(("--reprice",) if reprice else ()), "--valid", "+30d")
        raise UsageError(say("the quote cannot be valid until then"), reasons=(Reason("--valid", what, fix),))
    if terms is not None:
        version = replace(version, terms=terms.strip() or None)
    version = replace(version, lines=priced(act, version, [said(line) for line in version.lines]))
    quote = versions.with_version(before, version)
    if quote == before:
        name = papers.called(quote, version)
        return Outcome(done=(say("{name}: nothing to change", name=name),), ids=(name,))
    saved, deal, follows = kept(act, deal, before, quote, note=note)
    return outcome(act, deal, saved, papers.version_named(saved, str(version.number)), follows, *moved(was, version))


def moved(was: Sequence[Line], version: QuoteVersion) -> list[str]:
    """What of the list is another than before: `P-100: list 68,000.00 → 70,000.00`."""
    before = {line.sku: line.list for line in was if line.sku is not None}
    found = []
    for line in version.lines:
        old = before.get(line.sku or "")
        if old is not None and line.list is not None and old != line.list:
            shown = (unit_prices.shown("unit_price", each, version.currency) for each in (old, line.list))
            found.append(say("{sku}: list {old} → {new}", sku=line.sku, old=next(shown), new=next(shown)))
    return list(dict.fromkeys(found))


def revise(act: Act, deal: Deal, source: str | None = None, *, note: str | None = None) -> Outcome:
    """The next version, a draft, like the one in effect or like another: `1`, `Q-99.2`. A draft that was there is
    replaced. Where the deal has no quote, one like that of another deal is its first, and in effect."""
    require(act, EDIT, deal, note)
    other = None if source is None else number("quote", source.strip().rpartition(".")[0])
    if source is not None and other not in (None, deal.id) and quote_of(act, deal.id) is None:
        return begun_like(act, deal, _source(act, deal, source), note)
    before = meant(act, deal)
    version = before.in_effect if source is None else _source(act, deal, source)
    assert version is not None
    fresh = following(act, deal, before, version)
    if before.draft is not None:
        fresh = replace(fresh, number=before.draft.number)
    fresh = replace(fresh, lines=priced(act, fresh, [said(line) for line in version.lines]))
    quote = versions.with_version(before, fresh)
    saved, deal, follows = kept(act, deal, before, quote, action="revise", note=note)
    return outcome(
        act, deal, saved, papers.version_named(saved, str(fresh.number)), follows, *moved(version.lines, fresh)
    )


def _source(act: Act, deal: Deal, text: str) -> QuoteVersion:
    """The version that is copied. Refused where it is not there, or of a deal that is not theirs to see."""
    name, dot, _ = text.strip().rpartition(".")
    known = number("quote", name) if dot else None
    other = deal if known is None else find_deal(act.door, ref("deal", known))
    if other.id != deal.id and other.currency != deal.currency:
        raise UsageError(
            say(
                "{source} is in {theirs}, {deal} in {ours}",
                source=text,
                theirs=other.currency,
                deal=ref("deal", deal.id),
                ours=deal.currency,
            )
        )
    return papers.version_named(meant(act, other), text)


def use(act: Act, deal: Deal, *, note: str | None = None) -> Outcome:
    """The draft in effect: what it comes to is the deal's from now on, and approvals that saw another follow."""
    require(act, EDIT, deal, note)
    before = meant(act, deal)
    after = versions.used(before, act.now)
    saved, deal, follows = kept(act, deal, before, after, action="use", note=note)
    version = saved.in_effect
    assert version is not None
    return outcome(act, deal, saved, version, follows)


def like(act: Act, source: Deal, made: Deal) -> tuple[str, ...]:
    """The lines of another deal's quote on a new deal, at the prices of today; what is said of it. Refused where that
    has none."""
    found = meant(act, source)
    version = found.in_effect
    assert version is not None
    if version.currency != made.currency:
        raise UsageError(
            say("the quote of {deal} is in {currency}", deal=ref("deal", source.id), currency=version.currency),
            hint=f"--currency {version.currency}",
        )
    rows = [said(line) for line in version.lines]
    done = replaced(act, made, rows)
    quote = quote_of(act, made.id)
    assert quote is not None and quote.in_effect is not None
    return (*done.done, *moved(version.lines, quote.in_effect), *done.details)
