"""What the policies of the benchmarks have in common."""

HEAD = """
[policy]
name = "benchmark"
currency = "CNY"
calendar = "office"
fallback = "role:admin"
"""
FOUR = """[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Offer"
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
"""
QUOTE = """[type.quote]
title = "Quote"
"""
BY_MANAGER = """[[type.quote.step]]
name = "Manager"
who = "manager"
"""
"""A step of it; what else is said of the type stands before."""
HURRIED = """sla = "8h"
remind = ["2h before"]
escalate = [ { after = "0h", to = "manager", do = "notify" } ]
"""
"""Of a step, behind it."""
OFFICE = """[calendar.office]
timezone = "Asia/Shanghai"
mon_fri = ["09:00-12:00", "13:00-18:00"]
"""
HOLIDAYS = """\
holidays = ["2026-01-01..2026-01-03", "2026-02-15..2026-02-23", "2026-04-04..2026-04-06", "2026-05-01..2026-05-05"]
workdays = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09"]
"""
"""Of the office, behind it."""
STAGES = ("Lead", "Qualified", "Proposal", "Quote", "Negotiation", "Signing", "Won", "Lost")
"""In the order of their ids, from 1."""
KINDS = ("lead", "lead", "open", "open", "open", "open", "won", "lost")


def stages(more: str = "") -> str:
    """All eight, each with these lines."""
    return "".join(
        f'[[stage]]\nname = "{name}"\nkind = "{kind}"\n{more}' for name, kind in zip(STAGES, KINDS, strict=True)
    )
