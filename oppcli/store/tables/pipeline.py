"""The tables of the pipeline: stages, customers, deals with their visits and files."""

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import SQLModel

from oppcli.store.reading import TAKEN
from oppcli.store.tables.columns import NO_ROWID, check, one_of, part, refers, standing, whole, words


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
    __table_args__ = (
        *standing("customer"),
        part("customer_key", "key", where=TAKEN, unique=True),
    )
    id: int = whole(primary_key=True)
    name: str = words()
    key: str = words()
    created_at: int | None = whole()
    created_by: str = words()
    standing: str = words()
    search_key: str = words()
    version: int = whole()


class DealTable(SQLModel, table=True):
    __tablename__ = "deal"
    __table_args__ = (
        *standing("deal"),
        part("deal_external_id", "system", "external_id", where=TAKEN, unique=True),
        check("amount", "amount >= 0"),
        check("currency", "length(currency) = 3"),
        check("discount", "discount BETWEEN 0 AND 1000000"),
        check("margin", "margin <= 1000000"),
        check("payment_days", "payment_days >= 0"),
        check("probability", "probability BETWEEN 0 AND 100"),
        Index(None, "owner"),
        # With what the funnel counts and sums, so that it never reads a deal.
        Index("deal_stage_id", "stage_id", "last_open_stage_id", "currency", "amount", "standing"),
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
    standing: str = words()
    search_key: str = words()
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
    system: str | None = words()


class FileTable(SQLModel, table=True):
    __tablename__ = "file"
    __table_args__ = (*standing("file"), check("size", "size >= 0"), Index(None, "deal_id"))
    id: int = whole(primary_key=True)
    deal_id: int = whole(refers("deal.id"))
    kind: str = words()
    name: str = words()
    size: int = whole()
    sha256: str = words()
    path: str = words()
    attached_at: int = whole()
    attached_by: str = words()
    standing: str = words()
    version: int = whole()
