"""The team's policy as values: what the loader makes of the TOML file and what every rule is given.

Named tuples, not dataclasses: making one of these classes takes a tenth of the time, and every command makes them all.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from oppcli.model.approver import Approver
from oppcli.model.deals import LIVE_KINDS, OPEN
from oppcli.model.journal import CLAIM, LOGIN, PIN
from oppcli.model.noun import NOTHING
from oppcli.model.said import Word
from oppcli.model.units import HOUR_MS
from oppcli.tuples import NamedTuple, late

COMMENT, CLAUSES = "comment", "clauses"
OWN, TEAM, ALL = "own", "team", "all"
LEVELS = (OWN, TEAM, ALL)
"""How far one may see, the narrowest first."""
PROOFS = (CLAIM, LOGIN, PIN)
"""What may be asked of who writes, the least first."""
EVERYBODY = "*"
"""In `see`: every role that is not named."""
RISK_KINDS = (
    *("split", "reciprocal", "fast", "burst", "part", "one_hand", "fresh", "handed", "claimed", "self"),
    *("override", "won", "policy", "import", "backdated", "restore", "clock", "erased", "guess"),
)
"""What `opp audit risks` looks for; `oppcli.model.risks` says what each is."""
ALL_HOURS = "always"
"""The calendar in which it is always business hours; every policy has it."""
DAY_MINUTES = 1440
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Calendar(NamedTuple):
    """Business hours: per weekday the half-open intervals in minutes of the day, plus listed dates off and on."""

    name: str
    timezone: str
    week: tuple[tuple[tuple[int, int], ...], ...]
    """Monday first; each a sorted tuple of (start, end) minutes, end at most 1440."""
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    """Make-up days, worked with the hours of an ordinary weekday; they beat holidays."""

    def working_hours(self) -> tuple[tuple[int, int], ...]:
        """The hours of an ordinary working day, which make-up days have: Monday's, else the next day's."""
        return next((hours for hours in self.week if hours), ())

    def hours_on(self, day: date) -> tuple[tuple[int, int], ...]:
        """The hours of one date: `workdays` beat `holidays`, which beat the weekly pattern. A make-up day has those of
        its own weekday from Monday to Friday, at a weekend of an ordinary working day, short Saturdays or not."""
        weekly = self.week[day.weekday()]
        if day in self.workdays:
            return weekly if weekly and day.weekday() < 5 else self.working_hours()
        return () if day in self.holidays else weekly


def all_hours(zone: str) -> Calendar:
    """The calendar in which all hours of all days are business hours."""
    return Calendar(ALL_HOURS, zone, (((0, DAY_MINUTES),),) * len(WEEKDAYS))


class Condition(NamedTuple):
    """A parsed condition: its text as written and its tree (nodes are defined in `rules.conditions`)."""

    text: str
    tree: Any


ALWAYS = Condition("always", None)


class StageRule(NamedTuple):
    """A stage of the pipeline as the policy describes it."""

    name: str
    kind: str = OPEN
    probability: int = 0
    target_ms: int | None = None
    rotting_ms: int | None = None
    enter: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    guide: str | None = None
    next: tuple[str, ...] | None = None
    """Where one may go from here; None: anywhere."""
    max_gap: Any = None
    """How long after the last touch the next step may be, a `model.relations.Span`; None: any time."""
    back: str = "free"  # how it is left backwards: free, reason, never
    who: tuple[str, ...] = ()
    """Who may move deals into it: `owner`, or approvers; nobody named: who may change the deal."""
    tasks: tuple[Any, ...] = ()
    """What entering it opens, each a `model.relations.StageTask`."""
    on_enter: Any = None
    """What entering it sets and tells, a `model.relations.OnEnter`."""
    pipeline: str | None = None
    """Which of several it is in; None for the first."""
    category: str | None = None
    """Of the forecast; None: a lead is omitted, any other is in the pipeline."""


class FieldRule(NamedTuple):
    """What the policy says of a field: one of the team's own, or limits on a built-in one."""

    name: str
    title: str | None = None
    type: str | None = None
    """text, number, int, money …; None for a built-in field, whose type is known."""
    values: tuple[str, ...] = ()
    required: bool = False
    min: Decimal | date | None = None
    max: Decimal | date | None = None
    pattern: str | None = None
    personal: bool = False
    """Of the team's own fields: it may tell of a person."""
    required_when: Condition | None = None
    """Where this holds it is required."""


