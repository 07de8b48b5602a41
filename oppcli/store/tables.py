"""The schema, once, in SQLModel. Alembic reads its metadata; everyday SQLite commands never import it.

Every whole number is 64 bits wide, texts sort by code point on both engines, and no column holds a float, a date type
or a JSON type: what is stored is what the nouns say, on either engine.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "%(table_name)s_%(column_0_N_name)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}

WHOLE = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits everywhere; SQLite wants the word INTEGER for a key that is the row's own number."""
FLAG = SmallInteger().with_variant(Integer(), "sqlite")
TEXT = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def whole(*more: Any, **options: Any) -> Any:
    return Field(sa_type=WHOLE, sa_column_args=more, **_split(options))


def words(*more: Any, **options: Any) -> Any:
    return Field(sa_type=TEXT, sa_column_args=more, **_split(options))


def flag(**options: Any) -> Any:
    return Field(sa_type=FLAG, **options)


def refers(target: str) -> ForeignKey:
    return ForeignKey(target)


def _split(options: dict[str, Any]) -> dict[str, Any]:
    """Numbers that are a primary key are given by the door, never by the database."""
    if options.get("primary_key"):
        options["sa_column_kwargs"] = {"autoincrement": False}
    return options


def check(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return check(column, f'"{column}" IN ({listed})')


def part(name: str, *columns: Any, where: str, unique: bool = False) -> Index:
    """An index on the rows that fulfil a condition."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


NO_ROWID = {"sqlite_with_rowid": False}
"""A child's rows lie in the order of their key: those of one parent lie together, and every index covers the key."""


class StageTable(SQLModel, table=True):
    __tablename__ = "stage"
    __table_args__ = (
        UniqueConstraint("name"),
        one_of("kind", "lead", "open", "won", "lost"),
        check("probability", "probability BETWEEN 0 AND 100"),
    )
    id: int = whole(primary_key=True)
    name: str = words()
    kind: str = words()
    position: int | None = whole()
    probability: int = whole()
    target_ms: int | None = whole()
    rotting_ms: int | None = whole()


class CustomerTable(SQLModel, table=True):
    __tablename__ = "customer"
    __table_args__ = (UniqueConstraint("key"),)
    id: int = whole(primary_key=True)
    name: str = words()
    key: str = words()
    created_at: int | None = whole()
    created_by: str = words()
    version: int = whole()


class UserTable(SQLModel, table=True):
    __tablename__ = "user_account"
    __table_args__ = (check("login", "login <> ''"), check("active", "active IN (0, 1)"))
    login: str = words(primary_key=True)
    name: str = words()
    manager: str | None = words(refers("user_account.login"))
    roles: str = words()
    email: str | None = words()
    active: int = flag()
    created_at: int = whole()
    version: int = whole()


class DealTable(SQLModel, table=True):
    __tablename__ = "deal"
    __table_args__ = (
        UniqueConstraint("system", "external_id"),
        check("amount", "amount >= 0"),
        check("currency", "length(currency) = 3"),
        check("discount", "discount BETWEEN 0 AND 1000000"),
        check("margin", "margin <= 1000000"),
        check("payment_days", "payment_days >= 0"),
        check("probability", "probability BETWEEN 0 AND 100"),
        Index(None, "owner"),
        # With what the funnel counts and sums, so that it never reads a deal.
        Index("deal_stage_id", "stage_id", "last_open_stage_id", "currency", "amount"),
        Index(None, "customer_id"),
    )
    id: int = whole(primary_key=True)
    title: str = words()
    stage_id: int = whole(refers("stage.id"))
    customer_id: int | None = whole(refers("customer.id"))
    owner: str | None = words(refers("user_account.login"))
    amount: int | None = whole()
    currency: str = words()
    discount: int | None = whole()
    margin: int | None = whole()
    payment_days: int | None = whole()
    probability: int | None = whole()
    probability_reason: str | None = words()
    source: str | None = words()
    campaign: str | None = words()
    product: str | None = words()
    region: str | None = words()
    tier: str | None = words()
    grade: str | None = words()
    score: int | None = whole()
    expected_close: str | None = words()
    next_step: str | None = words()
    next_step_on: str | None = words()
    tags: str = words()
    collaborators: str = words()
    extra: str = words()
    external_id: str | None = words()
    system: str | None = words()
    created_at: int | None = whole()
    created_by: str = words()
    updated_at: int = whole()
    closed_at: int | None = whole()
    last_open_stage_id: int | None = whole(refers("stage.id"))
    close_reason: str | None = words()
    close_detail: str | None = words()
    competitor: str | None = words()
    channel: str = words()
    version: int = whole()


class VisitTable(SQLModel, table=True):
    __tablename__ = "visit"
    __table_args__ = (
        check("number", "number >= 1"),
        # The stays of a stage in order, whole: medians are look-ups and nothing goes to the table. SQLite before 3.41
        # takes an index for covering only when it holds the columns of its expression too. Open visits come first.
        Index("visit_stage_id_stay", "stage_id", text("(left_at - entered_at)"), "entered_at", "left_at"),
        NO_ROWID,
    )
    deal_id: int = whole(refers("deal.id"), primary_key=True)
    number: int = whole(primary_key=True)
    stage_id: int = whole(refers("stage.id"))
    entered_at: int | None = whole()
    left_at: int | None = whole()


class FileTable(SQLModel, table=True):
    __tablename__ = "file"
    __table_args__ = (check("size", "size >= 0"), Index(None, "deal_id"))
    id: int = whole(primary_key=True)
    deal_id: int = whole(refers("deal.id"))
    kind: str = words()
    name: str = words()
    size: int = whole()
    sha256: str = words()
    path: str = words()
    attached_at: int = whole()
    attached_by: str = words()
    version: int = whole()


class DelegationTable(SQLModel, table=True):
    __tablename__ = "delegation"
    __table_args__ = (
        check("window", "ends_at > starts_at"),
        check("people", 'frm <> "to"'),
        check("max_amount", "max_amount >= 0"),
        Index(None, "to"),
        Index(None, "frm"),
    )
    id: int = whole(primary_key=True)
    frm: str = words(refers("user_account.login"))
    to: str = words(refers("user_account.login"))
    starts_at: int = whole()
    ends_at: int = whole()
    types: str = words()
    max_amount: int | None = whole()
    reason: str | None = words()
    created_at: int = whole()
    created_by: str = words()
    version: int = whole()


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
        Index(None, "deal_id", "type"),
        Index(None, "state", "submitted_at"),
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
    amount: int | None = whole()
    currency: str = words()
    channel: str = words()
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
        part("step_open", "due_at", where="state = 'open'"),
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


class NoticeTable(SQLModel, table=True):
    __tablename__ = "notice"
    __table_args__ = (part("notice_waiting", "to", where="queued_at IS NULL AND unsent IS NULL"),)
    id: int = whole(primary_key=True)
    to: str = words()
    kind: str = words()
    request_id: int | None = whole(refers("request.id"))
    deal_id: int | None = whole(refers("deal.id"))
    text: str = words()
    at: int = whole()
    queued_at: int | None = whole()
    sent_at: int | None = whole()
    unsent: str | None = words()


class DeliveryTable(SQLModel, table=True):
    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("key"),
        one_of("state", "waiting", "sending", "sent", "dropped"),
        check("down", "down IN (0, 1)"),
        part("delivery_unsent", "channel", "next_try_at", where="state IN ('waiting', 'sending')"),
    )
    id: int = whole(primary_key=True)
    key: str = words()
    channel: str = words()
    to: str = words()
    notices: str = words()
    state: str = words()
    at: int = whole()
    subject: str = words()
    text: str = words()
    attempts: int = whole()
    next_try_at: int | None = whole()
    sent_at: int | None = whole()
    error: str | None = words()
    down: int = flag()
    version: int = whole()


class JournalTable(SQLModel, table=True):
    __tablename__ = "journal"
    __table_args__ = (Index(None, "noun", "noun_id"),)
    seq: int = whole(primary_key=True)
    txn: int = whole()
    at: int = whole()
    actor: str = words()
    on_behalf_of: str | None = words()
    channel: str = words()
    action: str = words()
    noun: str = words()
    noun_id: str = words()
    changes: str = words()
    meta: str = words()
    prev: str = words()
    hash: str = words()


class MetaTable(SQLModel, table=True):
    __tablename__ = "meta"
    key: str = words(primary_key=True)
    value: str = words()


metadata = SQLModel.metadata
