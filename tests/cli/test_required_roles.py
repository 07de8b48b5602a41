"""Legal cannot be skipped: what a type requires is filled by its role, and dropped by nobody in silence."""

import pytest
from begun import settled
from command_line import InProcess
from contract_office import POLICY, Team

REQUIRED = (
    POLICY.replace('needs = ["contract"]', 'needs = ["contract"]\nrequire = ["role:legal"]')
    .replace('approve_needs = ["clauses"]\n', "")
    .replace("legal = { who = [] }", 'legal = { who = ["lan", "leo"] }')
    .replace('fallback = "user:boss"', 'fallback = "role:admin"')
)


def office(opp: InProcess) -> Team:
    """The team under a policy that requires legal, and a contract that waits for it."""
    team = Team(opp)
    (opp.folder / "required.toml").write_text(REQUIRED, encoding="utf-8")
    team("root", "policy apply required.toml")
    team("li", "contract add D-1 v1.docx")
    team("li", "submit D-1 contract")
    return team


@pytest.fixture
@settled
def team(opp_on_both: InProcess) -> Team:
    return office(opp_on_both)


def test_a_policy_whose_legal_step_is_weakened_is_refused(team: Team) -> None:
    weaker = {
        "who": REQUIRED.replace('who = "role:legal"\n', 'who = "manager"\n'),
        "when": REQUIRED.replace('who = "role:legal"\n', 'who = "role:legal"\nwhen = "amount > 5"\n'),
        "any": REQUIRED.replace('who = "role:legal"\n', 'who = ["role:legal", "user:boss"]\n'),
        "gate": REQUIRED.replace('Signing = ["contract"]', 'Lead = ["contract"]'),
    }
    for name, text in weaker.items():
        assert text != REQUIRED
        (team.opp.folder / f"{name}.toml").write_text(text, encoding="utf-8")
        assert "P060" in team.no("root", f"policy apply {name}.toml", 8)


def test_the_line_is_dropped_by_the_role_itself_or_by_an_admin_who_says_so(team: Team) -> None:
    dropped = team.opp.folder / "dropped.toml"
    dropped.write_text(REQUIRED.replace('require = ["role:legal"]\n', ""), encoding="utf-8")
    answer = team.opp("policy apply dropped.toml -o json", user="root", now=team.now)
    assert answer.code == 4 and "role_required" in answer.err
    assert "--weaken needs a reason" in team.no("root", "policy apply dropped.toml --weaken", 2)
    told = team("root", "policy apply dropped.toml --weaken -m 'law firm does it'").out
    assert "no longer requires legal; told lan, leo" in told
    assert "law firm does it" in team("lan", "notices list -o json").out
    assert any("law firm does it" in str(row) for row in team("root", "log -o json").json)


def test_a_policy_that_drops_the_line_is_an_override_and_one_that_keeps_it_is_none(team: Team) -> None:
    kept, dropped = team.opp.folder / "kept.toml", team.opp.folder / "dropped.toml"
    kept.write_text(REQUIRED.replace('name = "Contracts"', 'name = "Kept"'), encoding="utf-8")
    dropped.write_text(REQUIRED.replace('require = ["role:legal"]\n', ""), encoding="utf-8")
    team("root", "policy apply kept.toml --weaken -m nothing")
    assert team("root", "audit risks --risk override -o json").json == []
    assert "opp policy apply FILE --weaken -m …" in team.no("root", "policy apply dropped.toml", 4)
    team("root", "policy apply dropped.toml --weaken -m 'law firm does it'")
    found = team("root", "audit risks --risk override -o json").json
    assert [(row["who"], row["what"]) for row in found] == [
        ("root", "what a type requires dropped from the policy: law firm does it")
    ]


def test_who_may_not_decide_a_step_is_not_told_that_it_waits_for_them(team: Team) -> None:
    team("lan", "delegate add --to fay --end +5d")
    team("lan", "delegate add --to leo --end +5d")
    team("li", "request recall R-1")
    team("li", "submit D-1 contract")
    told = [(row["to"], row["kind"]) for row in team("root", "notices list -o json").json if row["request"] == "R-2"]
    assert ("lan", "opened") in told and ("leo", "opened") in told and ("fay", "opened") not in told


def test_who_does_not_carry_the_role_cannot_take_its_seat(team: Team) -> None:
    refused = team.no("lan", "request transfer R-1 --to boss -m away", 4)
    assert "boss does not carry the role legal, which Legal must have" in refused
    assert "hint: lan, leo may" in refused
    team("lan", "delegate add --to fay --end +5d")
    answer = team.opp("approve R-1 -o json", user="fay", now=team.now)
    assert answer.code == 4 and "role_required" in answer.err
    assert "requires role:legal" in team.no("root", "request override R-1 -m urgent", 4)
    assert "R-1 approved" in team("leo", "approve R-1").out


def test_a_seat_that_nobody_of_the_role_is_left_for_is_blocked(team: Team) -> None:
    team("root", "user deactivate lan")
    team("root", "user deactivate leo --successor boss")
    team("root", "tick")
    shown = team("root", "request list -c id,state,waiting_on -o json").json
    assert [row["state"] for row in shown] == ["pending"] and "boss" not in str(shown)
    team.no("boss", "approve R-1", 4)
