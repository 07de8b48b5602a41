"""Risks of imports: deals that came beyond a gate without its approval, deals closed in months that were over."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from oppcli.model.policy import Policy
from oppcli.model.said import listed, say
from oppcli.rules.pipeline import passed
from oppcli.rules.risks.finding import Finding, total
from oppcli.tuples import NamedTuple
from oppcli.words.zones import today


class Row(NamedTuple):
    """What an import did to one deal: the stage it put it into, when it closed it."""

    seq: int
    txn: int
    at: int
    actor: str
    deal: int
    stage: str | None
    closed_at: int | None
    amount: int | None
    currency: str
    customer: str | None


def _told(risk: str, rows: Sequence[Row], what: str, currency: str) -> Finding:
    """One finding for a transaction; its entry is the last of these rows'."""
    amount, unrated = total(((row.amount, row.currency) for row in rows), currency)
    last = max(rows)
    return Finding(
        risk,
        last.seq,
        last.at,
        what,
        who=last.actor,
        deals=tuple(dict.fromkeys(row.deal for row in rows)),
        customer=last.customer if len({row.customer for row in rows}) == 1 else None,
        amount=amount,
        currency=None if amount is None else currency,
        unrated=unrated,
    )


def by_transaction(rows: Iterable[Row]) -> list[list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.txn, []).append(row)
    return list(found.values())


def backdated(rows: Iterable[Row], currency: str, tz: str) -> Iterator[Finding]:
    """Deals that an import closed in a month that was over when it ran, told once per transaction."""
    months: dict[int, str] = {}

    def month(at: int) -> str:
        day = at // 900_000  # every zone's midnight is a multiple of a quarter of an hour
        if day not in months:
            months[day] = today(at, tz).isoformat()[:7]
        return months[day]

    closed = (row for row in rows if row.closed_at is not None and month(row.closed_at) < month(row.at))
    for found in by_transaction(closed):
        first, last = (month(pick(row.closed_at or 0 for row in found)) for pick in (min, max))
        span = first if first == last else f"{first} – {last}"
        what = say("{n} {n:deal|deals} closed in {months}", n=len({row.deal for row in found}), months=span)
        yield _told("backdated", found, what, currency)


def gated(stage: str, policy: Policy) -> tuple[str, ...]:
    """The types of request that had to be approved on the way into a stage."""
    return tuple(dict.fromkeys(name for each in passed(stage, policy) for name in policy.gates.get(each.name, ())))


def beyond(rows: Iterable[Row], missing: Mapping[int, Collection[str]], currency: str) -> Iterator[Finding]:
    """Deals that an import put beyond a gate whose approvals they do not have (`missing`, by deal)."""
    for found in by_transaction(row for row in rows if missing.get(row.deal)):
        types = dict.fromkeys(name for row in found for name in sorted(missing[row.deal]))
        number = len({row.deal for row in found})
        what = say("{n} {n:deal|deals} beyond a gate without {types}", n=number, types=listed(types))
        yield _told("import", found, what, currency)


class Trusted(NamedTuple):
    """Something that an admin let an import do past the rules: approvals that count, or a change of a deal."""

    seq: int
    txn: int
    at: int
    actor: str
    noun: str
    """request or deal."""
    key: int
    reason: str | None


def trusted(found: Iterable[Trusted]) -> Iterator[Finding]:
    """What a file was trusted with, per transaction: approvals that count as if they had been given here."""
    by_txn: dict[int, list[Trusted]] = {}
    for each in found:
        by_txn.setdefault(each.txn, []).append(each)
    for parts in by_txn.values():
        requests = tuple(dict.fromkeys(part.key for part in parts if part.noun == "request"))
        deals = tuple(dict.fromkeys(part.key for part in parts if part.noun == "deal"))
        told = [say("approvals of {n} {n:request|requests} trusted", n=len(requests))] if requests else []
        told += [say("{n} {n:deal|deals} changed past the rules", n=len(deals))] if deals else []
        last, done = max(parts), listed(told, "; ")
        what = say("{what}: {reason}", what=done, reason=last.reason) if last.reason else done
        yield Finding("import", last.seq, last.at, what, who=last.actor, deals=deals, requests=requests)
