"""Quotes as tables: which are there and how they stand; the lines of one with what stands out in them."""

from collections.abc import Iterable, Mapping
from typing import Any

from oppcli.errors import NotFound
from oppcli.model import money
from oppcli.model.command import command
from oppcli.model.quotes import QUOTE_STATES, Line, Quote, QuoteVersion
from oppcli.model.quoting import ORDINARY
from oppcli.model.records import ANY, LIVE
from oppcli.model.refs import ref
from oppcli.model.requests import QUOTE
from oppcli.model.said import Word, label, listed, say
from oppcli.reads.hours import business_day
from oppcli.reads.papers import against, approved, customers
from oppcli.reads.quoted_lines import LINES, come_to, for_customer, line_rows, shown, stale_lines
from oppcli.reads.table import NEEDED, Column, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules import papers
from oppcli.rules.quotes import checks, versions
from oppcli.rules.quotes.figures import Figures
from oppcli.rules.quotes.secrets import gone
from oppcli.store.doors import ReadDoor
from oppcli.words import percents

COLUMNS = ranked(
    (
        Column("quote", Kind.REF),
        Column("version", Kind.COUNT),
        Column("deal", Kind.REF),
        Column("customer", cut=True),
        Column("state", words="quote"),
        Column("currency"),
        Column("net", Kind.MONEY),
        Column("tax", Kind.MONEY),
        Column("gross", Kind.MONEY),
        Column("discount", Kind.PERCENT),
        Column("margin", Kind.PERCENT),
        Column("valid_until", Kind.DATE),
        Column("sent", Kind.INSTANT),
        Column("accepted", Kind.DATE),
    ),
    "quote version 1, deal 3, customer 2, state 1, net gross 1, discount margin 2, valid_until 2, sent accepted 4",
)


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """The version in effect of every quote, and its draft; with `--all`, or of some states, every version."""
    deal, every = args.get("deal"), args.get("all") or args.get("state")
    wanted, heads = {} if deal is None else {"id": deal}, customers(door, "quote", deal)
    quotes = [each for each in door.find(Quote, standing=LIVE, **wanted) if each.id in heads]
    holds, hidden, now = _approved(door, frame, deal), gone(frame.hidden), business_day(frame)
    rows = []
    for quote in quotes:
        for version in quote.versions:
            if not (every or version in (quote.in_effect, quote.draft)):
                continue
            row = _row(quote, version, heads[quote.id], holds, now, frame)
            if _chosen(row, version, args):
                rows.append(row)
    return Table(COLUMNS, rows, title=say("Quotes"), exact=True).without(hidden)


def _chosen(row: Row, version: QuoteVersion, args: Mapping[str, Any]) -> bool:
    states, customer, sku = args.get("state") or (), args.get("customer"), args.get("sku")
    if states and row[4] not in states:
        return False
    if customer and customer.casefold() not in (row[3] or "").casefold():
        return False
    return not sku or any(line.sku == sku for line in version.lines)


def _approved(door: ReadDoor, frame: Frame, deal: int | None = None) -> frozenset[tuple[int, str]]:
    return approved(door, QUOTE, (frame.policy().quote or ORDINARY).approval, frame, deal)


def _row(
    quote: Quote,
    version: QuoteVersion,
    customer: str | None,
    holds: frozenset[tuple[int, str]],
    now: str,
    frame: Frame,
) -> Row:
    found = come_to(version, frame)
    state = versions.state(quote, version, now, approved=(quote.deal_id, version.hash) in holds)
    figures_ = (found.net, found.tax, found.gross, found.discount, found.margin)
    sent = version.sent[-1]["at"] if version.sent else None
    head = (ref("quote", quote.id), version.number, ref("deal", quote.deal_id), customer, state, version.currency)
    return (*head, *figures_, version.valid_until, sent, version.accepted_on)


