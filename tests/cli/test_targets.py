"""Targets: set for months by who leads the line, split, corrected, imported, taken back; seen by whom they concern."""

from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess
from stages import IN_CHINESE, team_policy

from oppcli.reads import targets
from oppcli.rules.targets import Sum
from oppcli.store import open_read

POLICY = team_policy(IN_CHINESE, fallback="user:wang")


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """wang is the admin; han leads li and zhao; pia is in another line."""
    opp = opp_on_both
    Path(opp.folder, "policy.toml").write_text(POLICY, encoding="utf-8")
    opp.ok("init --policy policy.toml")
    for line in ("han --manager wang --role manager", "li --manager han", "zhao --manager han", "pia --manager wang"):
        opp.ok(f"user add {line}")
    return opp


def rows(opp: InProcess, line: str = "target list", user: str = "wang") -> list[tuple[object, ...]]:
    names = ("who", "month", "measure", "target", "stretch", "top", "currency")
    return [tuple(row[name] for name in names) for row in opp.ok(f"{line} -o json", user=user).json]


def test_a_target_is_set_corrected_told_and_taken_back(team: InProcess) -> None:
    line = "target set li 2026-11 won_amount"
    out = team.ok(f"{line} 100万/120万/150万", user="han").out
    assert "li won_amount in 2026-11: CNY 1,000,000.00 / 1,200,000.00 / 1,500,000.00" in out
    assert "as before" in team.ok(f"{line} 1m/1.2m/1.5m", user="han").out
    assert "not CNY 1,000,000.00 / " in team.ok(f"{line} 90万", user="han").out
    assert rows(team) == [("li", "2026-11", "won_amount", "900000.00", None, None, "CNY")]
    assert "as before" in team.ok("undo", user="han").out
    assert rows(team)[0][3:6] == ("1000000.00", "1200000.00", "1500000.00")
    team.ok("target set zhao 2026-11 赢单数 5 --lang zh", user="han")
    assert "no zhao won in 2026-11" in team.ok("undo", user="han").out
    assert len(rows(team)) == 1


def test_a_longer_time_is_refused_unless_it_is_to_be_split(team: InProcess) -> None:
    refused = team("target set company 2026Q4 leads 100")
    assert (refused.code, "--split" in refused.err) == (2, True)
    team.ok("target set company 2026Q4 leads 100/200 --split")
    assert [row[1:5] for row in rows(team)] == [
        ("2026-12", "leads", 34, 68),
        ("2026-11", "leads", 33, 66),
        ("2026-10", "leads", 33, 66),
    ]
    assert [row[1] for row in rows(team, "target list --period 2026-11")] == ["2026-11"]
    team.ok("undo")
    assert rows(team) == []


def test_whoever_leads_the_line_sets_targets_and_nobody_else(team: InProcess) -> None:
    team.ok("target set team:han 2026-11 won 5", user="han")
    assert "han or wang" in team("target set zhao 2026-11 won 5", user="li").err
    codes = [
        team(f"target set {who} 2026-11 won 5", user=user).code
        for who, user in (("li", "li"), ("pia", "han"), ("han", "han"), ("team:han", "pia"), ("company", "han"))
    ]
    assert codes == [4] * 5
    assert team("target set team:li 2026-11 won 5").code == 2
    assert team("target set nobody 2026-11 won 5").code == 3


def test_what_is_no_target_is_refused_with_what_it_may_be(team: InProcess) -> None:
    assert "there are won_amount, won" in team("target set li 2026-11 wins 5").err
    assert "not a whole number" in team("target set li 2026-11 won 1.5").err
    assert "one to three numbers" in team("target set li 2026-11 won 1/2/3/4").err
    assert "stretch  4 is less than target, 5" in team("target set li 2026-11 won 5/4").err
    large = team(f"target set li 2026-11 won {10**17 + 1}")
    assert (large.code, "at most 100,000,000,000,000,000" in large.err) == (2, True), large.err
    assert "targets are of months" in team("target set li 2026-W48 won 5").err


FILE = """对象,月份,指标,目标,冲刺
li,2026-11,won_amount,100万,120万
team:han,2026-11,赢单数,12,
zhao,2026-11,won,x,
pia,2026-11,won,3,
li,2026-11,赢单金额,5,
"""


