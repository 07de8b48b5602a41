"""What money the coming months are to bring by the payment plans: what of each instalment is unpaid, by the month in
which it is due, and how sure that is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.deals import COMMIT, OMITTED, WON
from oppcli.model.records import COUNTED, LIVE
from oppcli.model.said import say
from oppcli.reads import population
from oppcli.reads.counted_in import counting, uncounted
from oppcli.reads.forecast_months import CATEGORY, Months
from oppcli.reads.hours import business_day
from oppcli.reads.table import Column, Footnote, Frame, Kind, Row, Table
from oppcli.rules import ledger
from oppcli.rules.scopes import require_had
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted
from oppcli.words.zones import midnight

GUARANTEED, HIGH, LOW = LEVELS = ("guaranteed", "high", "low")
COLUMNS = (
    Column("month", words="forecast", blank=say("(none)"), rank=1),
    Column(GUARANTEED, Kind.MONEY, title=say("GUARANTEED"), rank=1),
    Column(HIGH, Kind.MONEY, title=say("COMMITTED"), rank=1),
    Column(LOW, Kind.MONEY, title=say("POSSIBLE"), rank=1),
    Column("currency", wide=False),
)
_SIGNED = f"""EXISTS (SELECT 1 FROM contractversion v JOIN contract c ON c.id = v.contract_id
WHERE c.deal_id = d.id AND c.standing = '{LIVE}' AND v.signed_on IS NOT NULL)"""
_SELECT = f"""
SELECT d.id, p.currency, p.id, p.kind, p."on", p.amount, s.kind, {CATEGORY}, CASE WHEN {_SIGNED} THEN 1 ELSE 0 END
FROM payment p JOIN deal d ON d.id = p.deal_id JOIN stage s ON s.id = d.stage_id
"""
Sums = Mapping[str, Mapping[str | None, Counter[str]]]
"""Currency → month → minor units by level."""


def receipts(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row for each month and currency: past due first, what waits for a signature last. Refused to who does not have
    amounts, and where it is to be split by anything but months."""
    require_had(frame.actor, ("amount",), frame.hidden)
    if args.get("by") not in (None, "month"):
        raise UsageError(say("--receipts tells months"), hint="--by month")
    where, told = population.ever(door, args, frame)
    where.clauses += [
        "p.voided_at IS NULL",
        f"d.standing IN ({quoted(COUNTED)})",
        "s.kind IN ('lead', 'open', 'won')",
    ]
    months, by = Months(args, frame), counting(door, frame, args.get("in"))
    rows, key = door.rows(f"{_SELECT} {where.sql}", **where.params), months.period("month")
    sums: dict[str, dict[str | None, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for on, level, minor, code in _unpaid(rows, business_day(frame)):
        at = None if on is None else midnight(date.fromisoformat(on), frame.tz)
        worth = minor if by is None else by.minor(minor, code, at)
        if worth is not None and months.holds(on):
            (label,) = key.labels(on)
            sums[code if by is None else by.to][label][level] += worth
    found = [row for code in sorted(sums) for row in _rows(sums[code], key, code)]
    notes = (*told, *_omitted(rows), *uncounted(by))
    return Table(COLUMNS, found, say("Receipts forecast"), notes, last=_last(sums))


def _unpaid(rows: Sequence[Row], day: str) -> Iterator[tuple[str | None, str, int, str]]:
    """(due, level, unpaid, currency) of each instalment of which something is unpaid; receipts pay the oldest first."""
    buckets: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in rows:
        buckets[row[0], row[1]].append(row)
    for (_, code), found in buckets.items():
        open_ = ledger.ledger([ledger.Row(*row[2:6]) for row in found], day).open
        for row in found:
            level = _level(*row[6:9])
            if open_.get(row[2]) and level:
                yield row[4], level, open_[row[2]], code


def _level(kind: str, category: str, signed: int) -> str:
    """How sure it is; nothing of what the forecast omits."""
    if kind == WON or signed:
        return GUARANTEED
    return "" if category == OMITTED else HIGH if category == COMMIT else LOW


def _omitted(rows: Sequence[Row]) -> Iterator[Footnote]:
    deals = {row[0] for row in rows if not _level(*row[6:9])}
    if deals:
        said = say("payments of {n:,} {n:deal|deals} that the forecast omits left out", n=len(deals))
        yield Footnote("left_out", len(deals), said)


def _rows(found: Mapping[str | None, Counter[str]], key: Any, code: str) -> Iterator[Row]:
    """Months without gaps; what has no day last."""
    known = sorted((label for label in found if label is not None), key=key.place)
    for label in [*(key.filled(known) if known else ()), *([None] if None in found else [])]:
        each = found.get(label, Counter())
        yield (label, *(each[level] for level in LEVELS), code)


def _last(sums: Sums) -> Row | None:
    """The whole, where all is in one currency."""
    if len(sums) != 1:
        return None
    ((code, found),) = sums.items()
    return ("(total)", *(sum(each[level] for each in found.values()) for level in LEVELS), code)
