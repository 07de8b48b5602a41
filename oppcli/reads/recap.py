"""A deal looked back on: what was known of it first and last, its stays, whom it waited for, what was changed and
decided, how it ended, and how deals like it did."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from oppcli.model.deals import CLOSED_KINDS, Deal
from oppcli.model.fields import BUILT_IN
from oppcli.model.records import ANY
from oppcli.model.refs import ref
from oppcli.model.said import Word, label, listed, say
from oppcli.model.units import DAY_MS, HOUR_MS
from oppcli.reads import own
from oppcli.reads.cards import carded
from oppcli.reads.hours import Hours
from oppcli.reads.recap_card import CHANGE, DECISION, FACT, LIKE, OUTCOME, SECTIONS, STAY, WAIT, Told, card
from oppcli.reads.table import DEALS, Column, Frame, Kind, Read, Table, ranked
from oppcli.rules.statistics import median
from oppcli.rules.waiting import Span, attribute
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed
from oppcli.store.seals import legible
from oppcli.tuples import NamedTuple
from oppcli.words.kinds import shown

COLUMNS = ranked(
    (
        Column("section", words="recap"),
        Column("what"),
        Column("first"),
        Column("last"),
        Column("at", Kind.INSTANT),
        Column("who", Kind.REF),
        Column("days", Kind.DAYS, unit=say("d")),
        Column("target_days", Kind.DAYS, title=say("TARGET"), unit=say("bd")),
        Column("median_days", Kind.DAYS, title=say("MEDIAN"), unit=say("d")),
        Column("hours", Kind.HOURS, unit=say("bh")),
        Column("reason", cut=True),
    ),
    "section what 1, first last 2, at 3, who 2, days target_days median_days hours 3, reason 4",
)
FACTS = (
    *("amount", "discount", "margin", "payment_days", "probability", "expected_close", "owner", "source", "campaign"),
    *("product", "region", "tier", "grade", "score"),
)
CHANGES = ("amount", "expected_close", "discount")
"""Facts of which every change is told."""
_OUTSIDE, _SELLER, _RETURNED = say("outside business hours"), say("the seller"), say("returned for information")
_ENTRIES = """
SELECT at, actor, changes, meta, salt FROM journal WHERE noun = 'deal' AND noun_id = :id ORDER BY seq
"""
_DECISIONS = """
SELECT r.id, r.type, r.title, s.name, c.verdict, c.at, c.actor, c.reason
FROM decision c JOIN request r ON r.id = c.request_id
LEFT JOIN step s ON s.request_id = c.request_id AND s.revision = c.revision AND s.position = c.step
WHERE r.deal_id = :id ORDER BY c.at, c.request_id, c.number
"""


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row for each thing there is to tell, section by section; people read it as a card."""
    deal = door.get(Deal, args["deal"])
    lines = sorted(_lines(door, deal, frame), key=lambda line: SECTIONS.index(line.section))
    table = Table(COLUMNS, [each.row for each in lines], READ.title)
    return carded(table, card(deal, lines, frame))


def _lines(door: ReadDoor, deal: Deal, frame: Frame) -> Iterator[Told]:
    yield _outcome(deal, frame)
    if deal.competitor:
        yield Told(OUTCOME, label("competitor"), last=deal.competitor)
    yield from _facts(door, deal)
    yield from _stays(door, deal, frame)
    yield from _waits(door, deal, frame)
    for at, kind, step, verdict, who, reason in _decisions(door, deal):
        yield Told(DECISION, kind, step, verdict, at, who, reason=reason)
    yield from _like(door, deal, frame.hidden)


def _outcome(deal: Deal, frame: Frame) -> Told:
    """How it stands, since when, and how long it took."""
    end = frame.now if deal.closed_at is None else deal.closed_at
    days = None if deal.created_at is None else (end - deal.created_at) / DAY_MS
    why = listed([each for each in (deal.close_reason, deal.close_detail) if each], ": ") or None
    was = None if deal.last_open_stage == deal.stage else deal.last_open_stage
    return Told(OUTCOME, label("stage"), was, deal.stage, deal.closed_at, deal.owner, days, reason=why)


class _Changed(NamedTuple):
    """A value that the journal tells of."""

    at: int
    who: str
    old: Any
    new: Any
    currency: str


def _facts(door: ReadDoor, deal: Deal) -> Iterator[Told]:
    """Each fact as it was known first and last, then every change of amount, expected close and discount."""
    known = {name: BUILT_IN[name].kind for name in FACTS}
    titles = {f"extra.{each.name}": each for each in own.fields(door)}
    known |= {path: each.kind for path, each in titles.items()}
    found = _changes(door, deal, known)
    for path, kind in known.items():
        changes = [each for each in found.get(path, ()) if each.new is not None or each.old is not None]
        first = next((value for each in changes for value in (each.old, each.new) if value is not None), None)
        last = deal.extra.get(titles[path].name) if path in titles else getattr(deal, path)
        if first is None and last is None:
            continue
        name = path.removeprefix("extra.")
        said = label(name, titles[path].title if path in titles else "")
        was = shown(kind, first, changes[0].currency if changes else deal.currency)
        yield Told(FACT, said, was or None, shown(kind, last, deal.currency) or None)
    for path in CHANGES:
        for each in (each for each in found.get(path, ()) if each.old is not None):
            old, new = (shown(known[path], value, each.currency) or None for value in (each.old, each.new))
            yield Told(CHANGE, label(path), old, new, each.at, each.who)


