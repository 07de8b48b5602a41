"""What a verb is given, opened once per command: a door, the rules behind it, who acts, when, and in which zone.

`Look` is enough to ask; `Act` may also write. Rights are asked of them, for they know who everybody is.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from oppcli.actions import find
from oppcli.errors import StoreError
from oppcli.model.command import Command
from oppcli.model.deals import SOLD, WON, Deal, File
from oppcli.model.people import ME, Delegation, User
from oppcli.model.policy import Calendar, Policy
from oppcli.model.records import LIVE
from oppcli.rules import rights
from oppcli.store.doors import ReadDoor, WriteDoor
from oppcli.store.queries import POLICY_KEPT, applied
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date

    from oppcli.model.follow import Activity, Task
    from oppcli.model.said import Said
    from oppcli.rules.approvals.world import World
    from oppcli.words.notes import Step

N = TypeVar("N")
Rules = Callable[[ReadDoor], Policy]
"""Reads the policy that is applied."""


class Look:
    """A door and what is true of whoever looks through it. Everything is looked up on first use, and once."""

    def __init__(
        self,
        door: ReadDoor,
        by: str,
        *,
        rules: Rules | None = None,
        now: int = 0,
        zone: str = "",
        whole: "Callable[..., AbstractContextManager[ReadDoor]] | None" = None,
    ) -> None:
        self.door = door
        self.whole = whole
        """Opens another door; with `whole=True` one that sees everything, to reckon with and never to show."""
        self.by = by
        """Login of who acts, or `system`; it need not be a user."""
        self.zone = zone
        """IANA zone in which instants are told; nothing for that of the policy's calendar."""
        self.warnings: list[str] = []
        """What is worth a word beside the answer."""
        self.spared: dict[str, str] = {}
        """Type that a gate asks for and this deal does not need → why."""
        self._rules, self._now = rules or applied_policy, now
        self._beside: dict[tuple[type, int], tuple[Any, ...]] = {}
        self._worlds: dict[int, World] = {}
        self.known: tuple[int, Any] | None = None
        """What `actions.dotted` looked up, and how much was written by then."""

    basis = ""
    """How the program knows who acts; nothing for who only looks."""

    @property
    def now(self) -> int:
        """The present of all rules, milliseconds."""
        return self._now

    @cached_property
    def policy(self) -> Policy:
        """The policy as it was when it was first asked for."""
        return self._rules(self.door)

    @property
    def calendar(self) -> Calendar:
        """The business hours of the policy."""
        return self.policy.hours()

    @property
    def local(self) -> str:
        """The zone in which a day begins for who acts: their own, else that of the policy's calendar."""
        return self.zone or self.calendar.timezone

    @property
    def today(self) -> "date":
        """The date of now there."""
        from oppcli.words.zones import today

        return today(self.now, self.local)

    @property
    def business_day(self) -> "date":
        """The date of now where business is done, the same for all: on it prices, quotes, instalments, facts and rates
        hold or do not."""
        from oppcli.words.zones import today

        return today(self.now, self.calendar.timezone)

    def is_to_come(self, day: "date") -> bool:
        """Whether a day has begun neither where business is done nor for who acts."""
        return day > max(self.business_day, self.today)

    def when(self, at: int) -> "Said":
        """An instant as it is told to who acts."""
        from oppcli.words.shown import show_instant

        return show_instant(at, self.local, self.now)

    @cached_property
    def people(self) -> dict[str, User]:
        """Everybody, active or not, by login, as they were when they were first asked for."""
        return {user.login: user for user in self.door.find(User)}

    def login(self, text: str, *, active: bool = True) -> str:
        """The login that is meant: one's own by `me`, else that of `find.person`. Refused as that is."""
        return self.by if text in ME else find.person(self.people, text, active=active).login

    @cached_property
    def delegations(self) -> tuple[Delegation, ...]:
        """Those in force now: authority is asked of the moment, never of the past."""
        from oppcli.store.waiting import delegations_in_force

        found = delegations_in_force(self.door, self.now)
        return tuple(self.door.find(Delegation, id=found)) if found else ()

    def of_deal(self, noun: type[N], deal: int) -> tuple[N, ...]:
        """All of a deal's requests, or files, in their order."""
        if (noun, deal) not in self._beside:
            self._beside[noun, deal] = tuple(self.door.find(noun, deal_id=deal))
        return self._beside[noun, deal]

    def world(self, deal: Deal, make: Callable[[], "World"]) -> "World":
        """What the rules of approvals are given of a deal as it is told here: made once, for who only looks changes
        nothing."""
        found = self._worlds.get(deal.id)
        if found is None or found.deal is not deal:
            found = self._worlds[deal.id] = make()
        return found

    def files(self, deal: int) -> tuple[File, ...]:
        """A deal's that were not withdrawn."""
        return tuple(file for file in self.of_deal(File, deal) if file.standing == LIVE)

    def reckoned(self, question: Callable[[ReadDoor], N]) -> N:
        """What the door says that sees everything: to reckon with, and never to show."""
        sight = self.door.sight
        if self.whole is None or sight is None or sight.whole:
            return question(self.door)
        with self.whole(whole=True) as door:
            return question(door)

    @property
    def me(self) -> User:
        """The acting person. Refused for who is no user, or was deactivated."""
        return find.active(self.people, self.by)

    def require(self, verb: str, what: str) -> None:
        """Refuse a verb that goes by role to who has none of them, naming the people who may; `what` is said of it."""
        rights.require_role(verb, self.me, what, self.people)

    def require_anybody(self, name: str, what: str) -> None:
        """Refuse a verb that everybody may, to who is no person of this database."""
        from oppcli.rules.verbs import verb

        if not verb(name).allows(rights.relations(self.me, self.people)):
            self.require(name, what)

    def require_deal(self, verb: str, deal: Deal) -> None:
        """Refuse who may not do this to a deal, saying who may, and anybody to change what was withdrawn."""
        self.require_kept(deal)
        self.require_right(verb, deal)

    def require_kept(self, deal: Deal) -> None:
        """Refuse a deal that was withdrawn: nothing is done with it, and no gate asks of it, until it is restored."""
        find.require_kept("deal", deal)

    def require_right(self, verb: str, deal: Deal) -> None:
        """The same, whatever its standing: for who takes back or gives back."""
        rights.require_deal(verb, deal, self.me, self.people)