class Escalation(NamedTuple):
    """One level: `after_ms` business time after due, tell or add or hand over to `to`."""

    after_ms: int
    to: Approver
    do: str  # notify, add, reassign


class Reminder(NamedTuple):
    """When to remind a holder: after a share of the SLA, so long before due, or so long after. Exactly one is set."""

    text: str
    share: Decimal | None = None
    before_ms: int | None = None
    after_ms: int | None = None


class StepRule(NamedTuple):
    """One step of a type of request, defaults already filled in."""

    name: str
    who: tuple[Approver, ...]
    rule: str = "any"  # any, all, at_least
    need: int = 1  # n of `at least n`; for any and all it is not read
    share: int | None = None
    """Of `at least 50%`, in hundredths of a per cent."""
    when: Condition = ALWAYS
    sla_ms: int = 8 * HOUR_MS
    remind: tuple[Reminder, ...] = ()
    escalate: tuple[Escalation, ...] = ()
    together: str | None = None
    veto: tuple[Approver, ...] = ()
    must: tuple[Approver, ...] = ()
    fresh: bool = False
    approve_needs: tuple[str, ...] = ()
    """What an approval has to bring: `comment`, `file:KIND`, fields."""
    fills: tuple[str, ...] = ()
    """The fields that whoever decides may fill in."""
    stand_in: tuple[Approver, ...] = ()
    """The policy's `self`: who decides in place of a person in conflict."""
    on_timeout: str = "escalate"
    on_reject: str = "reject"
    calendar: str = ""
    cc: tuple[Approver, ...] = ()


class Tolerance(NamedTuple):
    """How far a material field may move from what the approvers saw: a share of it, or an absolute amount."""

    share: Decimal | None = None
    absolute: Decimal | None = None


class TypeRule(NamedTuple):
    """One kind of request."""

    name: str
    title: str
    steps: tuple[StepRule, ...]
    when: Condition = ALWAYS
    needs: tuple[str, ...] = ()
    material: tuple[str, ...] = ()
    tolerance: Mapping[str, Tolerance] = NOTHING
    valid_days: int | None = None
    bulk: bool = True
    cc: tuple[Approver, ...] = ()
    lock: tuple[str, ...] = ()  # states in which its facts stand still; `moves`: the deal does
    reasons: tuple[str, ...] = ()
    max_rounds: int | None = None
    again: bool = False
    require: tuple[Approver, ...] = ()  # roles that nobody goes past
    away: tuple[str, ...] = ()  # how it may be decided away from the terminal: mail, packet

    @property
    def named(self) -> Word:
        """As people are told it: the code, in languages that have other words its title."""
        return Word("type", self.name, self.title)


class Sod(NamedTuple):
    """Separation of duties."""

    submitter_may_approve: bool = False
    editor_may_approve: bool = False
    repeat: str = "consecutive"  # or none, all
    distinct: tuple[tuple[str, ...], ...] = ()


