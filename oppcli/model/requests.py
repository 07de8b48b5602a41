"""Approval requests: steps, seats, the people who hold them, and the decisions people made."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.noun import NOTHING, noun
from oppcli.model.said import Word, listed

PENDING, RETURNED = "pending", "returned"
APPROVED, REJECTED, RECALLED, CANCELLED, INVALIDATED = "approved", "rejected", "recalled", "cancelled", "invalidated"
LIVE_STATES = (PENDING, RETURNED)
STATES = (PENDING, RETURNED, APPROVED, REJECTED, RECALLED, CANCELLED, INVALIDATED)

WAITING, OPEN = "waiting", "open"
"""Step states beside approved, rejected, cancelled; a seat is open, approved, rejected or cancelled."""
REDONE = "redone"
"""The state of a step that is asked again: its votes stopped counting, a copy took its place."""
MET, WAIVED, LAPSED = "met", "waived", "lapsed"
TERM_STATES = (OPEN, MET, WAIVED, LAPSED)
MOVES = "moves"
"""In a type's `lock`: the deal is not moved on while a request is live."""

IMPORT, TRUSTED = "import", "trusted"
"""Channels of requests whose votes a file brought: history, or taken by an admin as if they had been given here."""

QUOTE, CONTRACT = "quote", "contract"
"""The names of facts that are what a deal is offered for, and what is agreed on; with a dot behind, of a figure."""
FILE = "file:"
"""How the name of a fact begins that is the fingerprints of the files of a kind."""
APPROVE, REJECT, RETURN, WITHDRAW, OVERRIDE = "approve", "reject", "return", "withdraw", "override"


@noun
class Holder:
    """A person who may fill a seat."""

    login: str
    how: str = "policy"
    """policy, fallback, stand_in, transfer, successor, escalation, added."""
    via: str = ""
    """What names this person: `role:finance`, `manager+1`, `user:chen`; or whose place it is: `chen`."""


@noun
class Seat:
    """One vote to be given in a step."""

    number: int
    """1, 2 … within its step."""
    holders: tuple[Holder, ...]
    state: str = OPEN
    pool: tuple[str, ...] = ()
    """The roles whose members of now may fill it (或签); empty for a seat fixed at opening."""
    hops: int = 0
    """Transfers so far."""
    left: tuple[str, ...] = ()
    """Who handed it over or stood aside; a live pool does not bring them back."""
    aside: tuple[str, ...] = ()
    """Who stood aside: they get no seat of this step any more, not from an admin either."""
    must: bool = False
    """The step passes only with this seat's approval; its rejection ends the step."""
    veto: bool = False
    """Its rejection ends the step."""
    added_by: str | None = None
    decided_by: str | None = None

    @property
    def blocked(self) -> bool:
        """Open, and nobody may act."""
        return self.state == OPEN and not self.holders


@noun
class Step:
    """One step of a revision of a request, with its rule copied in."""

    revision: int
    position: int
    """1, 2 … within the revision, never renumbered: decisions refer to it."""
    group: int
    """Order within the revision; steps of one group are open together."""
    name: str
    state: str = WAITING
    together: str | None = None
    rule: str = "any"
    """any, all, at_least."""
    need: int = 1
    """Approvals wanted: 1 for any, the number of seats for all, n for at_least."""
    share: int | None = None
    """Of `at least 50%`, in hundredths of a per cent of the seats at opening, which make `need`."""
    who: tuple[str, ...] = ()
    stand_in: tuple[str, ...] = ()
    veto: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    fresh: bool = False
    calendar: str = ""
    sla_ms: int = 0
    on_timeout: str = "escalate"
    on_reject: str = "reject"
    opened_at: int | None = None
    closed_at: int | None = None
    due_at: int | None = None
    resumed_at: int | None = None
    """Since when its clock runs; None while it waits or is paused."""
    used_ms: int = 0
    """Business time used up before `resumed_at`."""
    remaining_ms: int | None = None
    """Business time left while paused."""
    breached_at: int | None = None
    level: int = 0
    """Escalation levels fired."""
    reminded: tuple[str, ...] = ()
    """Reminders fired, as written in the policy."""
    added_by: str | None = None
    like: str | None = None
    """The policy's step whose reminders and escalation an added step has; None: its own name's."""
    seats: tuple[Seat, ...] = ()


@noun
class Decision:
    """An immutable record that a person filled a seat. Whether it still counts is derived, never stored."""

    number: int
    """1, 2 … within the request."""
    revision: int
    step: int
    """Position of the step; 0 for an override."""
    seat: int
    actor: str
    actor_name: str
    on_behalf_of: str | None = None
    verdict: str = APPROVE
    automatic: bool = False
    own: bool = False
    """By the submitter or the owner, because the policy allows it."""
    refers_to: int | None = None
    """The decision an automatic one repeats, or that a withdrawal takes back."""
    at: int = 0
    reason: str | None = None
    code: str | None = None  # the reason by its name
    target: str | None = None  # the step that a return goes to
    files: tuple[str, ...] = ()
    """What was given with it: `KIND SHA-256`."""
    snapshot_hash: str = ""
    policy: str = ""

    @property
    def told(self) -> str | None:
        """Why, as people are told it: the reason by its name, and what was said."""
        return listed((part for part in (self.code, self.reason) if part), ": ") or None


