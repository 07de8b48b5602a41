"""All tables, indexes and triggers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")

KEPT = {"journal": "the journal cannot be changed", "decision": "a decision cannot be changed"}
"""Tables whose rows are only ever added, and what a tool is told that tries something else."""
KEYS = {
    "journal": "seq >= NEW.seq",
    "decision": "request_id = NEW.request_id AND number = NEW.number",
}
"""What would be written over. On SQLite, INSERT OR REPLACE deletes a row without firing the trigger on DELETE."""


def upgrade() -> None:
    tables()
    for table, message in KEPT.items():
        if op.get_context().dialect.name == "sqlite":
            keep_on_sqlite(table, message)
        else:
            keep_on_postgresql(table, message)


def keep_on_sqlite(table: str, message: str) -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {KEYS[table]}) BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def keep_on_postgresql(table: str, message: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()"
    )


def tables() -> None:  # long, because it is a list: the schema, table by table
    op.create_table(
        "customer",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("created_at", WHOLE, nullable=True),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="customer_pkey"),
        sa.UniqueConstraint("key", name="customer_key_key"),
    )
    op.create_table(
        "journal",
        sa.Column("seq", WHOLE, autoincrement=False, nullable=False),
        sa.Column("txn", WHOLE, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("on_behalf_of", TEXT, nullable=True),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("noun", TEXT, nullable=False),
        sa.Column("noun_id", TEXT, nullable=False),
        sa.Column("changes", TEXT, nullable=False),
        sa.Column("meta", TEXT, nullable=False),
        sa.Column("prev", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="journal_pkey"),
    )
    op.create_index("journal_noun_noun_id", "journal", ["noun", "noun_id"], unique=False)
    op.create_table(
        "meta",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="meta_pkey"),
    )
    op.create_table(
        "policy",
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("applied_at", WHOLE, nullable=False),
        sa.Column("applied_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="policy_pkey"),
        sa.UniqueConstraint("number", name="policy_number_key"),
    )
    op.create_table(
        "stage",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("position", WHOLE, nullable=True),
        sa.Column("probability", WHOLE, nullable=False),
        sa.Column("target_ms", WHOLE, nullable=True),
        sa.Column("rotting_ms", WHOLE, nullable=True),
        sa.CheckConstraint("\"kind\" IN ('lead', 'open', 'won', 'lost')", name=op.f("stage_kind")),
        sa.CheckConstraint("probability BETWEEN 0 AND 100", name=op.f("stage_probability")),
        sa.PrimaryKeyConstraint("id", name="stage_pkey"),
        sa.UniqueConstraint("name", name="stage_name_key"),
    )
    op.create_table(
        "user_account",
        sa.Column("login", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("manager", TEXT, nullable=True),
        sa.Column("roles", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=True),
        sa.Column("active", FLAG, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("login <> ''", name=op.f("user_account_login")),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("user_account_active")),
        sa.ForeignKeyConstraint(["manager"], ["user_account.login"], name="user_account_manager_fkey"),
        sa.PrimaryKeyConstraint("login", name="user_account_pkey"),
    )
    op.create_table(
        "deal",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("stage_id", WHOLE, nullable=False),
        sa.Column("customer_id", WHOLE, nullable=True),
        sa.Column("owner", TEXT, nullable=True),
        sa.Column("amount", WHOLE, nullable=True),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("discount", WHOLE, nullable=True),
        sa.Column("margin", WHOLE, nullable=True),
        sa.Column("payment_days", WHOLE, nullable=True),
        sa.Column("probability", WHOLE, nullable=True),
        sa.Column("probability_reason", TEXT, nullable=True),
        sa.Column("source", TEXT, nullable=True),
        sa.Column("campaign", TEXT, nullable=True),
        sa.Column("product", TEXT, nullable=True),
        sa.Column("region", TEXT, nullable=True),
        sa.Column("tier", TEXT, nullable=True),
        sa.Column("grade", TEXT, nullable=True),
        sa.Column("score", WHOLE, nullable=True),
        sa.Column("expected_close", TEXT, nullable=True),
        sa.Column("next_step", TEXT, nullable=True),
        sa.Column("next_step_on", TEXT, nullable=True),
        sa.Column("tags", TEXT, nullable=False),
        sa.Column("collaborators", TEXT, nullable=False),
        sa.Column("extra", TEXT, nullable=False),
        sa.Column("external_id", TEXT, nullable=True),
        sa.Column("system", TEXT, nullable=True),
        sa.Column("created_at", WHOLE, nullable=True),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("updated_at", WHOLE, nullable=False),
        sa.Column("closed_at", WHOLE, nullable=True),
        sa.Column("last_open_stage_id", WHOLE, nullable=True),
        sa.Column("close_reason", TEXT, nullable=True),
        sa.Column("close_detail", TEXT, nullable=True),
        sa.Column("competitor", TEXT, nullable=True),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("deal_amount")),
        sa.CheckConstraint("discount BETWEEN 0 AND 1000000", name=op.f("deal_discount")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("deal_currency")),
        sa.CheckConstraint("margin <= 1000000", name=op.f("deal_margin")),
        sa.CheckConstraint("payment_days >= 0", name=op.f("deal_payment_days")),
        sa.CheckConstraint("probability BETWEEN 0 AND 100", name=op.f("deal_probability")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="deal_customer_id_fkey"),
        sa.ForeignKeyConstraint(["last_open_stage_id"], ["stage.id"], name="deal_last_open_stage_id_fkey"),
        sa.ForeignKeyConstraint(["owner"], ["user_account.login"], name="deal_owner_fkey"),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name="deal_stage_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="deal_pkey"),
        sa.UniqueConstraint("system", "external_id", name="deal_system_external_id_key"),
    )
    op.create_index("deal_customer_id", "deal", ["customer_id"], unique=False)
    op.create_index("deal_owner", "deal", ["owner"], unique=False)
    op.create_index("deal_stage_id", "deal", ["stage_id", "last_open_stage_id", "currency", "amount"], unique=False)
    op.create_table(
        "delegation",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("frm", TEXT, nullable=False),
        sa.Column("to", TEXT, nullable=False),
        sa.Column("starts_at", WHOLE, nullable=False),
        sa.Column("ends_at", WHOLE, nullable=False),
        sa.Column("types", TEXT, nullable=False),
        sa.Column("max_amount", WHOLE, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("delegation_window")),
        sa.CheckConstraint('frm <> "to"', name=op.f("delegation_people")),
        sa.CheckConstraint("max_amount >= 0", name=op.f("delegation_max_amount")),
        sa.ForeignKeyConstraint(["frm"], ["user_account.login"], name="delegation_frm_fkey"),
        sa.ForeignKeyConstraint(["to"], ["user_account.login"], name="delegation_to_fkey"),
        sa.PrimaryKeyConstraint("id", name="delegation_pkey"),
    )
    op.create_index("delegation_frm", "delegation", ["frm"], unique=False)
    op.create_index("delegation_to", "delegation", ["to"], unique=False)
    op.create_table(
        "file",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("deal_id", WHOLE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("attached_at", WHOLE, nullable=False),
        sa.Column("attached_by", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("file_size")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name="file_deal_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="file_pkey"),
    )
    op.create_index("file_deal_id", "file", ["deal_id"], unique=False)
    op.create_table(
        "request",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("deal_id", WHOLE, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("policy", TEXT, nullable=False),
        sa.Column("previous", WHOLE, nullable=True),
        sa.Column("submitted_by", TEXT, nullable=False),
        sa.Column("submitted_at", WHOLE, nullable=False),
        sa.Column("owner", TEXT, nullable=True),
        sa.Column("note", TEXT, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("decided_at", WHOLE, nullable=True),
        sa.Column("valid_until", WHOLE, nullable=True),
        sa.Column("invalidated_at", WHOLE, nullable=True),
        sa.Column("nudged_at", WHOLE, nullable=True),
        sa.Column("wake_at", WHOLE, nullable=True),
        sa.Column("amount", WHOLE, nullable=True),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(
            "\"state\" IN ('pending', 'returned', 'approved', 'rejected', 'recalled', 'cancelled', 'invalidated')",
            name=op.f("request_state"),
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("request_revision")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name="request_deal_id_fkey"),
        sa.ForeignKeyConstraint(["previous"], ["request.id"], name="request_previous_fkey"),
        sa.PrimaryKeyConstraint("id", name="request_pkey"),
    )
    op.create_index("request_deal_id_type", "request", ["deal_id", "type"], unique=False)
    op.create_index(
        "request_live",
        "request",
        ["deal_id", "type"],
        unique=True,
        sqlite_where=sa.text("state IN ('pending', 'returned')"),
        postgresql_where=sa.text("state IN ('pending', 'returned')"),
    )
    op.create_index("request_state_submitted_at", "request", ["state", "submitted_at"], unique=False)
    op.create_index(
        "request_wake",
        "request",
        ["wake_at"],
        unique=False,
        sqlite_where=sa.text("wake_at IS NOT NULL"),
        postgresql_where=sa.text("wake_at IS NOT NULL"),
    )
    op.create_table(
        "visit",
        sa.Column("deal_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("stage_id", WHOLE, nullable=False),
        sa.Column("entered_at", WHOLE, nullable=True),
        sa.Column("left_at", WHOLE, nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("visit_number")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name="visit_deal_id_fkey"),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name="visit_stage_id_fkey"),
        sa.PrimaryKeyConstraint("deal_id", "number", name="visit_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "visit_stage_id_stay",
        "visit",
        ["stage_id", sa.text("(left_at - entered_at)"), "entered_at", "left_at"],
        unique=False,
    )
    op.create_table(
        "decision",
        sa.Column("request_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("seat", WHOLE, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("actor_name", TEXT, nullable=False),
        sa.Column("on_behalf_of", TEXT, nullable=True),
        sa.Column("verdict", TEXT, nullable=False),
        sa.Column("automatic", FLAG, nullable=False),
        sa.Column("own", FLAG, nullable=False),
        sa.Column("refers_to", WHOLE, nullable=True),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("snapshot_hash", TEXT, nullable=False),
        sa.Column("policy", TEXT, nullable=False),
        sa.CheckConstraint(
            "\"verdict\" IN ('approve', 'reject', 'return', 'withdraw', 'override')", name=op.f("decision_verdict")
        ),
        sa.CheckConstraint("automatic IN (0, 1)", name=op.f("decision_automatic")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="decision_request_id_fkey"),
        sa.PrimaryKeyConstraint("request_id", "number", name="decision_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notice",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("to", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("request_id", WHOLE, nullable=True),
        sa.Column("deal_id", WHOLE, nullable=True),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("sent_at", WHOLE, nullable=True),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("next_try_at", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name="notice_deal_id_fkey"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="notice_request_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="notice_pkey"),
    )
    op.create_index(
        "notice_unsent",
        "notice",
        ["next_try_at"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "revision",
        sa.Column("request_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("snapshot", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("editor", TEXT, nullable=False),
        sa.Column("editors", TEXT, nullable=False),
        sa.Column("next_editors", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="revision_request_id_fkey"),
        sa.PrimaryKeyConstraint("request_id", "number", name="revision_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "step",
        sa.Column("request_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("revision", WHOLE, autoincrement=False, nullable=False),
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("group", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("together", TEXT, nullable=True),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("need", WHOLE, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("stand_in", TEXT, nullable=False),
        sa.Column("veto", TEXT, nullable=False),
        sa.Column("must", TEXT, nullable=False),
        sa.Column("fresh", FLAG, nullable=False),
        sa.Column("calendar", TEXT, nullable=False),
        sa.Column("sla_ms", WHOLE, nullable=False),
        sa.Column("on_timeout", TEXT, nullable=False),
        sa.Column("on_reject", TEXT, nullable=False),
        sa.Column("opened_at", WHOLE, nullable=True),
        sa.Column("closed_at", WHOLE, nullable=True),
        sa.Column("due_at", WHOLE, nullable=True),
        sa.Column("resumed_at", WHOLE, nullable=True),
        sa.Column("used_ms", WHOLE, nullable=False),
        sa.Column("remaining_ms", WHOLE, nullable=True),
        sa.Column("breached_at", WHOLE, nullable=True),
        sa.Column("level", WHOLE, nullable=False),
        sa.Column("reminded", TEXT, nullable=False),
        sa.Column("added_by", TEXT, nullable=True),
        sa.Column("like", TEXT, nullable=True),
        sa.CheckConstraint("\"rule\" IN ('any', 'all', 'at_least')", name=op.f("step_rule")),
        sa.CheckConstraint(
            "\"state\" IN ('waiting', 'open', 'approved', 'rejected', 'cancelled')", name=op.f("step_state")
        ),
        sa.CheckConstraint("need >= 1", name=op.f("step_need")),
        sa.ForeignKeyConstraint(
            ["request_id", "revision"], ["revision.request_id", "revision.number"], name="step_request_id_revision_fkey"
        ),
        sa.PrimaryKeyConstraint("request_id", "revision", "position", name="step_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "step_open",
        "step",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "seat",
        sa.Column("request_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("revision", WHOLE, autoincrement=False, nullable=False),
        sa.Column("step", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("pool", TEXT, nullable=False),
        sa.Column("hops", WHOLE, nullable=False),
        sa.Column("left", TEXT, nullable=False),
        sa.Column("must", FLAG, nullable=False),
        sa.Column("veto", FLAG, nullable=False),
        sa.Column("added_by", TEXT, nullable=True),
        sa.Column("decided_by", TEXT, nullable=True),
        sa.CheckConstraint("\"state\" IN ('open', 'approved', 'rejected', 'cancelled')", name=op.f("seat_state")),
        sa.ForeignKeyConstraint(
            ["request_id", "revision", "step"],
            ["step.request_id", "step.revision", "step.position"],
            name="seat_request_id_revision_step_fkey",
        ),
        sa.PrimaryKeyConstraint("request_id", "revision", "step", "number", name="seat_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "holder",
        sa.Column("request_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("revision", WHOLE, autoincrement=False, nullable=False),
        sa.Column("step", WHOLE, autoincrement=False, nullable=False),
        sa.Column("seat", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("how", TEXT, nullable=False),
        sa.Column("via", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["login"], ["user_account.login"], name="holder_login_fkey"),
        sa.ForeignKeyConstraint(
            ["request_id", "revision", "step", "seat"],
            ["seat.request_id", "seat.revision", "seat.step", "seat.number"],
            name="holder_request_id_revision_step_seat_fkey",
        ),
        sa.PrimaryKeyConstraint("request_id", "revision", "step", "seat", "number", name="holder_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_index("holder_login", "holder", ["login"], unique=False)
