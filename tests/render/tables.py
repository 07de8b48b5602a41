"""Tables to be rendered: every kind of column, with values that are hard to write down."""

from oppcli.reads.table import Beyond, Column, Footnote, Kind, Table

DUE = 1_773_050_400_000
"""2026-03-09T10:00:00Z."""
COLUMNS = (
    Column("id", Kind.REF),
    Column("title"),
    Column("reached", Kind.COUNT, bar=True),
    Column("share", Kind.FRACTION),
    Column("discount", Kind.PERCENT),
    Column("amount", Kind.MONEY),
    Column("currency", wide=False),
    Column("due", Kind.INSTANT),
    Column("close", Kind.DATE),
    Column("late", Kind.HOURS, unit="bh"),
    Column("days", Kind.DAYS),
    Column("score", Kind.NUMBER),
    Column("final", Kind.BOOL),
    Column("tags", Kind.LIST),
    Column("extra", Kind.OBJECT, wide=False),
)
ROWS = [
    (
        "D-10",
        '上海精密仪器, "MES" | 二期',
        8800,
        8300 / 8800,
        125_000,
        80_000_050,
        "CNY",
        DUE,
        "2026-11-27",
        5.5,
        47.98539,
        "12.5",
        True,
        ("重点", "a,b"),
        {"line": "离散"},
    ),
    ("D-9", "=2+5\ncmd|' /C'!A0", 12, 0.5, None, -5, "JPY", None, None, None, Beyond(138), 3, 0, (), {}),
    ("D-11", "\x1b[2J <b>&'", 0, None, 0, None, None, DUE + 1, None, 0.0, None, None, None, None, None),
]
FULL = Table(COLUMNS, ROWS, "Deals <all>", (Footnote("population", 3, "3 deals"),))
EMPTY = Table(COLUMNS, [], "Deals <all>")
ONE = Table(COLUMNS, ROWS[:1], "D-10", single=True)
