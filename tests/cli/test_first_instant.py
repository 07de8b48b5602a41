"""What happens at the first instant of a month, in the team's zone, is of that month alone, wherever it is counted."""

from begun import begun
from command_line import InProcess
from pytest import fixture

FIRST = "2026-12-01T00:00:00+08:00"
LAST = "2026-11-30T23:59:59.999+08:00"
MEASURES = ("won_amount", "won", "leads", "activities", "received")


@fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """At the last instant of November D-1 was added, won and spoken of, at the first of December D-2."""
    opp = opp_on_both
    opp.env["OPP_NOW"] = "2026-11-20T10:00:00+08:00"
    opp.ok("init --template blank --lang zh")
    for at, deal, day in ((LAST, "D-1", "2026-11-30"), (FIRST, "D-2", "2026-12-01")):
        opp.env["OPP_NOW"] = at
        for line in ("add T --customer C --amount 100", f"win {deal}", f"payment received {deal} 7 --on {day}"):
            opp.ok(line)
        opp.ok(f"note {deal} 'call: yes'")
    for measure in MEASURES:
        for month in ("2026-11", "2026-12"):
            opp.ok(f"target set wang {month} {measure} 10")
    return opp


def test_each_month_has_what_happened_in_it(team: InProcess) -> None:
    for month in ("2026-11", "2026-12"):
        rows = team.ok(f"report attainment --period {month} --json").json
        reached = {row["measure"]: float(row["actual"]) for row in rows}
        assert reached == {"won_amount": 100, "won": 1, "leads": 1, "activities": 1, "received": 7}
        (wins,) = team.ok(f"report wins --by owner --period {month} --json").json
        assert wins["won"] == 1


def test_a_submitted_forecast_has_the_deals_that_were_won_in_its_month(team: InProcess) -> None:
    name = team.ok("forecast submit 2026-12 -q").out.strip()
    assert [row["deal"] for row in team.ok(f"forecast show {name} --json").json] == ["D-2"]
