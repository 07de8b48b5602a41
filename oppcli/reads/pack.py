"""The meeting pack: one value that names the reports of it, each with its arguments; what a section shows of them."""

from collections.abc import Callable, Mapping
from typing import Any

from oppcli.model.said import Said, say
from oppcli.reads import population
from oppcli.reads.table import Column, Kind, Param, Read
from oppcli.tuples import NamedTuple

SINCE, AHEAD = "{since}", "{ahead}"
"""In an argument: the instant from which the pack tells, the day a week from now."""
TOP = 5
LINES = 120
"""It has no more, for one page or two."""

Keep = Callable[[Mapping[str, Any], int, int], bool]
"""(row by its columns, since, now) → whether it is shown."""


class Section(NamedTuple):
    """One read of the pack."""

    name: str
    title: Said
    path: str
    args: Mapping[str, Any]
    """As they would be typed."""
    columns: str
    """What people see of it, those that are there."""
    sort: str = ""
    keep: Keep = lambda row, since, now: True
    top: bool = True
    """Whether it has as many rows as one likes: the first are shown."""


def _to_come(row: Mapping[str, Any], since: int, now: int) -> bool:
    """What is late stands in a section of its own."""
    del since
    return row["due"] is None or row["due"] >= now


PACK: tuple[Section, ...] = (
    Section(
        *("changes", say("Changes"), "report changes", {"since": SINCE}),
        columns="what,deals,before,after,delta",
        top=False,
    ),
    Section(
        *("closed", say("Won and lost"), "deal list", {"closed": True, "where": [f"closed_at >= {SINCE}"]}),
        columns="id,title,stage,amount,owner,close_reason",
        sort="-amount",
        keep=lambda row, since, now: since <= (row["closed_at"] or 0) <= now,
    ),
    Section(
        *("overdue", say("Overdue approvals"), "report overdue", {}),
        columns="request,waiting_on,overdue_business_hours,amount,deal,customer",
    ),
    Section(
        *("waiting", say("Whom decisions wait for"), "request list", {"state": ["pending"]}),
        columns="id,waiting_on,due,type,amount,deal",
        keep=_to_come,
    ),
    Section(*("stuck", say("Deals that lie"), "report stuck", {}), columns="deal,title,owner,amount,signals"),
    Section(
        *("forecast", say("Forecast"), "report forecast", {}),
        columns="month,deals,weighted,commit,closed,target,coverage,adjusted",
    ),
    Section(
        *("attainment", say("Targets"), "report attainment", {}),
        columns="who,measure,actual,target,attained,pace",
    ),
    Section(
        *(
            "steps",
            say("Next steps due"),
            "deal list",
            {"open": True, "where": [f"next_step_on is not empty and next_step_on <= {AHEAD}"]},
        ),
        columns="owner,next_step_on,next_step,id,title",
        sort="next_step_on",
    ),
    Section(
        *("wins", say("Won and lost by person"), "report wins", {"by": "owner", "since": SINCE}),
        columns="owner,won,lost,win_rate,won_amount",
    ),
    Section(
        *("people", say("Promised and kept by person"), "report followup", {"since": SINCE}),
        columns="person,due,missed,kept,touches,deals,covered",
    ),
    Section(
        *("activity", say("Activity by person"), "report activity", {"by": "person", "since": SINCE}),
        columns="person,calls,visits,mails,notes,total,deals,customers",
    ),
)
COLUMNS = (
    Column("since", Kind.INSTANT),
    Column("until", Kind.INSTANT),
    Column("team", Kind.REF),
    *(Column(section.name, Kind.OBJECT, title=section.title) for section in PACK),
)
READS = (
    Read(
        path="pack",
        title=say("Meeting pack"),
        help="A meeting on one page: changes, won and lost, late, stuck, forecast, decisions, next steps, each person",
        columns=COLUMNS,
        params=(
            population.TEAM._replace(help="of who is at or below this person in the lines; me, a login or a name"),
            Param("since", "since this day, or last: the pack before; default: 7 days ago", metavar="D"),
            Param("top", "at most so many rows of each, as -L; 5", "count", metavar="N"),
        ),
        narrows=False,
        examples=("opp pack", "opp pack --team me --since last", "opp pack -O monday.html"),
    ),
)
