"""What stands out in a quote (Q1 to Q7), and which of it stops a submit and a sending."""

from collections.abc import Collection
from datetime import date

from oppcli.errors import Reason
from oppcli.model.command import command
from oppcli.model.quotes import QuoteVersion
from oppcli.model.quoting import (
    BELOW_FLOOR,
    COSTLESS,
    EXPIRED,
    NO_SUCH_RATE,
    STALE,
    STOPPING,
    TOO_LONG,
    UNLISTED,
    Quoting,
)
from oppcli.model.said import listed, say
from oppcli.rules.quotes.figures import Figures
from oppcli.tuples import NamedTuple
from oppcli.words import percents

QUOTE_EXPIRED = "quote_expired"
"""By which programs know it."""
OF_LIST = (COSTLESS, NO_SUCH_RATE)
"""What of a listed line the price list says."""


class Check(NamedTuple):
    """One thing that stands out."""

    code: str
    """Q1 … Q7, never renamed."""
    text: str
    lines: tuple[int, ...] = ()
    """The positions it is about; none: the version as a whole."""
    stops: bool = False


def checks(
    version: QuoteVersion, found: Figures, stale: Collection[int], quoting: Quoting, today: str
) -> tuple[Check, ...]:
    """All of a version, in the order of their codes."""
    of_lines = (
        (BELOW_FLOOR, found.below_floor, say("below its floor price")),
        (COSTLESS, found.costless, say("without a cost")),
        (UNLISTED, found.unlisted, say("on no price list")),
        (STALE, tuple(stale), say("its price list has changed since")),
    )
    told = [(code, text, lines) for code, lines, text in of_lines if lines]
    if expired(version, today):
        told.append((EXPIRED, say("was valid until {day}", day=version.valid_until or ""), ()))
    if too_long(version, quoting):
        days = quoting.max_valid_days
        told.append((TOO_LONG, say("is valid for longer than {days} {days:day|days}", days=days), ()))
    strange = tuple(line.position for line in version.lines if quoting.taxes and line.tax not in quoting.taxes)
    if strange:
        rates = listed(map(percents.shown, quoting.taxes))
        told.append((NO_SUCH_RATE, say("its rate of tax is none of {rates}", rates=rates), strange))
    return tuple(Check(code, text, lines, code in (*STOPPING, *quoting.strict)) for code, text, lines in told)


def expired(version: QuoteVersion, today: str) -> bool:
    """Whether it holds no more: its last day is included, and what was accepted never expires."""
    return version.accepted_on is None and version.valid_until is not None and version.valid_until < today


def too_long(version: QuoteVersion, quoting: Quoting) -> bool:
    """Whether it is valid for longer than the policy lets it be."""
    if quoting.max_valid_days is None:
        return False
    if version.valid_until is None:
        return True
    last = date.fromisoformat(version.valid_until)
    return (last - date.fromisoformat(version.opened_on)).days > quoting.max_valid_days


def reasons(deal: str, found: Collection[Check], version: QuoteVersion, ready: bool = False) -> tuple[Reason, ...]:
    """Those that stop, as a refusal lists them, each with the command that mends it. `ready`: there is a draft that
    holds."""
    moved = frozenset(line for each in found if each.code == STALE for line in each.lines)
    return tuple(
        Reason(
            *(_what(each), each.text, _mend(deal, each, version, ready, moved)),
            slug=QUOTE_EXPIRED if each.code == EXPIRED else "",
        )
        for each in found
        if each.stops
    )


def by_the_list(found: Collection[Check], version: QuoteVersion) -> bool:
    """Whether something stops that the price list may mend: which command does depends on what it says today."""
    listed_ones = {line.position for line in version.lines if line.sku is not None}
    return any(each.stops and each.code in OF_LIST and listed_ones & {*each.lines} for each in found)


def _what(check: Check) -> str:
    if not check.lines:
        return say("quote {code}", code=check.code)
    return say(
        "quote {code} {n:line|lines} {lines}", code=check.code, n=len(check.lines), lines=listed(map(str, check.lines))
    )


def holds(draft: QuoteVersion | None, quoting: Quoting, today: str) -> bool:
    """Whether there is a draft that could be offered today, for as long as it says."""
    return draft is not None and not expired(draft, today) and not too_long(draft, quoting)


def _mend(deal: str, check: Check, version: QuoteVersion, ready: bool, moved: Collection[int]) -> str:
    if ready and check.code in (EXPIRED, TOO_LONG):
        return command("quote", "use", deal)
    if check.code in (EXPIRED, TOO_LONG):
        return command("quote", "edit", deal, "--valid", "+30d")
    if check.code == STALE:
        return command("quote", "edit", deal, "--reprice")
    position = str(check.lines[0])
    flag = {COSTLESS: "--cost", NO_SUCH_RATE: "--tax", UNLISTED: "--sku"}.get(check.code, "--price")
    listed_as = next((line.sku for line in version.lines if line.position == check.lines[0]), None)
    if listed_as is not None and check.code in OF_LIST:
        if check.lines[0] in moved:
            return command("quote", "edit", deal, "--reprice")
        return command("price", "set", listed_as, flag, "…")
    return command("quote", "line", deal, position, flag, "…")
