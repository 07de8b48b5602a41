"""What follows customers and deals: activities, tasks, what machines propose, what looks alike, who watches what."""

from collections.abc import Mapping
from typing import Any

from oppcli.model import records
from oppcli.model.noun import NOTHING, noun

OUT, IN = "out", "in"
DIRECTIONS = (OUT, IN)
LINES = "lines"
"""The channel of activities that are noted from a file of lines: many at once, and none of them a sign of that."""

CALL, VISIT, MEETING, MAIL, MESSAGE, NOTE = "call", "visit", "meeting", "mail", "message", "note"
ACTIVITY_KINDS: Mapping[str, tuple[str, ...]] = {
    CALL: ("电话",),
    VISIT: ("拜访",),
    MEETING: ("会议",),
    MAIL: ("邮件",),
    MESSAGE: ("消息", "微信"),
    NOTE: ("备注",),
    "survey": ("回访",),
}
"""The kinds that every team has, and what else they are called; `[follow] kinds` adds to them."""
TOUCHING = (CALL, VISIT, MEETING, MAIL, MESSAGE, "survey")
"""The kinds that are a touch, where the policy does not say."""

TODO, FOLLOW, DEADLINE, STAGE, SURVEY, RESCUE = "todo", "follow", "deadline", "stage", "survey", "rescue"
CONFLICT, HANDOVER = "conflict", "handover"
OF_OWNER = (FOLLOW, DEADLINE, SURVEY)
"""Kinds that are always for whoever owns what they are of."""
TASK_KINDS = (TODO, FOLLOW, DEADLINE, STAGE, SURVEY, RESCUE, CONFLICT, HANDOVER)
OPEN, DONE, WAIVED, CANCELLED = "open", "done", "waived", "cancelled"
TASK_STATES = (OPEN, DONE, WAIVED, CANCELLED)

ACCEPTED, DECLINED, STALE = "accepted", "declined", "stale"
PROPOSAL_STATES = (OPEN, ACCEPTED, DECLINED, STALE)
JOINED, DIFFERENT = "merged", "different"
MATCH_STATES = (OPEN, JOINED, DIFFERENT)


@noun
class Activity:
    """What happened with a customer or on a deal, in one text: a call, a visit, a mail, a note."""

    id: int = 0
    kind: str
    text: str
    at: int
    """When it happened."""
    who: str
    """Who did it."""
    deal_id: int | None = None
    customer_id: int | None = None
    contacts: tuple[int, ...] = ()
    """The numbers of the contacts who took part."""
    direction: str = OUT
    """out: we went to them; in: they came to us."""
    minutes: int | None = None
    rating: int | None = None
    """What a survey was answered with."""
    recorded_at: int = 0
    channel: str = "cli"
    message_id: str | None = None
    """Of a mail: by which it is known again."""
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = NOTHING
    external_id: str | None = None
    system: str | None = None
    created_by: str = ""
    standing: str = records.LIVE
    version: int = 1


@noun
class Task:
    """A promise: who does what by when. Of a deal at most one of kind `follow` is open."""

    id: int = 0
    title: str
    kind: str = TODO
    """todo, follow, deadline, stage, survey, rescue, conflict, handover."""
    deal_id: int | None = None
    customer_id: int | None = None
    assignee: str | None = None
    """None where it is the deal's owner's of the moment, or a role's."""
    role: str | None = None
    """Whoever of the deal's team has it, else all who have it."""
    due_on: str | None = None
    """The day by the end of which it is due; or `due_at`; or neither."""
    due_at: int | None = None
    promised_on: str | None = None
    """What was due first: moving a date moves neither this nor `promised_at`."""
    promised_at: int | None = None
    moves: int = 0
    """How often its date was moved."""
    state: str = OPEN
    origin: str | None = None
    """What opened it where nobody did: `cadence`, `deadline:首次联系`, `stage:方案/技术方案` …"""
    must: str | None = None
    """The stage that is not left forward without it."""
    repeat: str | None = None
    """How it comes again, as typed."""
    anchor: str | None = None
    """The first day of what comes again, from which its days are counted."""
    skipped: int = 0
    """How many that fell between were left out."""
    done_at: int | None = None
    done_by: str | None = None
    reason: str | None = None
    """Why it was waived, declined or cancelled."""
    activity_id: int | None = None
    """What it ended with."""
    late_at: int | None = None
    """When it became late, and whose it was then; told once."""
    late_by: str | None = None
    wake_at: int | None = None
    """When time has to do something to it next, once it is late; set by the tick alone."""
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = NOTHING
    external_id: str | None = None
    system: str | None = None
    created_at: int = 0
    created_by: str = ""
    standing: str = records.LIVE
    version: int = 1


@noun
class Proposal:
    """What a machine would enter or change: no record until somebody accepts it."""

    id: int = 0
    noun: str
    """What it would make or change: activity, contact, customer, deal …"""
    deal_id: int | None = None
    """The deal, else the customer, that it would change; neither where it would make something."""
    customer_id: int | None = None
    changes: Mapping[str, Any] = NOTHING
    """By field, the new value, or [what was seen, the new value]."""
    source: str
    """Where it comes from: `mail`, `suggest:NAME`, a system."""
    evidence: str | None = None
    cause: str | None = None
    """What it is known again by: declined once, it is not proposed again for this."""
    state: str = OPEN
    decided_by: str | None = None
    decided_at: int | None = None
    reason: str | None = None
    external_id: str | None = None
    system: str | None = None
    created_at: int = 0
    created_by: str = ""
    standing: str = records.LIVE
    version: int = 1


@noun
class Match:
    """Two records of a noun that may be one."""

    id: int = 0
    noun: str
    first: int
    second: int
    """Their numbers, the smaller first."""
    rule: str
    """The name of the rule of `[duplicates]` that says so."""
    likeness: int
    """0 to 100."""
    state: str = OPEN
    decided_by: str | None = None
    decided_at: int | None = None
    reason: str | None = None
    created_at: int = 0
    created_by: str = ""
    standing: str = records.LIVE
    version: int = 1


@noun
class Watch:
    """Somebody wants to be told of what happens to a thing."""

    id: int = 0
    login: str
    noun: str
    key: int
    created_at: int = 0
    standing: str = records.LIVE
    version: int = 1
