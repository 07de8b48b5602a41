"""The codes that people read as words, by the group that tells homonyms apart: `state` of `Word("state", …)` and of a
column's `words`. For developers, who translate them; the program speaks whatever code it meets."""

from collections.abc import Mapping

from oppcli.model.bridge import CLOSING, MOVES, OPENING, WEIGHTED, reasons
from oppcli.model.contracts import CLAUSE_STATES, CONTRACT_STATES
from oppcli.model.deals import CATEGORIES, KINDS, SIGNALS
from oppcli.model.events import ACTIONS
from oppcli.model.facts import FACT_STATES
from oppcli.model.fields import BANT_ANSWERS, BUILT_IN, TEXTS, of
from oppcli.model.follow import (
    ACTIVITY_KINDS,
    DIRECTIONS,
    LINES,
    MATCH_STATES,
    PROPOSAL_STATES,
    TASK_KINDS,
    TASK_STATES,
)
from oppcli.model.journal import AGENT, CLAIM, LOGIN, PIN, ROLE, UNTYPED
from oppcli.model.notices import NOTICE_KINDS
from oppcli.model.nouns import NOUNS, RECORDS
from oppcli.model.payments import PAYMENT_KINDS
from oppcli.model.people import BUILT_IN_ROLES
from oppcli.model.quotes import QUOTE_STATES
from oppcli.model.records import STANDINGS
from oppcli.model.requests import STATES, TERM_STATES
from oppcli.model.said import REPEAT, WHENCE, WHOM, heading
from oppcli.model.spaces import KINDS as DOTTED
from oppcli.model.targets import TARGET_MEASURES
from oppcli.model.units import PERIODS
from oppcli.words.day_names import LONG_DAYS, SHOWN_DAYS, SHOWN_LONG_DAYS, SHOWN_LONG_MONTHS, SHOWN_MONTHS

_COUNTED = (
    "requests",
    "approved",
    "first_pass",
    "rejected",
    "resubmitted",
    "then_approved",
    "closed_on",
    "contact",
    "tag",
)
"""Columns whose name is no field, and is not written where the column is."""
_VIEWED = """
manager_name successor_name owner_name created_by_name amount_minor attitude login_name read price began_at ended_at
judged_by_name change_minor best_minor committed_minor
given_by how attached_by_name decided_by_name frm_name to_name max_amount_minor applied_by_name submitted_by_name editor
editor_name editors next_editors group stand_in veto fresh calendar sla_ms on_timeout on_reject opened_at resumed_at
used_ms remaining_ms reminded added_by added_by_name like pool hops left aside seat via actor_name on_behalf_of_name
verdict automatic own refers_to snapshot_hash accepted_at accepted_by accepted_note accepted_on frozen_at opened_by
opened_on quoteversion terms sku item qty tax note hash used_at valid_until sent cost floor list max_discount unit_price
decision text test before closed_by closed_by_name why file share target files skipped agreed question answer by_name
answered_by answered_at contractversion clause clauses starts_on ends_on signed_on signer signed_at signed_by scan
kept_from
""".split()
"""Columns of the views of `opp sql` that no other table has."""
_FACTS = (
    *("touches_30d", "idle_days", "days_in_stage", "contacts", "deciders", "completeness", "customer_won_deals"),
    *("kind", "won_amount_365", "won_deals_365", "days_since_won", "live_deals"),
)
"""What conditions about relations read besides fields (`oppcli.rules.relation_facts`)."""


def _headings() -> tuple[str, ...]:
    """What stands above a column that a field is shown in, whichever field of whichever noun."""
    fields = (field.name for noun in NOUNS for field in of(noun.word))
    return tuple(
        sorted({str(heading(name)) for name in (*fields, *BUILT_IN, *DOTTED, *PERIODS, *_COUNTED, *_FACTS, *_VIEWED)})
    )