@noun
class Revision:
    """The material facts as one revision put them before the approvers."""

    number: int
    snapshot: Mapping[str, Any]
    """Field → value as text, also every field a condition reads; files as kind → sha256."""
    at: int
    editor: str
    """Who made the change (the submitter for revision 1)."""
    editors: tuple[str, ...] = ()
    """Everybody who made a material change in this revision besides submitter and owner."""
    next_editors: tuple[str, ...] = ()
    """Who made a material change while the request was returned: editors of the next revision."""
    why: str = "submitted"
    """submitted, changed, resubmitted, rebased."""
    skipped: Mapping[str, Any] = NOTHING
    """Step that was planned away → its condition, which was false."""
    agreed: Mapping[str, Any] = NOTHING
    """Field → value as text, of what changed since with the approvers' word: later changes are measured from there."""

    @property
    def measured(self) -> Mapping[str, Any]:
        """From where changes are measured."""
        return {**self.snapshot, **self.agreed} if self.agreed else self.snapshot

    def names(self, space: str) -> bool:
        """Whether it showed something of what the deal has under this name."""
        return any(name == space or name.startswith(f"{space}.") for name in self.snapshot)


@noun
class Question:
    """Something that somebody who decides wants to know; nobody stops for it."""

    number: int
    step: int
    by: str
    to: str
    text: str
    at: int
    answer: str | None = None
    answered_by: str | None = None
    answered_at: int | None = None


@noun
class Term:
    """What an approver asks for with a yes. A move into its stage, or beyond, waits for it."""

    number: int
    decision: int
    text: str
    test: str | None = None  # checked live
    before: str  # the stage that waits for it
    state: str = OPEN
    closed_by: str | None = None
    closed_at: int | None = None
    why: str | None = None
    file: str | None = None  # SHA-256 of what shows it

    @property
    def waits(self) -> bool:
        return self.state == OPEN


@noun
class Request:
    """One approval of one type for one deal."""

    id: int = 0
    deal_id: int
    type: str
    title: str = ""
    state: str = PENDING
    revision: int = 1
    policy: str = ""
    """Hash of the rules it was submitted under; the text is in the policy table."""
    previous: int | None = None
    submitted_by: str
    submitted_at: int
    owner: str | None = None
    """The deal's owner, excluded from deciding like the submitter."""
    note: str | None = None
    reason: str | None = None
    decided_at: int | None = None
    """When it was approved, rejected, recalled or cancelled."""
    invalidated_at: int | None = None
    valid_until: int | None = None
    nudged_at: int | None = None
    wake_at: int | None = None
    """When time next does something to it (a reminder, a breach, an escalation, expiry); None for never."""
    blocked: bool = False
    """Nobody can move it on: a seat that nobody may fill, or returned and nobody is left to resubmit it."""
    answers: tuple[Mapping[str, Any], ...] = ()
    """What was said when it was resubmitted, oldest first: `by`, `at` (milliseconds), `text`."""
    rounds: int = 0  # how often it went back to the submitter
    chosen: Mapping[str, Any] = NOTHING  # step → logins
    amount: int | None = None
    """What the approvers see, minor units, for reports."""
    currency: str = "CNY"
    channel: str = "cli"
    external_id: str | None = None
    """The case in another system that an import made it from."""
    system: str | None = None
    """Where `external_id` comes from."""
    revisions: tuple[Revision, ...] = ()
    steps: tuple[Step, ...] = ()
    decisions: tuple[Decision, ...] = ()
    questions: tuple[Question, ...] = ()
    terms: tuple[Term, ...] = ()
    version: int = 1

    @property
    def named_type(self) -> Word:
        """Its type as people are told it: the code, in languages that have other words its title."""
        return Word("type", self.type, self.title)

    @property
    def live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def history(self) -> bool:
        """Whether its votes are those of a file that nobody vouched for: it opens no gate."""
        return self.channel == IMPORT

    @property
    def plan(self) -> tuple[Step, ...]:
        """The steps of the current revision, in the order in which they are asked, without those that are redone."""
        current = (step for step in self.steps if step.revision == self.revision and step.state != REDONE)
        return tuple(sorted(current, key=lambda step: (step.group, step.position)))

    @property
    def facts(self) -> Revision:
        """The current revision: what the approvers were shown."""
        return next(revision for revision in reversed(self.revisions) if revision.number == self.revision)

    @property
    def redone(self) -> frozenset[tuple[int, int]]:
        """Revision and position of the steps that were asked again from."""
        return frozenset((step.revision, step.position) for step in self.steps if step.state == REDONE)

    @property
    def asking(self) -> tuple[Question, ...]:
        """The questions nobody has answered, while somebody may."""
        return tuple(each for each in self.questions if each.answered_at is None) if self.live else ()

    @property
    def open_steps(self) -> tuple[Step, ...]:
        return tuple(step for step in self.plan if step.state == OPEN)