class Policy(NamedTuple):
    """The whole policy. `hash` is the SHA-256 of `text`, the file as applied."""

    name: str
    currency: str
    calendar: str
    fallback: tuple[Approver, ...]
    stages: tuple[StageRule, ...]
    types: Mapping[str, TypeRule]
    gates: Mapping[str, tuple[str, ...]] = NOTHING  # stage to be entered → types that must be approved, if they apply
    roles: Mapping[str, tuple[str, ...]] = NOTHING
    role_titles: Mapping[str, str] = NOTHING  # what roles are called otherwise than by their name
    fields: Mapping[str, FieldRule] = NOTHING
    lost_reasons: tuple[str, ...] = ()  # none: free text
    lost_detail_required: tuple[str, ...] = ()
    sod: Sod = Sod()
    risks_ignored: tuple[str, ...] = ()  # kinds of `RISK_KINDS` that are left out
    risks_told: tuple[Approver, ...] | None = None  # who is told of each; nobody named: the admins, None: nobody at all
    calendars: Mapping[str, Calendar] = NOTHING
    language: str = ""  # of answers to who asks for no other: en, zh, or empty where it is not said
    override: bool = True  # whether an admin may override a request
    scoped: bool = False  # whether it says who sees what; else everybody sees everything
    see: Mapping[str, str] = NOTHING  # role → own, team, all; `*`: every role that is not named
    hide: Mapping[str, tuple[str, ...]] = NOTHING  # field → the roles that do not have it
    mask: tuple[str, ...] = ()  # fields that are shown in part only
    export: tuple[str, ...] | None = None  # the roles that may take data out; None: all, of what they see
    proof: str = CLAIM  # what writes ask of who acts, one of `PROOFS`
    fields_of: Mapping[str, Mapping[str, FieldRule]] = NOTHING  # of customer and contact
    follow: Any = None  # this and the tables below are values of `model.relations`; None or empty: there are none
    assign: Any = None
    archive: Any = None
    priority: Any = None
    tags: tuple[Any, ...] = ()
    tiers: tuple[Any, ...] = ()
    scores: tuple[Any, ...] = ()
    suggestions: tuple[Any, ...] = ()
    sheets: Mapping[str, Any] = NOTHING  # name → a `Sheet`
    idle_ms: int | None = None  # how long a terminal's session may lie idle; None for what the program takes
    payers: tuple[Approver, ...] = ()  # who enters and voids payments; nobody named: managers and admins
    duplicates: Any = None  # when two records may be one (`model.duplicates.Duplicates`); None: it is not said
    quote: Any = None  # what is said of quotes (`model.quoting.Quoting`); None: there are none
    contract: Any = None  # the same of contracts (`model.contracting.Contracting`)
    remind: Any = None  # of which dates people are reminded (`model.reminding.Remind`)
    hooks: tuple[Any, ...] = ()  # programs that are asked before something is committed (`model.hooking.Hook`)
    facts: Mapping[str, Any] = NOTHING  # name → what is said of a fact of customers (`model.facts.FactRule`)
    fiscal_year: int = 1  # the month in which the year of reports begins
    delay_cost: int | None = None  # what a day of waiting for approval costs, of a deal's amount × probability
    bands: Mapping[str, tuple[str, ...]] = NOTHING  # field → the cuts between its bands in reports, as they are written
    kpi: Any = None  # how people and teams are weighed together (`model.reporting.Kpi`)
    win: Any = None  # what probabilities are learnt from (`model.reporting.Win`)
    text: str = ""
    hash: str = ""

    @property
    def spoken(self) -> str:
        """The language it is in: as it says, zh where a stage has a Chinese name, else empty."""
        chinese = any("一" <= letter <= "鿿" for stage in self.stages for letter in stage.name)
        return self.language or ("zh" if chinese else "")

    @property
    def spaced(self) -> bool:
        """Whether there are facts that stand outside of the deal's fields (`model.spaces`)."""
        return self.quote is not None or self.contract is not None

    def hours(self, name: str = "") -> Calendar:
        """The business hours of a calendar, by default the policy's; of `always` all hours, in the zone of that."""
        found = self.calendars.get(name or self.calendar)
        if found is None and name == ALL_HOURS:
            return all_hours(self.hours().timezone)
        return found or self.calendars[self.calendar]

    def named_type(self, name: str) -> Word:
        """A type as people are told it; the code alone of one that is not there any more."""
        rule = self.types.get(name)
        return Word("type", name) if rule is None else rule.named

    def stage(self, name: str) -> StageRule | None:
        return next((stage for stage in self.stages if stage.name == name), None)

    def position(self, name: str) -> int | None:
        """Place in the pipeline, 0 first; None for a stage the policy does not have."""
        return next((i for i, stage in enumerate(self.stages) if stage.name == name), None)

    @property
    def pipeline(self) -> tuple[StageRule, ...]:
        """The stages a deal moves through, without the won and lost ones."""
        return tuple(stage for stage in self.stages if stage.kind in LIVE_KINDS)

    def of_kind(self, kind: str) -> tuple[StageRule, ...]:
        return tuple(stage for stage in self.stages if stage.kind == kind)


_LATE = "types follow assign archive priority tags tiers scores suggestions sheets duplicates quote contract hooks"
late(StageRule, "max_gap", "tasks", "on_enter")
late(Policy, "remind", "kpi", "win", *_LATE.split())
