"""Who buys, how often and how much, and of whom nothing was heard: a row per customer."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oppcli.model import money
from oppcli.model.deals import CLOSED_KINDS, LIVE_KINDS, WON, Customer
from oppcli.model.policy import Policy
from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.relations import OF_CUSTOMER, Cadence
from oppcli.model.said import Said, listed, say
from oppcli.model.units import DAY_MS
from oppcli.reads import pipelines
from oppcli.reads.counted_in import counting, uncounted
from oppcli.reads.table import IN, WHERE, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.touch_rows import PIPELINE
from oppcli.reads.where import Where
from oppcli.rules import buying, idling, promising
from oppcli.rules.buying import SILENT
from oppcli.store.doors import ReadDoor
from oppcli.store.idling import PERSON
from oppcli.store.patterns import literals
from oppcli.words.zones import today

if TYPE_CHECKING:
    from oppcli.rules.exchange import Converter

COLUMNS = ranked(
    (
        Column("customer", Kind.REF),
        Column("owner", Kind.REF),
        Column("tier"),
        Column("first_won", Kind.DATE),
        Column("last_won", Kind.DATE),
        Column("won_deals", Kind.COUNT, title=say("WON")),
        Column("won_amount", Kind.MONEY, title=say("AMOUNT")),
        Column("currency", wide=False),
        Column("open_deals", Kind.COUNT, title=say("OPEN")),
        Column("last_contact", Kind.INSTANT),
        Column("silent_days", Kind.DAYS, title=say("SILENT"), unit=say("d")),
        Column("repeat_days", Kind.DAYS, title=say("REPEAT"), unit=say("d")),
        Column("next_expected", Kind.DATE, title=say("NEXT EXPECTED")),
    ),
    "customer won_deals won_amount 1, last_won silent_days 2, open_deals next_expected 3, owner tier repeat_days 4,"
    " last_contact 5, first_won 6",
)
MONEY = ("won_amount", "currency")
_CUSTOMERS = "SELECT c.id, c.name, c.owner, c.tier, c.quiet_until FROM customer c"
_DEALS = """
SELECT d.customer_id, s.kind, d.closed_at, d.amount, d.currency FROM deal d JOIN stage s ON s.id = d.stage_id
WHERE d.customer_id IS NOT NULL{within} ORDER BY d.closed_at, d.id
"""
_TOUCHED = f"""
SELECT coalesce(a.customer_id, d.customer_id), max(a.at) FROM activity a LEFT JOIN deal d ON d.id = a.deal_id
WHERE a.kind IN ({{kinds}}) AND a.{PERSON} GROUP BY 1
"""


class Bought:
    """What is known of one customer's deals."""

    def __init__(self) -> None:
        self.wins: list[int] = []
        """When, in order; of a win of which nobody knows nothing."""
        self.won = self.open = 0
        self.priced: Counter[str] = Counter()
        self.money: Counter[str] = Counter()
        self.ended: int | None = None
        """When its last deal ended."""

    def add(self, kind: str, closed: int | None, amount: int | None, currency: str, by: "Converter | None") -> None:
        """One deal more, its amount counted by `by` where a currency is asked for."""
        self.open += kind in LIVE_KINDS
        if kind in CLOSED_KINDS and closed is not None:
            self.ended = max(self.ended or closed, closed)
        if kind != WON:
            return
        self.won += 1
        self.wins += [] if closed is None else [closed]
        if amount is not None and by is not None:
            amount, currency = by.minor(amount, currency, closed), by.to
        if amount is not None:
            self.priced[currency] += 1
            self.money[currency] += amount

    def amount(self, usual: str | None) -> tuple[int | None, str | None]:
        """What was won, and in which currency; nothing of several. `usual`: of who won nothing."""
        if len(self.priced) > 1:
            return None, None
        if not self.priced:
            return (None if self.won else 0), usual
        (currency,) = self.priced
        return self.money[currency], currency


