"""The page of a quote for its customer: what it says, in the language of the policy, and its file, over no other."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from oppcli.actions.offers import figures_of
from oppcli.cli.filed import beside
from oppcli.errors import UsageError
from oppcli.model import money
from oppcli.model.said import listed, of_system, say
from oppcli.render.quote_page import FORMATS, Offer, page
from oppcli.rules import papers
from oppcli.rules.quotes.figures import unit_price
from oppcli.speech import Voice, spoken
from oppcli.words import percents, unit_prices

if TYPE_CHECKING:
    from oppcli.actions.act import Look
    from oppcli.model.deals import Deal
    from oppcli.model.quotes import Line, Quote, QuoteVersion


def text(look: "Look", deal: "Deal", quote: "Quote", version: "QuoteVersion", suffix: str, *, draft: bool) -> str:
    """The whole page. Refused (2) for a kind of file that is not written."""
    if suffix not in FORMATS:
        raise UsageError(
            say("a quote is not written as {suffix}", suffix=suffix or say("a file without an ending")),
            hint=say("one of {formats}", formats=listed(FORMATS, " ")),
        )
    voice = Voice(lang=look.policy.spoken or "en")
    return page(_offer(look, deal, quote, version, draft=draft), suffix, partial(spoken, voice=voice))


def _offer(look: "Look", deal: "Deal", quote: "Quote", version: "QuoteVersion", *, draft: bool) -> Offer:
    from oppcli.actions.deals import customer_name

    found, currency = figures_of(look, version), version.currency
    facts = [(say("Customer"), customer_name(look.door, deal)), (say("Subject"), deal.title)]
    facts += [(say("Date"), version.opened_on), (say("Currency"), currency)]
    if version.valid_until is not None:
        facts.append((say("Valid until"), version.valid_until))
    totals = [(say("Total without tax"), money.shown(found.net, currency))]
    totals += [
        (say("Tax {rate}", rate=percents.shown(each.rate)), money.shown(each.tax, currency)) for each in found.taxes
    ]
    totals.append((say("Total with tax"), money.shown(found.gross, currency)))
    return Offer(
        title=say("Quote {version}", version=papers.called(quote, version)),
        draft=draft,
        facts=tuple((name, value) for name, value in facts if value),
        lines=tuple(_line(line, amount, currency) for line, amount in zip(version.lines, found.amounts, strict=True)),
        totals=tuple(totals),
        terms=version.terms or "",
    )


def _line(line: "Line", amount: int, currency: str) -> tuple[str, ...]:
    each = round(unit_price(line) * 10_000)
    return (
        str(line.position),
        line.item if line.sku is None or line.sku == line.item else f"{line.sku} {line.item}",
        unit_prices.shown("quantity", line.qty),
        line.unit or "",
        unit_prices.shown("unit_price", each, currency),
        money.bare(amount, currency),
        percents.shown(line.tax),
    )


def require_free(path: Path, text: str) -> None:
    """Refuse (2) a place where another file lies, and one that cannot be written."""
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise UsageError(say("{path} cannot be written: not a file in a folder that exists", path=path))
    if path.exists() and path.read_bytes() != text.encode():
        raise UsageError(say("{path} is there already, and is another file", path=path), hint=say("give another name"))


def write(path: Path, text: str, db: str) -> None:
    """The bytes of the text, all or none. Refused (2) with what the system says."""
    try:
        with beside(str(path), db) as file:
            file.write(text.encode())
    except OSError as error:
        raise UsageError(say("{path} cannot be written: {what}", path=path, what=of_system(error))) from None
