"""Signs that records of follow-up may tell of none: what stands out, and no verdict."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from oppcli.model.follow import LINES
from oppcli.model.nouns import PREFIXES
from oppcli.model.records import COUNTED
from oppcli.model.said import Said, say
from oppcli.reads import touch_rows
from oppcli.reads.table import Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules import ghosts, idling
from oppcli.rules.ghosts import SIGNS, Noted, Sign
from oppcli.store.doors import ReadDoor
from oppcli.store.idling import PERSON
from oppcli.words import zones

COLUMNS = ranked(
    (
        Column("sign", words="sign"),
        Column("person", Kind.REF),
        Column("activity", Kind.REF),
        Column("at", Kind.INSTANT),
        Column("deal", Kind.REF),
        Column("title", cut=True),
        Column("recorded_at", Kind.INSTANT, wide=False),
        Column("detail", cut=True),
        Column("text", cut=True),
    ),
    "sign person activity 1, deal 2, title 4, at 3, detail text 3",
)
MANY = ("import", LINES)
"""Channels through which many are entered at once."""
_ACTIVITIES = f"""
SELECT a.id, a.at, a.who, a.deal_id, a.direction, a.recorded_at, a.text, a.channel, a.kind, a.{PERSON}, d.title
FROM activity a LEFT JOIN deal d ON d.id = a.deal_id ORDER BY a.id
"""


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per sign, by person and time."""
    asked = touch_rows.Asked(door, {**args, "where": None}, frame)  # conditions choose among the signs, not the deals
    policy = frame.policy()
    rows = door.rows(_ACTIVITIES)
    touching = idling.touching(policy)
    noted = [Noted._make((*row[:7], row[7] not in MANY, row[8] in touching and bool(row[9]))) for row in rows]
    about = {each.id: (each, row[10]) for each, row in zip(noted, rows, strict=True)}
    found = [sign for sign in _signs(door, noted, frame) if _wanted(sign, about, asked, args.get("sign"))]
    found.sort(key=lambda sign: (about[sign.activity][0].who, about[sign.activity][0].at, sign.activity, sign.sign))
    said = say("{n:,} {n:sign|signs} in {of:,} {of:activity|activities}", n=len(found), of=len(noted))
    notes = (Footnote("population", len(found), said),)
    return Table(COLUMNS, [_row(sign, *about[sign.activity]) for sign in found], READ.title, notes)


def _signs(door: ReadDoor, noted: list[Noted], frame: Frame) -> Iterator[Sign]:
    calendar = frame.policy().hours()
    yield from ghosts.alike(noted)
    yield from ghosts.batch(noted)
    yield from ghosts.late(noted, lambda day: bool(calendar.hours_on(day)), calendar.timezone)
    yield from ghosts.alone(noted)
    returns = frame.policy().assign.returns if frame.policy().assign is not None else ()
    if returns and noted:
        yield from ghosts.eve(noted, _taken(door, noted, frame, returns))


def _taken(door: ReadDoor, noted: list[Noted], frame: Frame, returns: Any) -> Callable[[Noted], int | None]:
    """When the deal of a touch would have gone back to the pool without it. The least patient rule counts: whether it
    was true of the deal then nobody knows."""
    tz = frame.policy().hours().timezone
    rule = min(returns, key=lambda each: each.after_days)
    before: dict[int, list[int]] = defaultdict(list)
    for deal, at in door.rows("SELECT v.deal_id, v.entered_at FROM visit v WHERE v.entered_at IS NOT NULL"):
        before[deal].append(at)
    for each in noted:
        if each.touch and each.deal is not None:
            before[each.deal].append(each.at)

    def taken(each: Noted) -> int | None:
        since = max((at for at in before[each.deal or 0] if at < each.at), default=None)
        if since is None:
            return None
        return zones.midnight(idling.giveback(rule, since, tz, lambda _: False).take_on, tz)

    return taken


def _wanted(sign: Sign, about: Mapping[int, tuple[Noted, Any]], asked: touch_rows.Asked, only: Any) -> bool:
    each = about[sign.activity][0]
    return asked.deal(each.deal) and asked.person(each.who) and asked.at(each.at) and (not only or sign.sign in only)


def _row(sign: Sign, each: Noted, title: str | None) -> Row:
    deal = None if each.deal is None else f"{PREFIXES['deal']}{each.deal}"
    name = f"{PREFIXES['activity']}{each.id}"
    return (sign.sign, each.who, name, each.at, deal, title, each.recorded_at, _told(sign), each.text)


def _told(sign: Sign) -> Said:
    if sign.sign == ghosts.ALIKE:
        return say("{n} % like {other}", n=sign.n, other=f"{PREFIXES['activity']}{sign.other}")
    return _DETAILS[sign.sign].filled(n=sign.n)


_DETAILS: Mapping[str, Said] = {
    ghosts.BATCH: say("on {n} deals within 10 minutes"),
    ghosts.LATE: say("recorded {n} business dates later"),
    ghosts.EVE: say("{n} h before its deal would have been returned"),
    ghosts.ALONE: say("{n} out in a row, none in"),
}
READ = Read(
    path="report ghosts",
    title=say("Signs of follow-up that was none"),
    help="texts alike, many at once, long after, just before a return, never answered: signs, no verdict",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        Param("sign", "only this sign", "choice", choices=SIGNS, many=True, words="sign"),
        *touch_rows.WINDOW,
    ),
    build=build,
    examples=("opp report ghosts --since -1m", "opp report ghosts --sign alike --team me"),
)
READS = (READ,)