NOTHING = Bought()


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per customer that passes the filters and meets the conditions, who bought most often first."""
    where = Where()
    for name in ("owner", "team"):
        where.among("c.owner", *(args.get(name) or ((), ())))
    where.among("c.tier", *(args.get("tier") or ((), ())))
    people = door.rows(f"{_CUSTOMERS} {where.sql} ORDER BY c.id", **where.params)
    by = counting(door, frame, args.get("in"))
    policy = frame.policy()
    worth = counting(door, frame, policy.currency) if args.get("where") else None
    bought, compared = _bought(door, (by, worth), args)
    touched: dict[int, int] = dict(door.rows(_TOUCHED.format(kinds=literals(idling.touching(policy)))))
    notes: tuple[Footnote, ...] = ()
    if args.get("signal"):
        silent, notes = _silent(door, people, bought, touched, frame)
        people = [row for row in people if row[0] in silent]
    names = Counter(row[1] for row in people)
    usual = _usual(bought.values(), by)
    rows = [_row(row, names, bought.get(row[0], NOTHING), touched.get(row[0]), usual, frame) for row in people]
    table = Table(COLUMNS, rows, READ.title, (*notes, *_several(bought, people, by, frame), *uncounted(by)))
    if worth is not None:
        amounts = [compared.get(row[0], NOTHING).amount(worth.to) for row in people]
        table = _meeting(table, amounts, args["where"], door, frame)
    return _told(table, frame.hidden)


_OF = COLUMNS[0]._replace(name="_of", kind=Kind.OBJECT)
"""The currency in which amounts are compared: no field of a condition."""


def _meeting(
    table: Table, amounts: Sequence[tuple[int | None, str | None]], texts: Sequence[str], door: ReadDoor, frame: Frame
) -> Table:
    """The rows that meet the conditions, where these compare other `amounts`: in the policy's currency, each deal's at
    the rate of the day on which it closed, whatever is told."""
    from oppcli.reads.narrowing import narrowed

    rows, at = list(table.rows), [column.name for column in COLUMNS].index("won_amount")
    columns = (*(each._replace(currency=_OF.name) if each.kind is Kind.MONEY else each for each in COLUMNS), _OF)
    asked = [
        (*row[:at], amount, *row[at + 1 :], currency, place)
        for place, (row, (amount, currency)) in enumerate(zip(rows, amounts, strict=True))
    ]
    met = narrowed(table._replace(columns=columns, rows=asked), texts, door, frame)
    return met._replace(columns=COLUMNS, rows=[rows[row[-1]] for row in met.rows])


def _bought(
    door: ReadDoor, counted: tuple["Converter | None", "Converter | None"], args: Mapping[str, Any]
) -> tuple[dict[int, Bought], dict[int, Bought]]:
    """What each customer bought, on all pipelines unless one is asked for: as it is told, and as it is compared, where
    it is."""
    found, compared = defaultdict[int, Bought](Bought), defaultdict[int, Bought](Bought)
    told, worth = counted
    within = f" AND {pipelines.within(door, args)}" if args.get("pipeline") else ""
    for customer, kind, closed, amount, currency in door.stream(_DEALS.format(within=within)):
        found[customer].add(kind, closed, amount, currency, told)
        if worth is not None:
            compared[customer].add(kind, closed, amount, currency, worth)
    return found, compared


def _usual(bought: Iterable[Bought], by: "Converter | None") -> str | None:
    """The currency of all that was won, where that is one."""
    if by is not None:
        return by.to
    codes = {code for each in bought for code in each.priced}
    return codes.pop() if len(codes) == 1 else None


def _row(
    row: Row, names: Mapping[str, int], bought: Bought, touched: int | None, usual: str | None, frame: Frame
) -> Row:
    number, name, owner, tier, _ = row
    wins, coming = bought.wins, buying.next_expected(bought.wins)
    usually = buying.repeat_ms(wins)
    return (
        f"{name} ({ref('customer', number)})" if names[name] > 1 else name,
        *(owner, tier),
        *(today(wins[at], frame.tz).isoformat() if wins else None for at in (0, -1)),
        *(bought.won, *bought.amount(usual), bought.open),
        touched,
        None if touched is None else (frame.now - touched) / DAY_MS,
        None if usually is None else usually / DAY_MS,
        None if coming is None else today(coming, frame.tz).isoformat(),
    )


def _told(table: Table, hidden: Collection[str]) -> Table:
    """The rows in order, with the total of all of them; without money where that is hidden."""
    at = {column.name: place for place, column in enumerate(table.columns)}
    rows = sorted(table.rows, key=lambda row: (-row[at["won_deals"]], -(row[at["won_amount"]] or 0), row[0]))
    again = buying.repeat(row[at["won_deals"]] for row in rows)
    codes = {row[at["currency"]] for row in rows if row[at["won_amount"]]}
    total: dict[str, Any] = {"customers": len(rows), "won_deals": sum(row[at["won_deals"]] for row in rows)}
    if len(codes) == 1:
        (code,) = codes
        total |= {"won_amount": money.plain(sum(row[at["won_amount"]] or 0 for row in rows), code), "currency": code}
    total |= {"open_deals": sum(row[at["open_deals"]] for row in rows), "repeat_rate": again.rate}
    population = Footnote("population", len(rows), say("{n:,} {n:customer|customers}", n=len(rows)))
    told = table._replace(rows=rows, notes=(population, *table.notes), total=total, summed=_summed(again))
    if "amount" not in hidden:
        return told
    return told.without(MONEY)._replace(total={name: each for name, each in total.items() if name not in MONEY})


def _summed(again: buying.Repeat) -> tuple[Said, ...]:
    """The repeat rate, where anybody bought."""
    if again.rate is None:
        return ()
    return (
        say(
            "repeat rate {rate:.1%}: {again:,} of {once:,} {once:customer|customers} with a win bought again",
            rate=again.rate,
            again=again.again,
            once=again.once,
        ),
    )


def _silent(
    door: ReadDoor,
    people: Sequence[Row],
    bought: Mapping[int, Bought],
    touched: Mapping[int, int],
    frame: Frame,
) -> tuple[set[int], tuple[Footnote, ...]]:
    """Those beyond the cadence that is for them; that there is none, where the policy has none for customers."""
    policy = frame.policy()
    cadences = [each for each in (policy.follow.cadences if policy.follow else ()) if each.of == OF_CUSTOMER]
    if not cadences:
        said = say("the policy has no cadence of customers: nobody is silent")
        return set(), (Footnote("left_out", None, said),)
    found, quiet = set(), {row[0]: row[4] for row in people}
    free = [number for number in quiet if not bought.get(number, NOTHING).open]
    for number, cadence in _cadences(door, free, cadences, policy, frame):
        known = (touched.get(number), bought.get(number, NOTHING).ended)
        since = max((at for at in known if at is not None), default=None)
        if buying.silent(cadence, since, quiet[number], frame.now, policy.hours()):
            found.add(number)
    return found, ()


def _cadences(
    door: ReadDoor, numbers: Sequence[int], cadences: Sequence[Cadence], policy: Policy, frame: Frame
) -> Iterator[tuple[int, Cadence | None]]:
    """The cadence of each of these customers, by what its conditions read of them."""
    from oppcli.reads.converting import converter
    from oppcli.rules import conditions, fields, record_fields, relation_facts
    from oppcli.store import deal_facts

    read = {name for each in cadences for name in conditions.reads(each.when)}
    among = {name: field for name, field in fields.of_team("customer", policy).items() if name in read}
    dealings: Mapping[int, Mapping[str, Any]] = {}
    if relation_facts.OF_CUSTOMERS.keys() & read:
        kinds, by = idling.touching(policy), converter(door, frame, policy.currency)
        dealings = deal_facts.of_customers(door, numbers, kinds, frame.now, policy.currency, by.minor)
    records = {each.id: each for each in door.find(Customer, id=numbers)} if among else {}
    for number in numbers:
        own = record_fields.of_record(records[number], among, policy) if among else {}
        yield number, promising.cadence(cadences, OF_CUSTOMER, {**own, **dealings.get(number, {})})


def _several(
    bought: Mapping[int, Bought], people: Sequence[Row], by: "Converter | None", frame: Frame
) -> Iterator[Footnote]:
    """Customers who paid in several currencies, whose money is not added up."""
    mixed = [each for row in people if len((each := bought.get(row[0], NOTHING)).priced) > 1]
    if mixed and by is None and "amount" not in frame.hidden:
        codes = sorted({code for each in mixed for code in each.priced})
        said = say(
            "{n:,} {n:customer|customers} bought in {currencies}, not added up: --in {first}",
            n=len(mixed),
            currencies=listed(codes, " and "),
            first=codes[0],
        )
        yield Footnote("left_out", len(mixed), said)


READ = Read(
    path="report customers",
    title=say("Customers who buy"),
    help="first and last win, how many, how much, last contact, how often they buy, when the next win would come",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        Param(
            "signal", "silent: nothing heard for longer than the cadence", "choice", choices=(SILENT,), words="signal"
        ),
        Param("owner", "me, a login or a name; !x excludes", "user", many=True),
        Param("team", "me, a login or a name: of who is at or below this person in the lines", "team"),
        Param("tier", "how much it matters; !x excludes", "words", many=True),
        IN,
        PIPELINE,
        WHERE,
    ),
    build=build,
    examples=(
        "opp report customers --signal silent",
        "opp report customers -w 'won_deals = 0 and last_contact is not empty'",
        "opp report customers --tier A --in EUR --csv",
    ),
)
READS = (READ,)
