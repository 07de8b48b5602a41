"""Payments as a table: what is due and what came, what of it is unpaid, and for how long it is late."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from oppcli.model.nouns import PREFIXES
from oppcli.model.payments import DUE, PAYMENT_KINDS
from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.said import Said, say
from oppcli.reads.hours import business_day
from oppcli.reads.table import Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.rules import ledger
from oppcli.rules.ledger import SUMS, Ledger
from oppcli.store.doors import ReadDoor
from oppcli.words.kinds import shown

COLUMNS = ranked(
    (
        Column("id", Kind.REF),
        Column("deal", Kind.REF),
        Column("customer", cut=True),
        Column("kind", words="payment"),
        Column("on", Kind.DATE),
        Column("amount", Kind.MONEY),
        Column("currency", wide=False),
        Column("open", Kind.MONEY, title=say("UNPAID")),
        Column("late_days", Kind.COUNT, title=say("DAYS LATE")),
        Column("sign_days", Kind.COUNT, wide=False),
        Column("ref", cut=True, named=True, title=say("BANK REF")),
        Column("voided_at", Kind.INSTANT, wide=False),
        Column("created_at", Kind.INSTANT, wide=False),
        Column("created_by", Kind.REF, wide=False),
        Column("system", wide=False),
        Column("external_id", wide=False),
    ),
    "id on amount 1, kind open 1, late_days 2, deal customer 2, ref 4",
)
PLACES = {column.name: place for place, column in enumerate(COLUMNS)}
_SELECT = """
SELECT p.id, p.deal_id, p.customer_id, c.name, p.kind, p."on", p.amount, p.currency, p.sign_days, p.ref, p.voided_at,
       p.created_at, p.created_by, p.system, p.external_id
FROM payment p LEFT JOIN deal d ON d.id = p.deal_id
LEFT JOIN customer c ON c.id = coalesce(d.customer_id, p.customer_id)
"""
EXPORTED = (
    Column("id", Kind.REF),
    Column("deal", Kind.REF),
    Column("customer", Kind.REF),
    Column("kind", words="payment"),
    Column("on", Kind.DATE),
    Column("amount", Kind.MONEY),
    Column("currency"),
    Column("sign_days", Kind.COUNT),
    Column("ref"),
    Column("voided_at", Kind.INSTANT),
    Column("created_at", Kind.INSTANT),
    Column("created_by", Kind.REF),
    Column("system"),
    Column("external_id"),
)
Bucket = tuple[int | None, int | None, str]
"""Deal, customer without one, currency."""


def exported(door: ReadDoor) -> Iterator[Row]:
    """Every payment, void or not; a customer is told where there is no deal."""
    names = ", ".join(f'"{column.name}"' for column in EXPORTED[3:])
    for number, deal, customer, *rest in door.stream(
        f"SELECT id, deal_id, customer_id, {names} FROM payment ORDER BY id"
    ):
        of = None if deal is None else ref("deal", deal), None if customer is None else ref("customer", customer)
        yield (ref("payment", number), *of, *rest)


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Payments that pass the filters, the oldest in front, as they are on a day: what of each instalment is unpaid, and
    for how many days it is late."""
    where = Where()
    where.equals("p.deal_id", args.get("deal"))
    where.among("coalesce(d.customer_id, p.customer_id)", *(args.get("customer") or ((), ())))
    day = str(args.get("on") or business_day(frame))
    found = door.rows(f"{_SELECT} {where.sql}", **where.params)
    ledgers = _ledgers([row for row in found if row[10] is None], day)
    rows = [_row(row, ledgers, day) for row in found if args.get("all") or row[10] is None]
    if args.get("kind"):
        rows = [row for row in rows if row[3] in args["kind"]]
    if args.get("overdue"):
        rows = [row for row in rows if row[8]]
    rows.sort(key=lambda row: (row[4] or ledger.NEVER, int(row[0][len(PREFIXES["payment"]) :])))
    void = any(row[PLACES["voided_at"]] is not None for row in rows)
    columns = tuple(each._replace(wide=each.wide or (void and each.name == "voided_at")) for each in COLUMNS)
    return Table(columns, rows, title=say("Payments"), notes=tuple(_sums(ledgers)))


def _ledgers(rows: Iterable[Row], day: str) -> dict[Bucket, Ledger]:
    buckets: dict[Bucket, list[ledger.Row]] = {}
    for row in rows:
        if row[6] is None:  # hidden from who asks
            continue
        buckets.setdefault((row[1], row[2], row[7]), []).append(ledger.Row(row[0], row[4], row[5], row[6]))
    return {bucket: ledger.ledger(found, day) for bucket, found in buckets.items()}


def _row(row: Row, ledgers: Mapping[Bucket, Ledger], day: str) -> Row:
    number, deal, customer, name, kind, on, amount, currency, sign_days, book, voided, *more = row
    counts = kind == DUE and voided is None and amount is not None
    unpaid = ledgers[deal, customer, currency].open[number] if counts else None
    late = (ledger.days_late(on, day) if unpaid else 0) if counts else None
    return (
        *(ref("payment", number), None if deal is None else ref("deal", deal), name, kind, on, amount, currency),
        *(unpaid, late, sign_days, book, voided, *more),
    )


def _sums(ledgers: Mapping[Bucket, Ledger]) -> Iterable[Footnote]:
    """What all that is told of comes to, by currency."""
    currencies = sorted({currency for _, _, currency in ledgers})
    for currency in currencies:
        of = [each for (_, _, code), each in ledgers.items() if code == currency]
        yield Footnote("population", len(of), come_to(of, currency))


def come_to(ledgers: Iterable[Ledger], currency: str) -> Said:
    """What these buckets of a currency come to, in one sentence."""
    of = tuple(ledgers)
    sums = {name: shown("money", sum(getattr(each, name) for each in of), currency) for name in SUMS}
    return say("{planned} planned, {received} received, {outstanding} outstanding, {overdue} overdue", **sums)


READS = (
    Read(
        path="payment list",
        title=say("Payments"),
        help="What is due and what came: what of it is unpaid, and for how many days it is late",
        columns=COLUMNS,
        standing=COUNTED,
        build=listing,
        params=(
            Param("deal", "of this deal", "deal"),
            Param("customer", "of this customer and its deals; !x excludes", "customer", many=True),
            Param("kind", " ".join(PAYMENT_KINDS), "choice", choices=PAYMENT_KINDS, many=True, words="payment"),
            Param("overdue", "only instalments that are overdue", "flag"),
            Param("on", "as it is on this day; default: today", "date"),
            Param("all", "also what is void", "flag", short="-a"),
        ),
        examples=(
            "opp payment list --deal D-142",
            "opp payment list --overdue --customer C-9",
            "opp payment list --overdue --on eom --csv",
        ),
    ),
)
