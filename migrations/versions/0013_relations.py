"""Customers in full, and what follows them: contacts, activities, tasks, proposals, matches, who watches what; of deals
their contacts, what colleagues work as, rivals, owners.

Two customers may have one name from here on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
IN_STANDING = "\"standing\" IN ('live', 'archived', 'withdrawn', 'merged')"
KEPT = "standing <> 'withdrawn'"


def upgrade() -> None:
    op.create_table(
        "alike",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("noun", TEXT, nullable=False),
        sa.Column("first", WHOLE, nullable=False),
        sa.Column("second", WHOLE, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("likeness", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("decided_by", TEXT, nullable=True),
        sa.Column("decided_at", WHOLE, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(IN_STANDING, name=op.f("alike_standing")),
        sa.CheckConstraint("\"state\" IN ('open', 'merged', 'different')", name=op.f("alike_state")),
        sa.CheckConstraint("first < second", name=op.f("alike_pair")),
        sa.CheckConstraint("likeness BETWEEN 0 AND 100", name=op.f("alike_likeness")),
        sa.PrimaryKeyConstraint("id", name=op.f("alike_pkey")),
    )
    op.create_index("alike_noun_second", "alike", ["noun", "second"])
    partial("alike_open", "alike", ["id"], "state = 'open'")
    partial("alike_pair", "alike", ["noun", "first", "second"], "standing <> 'withdrawn'", unique=True)
    partial("alike_standing", "alike", ["standing"], "standing <> 'live'")
    op.create_table(
        "fired",
        sa.Column("noun", TEXT, nullable=False),
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("mark", TEXT, nullable=False),
        sa.Column("cycle", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("noun", "id", "mark", "cycle", name=op.f("fired_pkey")),
    )
    op.create_table(
        "match_key",
        sa.Column("noun", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("noun", "kind", "key", "id", name=op.f("match_key_pkey")),
    )
    op.create_index("match_key_noun_id", "match_key", ["noun", "id"])
    op.create_table(
        "watch",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("noun", TEXT, nullable=False),
        sa.Column("key", WHOLE, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(IN_STANDING, name=op.f("watch_standing")),
        sa.ForeignKeyConstraint(["login"], ["user_account.login"], name=op.f("watch_login_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("watch_pkey")),
    )
    op.create_index("watch_noun_key", "watch", ["noun", "key"])
    partial("watch_own", "watch", ["login", "noun", "key"], "standing <> 'withdrawn'", unique=True)
    partial("watch_standing", "watch", ["standing"], "standing <> 'live'")
    op.create_table(
        "contact",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("customer_id", WHOLE, nullable=True),
        sa.Column("title", TEXT, nullable=True),
        sa.Column("phone", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("im", TEXT, nullable=True),
        sa.Column("left_on", TEXT, nullable=True),
        sa.Column("tags", TEXT, nullable=False),
        sa.Column("extra", TEXT, nullable=False),
        sa.Column("external_id", TEXT, nullable=True),
        sa.Column("system", TEXT, nullable=True),
        sa.Column("created_at", WHOLE, nullable=True),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("merged_into", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("search_key", TEXT, nullable=False),
        sa.CheckConstraint(IN_STANDING, name=op.f("contact_standing")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("contact_customer_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("contact_pkey")),
    )
    op.create_index("contact_customer_id", "contact", ["customer_id"])
    partial("contact_external_id", "contact", ["system", "external_id"], "standing <> 'withdrawn'", unique=True)
    op.create_index("contact_key", "contact", ["key"])
    partial("contact_merged_into", "contact", ["merged_into"], "merged_into IS NOT NULL")
    partial("contact_standing", "contact", ["standing"], "standing <> 'live'")
    op.create_table(
        "activity",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("deal_id", WHOLE, nullable=True),
        sa.Column("customer_id", WHOLE, nullable=True),
        sa.Column("contacts", TEXT, nullable=False),
        sa.Column("direction", TEXT, nullable=False),
        sa.Column("minutes", WHOLE, nullable=True),
        sa.Column("rating", WHOLE, nullable=True),
        sa.Column("recorded_at", WHOLE, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("message_id", TEXT, nullable=True),
        sa.Column("tags", TEXT, nullable=False),
        sa.Column("extra", TEXT, nullable=False),
        sa.Column("external_id", TEXT, nullable=True),
        sa.Column("system", TEXT, nullable=True),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("search_key", TEXT, nullable=False),
        sa.CheckConstraint("\"direction\" IN ('out', 'in')", name=op.f("activity_direction")),
        sa.CheckConstraint(IN_STANDING, name=op.f("activity_standing")),
        sa.CheckConstraint("minutes >= 0", name=op.f("activity_minutes")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("activity_customer_id_fkey")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("activity_deal_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("activity_pkey")),
    )
    op.create_index("activity_customer_id", "activity", ["customer_id", "at", "kind", "who"])
    op.create_index("activity_deal_id", "activity", ["deal_id", "at", "kind", "who"])
    partial("activity_external_id", "activity", ["system", "external_id"], "standing <> 'withdrawn'", unique=True)
    partial("activity_message_id", "activity", ["message_id"], "message_id IS NOT NULL", unique=True)
    partial("activity_standing", "activity", ["standing"], "standing <> 'live'")
    op.create_index("activity_who", "activity", ["who", "recorded_at"])
    op.create_table(
        "member",
        sa.Column("deal_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=True),
        sa.Column("read", FLAG, nullable=False),
        sa.CheckConstraint("read IN (0, 1)", name=op.f("member_read")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("member_deal_id_fkey")),
        sa.ForeignKeyConstraint(["login"], ["user_account.login"], name=op.f("member_login_fkey")),
        sa.PrimaryKeyConstraint("deal_id", "number", name=op.f("member_pkey")),
        sqlite_with_rowid=False,
    )
    op.create_index("member_login", "member", ["login"])
    op.create_table(
        "participant",
        sa.Column("deal_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("contact_id", WHOLE, nullable=False),
        sa.Column("role", TEXT, nullable=True),
        sa.Column("attitude", TEXT, nullable=True),
        sa.CheckConstraint("\"attitude\" IN ('for', 'neutral', 'against')", name=op.f("participant_attitude")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("participant_contact_id_fkey")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("participant_deal_id_fkey")),
        sa.PrimaryKeyConstraint("deal_id", "number", name=op.f("participant_pkey")),
        sqlite_with_rowid=False,
    )
    op.create_index("participant_contact_id", "participant", ["contact_id"])
    op.create_table(
        "proposal",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("noun", TEXT, nullable=False),
        sa.Column("deal_id", WHOLE, nullable=True),
        sa.Column("customer_id", WHOLE, nullable=True),
        sa.Column("changes", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("evidence", TEXT, nullable=True),
        sa.Column("cause", TEXT, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("decided_by", TEXT, nullable=True),
        sa.Column("decided_at", WHOLE, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("external_id", TEXT, nullable=True),
        sa.Column("system", TEXT, nullable=True),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(IN_STANDING, name=op.f("proposal_standing")),
        sa.CheckConstraint("\"state\" IN ('open', 'accepted', 'declined', 'stale')", name=op.f("proposal_state")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("proposal_customer_id_fkey")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("proposal_deal_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("proposal_pkey")),
    )
    op.create_index("proposal_cause", "proposal", ["cause"])
    op.create_index("proposal_deal_id", "proposal", ["deal_id"])
    partial("proposal_open", "proposal", ["id"], "state = 'open'")
    partial("proposal_standing", "proposal", ["standing"], "standing <> 'live'")
    op.create_table(
        "rival",
        sa.Column("deal_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("price", WHOLE, nullable=True),
        sa.CheckConstraint("price >= 0", name=op.f("rival_price")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("rival_deal_id_fkey")),
        sa.PrimaryKeyConstraint("deal_id", "number", name=op.f("rival_pkey")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tenure",
        sa.Column("deal_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("owner", TEXT, nullable=True),
        sa.Column("began_at", WHOLE, nullable=True),
        sa.Column("ended_at", WHOLE, nullable=True),
        sa.Column("given_by", TEXT, nullable=False),
        sa.Column("how", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("tenure_deal_id_fkey")),
        sa.ForeignKeyConstraint(["owner"], ["user_account.login"], name=op.f("tenure_owner_fkey")),
        sa.PrimaryKeyConstraint("deal_id", "number", name=op.f("tenure_pkey")),
        sqlite_with_rowid=False,
    )
    op.create_index("tenure_how", "tenure", ["how", "owner", "began_at", "deal_id"])
    op.create_index("tenure_owner", "tenure", ["owner", "began_at"])
    op.create_table(
        "task",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("deal_id", WHOLE, nullable=True),
        sa.Column("customer_id", WHOLE, nullable=True),
        sa.Column("assignee", TEXT, nullable=True),
        sa.Column("role", TEXT, nullable=True),
        sa.Column("due_on", TEXT, nullable=True),
        sa.Column("due_at", WHOLE, nullable=True),
        sa.Column("promised_on", TEXT, nullable=True),
        sa.Column("promised_at", WHOLE, nullable=True),
        sa.Column("moves", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("origin", TEXT, nullable=True),
        sa.Column("must_id", WHOLE, nullable=True),
        sa.Column("repeat", TEXT, nullable=True),
        sa.Column("anchor", TEXT, nullable=True),
        sa.Column("skipped", WHOLE, nullable=False),
        sa.Column("done_at", WHOLE, nullable=True),
        sa.Column("done_by", TEXT, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("activity_id", WHOLE, nullable=True),
        sa.Column("late_at", WHOLE, nullable=True),
        sa.Column("late_by", TEXT, nullable=True),
        sa.Column("wake_at", WHOLE, nullable=True),
        sa.Column("tags", TEXT, nullable=False),
        sa.Column("extra", TEXT, nullable=False),
        sa.Column("external_id", TEXT, nullable=True),
        sa.Column("system", TEXT, nullable=True),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("search_key", TEXT, nullable=False),
        sa.CheckConstraint(
            "\"kind\" IN ('todo', 'follow', 'deadline', 'stage', 'survey', 'rescue', 'conflict', 'handover')",
            name=op.f("task_kind"),
        ),
        sa.CheckConstraint(IN_STANDING, name=op.f("task_standing")),
        sa.CheckConstraint("\"state\" IN ('open', 'done', 'waived', 'cancelled')", name=op.f("task_state")),
        sa.CheckConstraint("moves >= 0", name=op.f("task_moves")),
        sa.CheckConstraint("skipped >= 0", name=op.f("task_skipped")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("task_activity_id_fkey")),
        sa.ForeignKeyConstraint(["assignee"], ["user_account.login"], name=op.f("task_assignee_fkey")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("task_customer_id_fkey")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("task_deal_id_fkey")),
        sa.ForeignKeyConstraint(["must_id"], ["stage.id"], name=op.f("task_must_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("task_pkey")),
    )
    partial("task_assignee", "task", ["assignee"], "state = 'open' AND assignee IS NOT NULL")
    partial("task_role", "task", ["role"], "state = 'open' AND role IS NOT NULL")
    op.create_index("task_customer_id", "task", ["customer_id"])
    op.create_index("task_deal_id", "task", ["deal_id"])
    partial("task_due_at", "task", ["due_at"], "state = 'open' AND due_at IS NOT NULL AND late_at IS NULL")
    partial("task_due_on", "task", ["due_on"], "state = 'open' AND due_on IS NOT NULL AND late_at IS NULL")
    partial("task_external_id", "task", ["system", "external_id"], "standing <> 'withdrawn'", unique=True)
    partial(
        "task_follow",
        "task",
        ["deal_id"],
        "kind = 'follow' AND state = 'open' AND standing <> 'withdrawn'",
        unique=True,
    )
    partial("task_wake", "task", ["wake_at"], "wake_at IS NOT NULL")
    partial("task_standing", "task", ["standing"], "standing <> 'live'")
    for name in ("phone", "email", "tags"):
        filled("customer", name, "[]")
    filled("customer", "extra", "{}")
    for name in ("website", "address", "tax_id", "industry", "region", "tier", "quiet_until", "external_id", "system"):
        op.add_column("customer", sa.Column(name, TEXT, nullable=True))
    for name in ("protected_until", "merged_into"):
        op.add_column("customer", sa.Column(name, WHOLE, nullable=True))
    referring("customer", "owner", "user_account", "login", TEXT)
    for name in ("merged_into", "renewal_of"):
        op.add_column("deal", sa.Column(name, WHOLE, nullable=True))
        partial(f"deal_{name}", "deal", [name], f"{name} IS NOT NULL")
    op.add_column("deal", sa.Column("grade_reason", TEXT, nullable=True))
    filled("deal", "parts", "")
    # The program makes tasks of them, with entries (`oppcli.store.handover`).
    op.execute(
        "CREATE TABLE planned AS SELECT id AS deal_id, next_step AS title, next_step_on AS due_on FROM deal "
        "WHERE next_step IS NOT NULL OR next_step_on IS NOT NULL"
    )
    for name in ("next_step", "next_step_on"):
        op.drop_column("deal", name)
    for table in ("customer", "task", "activity"):
        referring("notice", f"{table}_id", table, "id", WHOLE)
    op.add_column("notice", sa.Column("read_at", WHOLE, nullable=True))
    filled("user_account", "muted", "[]")
    op.drop_index("customer_key", "customer")
    op.create_index("customer_key", "customer", ["key"])
    partial("customer_external_id", "customer", ["system", "external_id"], KEPT, unique=True)
    partial("customer_merged_into", "customer", ["merged_into"], "merged_into IS NOT NULL")
    partial("customer_owner", "customer", ["owner"], "owner IS NOT NULL")
    absences()


def absences() -> None:
    """A delegation may name nobody who decides meanwhile. SQLite takes `NOT NULL` off by writing the table anew."""
    if op.get_context().dialect.name != "sqlite":
        op.alter_column("delegation", "to", existing_type=TEXT, nullable=True)
        return
    op.execute("ALTER TABLE delegation RENAME TO delegation_before")
    for name in ("frm", "to"):
        op.drop_index(f"delegation_{name}", "delegation_before")
    op.create_table(
        "delegation",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("frm", TEXT, nullable=False),
        sa.Column("to", TEXT, nullable=True),
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
        sa.ForeignKeyConstraint(["frm"], ["user_account.login"], name=op.f("delegation_frm_fkey")),
        sa.ForeignKeyConstraint(["to"], ["user_account.login"], name=op.f("delegation_to_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("delegation_pkey")),
    )
    op.execute("INSERT INTO delegation SELECT * FROM delegation_before ORDER BY id")
    op.drop_table("delegation_before")
    for name in ("frm", "to"):
        op.create_index(f"delegation_{name}", "delegation", [name])


def filled(table: str, name: str, value: str) -> None:
    """A column that is never blank. On SQLite its default stays: to take it off one would write the table anew."""
    op.add_column(table, sa.Column(name, TEXT, nullable=False, server_default=value))
    if op.get_context().dialect.name != "sqlite":
        op.alter_column(table, name, server_default=None)


def referring(table: str, name: str, other: str, key: str, type_: sa.types.TypeEngine[object]) -> None:
    """A column that names a row of another table, or none."""
    if op.get_context().dialect.name == "sqlite":
        kind = "TEXT" if type_ is TEXT else "INTEGER"
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {name} {kind} CONSTRAINT {table}_{name}_fkey REFERENCES {other} ({key})"
        )
    else:
        op.add_column(table, sa.Column(name, type_, nullable=True))
        op.create_foreign_key(f"{table}_{name}_fkey", table, other, [name], [key])


def partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
