"""The tables of approvals: policies, and requests with their revisions, steps, seats, holders and decisions."""

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from oppcli.store.tables.columns import NO_ROWID, check, flag, one_of, part, refers, whole, words


class PolicyTable(SQLModel, table=True):
    __tablename__ = "policy"
    __table_args__ = (UniqueConstraint("number"),)
    hash: str = words(primary_key=True)
    text: str = words()
    name: str = words()
    number: int = whole()
    applied_at: int = whole()
    applied_by: str = words()


class RequestTable(SQLModel, table=True):
    __tablename__ = "request"
    __table_args__ = (
        one_of("state", "pending", "returned", "approved", "rejected", "recalled", "cancelled", "invalidated"),
        check("revision", "revision >= 1"),
        part("request_live", "deal_id", "type", where="state IN ('pending', 'returned')", unique=True),
        part("request_wake", "wake_at", where="wake_at IS NOT NULL"),
        part("request_blocked", "id", where="blocked = 1"),
        Index(None, "deal_id", "type"),
        Index(None, "state", "submitted_at"),
        part("request_external_id", "external_id", "system", where="external_id IS NOT NULL", unique=True),
    )
    id: int = whole(primary_key=True)
    deal_id: int = whole(refers("deal.id"))
    type: str = words()
    title: str = words()
    state: str = words()
    revision: int = whole()
    policy: str = words()
    previous: int | None = whole(refers("request.id"))
    submitted_by: str = words()
    submitted_at: int = whole()
    owner: str | None = words()
    note: str | None = words()
    reason: str | None = words()
    decided_at: int | None = whole()
    valid_until: int | None = whole()
    invalidated_at: int | None = whole()
    nudged_at: int | None = whole()
    wake_at: int | None = whole()
    blocked: int = flag()
    answers: str = words()
    amount: int | None = whole()
    currency: str = words()
    channel: str = words()
    external_id: str | None = words()
    system: str | None = words()
    version: int = whole()


class RevisionTable(SQLModel, table=True):
    __tablename__ = "revision"
    __table_args__ = (NO_ROWID,)
    request_id: int = whole(refers("request.id"), primary_key=True)
    number: int = whole(primary_key=True)
    snapshot: str = words()
    at: int = whole()
    editor: str = words()
    editors: str = words()
    next_editors: str = words()
    why: str = words()


class StepTable(SQLModel, table=True):
    __tablename__ = "step"
    __table_args__ = (
        ForeignKeyConstraint(["request_id", "revision"], ["revision.request_id", "revision.number"]),
        one_of("state", "waiting", "open", "approved", "rejected", "cancelled"),
        one_of("rule", "any", "all", "at_least"),
        check("need", "need >= 1"),
        # `state` is the same in all of it, but SQLite would look every step up to compare it.
        part("step_open", "due_at", "state", where="state = 'open'"),
        NO_ROWID,
    )
    request_id: int = whole(primary_key=True)
    revision: int = whole(primary_key=True)
    position: int = whole(primary_key=True)
    group: int = whole()
    name: str = words()
    state: str = words()
    together: str | None = words()
    rule: str = words()
    need: int = whole()
    who: str = words()
    stand_in: str = words()
    veto: str = words()
    must: str = words()
    fresh: int = flag()
    calendar: str = words()
    sla_ms: int = whole()
    on_timeout: str = words()
    on_reject: str = words()
    opened_at: int | None = whole()
    closed_at: int | None = whole()
    due_at: int | None = whole()
    resumed_at: int | None = whole()
    used_ms: int = whole()
    remaining_ms: int | None = whole()
    breached_at: int | None = whole()
    level: int = whole()
    reminded: str = words()
    added_by: str | None = words()
    like: str | None = words()


class SeatTable(SQLModel, table=True):
    __tablename__ = "seat"
    __table_args__ = (
        ForeignKeyConstraint(["request_id", "revision", "step"], ["step.request_id", "step.revision", "step.position"]),
        one_of("state", "open", "approved", "rejected", "cancelled"),
        NO_ROWID,
    )
    request_id: int = whole(primary_key=True)
    revision: int = whole(primary_key=True)
    step: int = whole(primary_key=True)
    number: int = whole(primary_key=True)
    state: str = words()
    pool: str = words()
    hops: int = whole()
    left: str = words()
    aside: str = words()
    must: int = flag()
    veto: int = flag()
    added_by: str | None = words()
    decided_by: str | None = words()


class HolderTable(SQLModel, table=True):
    __tablename__ = "holder"
    __table_args__ = (
        ForeignKeyConstraint(
            ["request_id", "revision", "step", "seat"],
            ["seat.request_id", "seat.revision", "seat.step", "seat.number"],
        ),
        Index(None, "login"),
        NO_ROWID,
    )
    request_id: int = whole(primary_key=True)
    revision: int = whole(primary_key=True)
    step: int = whole(primary_key=True)
    seat: int = whole(primary_key=True)
    number: int = whole(primary_key=True)
    login: str = words(refers("user_account.login"))
    how: str = words()
    via: str = words()


class DecisionTable(SQLModel, table=True):
    __tablename__ = "decision"
    __table_args__ = (
        one_of("verdict", "approve", "reject", "return", "withdraw", "override"),
        check("automatic", "automatic IN (0, 1)"),
        NO_ROWID,
    )
    request_id: int = whole(refers("request.id"), primary_key=True)
    number: int = whole(primary_key=True)
    revision: int = whole()
    step: int = whole()
    seat: int = whole()
    actor: str = words()
    actor_name: str = words()
    on_behalf_of: str | None = words()
    verdict: str = words()
    automatic: int = flag()
    own: int = flag()
    refers_to: int | None = whole()
    at: int = whole()
    reason: str | None = words()
    snapshot_hash: str = words()
    policy: str = words()