def _changes(door: ReadDoor, deal: Deal, paths: Collection[str]) -> dict[str, list[_Changed]]:
    """Path → its values by the journal, in order."""
    found: dict[str, list[_Changed]] = {}
    currency = deal.currency
    for at, who, changes, meta, salt in door.rows(_ENTRIES, id=str(deal.id)):
        told = legible(parsed(changes), parsed(meta), salt)
        currency = (told.get("currency") or [None, currency])[1] or currency
        for path in told.keys() & set(paths):
            old, new = told[path]
            found.setdefault(path, []).append(_Changed(at, who, old, new, currency))
    return found


def _stays(door: ReadDoor, deal: Deal, frame: Frame) -> Iterator[Told]:
    """Each stay, against the target of its stage and the median of all completed stays there."""
    from oppcli.reads.durations import working_day
    from oppcli.reads.stay_index import Indexed

    rows = door.rows("SELECT id, name, target_ms, kind FROM stage")
    places = {name: (number, target) for number, name, target, kind in rows if kind not in CLOSED_KINDS}
    known: dict[str, Indexed] = {}
    hours = Hours(frame.policy)
    for visit in deal.visits:
        if visit.stage not in places:
            continue
        number, target = places[visit.stage]
        if visit.stage not in known:
            known[visit.stage] = Indexed(door, number, frame.now)
        usual = median(known[visit.stage].completed)
        end = frame.now if visit.left_at is None else visit.left_at
        day = working_day(frame.policy().hours()) if target else 0
        entered = visit.entered_at
        yield Told(
            STAY,
            visit.stage,
            at=entered,
            days=None if entered is None else (end - entered) / DAY_MS,
            target_days=target / day if target else None,
            median_days=None if usual is None else usual / DAY_MS,
            hours=None if entered is None else hours.between("", entered, max(end, entered)) / HOUR_MS,
        )


def _waits(door: ReadDoor, deal: Deal, frame: Frame) -> Iterator[Told]:
    """Whose time it spent, as `report waiting` tells it."""
    from oppcli.reads.seats import asked
    from oppcli.reads.time_spent import closed

    end = frame.now if deal.closed_at is None else deal.closed_at
    if deal.created_at is None or end < deal.created_at:
        return
    waits, returned = asked(door, deal.id)
    ended: Iterable[Span] = (span for span in closed(door).get(deal.id, ()) if span.start < end)
    worked = Hours(frame.policy).worked("")
    parts = attribute(deal.created_at, end, waits.get(deal.id, []), returned.get(deal.id, []), worked, list(ended))
    yield Told(WAIT, _SELLER, who=deal.owner, hours=parts.seller / HOUR_MS)
    for who, spent in sorted(parts.holders.items(), key=lambda each: (-each[1], each[0])):
        yield Told(WAIT, say("approval"), who=who, hours=spent / HOUR_MS)
    if parts.returned:
        yield Told(WAIT, _RETURNED, hours=parts.returned / HOUR_MS)
    yield Told(WAIT, _OUTSIDE, hours=parts.outside / HOUR_MS)


def _decisions(door: ReadDoor, deal: Deal) -> Iterator[tuple[int, str, str | None, str, str, str | None]]:
    for request, kind, title, step, verdict, at, who, reason in door.rows(_DECISIONS, id=deal.id):
        what = listed((ref("request", request), Word("type", kind, title)), " ")
        yield at, what, step, Word("verdict", verdict), who, reason


def _like(door: ReadDoor, deal: Deal, hidden: Collection[str]) -> Iterator[Told]:
    """The nearest closed deals, and how many of them were won."""
    from oppcli.reads.similar import similar
    from oppcli.rules.similar import NEAREST

    found = similar(door, deal, hidden)
    if not found.of:
        return
    yield Told(LIKE, found.told)
    for each in found.nearest[:NEAREST]:
        ended = found.ended[each.deal.id]
        amount = shown("money", each.deal.amount, deal.currency) or None
        said = Word("kind", ended.outcome)
        yield Told(
            LIKE, ref("deal", each.deal.id), amount, said, each.deal.closed_at, days=ended.days, reason=ended.reason
        )


READ = Read(
    path="deal recap",
    narrows=False,
    title=say("A deal looked back on"),
    help="What was known of a deal first and last, its stages against target and median, waits, changes, decisions, "
    "its end, and deals like it",
    columns=COLUMNS,
    params=(DEALS,),
    standing=ANY,
    build=build,
    examples=("opp deal recap D-142", "opp deal recap D-142 -o json"),
)
READS = (READ,)
