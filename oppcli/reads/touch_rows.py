"""Touches, tenures and teams as figures of follow-up need them, looked up."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from oppcli.model.said import say
from oppcli.reads import population
from oppcli.reads.table import WHERE, Footnote, Frame, Param
from oppcli.reads.where import Where
from oppcli.rules.follow_figures import Tenure, Touch
from oppcli.store.doors import ReadDoor
from oppcli.store.idling import PERSON
from oppcli.store.mapping import parsed
from oppcli.store.patterns import literals

WHO = Param("owner", "of this person; me, a login or a name; !x excludes", "user", many=True)
TEAM = Param("team", "of who is at or below this person in the lines; me, a login or a name", "team")
SINCE = Param("since", "what lies on or after", "since")
UNTIL = Param("until", "what lies before the end of this day", "until")
PIPELINE = Param("pipeline", "only deals of this pipeline", metavar="P")
WINDOW = (WHO, TEAM, SINCE, UNTIL, PIPELINE)
CHOSEN = (*WINDOW, WHERE)
"""Where rows are figures of several records: conditions choose the deals that these are of."""

_TOUCHES = """
SELECT a.id, a.at, a.who, a.deal_id, coalesce(a.customer_id, d.customer_id), a.direction
FROM activity a LEFT JOIN deal d ON d.id = a.deal_id {where} ORDER BY a.at, a.id
"""


def touches(door: ReadDoor, kinds: Collection[str], since: int | None = None, until: int | None = None) -> list[Touch]:
    """All there are, or those on or after `since` and before `until`, in order of time."""
    where = Where(f"a.kind IN ({literals(kinds)})", f"a.{PERSON}")
    where.within("a.at", since, until)
    return [Touch._make(row) for row in door.rows(_TOUCHES.format(where=where.sql), **where.params)]


def tenures(door: ReadDoor) -> dict[int, list[Tenure]]:
    """By deal, in order; nothing of those that are still whose they were at first."""
    found: dict[int, list[Tenure]] = defaultdict(list)
    for deal, *tenure in door.rows("SELECT deal_id, owner, began_at, ended_at FROM tenure ORDER BY deal_id, number"):
        found[deal].append(Tenure(*tenure))
    return found


_TEAMS = "SELECT d.id, d.owner, d.collaborators FROM deal d WHERE d.collaborators <> '[]' OR d.owner IS NOT NULL"
_TOGETHER = """
SELECT d.customer_id, d.owner, d.collaborators FROM deal d WHERE d.collaborators <> '[]' AND d.customer_id IS NOT NULL
"""


def teams(door: ReadDoor) -> dict[int, frozenset[str]]:
    """The owner and the team of each deal."""
    return {deal: _people(owner, others) for deal, owner, others in door.rows(_TEAMS)}


def together(door: ReadDoor) -> dict[int, set[frozenset[str]]]:
    """By customer the people of each of its deals, of those that several are of."""
    found: dict[int, set[frozenset[str]]] = defaultdict(set)
    for customer, owner, others in door.rows(_TOGETHER):
        people = _people(owner, others)
        if len(people) > 1:
            found[customer].add(people)
    return found


def _people(owner: str | None, collaborators: str | None) -> frozenset[str]:
    return frozenset((*([owner] if owner else ()), *parsed(collaborators or "[]")))


class Asked:
    """Which people, which time and which deals a figure is about; `notes` is what is told of conditions on these."""

    def __init__(self, door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> None:
        wanted, unwanted = args.get("owner") or ((), ())
        self._wanted: Collection[str] = wanted
        self._unwanted: Collection[str] = unwanted
        self._team: Collection[str] | None = args["team"][0] if args.get("team") else None
        self.since, self.until = args.get("since"), args.get("until")
        self._deals, self.notes = population.ids_meeting(door, args, frame)
        if args.get("pipeline"):
            from oppcli.reads import pipelines

            within = pipelines.deals(door, args)
            self._deals = within if self._deals is None else within & self._deals

    def person(self, login: str | None) -> bool:
        """Whether it is about this person; where nobody was asked for, also about nobody."""
        if login in self._unwanted or (self._team is not None and login not in self._team):
            return False
        return not self._wanted or login in self._wanted

    def deal(self, number: int | None) -> bool:
        """Whether it is about this deal; where deals are chosen, not about what is of none."""
        return self._deals is None or number in self._deals

    def at(self, instant: int | None) -> bool:
        """Whether it is about what lies then. What lies at no known time is left out where a time was asked for."""
        if instant is None:
            return self.since is None and self.until is None
        return (self.since is None or instant >= self.since) and (self.until is None or instant < self.until)


def left_out(number: int) -> tuple[Footnote, ...]:
    """What is said where an owner's beginning is not known."""
    said = say("{n:,} {n:deal|deals} of which nobody knows since when they were whose left out", n=number)
    return (Footnote("unknown_date", number, said),) if number else ()
