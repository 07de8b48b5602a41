"""Touches, tenures and teams as figures of follow-up need them, looked up."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from oppcli.model.said import say
from oppcli.reads.table import Footnote, Param
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

_TOUCHES = """
SELECT a.id, a.at, a.who, a.deal_id, coalesce(a.customer_id, d.customer_id), a.direction
FROM activity a LEFT JOIN deal d ON d.id = a.deal_id
WHERE a.kind IN ({kinds}) AND a.{person} ORDER BY a.at, a.id
"""


def touches(door: ReadDoor, kinds: Collection[str]) -> list[Touch]:
    """All there are, in order of time."""
    rows = door.rows(_TOUCHES.format(kinds=literals(kinds), person=PERSON))
    return [Touch._make(row) for row in rows]


def tenures(door: ReadDoor) -> dict[int, list[Tenure]]:
    """By deal, in order; nothing of those that are still whose they were at first."""
    found: dict[int, list[Tenure]] = defaultdict(list)
    for deal, *tenure in door.rows("SELECT deal_id, owner, began_at, ended_at FROM tenure ORDER BY deal_id, number"):
        found[deal].append(Tenure(*tenure))
    return found


_TEAMS = """
SELECT d.id, d.customer_id, d.owner, d.collaborators FROM deal d WHERE d.collaborators <> '[]' OR d.owner IS NOT NULL
"""


def teams(door: ReadDoor) -> tuple[dict[int, frozenset[str]], dict[int, set[frozenset[str]]]]:
    """The owner and the team of each deal, by deal and by customer."""
    of_deal: dict[int, frozenset[str]] = {}
    of_customer: dict[int, set[frozenset[str]]] = defaultdict(set)
    for deal, customer, owner, collaborators in door.rows(_TEAMS):
        people = frozenset((*([owner] if owner else ()), *parsed(collaborators or "[]")))
        of_deal[deal] = people
        if customer is not None and len(people) > 1:
            of_customer[customer].add(people)
    return of_deal, of_customer


class Asked:
    """Which people, which time and which deals a figure is about."""

    def __init__(self, door: ReadDoor, args: Mapping[str, Any]) -> None:
        wanted, unwanted = args.get("owner") or ((), ())
        self._wanted: Collection[str] = wanted
        self._unwanted: Collection[str] = unwanted
        self._team: Collection[str] | None = args["team"][0] if args.get("team") else None
        self._since, self._until = args.get("since"), args.get("until")
        self._deals: Collection[int] | None = None
        if args.get("pipeline"):
            from oppcli.reads import pipelines

            self._deals = pipelines.deals(door, args)

    def person(self, login: str | None) -> bool:
        """Whether it is about this person; where nobody was asked for, also about nobody."""
        if login in self._unwanted or (self._team is not None and login not in self._team):
            return False
        return not self._wanted or login in self._wanted

    def deal(self, number: int | None) -> bool:
        """Whether it is about this deal; where a pipeline is asked for, not about what is of no deal."""
        return self._deals is None or number in self._deals

    def at(self, instant: int | None) -> bool:
        """Whether it is about what lies then. What lies at no known time is left out where a time was asked for."""
        if instant is None:
            return self._since is None and self._until is None
        return (self._since is None or instant >= self._since) and (self._until is None or instant < self._until)


def left_out(number: int) -> tuple[Footnote, ...]:
    """What is said where an owner's beginning is not known."""
    said = say("{n:,} {n:deal|deals} of which nobody knows since when they were whose left out", n=number)
    return (Footnote("unknown_date", number, said),) if number else ()