class Act(Look):
    """A look through the write door: what one person does in one transaction."""

    door: WriteDoor
    way: str = ""
    """Through which of the ways in of `[duplicates]` comes what is written, where that is not the command's own."""
    anyway: str | None = None
    """Why what may be there already is written all the same; None where that was not asked for."""

    def __init__(self, door: WriteDoor, *, rules: Rules | None = None) -> None:
        super().__init__(door, door.stamp.actor, rules=rules or (lambda _: policy_kept(door)), zone=door.stamp.tz)
        self.basis = door.stamp.by

    @property
    def now(self) -> int:
        """The transaction's time."""
        return self.door.at

    def of_deal(self, noun: type[N], deal: int) -> tuple[N, ...]:
        """As they are by now: this act changes them."""
        return tuple(self.door.find(noun, deal_id=deal))

    def world(self, deal: Deal, make: Callable[[], "World"]) -> "World":
        """As it is by now."""
        return make()

    def anew(self, policy: Policy | None = None) -> "Act":
        """The same act after people were changed, or under another policy: what was looked up is looked up again."""
        return Act(self.door, rules=self._rules if policy is None else lambda _: policy)


CAPTURED, EDITED, MOVED, CLOSED, REOPENED, ASSIGNED, NOTED = (
    *("captured", "edited", "moved", "closed", "reopened", "assigned", "noted"),
)


class Cause(NamedTuple):
    """What an act has done to a deal, from which more may follow (`actions.consequences`)."""

    what: str
    """One of the words above. An edit may have given the deal another owner, too: `before` tells."""
    deal: Deal | None
    """As it is stored now; None for what was noted on a customer or contact alone."""
    before: Deal | None = None
    """As it was; None for a new one, and where it did not change."""
    activity: "Activity | None" = None
    """What was noted."""
    step: "Step | None" = None
    """What is to be done next, where that was said with it."""
    tasks: "Sequence[Task] | None" = None
    """Of what was noted: what was open there, and every deadline of the deal; None where nobody has looked."""
    files: Sequence[File] | None = None
    """The live ones of the deal, where they were looked up."""
    done: int | None = None
    """The number of the task that is done with what was noted."""


def undo_offered(act: Act) -> Command | None:
    """`opp undo e318` for what this act did; None where it would be refused to this person now."""
    from oppcli.rules.undoing import offer, reversible

    door = act.door
    if door.run is None or not all(map(reversible, door.entries)):
        return None
    made = {entry.noun_id for entry in door.entries if entry.noun == "deal" and entry.action == "create"}
    changed = [noun for noun in door.written if type(noun) is Deal and str(noun.id) not in made]
    if any(not rights.may_do("deal edit", deal, act.me, act.people) for deal in changed):
        return None
    sold = any(entry.noun == "deal" and entry.changes.keys() & {*SOLD, "owner"} for entry in door.entries)
    moved = any("stage" in entry.changes for entry in door.entries)
    locked = sold and changed and not moved and (stage := act.policy.stage(changed[0].stage)) and stage.kind == WON
    if locked and not act.me.is_admin:
        return None
    return offer(door.run, door.entries, reason=bool(locked))


def applied_policy(door: ReadDoor) -> Policy:
    """The policy that is applied. Its text was checked when it was applied."""
    from oppcli.policy import read

    return read(*applied(door))


def policy_kept(door: WriteDoor) -> Policy:
    """The same for who writes, who keeps it read for the next where another program kept it or nobody did; on a server
    where only an admin may keep it, that waits for one."""
    from oppcli.policy import read
    from oppcli.policy.kept import is_kept

    text, kept = applied(door)
    found = read(text, kept)
    if not is_kept(found.hash, kept):
        from oppcli.policy.keeping import kept as told

        with suppress(StoreError), door.whole():
            door.derive(POLICY_KEPT, told(found))
    return found