def show(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """The lines of one version, above them how it stands, below them what it comes to, what stands out and what is
    another than in the version before. Refused where the deal has no quote, or no such version."""
    quote = _quote(door, args["deal"])
    version = _version(quote, args.get("version"))
    found, hidden = come_to(version, frame), gone(frame.hidden)
    if args.get("for"):
        return for_customer(quote, version, found, frame)
    columns = tuple(each for each in LINES if each.name not in hidden)
    rows = [tuple(row[column.name] for column in columns) for row in line_rows(quote, version, found)]
    holds = (quote.deal_id, version.hash) in _approved(door, frame, quote.deal_id)
    state = versions.state(quote, version, business_day(frame), approved=holds)
    out = _checks(door, version, found, frame)
    total: dict[str, Any] = {"quote": ref("quote", quote.id), "version": version.number, "state": state}
    total |= {"valid_until": version.valid_until, **_figures(found, version.currency, hidden), "terms": version.terms}
    total |= {"hash": version.hash, "checks": [each._asdict() for each in out]}
    return Table(
        columns,
        rows,
        title=say("Quote {version}", version=papers.called(quote, version)),
        above=_above(quote, version, state),
        below=(*_sums(found, version.currency, hidden), *map(_said, out), *changes(quote, version, hidden)),
        total=total,
        exact=True,
    )


def _quote(door: ReadDoor, deal: int) -> Quote:
    found = door.find(Quote, id=deal, standing=LIVE)
    if not found:
        name = ref("deal", deal)
        fix = command("quote", "line", name, "--sku", "…", "--qty", "1")
        raise NotFound(say("{deal} has no quote yet", deal=name), hint=fix)
    return found[0]


def _version(quote: Quote, text: str | None) -> QuoteVersion:
    """The one that is named, else the draft, else what is in effect."""
    if text:
        return papers.version_named(quote, text)
    chosen = quote.draft or quote.in_effect
    assert chosen is not None
    return chosen


def _checks(door: ReadDoor, version: QuoteVersion, found: Figures, frame: Frame) -> tuple[checks.Check, ...]:
    """What stands out, as far as who asks may know: costs and floors are theirs who see margins."""
    now = business_day(frame)
    out = checks.checks(version, found, stale_lines(door, version, now), frame.policy().quote or ORDINARY, now)
    secret = ("Q1", "Q2", "Q4") if "margin" in frame.hidden else ()
    return tuple(each for each in out if each.code not in secret)


def _figures(found: Figures, currency: str, hidden: frozenset[str]) -> dict[str, Any]:
    told: dict[str, Any] = {name: money.plain(getattr(found, name), currency) for name in ("net", "tax", "gross")}
    for name in ("discount", "max_discount", "margin"):
        value = getattr(found, name)
        told[name] = None if value is None else value / 10_000
    return {name: value for name, value in told.items() if name not in hidden}


def _above(quote: Quote, version: QuoteVersion, state: str) -> tuple[str, ...]:
    parts: list[str] = [
        papers.called(quote, version),
        Word("quote", state),
        say("prices of {day}", day=version.opened_on),
    ]
    if version.valid_until is not None:
        parts.append(say("valid until {day}", day=version.valid_until))
    if version.accepted_on is not None:
        parts.append(say("accepted on {day}", day=version.accepted_on))
    return (listed(parts), *([version.terms] if version.terms else []))


_SUMS = {"net": label("net"), "tax": say("tax"), "gross": label("gross")}


def _called(name: str) -> str:
    """A field of a line: its price is that of one unit."""
    return label("unit_price" if name == "price" else name)


def _sums(found: Figures, currency: str, hidden: frozenset[str]) -> tuple[str, ...]:
    parts: list[str] = []
    for name in ("net", "tax", "gross"):
        if name not in hidden:
            parts.append(say("{field} {value}", field=_SUMS[name], value=money.shown(getattr(found, name), currency)))
    for name in ("discount", "max_discount", "margin"):
        value = getattr(found, name)
        if value is not None and name not in hidden:
            parts.append(say("{field} {value}", field=label(name), value=percents.shown(value)))
    return (listed(parts),)


def _said(check: checks.Check) -> str:
    """`Q2 lines 1, 3: without a cost; stops a submit`."""
    lines = listed(map(str, check.lines))
    what = say("{code} {n:line|lines} {lines}", code=check.code, n=len(check.lines), lines=lines)
    told = say("{what}: {text}", what=what if check.lines else check.code, text=check.text)
    return say("{check}; it stops a submit", check=told) if check.stops else told


def changes(quote: Quote, version: QuoteVersion, hidden: frozenset[str]) -> tuple[str, ...]:
    """What is another than in the version before."""
    return against(quote, version, lambda before: _changed(before, version, hidden))


def _changed(before: QuoteVersion, after: QuoteVersion, hidden: frozenset[str]) -> Iterable[str]:
    old, new = ({line.position: line for line in each.lines} for each in (before, after))
    for position in sorted({*old, *new}):
        was, now = old.get(position), new.get(position)
        if was is None or now is None:
            line = now or was
            assert line is not None
            text = say("line {n} {item} added", n=position, item=line.item)
            yield text if was is None else say("line {n} {item} dropped", n=position, item=line.item)
            continue
        parts = [
            say("{field} {old} → {new}", field=_called(name), old=_text(name, was, before), new=_text(name, now, after))
            for name in Line.__annotations__
            if name not in hidden and getattr(was, name) != getattr(now, name)
        ]
        if parts:
            yield say("line {n} {item}: {changes}", n=position, item=now.item, changes=listed(parts))
    for name in ("valid_until", "terms"):
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            yield say("{field} {old} → {new}", field=label(name), old=one or "-", new=other or "-")


def _text(name: str, line: Line, version: QuoteVersion) -> str:
    value = shown(name, line, version.currency)
    if value is None:
        return "-"
    if name in ("discount", "tax"):
        return percents.shown(value)
    return f"{value:,f}" if name in ("list", "floor", "cost", "price", "qty") else str(value)


DEAL = Param("deal", "D-142, or its quote: Q-142", "quote", default=NEEDED, place=True, metavar="DEAL")
READS = (
    Read(
        path="quote list",
        title=say("Quotes"),
        help="What deals are offered for: the version in effect, and the draft",
        columns=COLUMNS,
        build=listing,
        params=(
            Param("deal", "only of this deal", "deal"),
            Param("sku", "with a line of this", metavar="SKU"),
            Param("customer", "whose customer is called so", metavar="NAME"),
            Param("state", "these states, of every version", "choice", choices=QUOTE_STATES, many=True, words="quote"),
            Param("all", "every version", "flag"),
        ),
        examples=("opp quote list", "opp quote list --state draft", "opp quote list --sku P-100 --all --csv"),
    ),
    Read(
        path="quote show",
        title=say("Quote"),
        help="The lines of a quote: the draft, else what is in effect; what stands out, and what has changed",
        columns=LINES,
        build=show,
        params=(
            DEAL,
            Param("version", "this version: 1", metavar="N"),
            Param(
                "for", "customer: what they are told, as a draft that is not approved", "choice", choices=("customer",)
            ),
        ),
        standing=ANY,
        narrows=False,
        examples=(
            "opp quote show D-142",
            "opp quote show D-142 --version 1 -o json",
            "opp quote show D-142 --for customer",
        ),
    ),
)
