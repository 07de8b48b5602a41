"""The tables of what people are told: notices, and the digests that carry them."""

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from oppcli.store.tables.columns import check, flag, one_of, part, refers, whole, words


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
