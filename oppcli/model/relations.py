"""What a policy says of relations, as values: follow-up, assignment, scores. Made where it has such a table."""

from collections.abc import Mapping
from decimal import Decimal

from oppcli.model.approver import Approver
from oppcli.model.follow import TOUCHING
from oppcli.model.noun import NOTHING
from oppcli.model.policy import ALWAYS, Condition, Escalation
from oppcli.tuples import NamedTuple

HOURS, WORKDAYS, DAYS = "hours", "workdays", "days"
CREATED, ASSIGNED, WON = "created", "assigned", "won"
"""What a deadline runs from, besides `stage:NAME` and the name of another."""
OF_DEAL, OF_CUSTOMER = "deal", "customer"
OWNER = "owner"
OF_DEADLINE = "deadline:"
"""Before its name the origin of the tasks that a deadline opens."""


class Span(NamedTuple):
    """How long something may take."""

    unit: str
    """hours, workdays, days."""
    amount: int
    """Business milliseconds of hours; else so many dates."""


class Deadline(NamedTuple):
    """By when something has to have happened on a deal."""

    name: str
    start: str
    """created, assigned, stage:NAME, or the name of another deadline: the instant it was met."""
    within: Span
    calendar: str = ""
    """Other business hours than the policy's; `always` are all hours."""
    when: Condition = ALWAYS
    done: tuple[str, ...] = ()
    """What meets it, all of it; nothing: whoever says that it is done."""
    escalate: tuple[Escalation, ...] = ()
    stop_loss: bool = False
    """Whether it is asked, once late, if the deal is to be given up."""


class Cadence(NamedTuple):
    """How often somebody has to be in touch: the first that is true counts."""

    when: Condition
    every: Span
    of: str = OF_DEAL
    """deal, or customer: one without a live deal."""


class Survey(NamedTuple):
    """Whether a customer is asked how it went."""

    within: Span
    start: str = WON
    """won, or stage:NAME."""
    scale: int = 5
    low: int = 2
    """Up to this an answer is bad news, and somebody has to look after it."""
    rescue: Span | None = None
    """How long the manager has for that."""


class Follow(NamedTuple):
    """`[follow]`: what is promised to customers, and what keeps a promise."""

    kinds: Mapping[str, tuple[str, ...]] = NOTHING
    """The team's own kinds of activities → other words for them."""
    touch: tuple[str, ...] = TOUCHING
    """The kinds that are a touch."""
    deadlines: tuple[Deadline, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    survey: Survey | None = None

    def deadline(self, name: str) -> Deadline | None:
        return next((each for each in self.deadlines if each.name == name), None)

    def opening(self, origin: str | None) -> Deadline | None:
        """The deadline that opens the tasks of this origin; None where there is none any more, and of another."""
        if origin is None or not origin.startswith(OF_DEADLINE):
            return None
        return self.deadline(origin.removeprefix(OF_DEADLINE))


class StageTask(NamedTuple):
    """A task that entering a stage opens."""

    name: str
    who: str = OWNER
    """owner, or an approver: role:NAME, user:LOGIN, manager."""
    within: Span | None = None
    must: bool = False
    """Whether the stage is not left forward without it."""


class OnEnter(NamedTuple):
    """What happens in the transaction that brings a deal into a stage."""

    set: Mapping[str, str] = NOTHING
    """Field → value, as typed."""
    notify: tuple[Approver, ...] = ()


class AssignRule(NamedTuple):
    """To whom deals without an owner go: the first that is true counts."""

    name: str
    to: tuple[Approver, ...] = ()
    by: str = "turn"
    """turn, least, customer, pool."""
    when: Condition = ALWAYS
    unless: Condition | None = None
    capacity: int | None = None
    """Live deals that one of them may have."""


class Person(NamedTuple):
    """What one person may be given."""

    capacity: int | None = None
    per_day: int | None = None
    when: Condition = ALWAYS


class Pool(NamedTuple):
    """When somebody may claim what is nobody's."""

    claim_per_day: int | None = None
    hold: Span | None = None
    """How long it lies there first."""
    cooldown_days: int | None = None
    """Days after one's own tenure."""


class Return(NamedTuple):
    """When a deal goes back to the pool."""

    when: Condition
    after_days: int
    """Days idle, those left out on which the owner is away."""
    warn_days: int | None = None
    """Days between the warning and that."""


class Protection(NamedTuple):
    """How many customers one may protect, and for how many days."""

    max: int
    days: int


class Assign(NamedTuple):
    """`[assign]`: whose deals are that nobody was named for, and when they are nobody's again."""

    rules: tuple[AssignRule, ...] = ()
    people: Mapping[str, Person] = NOTHING
    """By login."""
    pool: Pool | None = None
    returns: tuple[Return, ...] = ()
    protect: Protection | None = None


class Archive(NamedTuple):
    """`[archive]`: what a closed deal needs to be put away, and after how many days that is done by itself."""

    needs: tuple[str, ...] = ()
    after_days: int | None = None


class Priority(NamedTuple):
    """`[priority]`: what the worth of a deal is reckoned with."""

    effort: str | None = None
    """The field that holds how much work it is."""
    cost: Decimal = Decimal(0)
    """Of one unit of effort, in the policy's currency."""
    grade: Mapping[str, Decimal] = NOTHING
    """Grade → what the value is multiplied by."""


class TagRule(NamedTuple):
    """A tag that a condition sets and takes away."""

    name: str
    when: Condition


class TierRule(NamedTuple):
    """A tier of customers: the first that is true counts."""

    name: str
    when: Condition


class Points(NamedTuple):
    """What a condition that is true adds to a score."""

    when: Condition
    points: int
    name: str = ""
    """What it is called where it is true; empty: its condition."""


class Reached(NamedTuple):
    """What happens when a deal gets a grade."""

    grade: str
    to: Approver
    do: str = "notify"


class ScoreRule(NamedTuple):
    """A sum of points: a read-only field of its name."""

    name: str
    rules: tuple[Points, ...]
    grades: Mapping[str, int] = NOTHING
    """Grade → the least sum for it."""
    on: tuple[Reached, ...] = ()
    unknown: str = "open"
    """open: a condition without a value adds nothing; missing: there is no score then."""


class Suggestion(NamedTuple):
    """A move that is proposed: for words in what a customer wrote, or after a time."""

    to: str
    """A stage."""
    words: tuple[str, ...] = ()
    when: Condition = ALWAYS
    after: Span | None = None


class Sheet(NamedTuple):
    """`[sheet.NAME]`: fields with weights, by which it is known how much is filled."""

    name: str
    fields: Mapping[str, int]
    of: str = OF_DEAL
    """deal, customer, contact."""
