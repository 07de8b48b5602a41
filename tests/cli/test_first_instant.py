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
        deal = {"2026-11": "D-1\n", "2026-12": "D-2\n"}[month]
        assert team.ok(f"ls --since {month}-01 --until {month}-30 --ids").out == deal
        (wins,) = team.ok(f"report wins --by owner --period {month} --json").json
        assert wins["won"] == 1


def test_who_is_away_is_so_up_to_the_instant_at_which_they_are_back(team: InProcess) -> None:
    team.ok("user add li")
    team.ok("delegate add --from wang --to li --start '2026-12-01 09:00' --end '2026-12-02 09:00'")
    lists = [team.ok("delegate list --ids", now=f"2026-12-02T{at}+08:00").out for at in ("08:59:59", "09:00:00")]
    assert lists == ["G-1\n", ""]


def test_a_submitted_forecast_has_the_deals_that_were_won_in_its_month(team: InProcess) -> None:
    name = team.ok("forecast submit 2026-12 -q").out.strip()
    assert [row["deal"] for row in team.ok(f"forecast show {name} --json").json] == ["D-2"]
