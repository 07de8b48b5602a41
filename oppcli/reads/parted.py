"""What was tried in a copy of a database, field by field, beside what the database itself made of it meanwhile."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from oppcli.model.coded import titled
from oppcli.model.nouns import BY_WORD, PREFIXES
from oppcli.model.said import say
from oppcli.reads import own
from oppcli.reads.journal import beside
from oppcli.reads.referred import names
from oppcli.reads.summary import Telling, labelled, tells, valued
from oppcli.reads.table import NEEDED, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules.parting import Net, Parted, Thing, net, parted
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import compact
from oppcli.store.parting import Since, made, since
from oppcli.tuples import NamedTuple

COLUMNS = ranked(
    (
        Column("record", Kind.REF),
        Column("noun", words="noun"),
        Column("called", cut=True),
        Column("change", words="parted"),
        Column("field"),
        Column("before", cut=True),
        Column("tried", cut=True),
        Column("live", cut=True, title=say("IN THE DATABASE")),
        Column("conflict", Kind.BOOL),
        Column("path"),
        Column("stored", Kind.OBJECT),
    ),
    "record 1, called 4, change 3, field before tried 1, live 1, conflict 2",
)
LEFT_OUT = ("notice", "delivery")
"""Nouns that follow from others: letters, which wait in a copy for nobody."""
NEW, CHANGED, GONE = "new", "changed", "gone"


class Two(NamedTuple):
    """A copy and the database itself, and the last entry that both have."""

    copy: ReadDoor
    live: ReadDoor
    fork: int


def table(two: Two, frame: Frame, called: str) -> Table:
    """A row for each field that the copy, which is `called` so, has otherwise than it was at the fork: its net change,
    and what the database has now where it changed it, too. Of either one only what who asks sees."""
    tried, live = (since(door, two.fork) for door in (two.copy, two.live))
    hidden = frozenset((*two.copy.hidden, *two.live.hidden))
    net_tried, net_live = (_net(each, hidden) for each in (tried, live))
    new = made(two.copy, net_tried, two.fork)
    changes = [each for each in parted(net_tried, net_live, new) if tells(each.path, each.before, each.tried)]
    rows = list(_rows(two, changes, new, tried.gone, frame))
    return Table(COLUMNS, rows, title=READ.title, notes=tuple(_notes(two, tried, live, changes, called)))


def _net(found: Since, hidden: Collection[str]) -> Net:
    entries = (each for each in found.entries if each[0][0] not in LEFT_OUT)
    return net(
        (thing, {path: pair for path, pair in told.items() if _name(path) not in hidden}) for thing, told in entries
    )


def _name(path: str) -> str:
    return path.removeprefix("extra.").partition(".")[0]


def _rows(
    two: Two, changes: Iterable[Parted], new: Collection[Thing], gone: Collection[Thing], frame: Frame
) -> Iterator[Row]:
    known = list(changes)
    tellings = {door: _telling(door, known, frame) for door in (two.copy, two.live)}
    titles = dict(_titles(two.copy, dict.fromkeys(each.thing for each in known)))
    money = _currencies(two.copy, known, frame)
    for each in known:
        noun, key = each.thing
        field, kind = labelled(each.path, tellings[two.copy], noun)
        code = money.get(each.thing)
        change = GONE if each.thing in gone else NEW if each.thing in new else CHANGED
        prefix = PREFIXES.get(noun, "") if key.isdecimal() else ""
        values = (
            None if value is None else valued(each.path, value, kind, code, tellings[door], noun)
            for value, door in ((each.before, two.copy), (each.tried, two.copy), (each.live, two.live))
        )
        stored = {"before": each.before, "tried": each.tried, **({"live": each.live} if each.touched else {})}
        told_of = (f"{prefix}{key}", noun, titles.get(each.thing), change, field)
        yield (*told_of, *values, each.conflict, each.path, stored)


def _telling(door: ReadDoor, changes: Iterable[Parted], frame: Frame) -> Telling:
    """What values are called in one of the two."""
    known = beside(door) if any(each.path.startswith("extra.") for each in changes) else own.BESIDE
    texts = (compact({each.path: [each.before, value]}) for each in changes for value in (each.tried, each.live))
    return Telling(
        kinds={field.name: field.kind for field in known},
        titles={field.name: field.title for field in known},
        called=names(door, texts),
        named_type=lambda name: frame.policy().named_type(name),
        show=frame.show,
    )


def _titles(door: ReadDoor, things: Iterable[Thing]) -> Iterator[tuple[Thing, str]]:
    """What they are called now in the copy, one statement for each noun."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for word, key in things:
        if word in PREFIXES and key.isdecimal() and BY_WORD[word].title:
            wanted[word].append(int(key))
    for word, keys in wanted.items():
        noun = BY_WORD[word]
        which, bound = door.any_of("id", "ids", keys)
        for key, name in door.rows(f"SELECT id, {noun.title} FROM {noun.table} WHERE {which}", ids=bound):
            yield (word, str(key)), titled(noun, name)


def _currencies(door: ReadDoor, changes: Iterable[Parted], frame: Frame) -> dict[Thing, str]:
    """In which currency their money is: a deal's and a request's own, else the policy's."""
    found: dict[Thing, str] = dict.fromkeys((each.thing for each in changes), frame.policy().currency)
    for word in ("deal", "request"):
        keys = [int(key) for noun, key in found if noun == word]
        if keys:
            which, bound = door.any_of("id", "ids", keys)
            rows = door.rows(f"SELECT id, currency FROM {word} WHERE {which}", ids=bound)
            found |= {(word, str(key)): currency for key, currency in rows}
    return found


def _notes(two: Two, tried: Since, live: Since, changes: list[Parted], called: str) -> Iterator[Footnote]:
    said = say(
        "since e{fork}: {n:,} {n:entry|entries} in {copy}, {m:,} in the database itself",
        fork=two.fork,
        n=len(tried.entries),
        copy=called,
        m=len(live.entries),
    )
    yield Footnote("population", len(tried.entries), said)
    if conflicts := sum(each.conflict for each in changes):
        told = say("{n:,} {n:field was|fields were} changed in both, and not to the same", n=conflicts)
        yield Footnote("population", conflicts, told)


READ = Read(
    path="db diff",
    title=say("What was tried in a copy"),
    help="What a sandbox or backup has otherwise since it was made, field by field; nothing is merged or applied",
    more="`live` is what the database has now where it changed the field too, `conflict` where both did, and not to "
    "the same; `stored` has the values as the journal keeps them. FILE is the copy, or with --db of the copy the "
    "database that it was made of.",
    columns=COLUMNS,
    params=(Param("file", "a sandbox or a backup of this database", default=NEEDED, place=True, metavar="FILE"),),
    examples=("opp db diff try.db", "opp db diff try.db -w 'conflict = yes'", "opp --db try.db db diff opp.db --csv"),
)
READS = (READ,)
