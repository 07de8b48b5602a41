"""Which deals a report is about, and the pipeline it measures them against."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.model.deals import LIVE_KINDS, LOST, OPEN, WON
from oppcli.model.said import Said, listed, say
from oppcli.model.units import PERIODS
from oppcli.reads.table import IN, WHERE, Footnote, Frame, Param
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

OWNER = Param("owner", "deals of this person; me, a login or a name; !x excludes", "user", many=True)
TEAM = Param("team", "deals of who is at or below this person in the lines; me, a login or a name", "team")
SOURCE = Param("source", "deals that came from there; !x excludes", "source", many=True)
PERIOD = Param("period", "deals created in it: 2026-11 2026Q4 FY2026/27Q3 2026-W48 last-quarter", "period", metavar="P")
SINCE = Param("since", "deals created on or after", "since")
UNTIL = Param("until", "deals created before the end of this day", "until")
APPROVALS_OF_TEAM = Param(
    "team", "approvals that who is at or below this person in the lines decided, or is asked", "team"
)
APPROVALS_OF = Param("owner", "approvals of this person's deals; !x excludes", "user", many=True)
OF_TYPE = Param("type", "approvals of this type; !x excludes", "type", many=True)
APPROVALS_OF_PIPELINE = Param("pipeline", "approvals of the deals of this pipeline", metavar="P")
APPROVALS = (APPROVALS_OF, APPROVALS_OF_TEAM, OF_TYPE, APPROVALS_OF_PIPELINE)
"""The filters of reports on approvals."""
OUTCOME = Param(
    "outcome", "only deals that are open, won or lost by now", "choice", choices=(OPEN, WON, LOST), words="kind"
)
PIPELINE = Param("pipeline", "deals of this pipeline, where there are several; default: the first", metavar="P")
KEYS = (
    *("owner", "manager", "source", "campaign", "product", "region", "tier", "grade", "customer", "stage", "kind"),
    *("reason", "competitor", "currency", "tag", *PERIODS),
)
"""What deals are split by most; every other field of theirs may be typed, too."""
BY = Param(
    "by",
    "split by this, or by two: owner manager source campaign product region tier grade customer stage kind reason "
    "competitor currency tag, a field of the team's own, a number in bands, or day week month quarter year",
    "keys",
    choices=KEYS,
    metavar="K[,K2]",
)
DATES = {"created": "created_at", "closed": "closed_at", "expected": "expected_close"}
"""What periods may be about: `--on` → the field of the deal."""
ON = Param("on", "the date that periods are about", "choice", choices=tuple(DATES))
VS = Param(
    "vs",
    "compare with the period before (previous), that of a year ago (year), or another",
    "vs",
    metavar="P",
)
TOP = Param("top", "the largest N of the first key, the rest in one row", "count", metavar="N")
TOTAL = Param("total", "a row of the whole for programs too; people have it anyway", "flag")
GRAMMAR = (BY, ON, VS, TOP, TOTAL, IN)
"""What makes a report of its own rows a break-down, beside its period and its filters."""
FILTERS = (OWNER, TEAM, SOURCE, PERIOD, SINCE, UNTIL, OUTCOME, PIPELINE, WHERE)
"""The filters of every report on deals."""

CLOSED = (
    Param("period", "closed in it: 2026-11 2026Q4 last-quarter", "period", metavar="P"),
    Param("since", "closed on or after", "since"),
    Param("until", "closed before the end of this day", "until"),
)
"""The time of a report on closed deals."""

SPLIT = ("by", "on", "vs", "top", "total")
"""What makes a report of its own rows a break-down."""


def split(args: Mapping[str, Any]) -> bool:
    """Whether a break-down is asked for."""
    return any(args.get(name) for name in SPLIT)


class Place(NamedTuple):
    """A stage as a report needs it. One without a position is no longer in the policy."""

    id: int
    name: str
    kind: str
    position: int | None
    target_ms: int | None


def stages(door: ReadDoor, args: Mapping[str, Any]) -> list[Place]:
    """Every stage there ever was in the pipeline that is asked for, in its order."""
    rows = door.rows("SELECT id, name, kind, position, target_ms FROM stage ORDER BY coalesce(position, 1000000), id")
    places = [Place._make(row) for row in rows]
    if not several(door, args):
        return places
    from oppcli.reads import pipelines

    within = pipelines.stages(door, args)
    return [place for place in places if place.id in within]


def several(door: ReadDoor, args: Mapping[str, Any]) -> bool:
    """Whether it matters in which pipeline a deal is: there are several, or one is asked for."""
    return door.several or bool(args.get("pipeline"))


def pipeline(places: Sequence[Place]) -> list[Place]:
    """The stages a deal moves through, the won ones last; without lost stages and those the policy dropped."""
    kept = [place for place in places if place.position is not None]
    return [place for place in kept if place.kind in LIVE_KINDS] + [place for place in kept if place.kind == WON]


def dropped(door: ReadDoor) -> tuple[Footnote, ...]:
    """A note naming the stages that deals are in although the policy no longer has them; none when there are none."""
    rows = door.rows(
        "SELECT name FROM stage WHERE position IS NULL"
        " AND EXISTS (SELECT 1 FROM deal WHERE deal.stage_id = stage.id) ORDER BY name"
    )
    names = listed(name for (name,) in rows)
    said = say("deals are in stages the policy no longer has, not shown: {stages}", stages=names)
    return (Footnote("dropped_stage", len(rows), said),) if rows else ()


def chosen(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> tuple[Where, tuple[Footnote, ...]]:
    """The filters and conditions as SQL over `deal d`, and what is told of them. Nothing chosen is no clause at all."""
    where = Where()
    for name in ("owner", "source"):
        wanted, unwanted = args.get(name) or ((), ())
        where.among(f"d.{name}", wanted, unwanted)
    where.among("d.owner", *(args.get("team") or ((), ())))
    within(where, "d.created_at", args, frame)
    if args.get("outcome"):
        kinds: Sequence[str] = LIVE_KINDS if args["outcome"] == OPEN else (args["outcome"],)
        names = ", ".join(where.name(kind) for kind in kinds)
        where.clauses.append(f"d.stage_id IN (SELECT id FROM stage WHERE kind IN ({names}))")
    told = meeting(door, args, frame, where)
    if not several(door, args):
        return where, told
    from oppcli.reads import pipelines

    return where, (*told, *pipelines.narrow(door, args, where))


def ever(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> tuple[Where, tuple[Footnote, ...]]:
    """Likewise whatever the time is that is asked about: a report with a date of its own asks for that itself."""
    return chosen(door, {**args, **dict.fromkeys(("period", "since", "until"))}, frame)


def meeting(
    door: ReadDoor, args: Mapping[str, Any], frame: Frame, where: Where, source: str = "FROM deal d"
) -> tuple[Footnote, ...]:
    """Narrow a query over `deal d` to what meets the conditions of `-w` on it; what is told of them."""
    if not args.get("where"):
        return ()
    from oppcli.reads import deal_row, deal_terms, own

    columns = (*deal_row.COLUMNS, *own.columns(own.fields(door)))
    return deal_terms.of_deals(door, columns, args["where"], frame, where, source)


def ids_meeting(
    door: ReadDoor, args: Mapping[str, Any], frame: Frame
) -> tuple[frozenset[int] | None, tuple[Footnote, ...]]:
    """The deals that meet the conditions of `-w`, None where there are none, and what is told of them."""
    if not args.get("where"):
        return None, ()
    where = Where()
    told = meeting(door, args, frame, where)
    return frozenset(number for (number,) in door.rows(f"SELECT d.id FROM deal d {where.sql}", **where.params)), told


def within(where: Where, column: str, args: Mapping[str, Any], frame: Frame) -> None:
    """What lies in the time that is asked about. Refused for a period beside since or until."""
    if args.get("period") is not None:
        from oppcli.reads.periods import dated

        args = dated(args, frame.tz)
    where.within(column, args.get("since"), args.get("until"))


def of_approvals(door: ReadDoor, args: Mapping[str, Any]) -> Where:
    """The filters of a read on approvals as SQL over `request r` and its `deal d`, but whose team decides; of all
    pipelines unless one is asked for, for what is late must not be silent."""
    where = Where()
    where.among("d.owner", *(args.get("owner") or ((), ())))
    where.among("r.type", *(args.get("type") or ((), ())))
    if args.get("pipeline"):
        from oppcli.reads import pipelines

        where.clauses.append(pipelines.within(door, args))
    return where


def approvals(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> tuple[Where, tuple[Footnote, ...]]:
    """Likewise with the conditions, on the request and its deal, and what is told of them."""
    where = of_approvals(door, args)
    if not args.get("where"):
        return where, ()
    from oppcli.reads import deal_row, deal_terms, own

    columns = (*deal_row.COLUMNS, *own.columns(own.fields(door)))
    return where, deal_terms.of_approvals(door, columns, args["where"], frame, where)


def not_added_up(currencies: Sequence[str]) -> Iterator[Footnote]:
    """What is told where amounts are in several currencies."""
    if len(currencies) > 1:
        said = say(
            "amounts are in {currencies} and not added up: --by currency, or --in {first}",
            currencies=listed(currencies, " and "),
            first=currencies[0],
        )
        yield Footnote("left_out", len(currencies), said)


def deals(number: int) -> Footnote:
    """How many deals the figures are about."""
    return Footnote("population", number, counted(number))


def counted(number: int) -> Said:
    """Deals, counted."""
    return say("{n:,} {n:deal|deals}", n=number)
