"""What the columns of a table do not say by themselves: keys of other records, unique values, limits, indexes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text

from oppcli.model.codes import AWAY
from oppcli.model.contracts import CLAUSE_STATES
from oppcli.model.deals import CATEGORIES, KINDS
from oppcli.model.follow import DIRECTIONS, MATCH_STATES, PROPOSAL_STATES, TASK_KINDS, TASK_STATES
from oppcli.model.nouns import BY_WORD, NOUNS
from oppcli.model.payments import PAYMENT_KINDS
from oppcli.model.records import LIVE, STANDINGS
from oppcli.model.requests import APPROVED, CANCELLED, OPEN, REDONE, REJECTED, STATES, TERM_STATES, WAITING
from oppcli.model.targets import OF_MONEY, TARGET_MEASURES
from oppcli.store.patterns import quoted
from oppcli.store.reading import TAKEN
from oppcli.store.tables.limits import check, known_elsewhere, one_of, part, survivor

STANDS = BY_WORD["payment"].live
SEAT_STATES = (OPEN, APPROVED, REJECTED, CANCELLED)
REFERS: Mapping[str, Mapping[str, str | None]] = {
    "user_account": {"manager": "user_account.login"},
    "customer": {"owner": "user_account.login"},
    "deal": {"owner": "user_account.login"},
    "member": {"login": "user_account.login"},
    "tenure": {"owner": "user_account.login"},
    "task": {"assignee": "user_account.login"},
    "watch": {"login": "user_account.login"},
    "delegation": {"frm": "user_account.login", "to": "user_account.login"},
    "request": {"previous": "request.id"},
    "step": {"request_id": None},
    "code": {"login": "user_account.login"},
    "holder": {"login": "user_account.login"},
    "point": {"login": "user_account.login"},
    "judgement": {"owner": "user_account.login"},
    "forecast": {"team": "user_account.login"},
}
"""Columns that name another record and are not called like it (`deal_id` is), or are called so and name none."""


def of(table: str) -> Sequence[Any]:
    """The constraints and indexes of a table. Records that are not live are few, and found at once."""
    standing = any(noun.table == table and noun.standing for noun in NOUNS)
    common = (one_of("standing", *STANDINGS), part(f"{table}_standing", "standing", where=f"standing <> '{LIVE}'"))
    return (*(common if standing else ()), *OWN.get(table, ()))


OWN: Mapping[str, Sequence[Any]] = {
    "stage": (
        UniqueConstraint("name"),
        one_of("kind", *KINDS),
        check("probability", "probability BETWEEN 0 AND 100"),
    ),
    "customer": (
        Index("customer_key", "key"),
        part("customer_owner", "owner", where="owner IS NOT NULL"),
        known_elsewhere("customer"),
        survivor("customer"),
    ),
    "contact": (
        Index("contact_key", "key"),
        Index(None, "customer_id"),
        known_elsewhere("contact"),
        survivor("contact"),
    ),
    "participant": (
        one_of("attitude", "for", "neutral", "against"),
        Index(None, "contact_id"),
    ),
    "member": (check("read", "read IN (0, 1)"), Index(None, "login")),
    "rival": (check("price", "price >= 0"),),
    "tenure": (
        Index("tenure_owner", "owner", "began_at"),
        # Whose turn it is by a rule.
        Index("tenure_how", "how", "owner", "began_at", "deal_id"),
    ),
    "activity": (
        one_of("direction", *DIRECTIONS),
        check("minutes", "minutes >= 0"),
        # The last touch of a deal, or of a customer, is found without a look at the row.
        Index("activity_deal_id", "deal_id", "at", "kind", "who"),
        Index("activity_customer_id", "customer_id", "at", "kind", "who"),
        Index("activity_who", "who", "recorded_at"),
        # What happened in a week, and the first of all, without sorting the others.
        Index("activity_at", "at"),
        known_elsewhere("activity"),
        part("activity_message_id", "message_id", where="message_id IS NOT NULL", unique=True),
    ),
    "task": (
        one_of("kind", *TASK_KINDS),
        one_of("state", *TASK_STATES),
        check("moves", "moves >= 0"),
        check("skipped", "skipped >= 0"),
        Index(None, "deal_id"),
        Index(None, "customer_id"),
        part("task_assignee", "assignee", where=f"{BY_WORD['task'].live} AND assignee IS NOT NULL"),
        part("task_role", "role", where=f"{BY_WORD['task'].live} AND role IS NOT NULL"),
        # A deal has one next step.
        part("task_follow", "deal_id", where=f"kind = 'follow' AND {BY_WORD['task'].live} AND {TAKEN}", unique=True),
        # What may have become late, which a tick that finds nothing has to see at once.
        part("task_due_on", "due_on", where=f"{BY_WORD['task'].live} AND due_on IS NOT NULL AND late_at IS NULL"),
        part("task_due_at", "due_at", where=f"{BY_WORD['task'].live} AND due_at IS NOT NULL AND late_at IS NULL"),
        part("task_wake", "wake_at", where="wake_at IS NOT NULL"),
        known_elsewhere("task"),
    ),
    "payment": (
        one_of("kind", *PAYMENT_KINDS),
        check("due", "kind <> 'due' OR amount > 0"),
        check("received", "kind <> 'received' OR \"on\" IS NOT NULL"),
        check("dated", '"on" IS NOT NULL OR sign_days IS NOT NULL'),
        check("currency", "length(currency) = 3"),
        check("whose", "(deal_id IS NULL) <> (customer_id IS NULL)"),
        # A ledger is added up from these alone: of a deal, and of what a customer has without one.
        Index("payment_deal_id", "deal_id", "voided_at", "currency", "kind", "on", "amount"),
        part(
            "payment_customer_id",
            *("customer_id", "voided_at", "currency", "kind", "on", "amount"),
            where="customer_id IS NOT NULL",
        ),
        part(
            "payment_external_id", "system", "external_id", where=f"{STANDS} AND external_id IS NOT NULL", unique=True
        ),
    ),
    "fact": (
        check("currency", "length(currency) = 3"),
        Index("fact_customer_id", "customer_id", "name", "as_of"),
    ),
    "proposal": (
        one_of("state", *PROPOSAL_STATES),
        Index(None, "deal_id"),
        Index(None, "cause"),
        part("proposal_open", "id", where=BY_WORD["proposal"].live),
    ),
    "alike": (
        one_of("state", *MATCH_STATES),
        check("likeness", "likeness BETWEEN 0 AND 100"),
        check("pair", "first < second"),
        part("alike_pair", "noun", "first", "second", where=TAKEN, unique=True),
        Index(None, "noun", "second"),
        part("alike_open", "id", where=BY_WORD["match"].live),
    ),
    "watch": (
        part("watch_own", "login", "noun", "key", where=TAKEN, unique=True),
        Index(None, "noun", "key"),
    ),
    "deal": (
        known_elsewhere("deal"),
        survivor("deal"),
        part("deal_renewal_of", "renewal_of", where="renewal_of IS NOT NULL"),
        part("deal_origin", "origin", where="origin IS NOT NULL"),
        check("amount", "amount >= 0"),
        check("currency", "length(currency) = 3"),
        check("discount", "discount BETWEEN 0 AND 1000000"),
        check("margin", "margin <= 1000000"),
        check("payment_days", "payment_days >= 0"),
        check("probability", "probability BETWEEN 0 AND 100"),
        # With the customers whom somebody sees by their deals.
        Index("deal_owner", "owner", "customer_id"),
        # The newest closed ones within a range of amounts, without a look at the others.
        Index("deal_closed", "currency", "closed_at", "amount", "stage_id"),
        # With what the funnel counts and sums, so that it never reads a deal.
        Index("deal_stage_id", "stage_id", "last_open_stage_id", "currency", "amount", "standing", "owner"),
        Index(None, "customer_id"),
        # What one sees of deals that are not one's own (`store.scope`): few, and found at once.
        part("deal_collaborators", "collaborators", where="collaborators <> '[]'"),
        part("deal_made_for", "created_by", where="created_by <> owner AND channel <> 'import'"),
    ),
    "visit": (
        check("number", "number >= 1"),
        # The stays of a stage in order, whole: medians are look-ups and nothing goes to the table. SQLite before 3.41
        # takes an index for covering only when it holds the columns of its expression too. Open visits come first.
        Index("visit_stage_id_stay", "stage_id", text("(left_at - entered_at)"), "entered_at", "left_at"),
    ),
    "file": (check("size", "size >= 0"), Index(None, "deal_id")),
    "price": (
        # One price begins on a day; what begins later counts.
        part("price_sku", "sku", "currency", "from_on", where=TAKEN, unique=True),
        check("list", "list >= 0"),
        check("floor", "floor >= 0"),
        check("cost", "cost >= 0"),
        check("tax", "tax BETWEEN 0 AND 1000000"),
        known_elsewhere("price"),
    ),
    "contract": (check("deal_id", "id = deal_id"), UniqueConstraint("deal_id")),
    "contractversion": (
        check("number", "number >= 1"),
        check("amount", "amount >= 0"),
        check("currency", "length(currency) = 3"),
        check("scan", "signed_on IS NULL OR scan IS NOT NULL"),
    ),
    "clause": (
        check("position", "position >= 1"),
        one_of("state", *CLAUSE_STATES),
    ),
    "quote": (check("deal_id", "id = deal_id"), UniqueConstraint("deal_id")),
    "quoteversion": (
        check("number", "number >= 1"),
        check("currency", "length(currency) = 3"),
    ),
    "line": (
        check("position", "position >= 1"),
        check("tax", "tax BETWEEN 0 AND 1000000"),
        check("discount", "discount BETWEEN 0 AND 1000000"),
        part("line_sku", "sku", where="sku IS NOT NULL"),
    ),
    "user_account": (check("login", "login <> ''"), check("active", "active IN (0, 1)")),
    "delegation": (
        check("window", "ends_at >= starts_at"),
        check("people", 'frm <> "to"'),
        check("max_amount", "max_amount >= 0"),
        Index(None, "to"),
        Index(None, "frm"),
    ),
    "policy": (UniqueConstraint("number"),),
    "request": (
        one_of("state", *STATES),
        check("revision", "revision >= 1"),
        part("request_live", "deal_id", "type", where=BY_WORD["request"].live, unique=True),
        part("request_wake", "wake_at", where="wake_at IS NOT NULL"),
        part("request_blocked", "id", where="blocked = 1"),
        Index(None, "deal_id", "type"),
        Index(None, "state", "submitted_at"),
        Index(None, "submitted_by"),
        part("request_external_id", "external_id", "system", where="external_id IS NOT NULL", unique=True),
    ),
    "step": (
        ForeignKeyConstraint(["request_id", "revision"], ["revision.request_id", "revision.number"]),
        one_of("state", WAITING, *SEAT_STATES, REDONE),
        one_of("rule", "any", "all", "at_least"),
        check("need", "need >= 1"),
        # `state` is the same in all of it, but SQLite would look every step up to compare it.
        part("step_open", "due_at", "state", where=f"state = '{OPEN}'"),
    ),
    "seat": (one_of("state", *SEAT_STATES),),
    "holder": (Index(None, "login"),),
    "decision": (
        one_of("verdict", "approve", "reject", "return", "withdraw", "override"),
        check("automatic", "automatic IN (0, 1)"),
        Index(None, "actor"),
    ),
    "question": (part("question_open", "to", where="answered_at IS NULL"),),
    "term": (one_of("state", *TERM_STATES),),
    "notice": (
        part("notice_waiting", "to", where="queued_at IS NULL AND unsent IS NULL"),
        part("notice_copied", "to", "request_id", where="kind = 'cc'"),
    ),
    "delivery": (
        UniqueConstraint("key"),
        one_of("state", "waiting", "sending", "sent", "dropped"),
        check("down", "down IN (0, 1)"),
        part("delivery_unsent", "channel", "next_try_at", where=BY_WORD["delivery"].live),
    ),
    "code": (
        UniqueConstraint("hash"),
        one_of("kind", *AWAY),
        check("spent", "spent_at IS NULL OR spent_at <= ends_at"),
        part("code_live", "login", "request_id", where=BY_WORD["code"].live),
    ),
    "saved_view": (
        check("shared", "shared IN (0, 1)"),
        part("saved_view_own", "owner", "name", where=TAKEN, unique=True),
        part("saved_view_of_all", "name", where=f"{TAKEN} AND shared = 1", unique=True),
    ),
    "cost": (
        check("days", "first <= last"),
        check("amount", "amount >= 0"),
        part("cost_of", "source", "first", "last", "currency", where=TAKEN, unique=True),
    ),
    "target": (
        one_of("measure", *TARGET_MEASURES),
        check("money", f"(currency IS NOT NULL) = (measure IN ({quoted(OF_MONEY)}))"),
        part("target_of", "who", "month", "measure", where=TAKEN, unique=True),
    ),
    "judgement": (
        check("of", "(deal_id IS NULL) = (owner IS NOT NULL AND month IS NOT NULL AND change IS NOT NULL)"),
        one_of("category", *CATEGORIES),
        check("amount", "amount >= 0"),
        # What somebody says last of a deal or a month takes the place of what they said before.
        part("judgement_of_deal", "deal_id", "judged_by", where=f"{TAKEN} AND deal_id IS NOT NULL", unique=True),
        part("judgement_of_month", "owner", "month", "judged_by", where=f"{TAKEN} AND owner IS NOT NULL", unique=True),
        Index(None, "deal_id"),
        Index(None, "owner", "month"),
    ),
    "point": (check("points", "points <> 0"), Index(None, "login")),
    "forecast": (check("currency", "length(currency) = 3"), Index(None, "month", "team", "submitted_at")),
    "forecastline": (one_of("category", *CATEGORIES, "closed"), check("probability", "probability BETWEEN 0 AND 100")),
    "rate": (part("rate_pair", "base", "currency", "day", where=TAKEN, unique=True),),
    "journal": (Index(None, "noun", "noun_id"),),
}
"""By table, what is written by hand. An index without a name is called after its columns."""
