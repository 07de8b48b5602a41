"""`opp policy diff`, and what `opp policy apply` says of requests under way, as people type it."""

import csv
import io

import pytest
from begun import begun

from oppcli.policy import template

OLD = template("b2b", "zh").replace(', "file:报价单"]', "]")
NEW = OLD.replace("discount > 15", "discount > 20")
FACTS = "--amount 300000 --set margin=30 --set payment_days=30 --set solution=标准"
COLUMNS = (
    "deal,title,customer,owner,stage,amount,currency,type,required_before,required_after,steps_before,steps_after,"
    "closes,opens,running,rules"
)


@pytest.fixture
@begun
def team(opp):
    """Two deals of li, with 18 and with 12 % discount, under the policy of old.toml; new.toml asks for less."""
    for name, text in (("old.toml", OLD), ("new.toml", NEW)):
        (opp.folder / name).write_text(text, encoding="utf-8")
    opp.ok("init --policy old.toml")
    for line in ("user add ma", "user add zhou --manager ma", "user edit wang --manager zhou"):
        opp.ok(line)
    opp.ok("user add li --manager wang")
    opp.ok(f"lead add 甲 --customer 子 {FACTS} --set discount=18", user="li")
    opp.ok(f"lead add 乙 --customer 丑 {FACTS} --set discount=12", user="li")
    return opp


def test_people_read_what_changed_and_which_deals_it_changes(team):
    before = team.db.read_bytes()
    assert team.ok("policy diff new.toml").out.splitlines() == [
        "version 1 → new.toml",
        "  step 大区总监 of quote: threshold discount > 15 → discount > 20   (1 open deal)",
        "",
        "1 of 2 open deals would be treated differently",
        "  quote: other steps for 1",
        "",
        "DEAL  TITLE  STAGE  TYPE   REQUIRED  →    STEPS               →         CLOSES  OPENS  RUNNING",
        "----  -----  -----  -----  --------  ---  ------------------  --------  ------  -----  -------",
        "D-1   甲     线索   quote  yes       yes  销售主管, 大区总监  销售主管",
    ]
    assert team.db.read_bytes() == before


def test_programs_get_a_row_per_deal_and_type_or_per_change(team):
    out = team.ok("policy diff new.toml --csv").out
    assert out.splitlines()[0] == COLUMNS
    (row,) = csv.DictReader(io.StringIO(out))
    assert (row["deal"], row["type"], row["steps_before"], row["steps_after"]) == (
        "D-1",
        "quote",
        "销售主管; 大区总监",
        "销售主管",
    )
    assert team.ok("policy diff new.toml --ids").out == "D-1\n"
    assert team.ok("policy diff new.toml --rules --json").json == [
        {
            "about": "step 大区总监 of quote",
            "what": "threshold",
            "before": "discount > 15",
            "after": "discount > 20",
            "type": "quote",
            "step": "大区总监",
            "deals": 1,
        }
    ]


def test_no_difference_is_an_empty_answer(team):
    assert team.ok("policy diff old.toml").out.splitlines() == [
        "version 1 → old.toml",
        "  no difference",
        "",
        "0 of 2 open deals would be treated differently",
    ]
    assert team.ok("policy diff old.toml --json").json == []
    assert team.ok("policy diff old.toml --rules --json").json == []


def test_versions_files_and_stdin_are_compared_with_each_other(team):
    team.ok("policy apply new.toml")
    words = {
        "policy diff old.toml": "version 2 → old.toml",
        "policy diff 1": "version 2 → version 1",
        "policy diff 1 2": "version 1 → version 2",
        "policy diff old.toml new.toml": "old.toml → new.toml",
        "policy diff 1 -": "version 1 → stdin",
    }
    hash = team.ok("policy history --json").json[1]["hash"]
    words[f"policy diff {hash[:10]} 2"] = "version 1 → version 2"
    first = {line: team.ok(line, stdin=NEW.encode()).out.splitlines()[0] for line in words}
    assert first == words
    assert team("policy diff 7").code == 3
    assert team("policy diff nowhere.toml").code == 2


