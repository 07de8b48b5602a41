"""Deals and what belongs to them: customers, stages, visits, files."""

from collections.abc import Mapping
from typing import Any

from oppcli.model import records
from oppcli.model.noun import NOTHING, noun

LEAD, OPEN, WON, LOST = "lead", "open", "won", "lost"
KINDS = (LEAD, OPEN, WON, LOST)
LIVE_KINDS = (LEAD, OPEN)
CLOSED_KINDS = (WON, LOST)


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


@noun
class Customer:
    """A company. `key` is the name folded for matching; two customers that are not withdrawn never share one."""

    id: int = 0
    name: str
    key: str
    created_at: int | None = None
    created_by: str = ""
    standing: str = records.LIVE
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
    score: int | None = None
    expected_close: str | None = None
    next_step: str | None = None
    next_step_on: str | None = None
    tags: tuple[str, ...] = ()
    collaborators: tuple[str, ...] = ()
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
    visits: tuple[Visit, ...] = ()
    """In order of entry; the last one is the visit it is in."""
    version: int = 1
