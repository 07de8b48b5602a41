"""Lines of quotes as rows: of one version, and of all for other programs."""

from collections.abc import Iterable, Iterator
from typing import Any

from oppcli.model import money
from oppcli.model.quotes import Line, Price, Quote, QuoteVersion
from oppcli.model.quoting import ORDINARY, Quoting
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.reads.table import Column, Frame, Kind, Row, Table, ranked
from oppcli.rules.papers import called
from oppcli.rules.quotes import figures, prices
from oppcli.rules.quotes.figures import Figures
from oppcli.rules.quotes.secrets import gone
from oppcli.store.doors import ReadDoor
from oppcli.words import percents
from oppcli.words.unit_prices import decimal_of

LINES = ranked(
    (
        Column("quote", Kind.REF),
        Column("version", Kind.COUNT),
        Column("position", Kind.COUNT, title=say("NO.")),
        Column("sku", Kind.REF),
        Column("item", cut=True),
        Column("qty", Kind.NUMBER),
        Column("unit"),
        Column("list", Kind.NUMBER, title=say("LIST PRICE")),
        Column("price", Kind.NUMBER, title=say("UNIT PRICE")),
        Column("discount", Kind.PERCENT),
        Column("amount", Kind.MONEY),
        Column("tax", Kind.PERCENT),
        Column("cost", Kind.NUMBER),
        Column("floor", Kind.NUMBER, title=say("FLOOR PRICE")),
        Column("note", cut=True),
        Column("currency"),
    ),
    "position sku 1, item 1, qty 1, unit 4, list 3, price discount amount 1, tax 3, cost 2, floor note 5",
)
CHUNK = 200
"""Quotes that are read at once."""


def come_to(version: QuoteVersion, frame: Frame) -> Figures:
    """What a version comes to."""
    quoting: Quoting = frame.policy().quote or ORDINARY
    return figures.figures(version.lines, version.currency, quoting.prices)


def stale_lines(door: ReadDoor, version: QuoteVersion, day: str) -> tuple[int, ...]:
    """The lines whose price list is another on that day; no statement for a version without a listed line."""
    skus = prices.skus(version.lines)
    return prices.stale(version, door.find(Price, sku=skus, standing=LIVE) if skus else (), day)


def line_rows(quote: Quote, version: QuoteVersion, found: Figures) -> Iterable[dict[str, Any]]:
    """Each line by column."""
    for line, amount in zip(version.lines, found.amounts, strict=True):
        yield {
            "quote": ref("quote", quote.id),
            "version": version.number,
            "amount": amount,
            "currency": version.currency,
            **{name: shown(name, line, version.currency) for name in Line.__annotations__},
        }


def shown(name: str, line: Line, currency: str) -> Any:
    value = getattr(line, name)
    if value is None or name not in ("list", "floor", "cost", "price", "qty"):
        return value
    return decimal_of("quantity" if name == "qty" else "unit_price", value, currency)


CUSTOMERS = (
    Column("position", Kind.COUNT, title=say("No.")),
    Column("item"),
    Column("qty", Kind.NUMBER),
    Column("unit"),
    Column("price", Kind.NUMBER, title=say("UNIT PRICE")),
    Column("amount", Kind.MONEY),
    Column("tax", Kind.PERCENT),
    Column("currency", wide=False),
)
"""What a customer is told of a line."""
DRAFT = say("DRAFT, NOT APPROVED")


def for_customer(quote: Quote, version: QuoteVersion, found: Figures, frame: Frame) -> Table:
    """What a customer would be told of a version. It is never the copy that is sent, and says so. Refused for who does
    not have what it tells."""
    if hidden := {"amount", "discount"} & set(frame.hidden):
        from oppcli.model.sight import Sight
        from oppcli.rules.scopes import require_fields

        require_fields(
            Sight(frame.actor, 0, whole=False, owners=(), below=(), wide=False, hidden=tuple(hidden)), hidden
        )
    rows = []
    for row, line in zip(line_rows(quote, version, found), version.lines, strict=True):
        price = decimal_of("unit_price", round(figures.unit_price(line) * 10_000), version.currency)
        rows.append(tuple((row | {"price": price})[column.name] for column in CUSTOMERS))
    sums = [say("net {amount}", amount=money.shown(found.net, version.currency))]
    sums += [
        say("tax {rate} {amount}", rate=percents.shown(each.rate), amount=money.shown(each.tax, version.currency))
        for each in found.taxes
    ]
    sums.append(say("gross {amount}", amount=money.shown(found.gross, version.currency)))
    terms = (version.terms,) if version.terms else ()
    title = say("Quote {version}", version=called(quote, version))
    return Table(CUSTOMERS, rows, title=title, above=(DRAFT, title), below=(*sums, *terms), exact=True)


def every(door: ReadDoor, frame: Frame) -> Table:
    """The lines of every version of every quote, one quote after the other."""
    columns = tuple(each for each in LINES if each.name not in gone(frame.hidden))

    def rows() -> Iterator[Row]:
        numbers = door.column("SELECT id FROM quote ORDER BY id")
        for first in range(0, len(numbers), CHUNK):
            for quote in door.find(Quote, id=numbers[first : first + CHUNK], standing=LIVE):
                for version in quote.versions:
                    for row in line_rows(quote, version, come_to(version, frame)):
                        yield tuple(row[column.name] for column in columns)

    return Table(columns, rows())