def test_a_field_is_told_as_the_reader_calls_it_where_a_file_calls_it_so(team):
    own = '[fields.margin_target]\ntitle = "目标毛利"\ntype = "number"\n'
    titled = OLD.replace("discount > 15", "折扣 > 20 and 目标毛利 < 5") + own
    more = titled.replace("目标毛利 < 5", "目标毛利 < 7")
    for name, text in (("titled.toml", titled), ("more.toml", more), ("named.toml", OLD + own)):
        (team.folder / name).write_text(text, encoding="utf-8")
    first = "policy diff named.toml titled.toml --rules"
    zh, en, told = (team.ok(line).out for line in (f"--lang zh {first}", first, f"{first} --json"))
    was = "amount >= 50万 or discount > 15"
    assert was in zh and "金额 >= 50万 or 折扣 > 20 and 目标毛利 < 5" not in zh
    assert "amount >= 50万 or 折扣 > 20 and 目标毛利 < 5" in zh
    assert "amount >= 50万 or discount > 20 and" in en
    assert "discount > 20 and margin_target < 5" in told
    second = "policy diff titled.toml more.toml"
    assert "目标毛利 < 5 → 目标毛利 < 7" in team.ok(f"--lang zh {second}").out
    back = team.ok("--lang zh policy diff titled.toml named.toml").out
    assert f"or 折扣 > 20 and 目标毛利 < 5 → {was}" in back


def test_two_files_are_compared_without_a_database_and_their_deals_are_not(opp):
    for name, text in (("old.toml", OLD), ("new.toml", NEW)):
        (opp.folder / name).write_text(text, encoding="utf-8")
    assert opp.ok("policy diff old.toml new.toml").out.splitlines() == [
        "old.toml → new.toml",
        "  step 大区总监 of quote: threshold discount > 15 → discount > 20",
    ]
    assert opp.ok("policy diff old.toml new.toml --json").json == []
    assert opp.ok("policy diff old.toml new.toml --rules --json").json[0]["deals"] is None
    assert opp("policy diff new.toml").code == 6


def test_a_broken_file_is_refused_with_every_problem(team):
    (team.folder / "broken.toml").write_text(NEW.replace("margin < 25", "marign < 25"), encoding="utf-8")
    answer = team("policy diff broken.toml -o json")
    assert (answer.code, answer.out) == (8, "")
    assert answer.error["reasons"][0]["what"].endswith("P010")


def test_a_stage_that_was_renamed_or_is_gone(team):
    text = OLD.replace('name = "线索"', 'name = "新线索"')
    (team.folder / "renamed.toml").write_text(text, encoding="utf-8")
    lines = team.ok("policy diff renamed.toml").out.splitlines()
    assert "  2 open deals in 线索, which is not there any more: --rename '线索=…'" in lines
    lines = team.ok("policy diff renamed.toml --rename 线索=新线索").out.splitlines()
    assert lines == [
        "version 1 → renamed.toml",
        "  stage 线索: name 线索 → 新线索",
        "",
        "0 of 2 open deals would be treated differently",
    ]


def test_applying_says_under_which_version_requests_run_on(team):
    team.ok("request submit D-1 quote", user="li")
    team.ok("request submit D-2 quote", user="li")
    assert team.ok("policy diff new.toml --json").json[0]["running"] == "R-1"
    answer = team.ok("policy apply new.toml")
    assert "2 requests run on under version 1: R-1, R-2" in answer.out.splitlines()
    team.ok("request recall R-2", user="li")
    team.ok("request submit D-2 quote", user="li")
    (team.folder / "third.toml").write_text(NEW + "# 第三版\n", encoding="utf-8")
    lines = team.ok("policy apply third.toml").out.splitlines()
    assert [line for line in lines if "under version" in line] == [
        "1 request runs on under version 2: R-3",
        "1 request runs on under version 1: R-1",
    ]
    assert [row["live_requests"] for row in team.ok("policy history --json").json] == [0, 1, 1]


def test_a_deal_whose_steps_have_another_approver_vote_or_time_is_treated_differently(team):
    new = OLD.replace('who  = "manager"\nsla', 'who  = "manager+1"\nsla').replace(
        'who  = "manager+1"', 'who  = "role:ceo"'
    )
    new = new.replace("valid_days = 60", "valid_days = 30")
    (team.folder / "who.toml").write_text(new, encoding="utf-8")
    answer = team.ok("policy diff who.toml")
    assert "2 of 2 open deals would be treated differently" in answer.out.splitlines()
    assert "  quote: other rules for 2" in answer.out.splitlines()
    rows = team.ok("policy diff who.toml --json").json
    assert {(row["deal"], row["type"]): row["rules"] for row in rows if row["type"] == "quote"} == {
        ("D-1", "quote"): ["valid_days", "大区总监: who"],
        ("D-2", "quote"): ["valid_days"],
    }
    assert [row["steps_before"] == row["steps_after"] for row in rows] == [True] * len(rows)
