"""What policies of tests say where it matters nothing what: their head, their business hours, four stages (a lead, an
offer, won and lost)."""

STAGES = """[[stage]]
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
IN_CHINESE = """[[stage]]
name = "线索"
kind = "lead"
[[stage]]
name = "方案"
[[stage]]
name = "赢单"
kind = "won"
[[stage]]
name = "输单"
kind = "lost"
"""


def team_policy(
    *tables: str,
    name: str = "team",
    head: str = "",
    fallback: str = "role:admin",
    calendar: str = "cn",
    hours: str = '"09:00-18:00"',
) -> str:
    """A policy of these tables, stages among them, in yuan and by the hours of working days in Shanghai. `head`: what
    else its first table says; `hours` as they are written in a list."""
    first = f'[policy]\nname = "{name}"\ncurrency = "CNY"\ncalendar = "{calendar}"\nfallback = "{fallback}"\n{head}'
    last = f'[calendar.{calendar}]\ntimezone = "Asia/Shanghai"\nmon_fri = [{hours}]\n'
    return "".join((first, *tables, last))
