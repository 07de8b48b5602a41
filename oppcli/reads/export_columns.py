"""The columns of exports that do not follow from a noun."""

from oppcli.reads.table import Column, Kind

VISITS = (
    Column("deal", Kind.REF),
    Column("number", Kind.COUNT),
    Column("stage"),
    Column("kind", words="kind"),
    Column("entered_at", Kind.INSTANT),
    Column("left_at", Kind.INSTANT),
)
REQUESTS = (
    Column("id", Kind.REF),
    Column("deal", Kind.REF),
    Column("type"),
    Column("title"),
    Column("state", words="state"),
    Column("revision", Kind.COUNT),
    Column("previous", Kind.REF),
    Column("submitted_by", Kind.REF),
    Column("submitted_at", Kind.INSTANT),
    Column("owner", Kind.REF),
    Column("amount", Kind.MONEY),
    Column("currency"),
    Column("decided_at", Kind.INSTANT),
    Column("valid_until", Kind.INSTANT),
    Column("note"),
    Column("reason"),
    Column("channel", words="channel"),
    Column("policy"),
    Column("version", Kind.COUNT),
    Column("external_id"),
    Column("system"),
)
JOURNAL = (
    Column("seq", Kind.REF),
    Column("txn", Kind.COUNT),
    Column("at", Kind.INSTANT),
    Column("actor", Kind.REF),
    Column("on_behalf_of", Kind.REF),
    Column("channel", words="channel"),
    Column("action", words="action"),
    Column("noun"),
    Column("noun_id"),
    Column("changes", Kind.OBJECT),
    Column("meta", Kind.OBJECT),
    Column("prev"),
    Column("hash"),
)