def test_targets_come_from_a_file_and_each_row_has_its_reasons(team: InProcess) -> None:
    Path(team.folder, "targets.csv").write_text(FILE, encoding="utf-8")
    answer = team("import targets.csv --kind targets", user="han")
    assert (answer.code, "2 created" in answer.out or "2 new" in answer.out) == (9, True)
    rejected = Path(team.folder, "targets.csv.rejects.csv").read_text(encoding="utf-8")
    assert [part in rejected for part in ("zhao", "pia", "line 2 already")] == [True] * 3
    assert rows(team) == [
        ("li", "2026-11", "won_amount", "1000000.00", "1200000.00", None, "CNY"),
        ("team:han", "2026-11", "won", 12, None, None, None),
    ]
    Path(team.folder, "wrong.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "has no columns who" in team("import wrong.csv --kind targets").err


def test_one_function_tells_what_a_quarter_comes_to(team: InProcess) -> None:
    team.ok("target set team:han 2026-11 won_amount 100万/120万")
    team.ok("target set team:han 2026-10 won_amount 50万/60万")
    with open_read(team.env["OPP_DB"]) as door:
        two = targets.total(door, "team:han", ["2026-10", "2026-11"], "won_amount")
        three = targets.total(door, "team:han", ["2026-10", "2026-11", "2026-12"], "won_amount")
        none = targets.total(door, "company", ["2026-11"], "won")
    assert two == Sum(150_000_000, 180_000_000, None, "CNY")
    assert (three.target, three.missing) == (None, ("2026-12",))
    assert (none.target, none.missing) == (None, ("2026-11",))


def test_one_sees_targets_of_whose_deals_one_sees_and_of_the_company(team: InProcess) -> None:
    scope = '\n[scope]\nsee = { sales = "own", manager = "team", admin = "all" }\n'
    Path(team.folder, "policy.toml").write_text(POLICY + scope, encoding="utf-8")
    for who in ("li", "zhao", "team:han", "pia", "company"):
        team.ok(f"target set {who} 2026-11 won 5")
    team.ok("policy apply policy.toml")
    seen = {user: sorted(str(row[0]) for row in rows(team, user=user)) for user in ("li", "han", "wang")}
    assert seen == {
        "li": ["company", "li"],
        "han": ["company", "li", "team:han", "zhao"],
        "wang": ["company", "li", "pia", "team:han", "zhao"],
    }


def test_people_name_themselves_in_either_language(team: InProcess) -> None:
    team.ok("add 电梯 --amount 1000 --owner li")
    lines = ("--owner me", "--owner 我", "--team 我", "-w 'owner = 我'")
    told = [team.ok(f"ls {line} -o json", user="li").json for line in lines]
    assert ([each["owner"] for each in told[0]], told[1:]) == (["li"], [told[0]] * 3)
    assert team("points give 我 5 --kind 协作 -m x", user="han").code == 4
    team.ok("task add 回电 --to 我 --due 2026-03-30", user="li")


def test_points_come_from_a_file_none_of_them_twice_and_stand(team: InProcess) -> None:
    def typed(text: str, user: str = "han", code: int = 0) -> str:
        Path(team.folder, "points.csv").write_text(text, encoding="utf-8")
        answer = team("import points.csv --kind points", user=user)
        assert answer.code == code, answer.err + answer.out
        return str(answer.out + answer.err)

    team.ok("points give li 5 --kind 培训 -m 十月", user="han")
    good = "对象,积分,类别,原因\nli,5,培训,十月\nli,5,培训,十月\nzhao,-2,培训,更正\n"
    wrong = "han,5,培训,自己\npia,5,培训,别的组\nli,0,培训,没有\nli,x,培训,不是数\nli,5,,没有类别\nnobody,5,培训,x\n"
    assert "2 created, 0 updated, 1 unchanged, 6 rejected" in typed(good + wrong, code=9)
    rejected = Path(team.folder, "points.csv.rejects.csv").read_text(encoding="utf-8").splitlines()[1:]
    reasons = (
        "to themselves",
        "may not give pia points",
        "points: 0 points are none",
        "points: ",
        "kind: ",
        "no such user",
    )
    assert [said in line for said, line in zip(reasons, rejected, strict=True)] == [True] * 6, rejected
    assert "0 created, 0 updated, 3 unchanged" in typed(good)
    assert "0 created, 0 updated, 3 unchanged" in typed(team.ok("points list --csv").out)
    assert "1 created, 0 updated, 3 unchanged" in typed(good + "li,5,培训,十一月\n")
    told = [(row["login"], row["points"], row["given_by"]) for row in team.ok("points list -o json").json]
    assert sorted(told) == [("li", 5, "han")] * 3 + [("zhao", -2, "han")]
    refused = team("undo", user="han")
    assert (refused.code, "points that a file brought stand" in refused.err) == (5, True), refused.err
    assert "has no columns kind" in typed("login,points,reason\nli,5,x\n", code=8)
