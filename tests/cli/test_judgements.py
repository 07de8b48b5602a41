"""Judgements of the forecast as they are typed: by managers of the line, in place of what they said before, undone,
cleared, told as of then; nobody sees what they have no field of.
"""

from command_line import InProcess
from test_targets import team

__all__ = ["team"]
ADJUST = "forecast adjust D-1"
LATER = "2026-05-09T09:00:00+08:00"


def adjusted(opp: InProcess, line: str = "report forecast", user: str = "wang") -> list[tuple[str, str | None]]:
    return [(row["month"], row.get("adjusted")) for row in opp.ok(f"{line} -o json", user=user).json]


def test_a_manager_of_the_line_judges_deals_and_months_and_takes_it_back(team: InProcess) -> None:
    team.ok("add 电梯 --amount 1000 --close 2026-03-30 --owner li")
    team.ok("advance D-1 --to 方案")
    team.ok("deal edit D-1 --set probability=50 --set probability_reason=x", user="li")
    assert adjusted(team) == [("2026-03", None)]
    for user, may in (("li", "han or wang may"), ("zhao", "han or wang may"), ("pia", "han or wang may")):
        refused = team(f"{ADJUST} --amount 600 -m x", user=user)
        assert (refused.code, may in refused.err) == (4, True), refused.err
    wrong = team(f"{ADJUST} --amount x --close 2020-01-01 --category y", user="han")
    assert (wrong.code, [word in wrong.err for word in ("--amount", "--close", "--category", "-m")]) == (2, [True] * 4)
    assert team(f"{ADJUST} -m x", user="han").code == team("forecast adjust -m x", user="han").code == 2
    month = "forecast adjust --owner li --period"
    for days in ("2026Q4", "2020-01"):
        refused = team(f"{month} {days} --change 5 -m x", user="han")
        assert (refused.code, f"{month} 2026-03 --change 5 -m" in refused.err) == (2, True), refused.err
    assert team(f"{month} 2026Q2 --clear", user="han").code == 2
    assert team("forecast adjust --owner han --period 2026-04 --change 5 -m x", user="han").code == 4

    before = team.ok("deal show D-1 -o json").json
    team.ok(f"{ADJUST} --amount 800 -m 少两台", user="wang")
    out = team.ok(f"{ADJUST} --amount 600 --close 2026-04-20 --category commit -m 只买一半", user="han").out
    assert "CNY 600.00, commit, close 2026-04-20" in out and "Undo: opp undo" in out
    assert team.ok("deal show D-1 -o json").json == before
    assert adjusted(team) == [("2026-03", "0.00"), ("2026-04", "300.00")]
    listed = team.ok("forecast adjustments -o json").json
    assert [(row["judged_by"], row["amount"], row["counts"], row["reason"]) for row in listed] == [
        ("han", "600.00", True, "只买一半"),
        ("wang", "800.00", False, "少两台"),
    ]
    assert "han" in team.ok("deal history D-1").out
    # Said again, it is what was said last; undone, what was said before.
    team.ok(f"{ADJUST} --amount 700 -m 再议", user="han")
    assert adjusted(team) == [("2026-03", "350.00")]
    team.ok("undo", user="han")
    assert adjusted(team) == [("2026-03", "0.00"), ("2026-04", "300.00")]
    team.ok("forecast adjust --owner li --period 2026-04 --change -5万 -m 总是太早", user="han")
    assert adjusted(team) == [("2026-03", "0.00"), ("2026-04", "-49700.00")]
    team.ok("forecast adjust --owner li --period 2026-04 --clear", user="han")
    team.ok(f"{ADJUST} --clear", user="han")
    assert adjusted(team) == [("2026-03", "400.00")]
    team.ok("undo", user="han")
    assert adjusted(team) == [("2026-03", "0.00"), ("2026-04", "300.00")]
    assert team("forecast adjust D-1 --clear", user="li").code == 5


def test_what_was_judged_ends_with_the_deal_and_is_told_as_of_then(team: InProcess) -> None:
    team.ok("add 电梯 --amount 1000 --close 2099-11-30 --owner li")
    team.ok("advance D-1 --to 方案")
    team.ok(f"{ADJUST} --amount 600 -m x", user="han")
    then = team.ok("log -o json").json[-1]["at"]
    told = team.ok("forecast adjustments -o json").raw
    team.ok(f"{ADJUST} --amount 500 -m y --now 2026-05-08T09:00:00+08:00", user="han")
    assert team.ok(f"forecast adjustments --as-of {then} --now {LATER} -o json").raw == told
    team.ok(f"lose D-1 --reason 价格 --now {LATER}", user="li")
    assert team(f"{ADJUST} --amount 5 -m x --now {LATER}", user="han").code == 5
    assert [row["counts"] for row in team.ok("forecast adjustments -o json").json] == [False]
    team.ok(f"deal reopen D-1 -m 又来了 --now {LATER}", user="li")
    assert [row["counts"] for row in team.ok("forecast adjustments -o json").json] == [False]
    team.ok(f"{ADJUST} --amount 500 -m y --now {LATER}", user="han")
    assert [row["counts"] for row in team.ok("forecast adjustments -o json").json] == [True]


def test_categories_are_typed_and_told_as_the_reader_says_them(team: InProcess) -> None:
    team.ok("add 电梯 --amount 1000 --close 2026-03-30 --owner li")
    team.ok("advance D-1 --to 方案")
    assert "预测类别 - → 承诺" in team.ok("--lang zh deal edit D-1 --set category=承诺", user="li").out
    assert team.ok("deal show D-1 -o json").json["category"] == "commit"
    assert "承诺 → 乐观" in team.ok("--lang zh deal edit D-1 --set 预测类别=best", user="li").out
    team.ok("forecast adjust D-1 --category 不计入 -m x", user="han")
    assert [row["category"] for row in team.ok("forecast adjustments -o json").json] == ["omitted"]
    supposed = team.ok("forecast whatif --set D-1.category=不计入 -o json").json
    assert [(row["month"], row["after"]) for row in supposed] == [("2026-03", "0.00")]
    refused = team("--lang zh deal edit D-1 --set category=好", user="li")
    assert (refused.code, "pipeline、best、commit、omitted" in refused.err) == (2, True), refused.err