CODES: Mapping[str, tuple[str, ...]] = {
    "action": ACTIONS,
    "by": (ROLE, PIN, "session", LOGIN, CLAIM, "code", "key", *UNTYPED),
    "change": ("added", "dropped", "order", "threshold", "when", "asks for", "people", "hours", "cuts"),
    "actor": ("system",),
    "activity": tuple(ACTIVITY_KINDS),
    "direction": DIRECTIONS,
    "contact": ("TITLE", "title"),
    "approving": ("WHO",),
    "duplicates": ("ASKED", "RULE"),
    "task": (*TASK_KINDS, *TASK_STATES),
    "asked": ("yes", "no", "depends"),
    "attitude": ("for", "neutral", "against"),
    "channel": ("cli", *UNTYPED, LINES, "mail", "packet", "trusted", AGENT),
    "check": (
        *("database", "integrity", "journal", "policy", "person", "scope", "writing", "identity", "settings"),
        *("program", "packages", "time zone", "clock", "encoding", "screen", "notices", "completion", "modes", "logs"),
        *("pins", "hooks", "references", "schema", "meta", "visits", "stored", "quotes", "contracts"),
    ),
    "day": tuple(name.title() for name in LONG_DAYS),
    "delegation": ("upcoming", "active", "ended"),
    "compared": ("previous", "year"),
    "delivery": ("waiting", "queued", "failing", "sent", "undeliverable", "set aside"),
    "escalation": ("notify", "add", "reassign"),
    "end": ("expired", "deal lost", "deal withdrawn", "no longer required"),
    "file": ("same", "changed", "missing", "unreadable", "link"),
    "happened": ("activity", "stay", "tenure", "request", "decision", "file", "task", "merge"),
    "heading": _headings(),
    "holds": (
        *TEXTS,
        "number",
        "int",
        "money",
        "percent",
        "unit_price",
        "quantity",
        "bool",
        "date",
        "instant",
        "list",
        "object",
    ),
    "kind": KINDS,
    "measure": TARGET_MEASURES,
    "manual": ("NAME", "SYNOPSIS", "DESCRIPTION", "ENVIRONMENT", "EXIT STATUS", "SEE ALSO"),
    "mapping": ("kept", "ready", "unverified"),
    "month": tuple(dict.fromkeys((*SHOWN_MONTHS, *SHOWN_LONG_MONTHS))),
    "notice": (
        *NOTICE_KINDS,
        *("archive", "protection", "decided", "approved", "rejected", "recalled", "cancelled", "invalidated"),
        *("delegated", "revoked", "entered", "rescue"),
    ),
    "language": ("en", "zh"),
    "noun": (*(noun.word for noun in RECORDS), "database", "export"),
    "quote": QUOTE_STATES,
    "contract": CONTRACT_STATES,
    "clause": CLAUSE_STATES,
    "part": (
        "hook",
        "quote",
        "contract",
        "clause",
        "stage",
        "gate",
        "type",
        "step",
        "role",
        "field",
        "calendar",
        "policy",
        "identity",
        "scope",
        "stages",
        "duplicates",
        *("remind", "kpi", "win"),
        "bands",
        "rule",
        *("follow", "assign", "archive", "priority", "deadline", "tag", "tier", "score", "sheet", "suggest"),
    ),
    "bucket": ("late", "today", "tomorrow", "this week", "next week", "later", "none"),
    "urgency": (
        *("decision", "first contact", "returned", "handover", "conflict", "must task", "return", "follow-up"),
        *("deadline", "rotting", "task", "proposal", "no next step", "close passed", "blocked"),
        "asked",
    ),
    "past": (
        *("approved", "rejected", "returned", "withdrew the approval of", "overrode", "resubmitted", "recalled"),
        *("cancelled", "revoked", "invalidated", "overridden", "approval withdrawn", "nudged"),
    ),
    "match": MATCH_STATES,
    "payment": PAYMENT_KINDS,
    "fact": FACT_STATES,
    "proposal": PROPOSAL_STATES,
    "plural": tuple(noun.plural for noun in RECORDS),
    "recap": ("fact", "stay", "wait", "change", "decision", "outcome", "like"),
    "response": ("OPEN",),
    "rule": ("any", "all"),
    "role": BUILT_IN_ROLES,
    "setter": ("owner", "collaborators", "superiors", "manager", "admin", "submitter", "approvers", "the person"),
    "seated": ("before", "after", "beside"),
    "standing": STANDINGS,
    "state": (*STATES, "waiting", "open", "blocked", "skipped", "redone"),
    "criterion": ("better", "worse", "not shown", "everybody has it", "too few"),
    "absence": ("open", "expected", "only"),
    "effect": ("better", "worse", "not shown", "too few"),
    "node": ("stage", "step"),
    "measured": ("won", "first_pass", "approval"),
    "category": CATEGORIES,
    "bant": BANT_ANSWERS,
    "coverage": ("met",),
    "bridge": (OPENING, *reasons(WEIGHTED), CLOSING, *MOVES),
    "forecast": ("past_due",),
    "parted": ("new", "changed", "gone"),
    "replayed": ("dropped", "added", "unknown", "kept"),
    "judged": ("never says no", "rubber stamp", "echo", "few"),
    "sign": ("alike", "batch", "late", "eve", "alone"),
    "span": ("UNTIL",),
    "survey": ("ASKED", "ANSWERED"),
    "signal": (*SIGNALS, "silent"),
    "status": ("ok", "warn", "fail"),
    "verb": (
        *(
            "submit",
            "ask",
            "reply",
            "approve",
            "reject",
            "return",
            "resubmit",
            "withdraw",
            "recall",
            "nudge",
            "transfer",
            "recuse",
        ),
        *("add-approver", "cancel", "revoke", "override", "rebase", "met", "met waive", "packet"),
    ),
    "term": TERM_STATES,
    "verdict": ("approve", "reject", "return", "withdraw", "override"),
    "system": (
        *("no such file or directory", "permission denied", "is a directory", "not a directory", "file exists"),
        *(
            "no space left on device",
            "read-only file system",
            "bad file descriptor",
            "broken pipe",
            "exec format error",
        ),
        *("connection refused", "input/output error", "too many open files", "file name too long"),
    ),
    "workbook": (
        *("file is not a zip file", "bad magic number for central directory", "cannot detect file format"),
        "compressed file ended before the end-of-stream marker was reached",
    ),
    "origin": ("built-in", "derived", "policy"),
    "truth": ("true", "false"),
    "unit": ("currency", "days", "ms"),
    REPEAT: ("weekdays", "daily", "weekly", "monthly", "quarterly", "yearly", *(name.lower() for name in SHOWN_DAYS)),
    WHOM: ("company",),
    WHENCE: (
        *("cadence", "deadline", "stage", "survey", "match", "mail", "suggest"),
        *("add", "assign", "claim", "return", "left", "import", "rule"),
    ),
    "weekday": (*SHOWN_DAYS, *SHOWN_LONG_DAYS),
}
