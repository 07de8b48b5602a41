"""A service: the login of cron and scripts. It captures, imports and ticks; it never decides, owns or holds a seat."""

import pytest
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    opp.ok("init --template b2b --lang en")
    opp.ok("user add zhou --role manager")
    opp.ok("user add li --manager zhou")
    opp.ok("user add robot --role service")
    opp.ok("add Plant --customer Acme --owner li --amount 90000 --source expo --set tier=A")
    return opp


def test_what_a_service_captures_nobody_owns_yet(team: InProcess) -> None:
    team.ok("add Pump --customer Acme", user="robot")
    assert team.ok("show D-2 --json").json["owner"] is None
    team.ok("tick", user="robot")


@pytest.mark.parametrize(
    "line",
    [
        "deal assign D-1 --to robot",
        "add x --customer y --owner robot",
        "user deactivate li --successor robot",
        "delegate add --from zhou --to robot --start 2026-03-03 --end 2026-03-05",
        "delegate add --from robot --to zhou --start 2026-03-03 --end 2026-03-05",
    ],
)
def test_a_service_is_given_nothing_that_people_have(team: InProcess, line: str) -> None:
    answer = team(line)
    assert (answer.code in (4, 7), "service" in answer.err) == (True, True)


def test_a_service_holds_no_seat_and_decides_nothing_whatever_the_policy_says(team: InProcess) -> None:
    team.ok("user add bot --role service --manager zhou")
    text = team.ok("policy show").out
    (team.folder / "p.toml").write_text(
        text + "[type.plain]\n[[type.plain.step]]\nname = 'One'\nwho = ['user:robot', 'user:bot', 'user:zhou']\n"
    )
    team.ok("policy apply p.toml")
    team.ok("request submit D-1 plain", user="li")
    assert [row["waiting_on"] for row in team.ok("request list --json").json] == [["zhou"]]
    answer = team("request approve R-1", user="robot")
    assert answer.code == 4
    answer = team("request transfer R-1 --to robot -m x", user="zhou")
    assert (answer.code, "is a service" in answer.err) == (5, True)


def test_an_import_gives_no_deal_to_a_service(team: InProcess) -> None:
    mapping = team.folder / "m.toml"
    mapping.write_text(
        'kind = "deals"\nsystem = "crm"\n'
        '[fields]\nexternal_id = "id"\ntitle = "title"\nstage = "stage"\nowner = "owner"\n'
    )
    (team.folder / "d.csv").write_text("id,title,stage,owner\n1,A,Lead,robot\n2,B,Lead,li\n")
    answer = team(f"import d.csv --mapping {mapping}")
    assert (answer.code, "is a service, which owns no deals" in answer.err) == (9, True)
