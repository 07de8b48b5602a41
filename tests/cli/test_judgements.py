"""Judgements of the forecast as they are typed: by managers of the line, in place of what they said before, undone,
cleared, told as of then; nobody sees what they have no field of.
"""

import csv
from pathlib import Path

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
    assert [row["adjusted"] for row in team.ok("pack -o json").json["forecast"]][:2] == ["0.00", "300.00"]
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


FILE = """商机,负责人,月份,金额,类别,预计成交,增减,原因,判断人
D-1,,,600,承诺,2099-04-20,,只买一半,
,li,2099-05,,,,-5万,总是太早,me
D-1,,,500,,,,又一次,
D-2,,,9,,,,不是他的,
D-1,,2099-05,1,,,,两样,
,li,2099-06,7,,,,金额不对,
D-3,,,x,y,2020-01-01,,不对,
,li,2020-01,,,,5,过去了,
,li,2099-07,,,,,没有数,
D-1,,,5,,,,王的,wang
D-1,,,5,,,,,
"""
WRONG = {
    4: "it is on line 2 already",
    5: "han may not judge D-2: it is pia's",
    6: "is of a month, not of a deal",
    7: "is of a deal, and the row names none",
    8: "amount: ",
    9: "2020-01 is over",
    10: "how much more or less",
    11: "han may not say what wang thinks",
    12: "blank",
}


def test_judgements_come_from_a_file_again_nothing_new_changed_in_their_place_and_undo_takes_them_back(
    team: InProcess,
) -> None:
    for owner in ("li", "pia", "li"):
        team.ok(f"add 电梯 --amount 1000 --close 2099-03-30 --owner {owner}")
    team.ok("advance D-1 --to 方案")
    file = Path(team.folder, "judged.csv")

    def typed(text: str, user: str = "han", code: int = 0) -> str:
        file.write_text(text, encoding="utf-8")
        answer = team("import judged.csv --kind judgements", user=user)
        assert answer.code == code, answer.err + answer.out
        return str(answer.out + answer.err)

    def told() -> list[tuple[object, ...]]:
        names = ("deal", "month", "amount", "category", "close", "change", "judged_by")
        rows = team.ok("forecast adjustments -o json").json
        return sorted((tuple(row[name] for name in names) for row in rows), key=str)

    assert "2 created, 0 updated, 0 unchanged, 9 rejected" in typed(FILE, code=9)
    rejected = Path(team.folder, "judged.csv.rejects.csv").read_text(encoding="utf-8")
    lines = {int(row["_line"]): row["_error"] for row in csv.DictReader(rejected.splitlines())}
    assert {line: WRONG[line] in said for line, said in lines.items()} == dict.fromkeys(WRONG, True), lines[8]
    assert all(column in lines[8] for column in ("amount: ", "category: ", "close: 2020-01-01 is over"))
    first = [
        ("D-1", None, "600.00", "commit", "2099-04-20", None, "han"),
        (None, "2099-05", None, None, None, "-50000.00", "han"),
    ]
    assert told() == first

    again = "".join(FILE.splitlines(keepends=True)[:3])
    assert "0 created, 0 updated, 2 unchanged" in typed(again)
    assert "0 created, 1 updated, 1 unchanged" in typed(again.replace("600", "700"))
    assert told()[0][2] == "700.00"
    assert "judgements: 1 as before" in team.ok("undo", user="han").out
    assert told() == first
    # As they were written out; what has ended since is no fault of what was said then.
    for whole in ("export judgements --csv", "forecast adjustments --csv"):
        assert "0 created, 0 updated, 2 unchanged" in typed(team.ok(whole).out, "wang")
    team.ok("lose D-1 --reason 价格", user="li")
    assert "2 unchanged" in typed(again)
    assert "nothing is to be expected of it" in typed(again.replace("600", "800"), code=9)
    team.ok("undo", user="li")

    # What others said is an admin's to bring; who is below or beside judges nothing.
    assert "1 created" in typed("owner,month,change,currency,reason,by\nli,2099-06,5,EUR,x,han\n", "wang")
    typed("deal,amount,reason,by\nD-1,5,x,pia\n", "wang", 9)
    assert "pia may not judge D-1" in file.with_name("judged.csv.rejects.csv").read_text("utf-8")
    assert "2 rejected" in typed(again, "li", 9)
    assert "is in EUR, not in CNY" in typed("deal,amount,currency,reason\nD-1,5,EUR,x\n", code=9)
    assert "has no columns" in typed("deal,amount\nD-1,5\n", code=8)
    assert len(told()) == 3
    out = team.ok("undo", user="wang").out
    assert "judgements: 1 withdrawn" in out
    assert told() == first
    again = team("undo", user="wang").err.split("again: opp ")[1]
    assert "judgements: 1 restored" in team.ok(again, user="wang").out


def test_nobody_has_two_judgements_of_one_deal(team: InProcess) -> None:
    team.ok("add 电梯 --amount 1000 --close 2026-03-30 --owner li")
    team.ok(f"{ADJUST} --amount 800 -m 少两台", user="han")
    cleared = team.ok(f"{ADJUST} --clear", user="han").out
    team.ok(f"{ADJUST} --amount 600 -m 只买一半", user="han")
    undo = next(line for line in cleared.splitlines() if line.startswith("Undo: opp ")).removeprefix("Undo: opp ")
    refused = team(undo, user="han")
    assert refused.code == 5, refused.err
    assert [row["amount"] for row in team.ok("forecast adjustments -o json").json] == ["600.00"]


def test_a_merge_tells_which_judgements_count_no_more(team: InProcess) -> None:
    for title in ("电梯", "电梯二"):
        team.ok(f"add {title} --amount 1000 --close 2099-11-30 --owner li")
    team.ok("forecast adjust D-2 --amount 600 -m x", user="han")
    told = "han's judgement of D-2 counts no more: CNY 600.00"
    assert told in team.ok("merge D-1 D-2 -n").out
    assert told in team.ok("merge D-1 D-2").out
    team.ok("unmerge D-2")
    assert [row["deal"] for row in team.ok("forecast adjustments -o json").json] == ["D-2"]
