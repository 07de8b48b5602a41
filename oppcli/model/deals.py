"""Deals and what belongs to them: customers, contacts, stages, visits, owners, files."""

from collections.abc import Mapping
from typing import Any

from oppcli.model import records
from oppcli.model.noun import NOTHING, noun

LEAD, OPEN, WON, LOST = "lead", "open", "won", "lost"
KINDS = (LEAD, OPEN, WON, LOST)
LIVE_KINDS = (LEAD, OPEN)
CLOSED_KINDS = (WON, LOST)
PIPELINE, BEST, COMMIT, OMITTED = "pipeline", "best", "commit", "omitted"
CATEGORIES = (PIPELINE, BEST, COMMIT, OMITTED)
"""How sure an open deal is in the forecast; `omitted` is left out of it."""


@noun
class Stage:
    """A stage of the pipeline as stored; the policy is its source. `position` is None once the policy dropped it."""

    id: int = 0
    name: str
    kind: str = OPEN
    position: int | None = None
    probability: int = 0
    target_ms: int | None = None
    """Target duration, business milliseconds."""
    rotting_ms: int | None = None
    pipeline: str | None = None
    """Which of several it is in; None for the first."""
    category: str | None = None
    """In which category of the forecast its deals are; None: a lead is omitted, any other in the pipeline."""


@noun
class Customer:
    """A company. `key` is the name folded for matching; several may have one."""

    id: int = 0
    name: str
    key: str
    phone: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    website: str | None = None
    address: str | None = None
    tax_id: str | None = None
    industry: str | None = None
    region: str | None = None
    tier: str | None = None
    owner: str | None = None
    """Whose it is; None lies in the pool."""
    protected_until: int | None = None
    """Until when nobody else may claim it."""
    quiet_until: str | None = None
    """The day before which nobody may contact it."""
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = NOTHING
    """The team's own fields by name, as a deal has them."""
    external_id: str | None = None
    system: str | None = None
    """Where `external_id` comes from."""
    created_at: int | None = None
    created_by: str = ""
    standing: str = records.LIVE
    merged_into: int | None = None
    """The customer that stands for this one."""
    version: int = 1


@noun
class Contact:
    """A person at a customer, or one who belongs to none. `key` is the name folded for matching."""

    id: int = 0
    name: str
    key: str
    customer_id: int | None = None
    title: str | None = None
    phone: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    im: str | None = None
    """WeChat or another messenger."""
    left_on: str | None = None
    """The day on which they left the customer."""
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = NOTHING
    external_id: str | None = None
    system: str | None = None
    created_at: int | None = None
    created_by: str = ""
    standing: str = records.LIVE
    merged_into: int | None = None
    version: int = 1


@noun
class Visit:
    """One stay of a deal in a stage. `entered_at` is None where an import did not know it; `left_at` is None exactly
    for the visit the deal is in."""

    id: int = 0
    stage: str
    entered_at: int | None
    left_at: int | None = None
    system: str | None = None
    """The system that an import knows it from; None for a stay made here."""


DECIDERS = ("决策人", "decider", "decision maker")
"""Roles of contacts who decide, in small letters."""


@noun
class Participant:
    """A contact who has to do with a deal: as what, and whether for it."""

    contact_id: int
    role: str | None = None
    attitude: str | None = None
    """for, neutral, against."""


@noun
class Member:
    """What a collaborator works on a deal as; or somebody who only reads, and is no collaborator."""

    login: str
    role: str | None = None
    """Tasks of this role are theirs."""
    read: bool = False
    """Sees it and notes on it, and has no part in it."""


@noun
class Rival:
    """Who else offers, and for how much, minor units of the deal's currency."""

    name: str
    price: int | None = None


@noun
class Tenure:
    """How long a deal was somebody's, or nobody's. `ended_at` is None exactly for the one that lasts."""

    owner: str | None
    began_at: int | None
    """None where an import did not know it."""
    ended_at: int | None = None
    given_by: str = ""
    """Who gave it; `system` where a rule did."""
    how: str = "add"
    """add, assign, claim, return, import, or `rule:NAME`."""
    reason: str | None = None


@noun
class File:
    """Evidence attached to a deal: what it is, and the fingerprint of the bytes that were attached."""

    id: int = 0
    deal_id: int
    kind: str
    name: str
    size: int
    sha256: str
    path: str
    attached_at: int = 0
    attached_by: str = ""
    standing: str = records.LIVE
    version: int = 1


NOBODYS = "none"
"""What is typed for an owner where there is none."""
NEXT = ("next_step", "next_step_on")
"""Fields of a deal that are those of its next step, which is a task: it is changed and erased there."""


SOLD = ("customer_id", "amount", "currency", "discount", "margin", "payment_days")
"""Fields of a deal that say what was sold: they are locked once it is won."""


@noun
class Deal:
    """One record from first contact to archive. A lead is a deal in a stage of kind `lead`."""

    id: int = 0
    title: str
    stage: str
    customer_id: int | None = None
    owner: str | None = None
    amount: int | None = None
    currency: str = "CNY"
    discount: int | None = None
    margin: int | None = None
    payment_days: int | None = None
    probability: int | None = None
    """Set by hand (whole per cent); None means the stage's."""
    probability_reason: str | None = None
    source: str | None = None
    campaign: str | None = None
    product: str | None = None
    region: str | None = None
    tier: str | None = None
    grade: str | None = None
    grade_reason: str | None = None
    """Why it was set by hand beside the computed one; None: it is the computed one, or nothing computes it."""
    score: int | None = None
    expected_close: str | None = None
    next_step: str | None = None
    next_step_on: str | None = None
    tags: tuple[str, ...] = ()
    collaborators: tuple[str, ...] = ()
    """The logins of those who work on it beside its owner."""
    extra: Mapping[str, Any] = NOTHING
    """The team's own fields by name: text, bool, ISO date, or a decimal as text."""
    external_id: str | None = None
    system: str | None = None
    """Where `external_id` comes from."""
    created_at: int | None = None
    """None where an import did not know it."""
    created_by: str = ""
    updated_at: int = 0
    closed_at: int | None = None
    last_open_stage: str | None = None
    """Where it was lost or won from; reopening returns there."""
    close_reason: str | None = None
    close_detail: str | None = None
    competitor: str | None = None
    channel: str = "cli"
    standing: str = records.LIVE
    """live, archived, withdrawn, merged."""
    merged_into: int | None = None
    """The deal that stands for this one."""
    renewal_of: int | None = None
    """The won deal that this one renews."""
    origin: int | None = None
    """The deal that this one was made like."""
    category: str | None = None
    """Of the forecast, set by hand while it is open; None means the stage's."""
    visits: tuple[Visit, ...] = ()
    """In order of entry; the last one is the visit it is in."""
    contacts: tuple[Participant, ...] = ()
    team: tuple[Member, ...] = ()
    """What collaborators work as, and who only reads."""
    rivals: tuple[Rival, ...] = ()
    tenures: tuple[Tenure, ...] = ()
    """Whose it was and is, in order; nothing where it is still whose it was at first (`rules.tenures.all_of`)."""
    version: int = 1


OVER_TARGET, ROTTING, UNATTENDED, NOSTEP, PAST_CLOSE, PUSHED, SINGLE_THREAD, NO_AMOUNT = SIGNALS = (
    *("over_target", "rotting", "unattended", "nostep"),
    *("past_close", "pushed", "single_thread", "no_amount"),
)
"""What is told of live deals that do not move as they should, in this order."""
ATTENDED_DAYS, PUSHES = 7, 3
"""Without a touch by owner or team, and changes of the expected close to a later day, from which on it is told."""
