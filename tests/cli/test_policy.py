"""`opp policy` as people type it."""

import re

import pytest
from answering import POLICY as AWAY
from begun import begun

from oppcli.policy import template

ZH = template("b2b", "zh")


@pytest.fixture
@begun
def team(opp):
    """A database with the b2b policy."""
    opp.ok("init --template b2b --lang zh")
    return opp


def written(opp, text, name="team.toml"):
    (opp.folder / name).write_text(text, encoding="utf-8")
    return name


def test_a_sound_file_is_checked_without_a_database(opp):
    answer = opp.ok("policy check " + written(opp, ZH))
    assert answer.out == "team.toml: no errors, 0 warnings; 8 stages, 5 types of request, 4 gates\n"
    assert answer.err == ""


def test_warnings_go_to_stderr_and_do_not_fail(team):
    answer = team.ok("policy check " + written(team, ZH))
    assert "team.toml: no errors, 6 warnings" in answer.out
    warning = "warning: team.toml:71: P101 [roles] finance: nobody has this role (opp user add LOGIN --role finance)"
    assert warning in answer.err.splitlines()


def test_errors_are_listed_at_once_with_their_lines_and_exit_8(opp):
    text = ZH.replace("margin < 25", "marign < 25").replace('rule = "at least 2" ', 'rule = "2/3" ')
    answer = opp("policy check " + written(opp, text))
    assert answer.code == 8
    assert answer.out == ""
    lines = [n for n, row in enumerate(text.splitlines(), 1) if "marign" in row or "2/3" in row]
    expected = [f"team.toml:{lines[0]}: P010", f"team.toml:{lines[1]}: P016"]
    assert re.findall(r"team\.toml:\d+: P\d+", answer.err) == expected
    assert answer.err.startswith("error: team.toml cannot be applied: 2 errors\n")


def test_a_machine_gets_the_errors_as_json_on_stderr(opp):
    answer = opp(f"policy check {written(opp, 'name = ')} -o json")
    assert answer.code == 8
    assert answer.out == ""
    assert answer.error["reasons"][0]["what"] == "team.toml:1: P001"


def test_a_machine_gets_the_warnings_as_rows(opp):
    text = ZH.replace('"solution"]', "]").replace(", ]", "]")
    answer = opp.ok("policy check " + written(opp, text) + " -o json")
    assert [(row["code"], row["file"]) for row in answer.json] == [("P103", "team.toml")]
    assert opp.ok("policy check " + written(opp, ZH) + " -o json").json == []


@pytest.mark.parametrize(("needs", "unnoticed"), [('["quote"]', []), ("[]", ["P103"])])
def test_what_follows_from_a_quote_that_is_material_does_not_change_unnoticed(opp, needs, unnoticed):
    text = AWAY.replace('material = ["amount"]', f'material = ["quote"]\nneeds = {needs}')
    text = text.replace('who = "role:finance"', 'who = "role:finance"\nwhen = "amount > 100000"')
    file = written(opp, text + '\n[quote]\napproval = "quote"\n')
    assert {row["code"] for row in opp.ok(f"policy check {file} -o json").json} & {"P103"} == set(unnoticed)


def test_a_file_that_is_not_there_or_not_text_is_a_usage_error(opp):
    assert opp("policy check nowhere.toml").code == 2
    (opp.folder / "gbk.toml").write_bytes('name = "线索"'.encode("gbk"))
    answer = opp("policy check gbk.toml")
    assert answer.code == 2
    assert "gbk.toml: not UTF-8" in answer.err
    assert opp("policy", "check", str(opp.folder)).code == 2


def test_a_policy_is_read_from_stdin_when_asked(team):
    assert "no errors" in team.ok("policy check -", stdin=ZH.encode()).out
    answer = team.ok("policy apply -", stdin=(ZH + "# 第二版\n").encode())
    assert "version 2" in answer.out


def test_applying_says_what_changed_and_what_runs_now(team):
    text = ZH.replace('name = "报价"\nkind', 'name = "商务报价"\nkind').replace("probability = 90", "probability = 85")
    answer = team.ok("policy apply " + written(team, text))
    assert re.search(r"^policy 工程项目部商机审批, version 2 \([0-9a-f]{12}\) applied$", answer.out, re.MULTILINE)
    assert "stage 商务报价 added" in answer.out
    assert "stage 报价 dropped" in answer.out
    assert team.ok("policy show").out == text
    assert [row["number"] for row in team.ok("policy history --json").json] == [2, 1]


def test_a_dry_run_says_the_same_and_writes_nothing(team):
    before = team.db.read_bytes()
    answer = team.ok("policy apply -n " + written(team, ZH + "# 第二版\n"))
    assert "version 2" in answer.out
    assert "Nothing was written." in answer.err
    assert team.db.read_bytes() == before


def test_a_stage_is_renamed_with_its_deals(team):
    team.ok("lead add 甲 --customer 乙 --amount 100")
    text = ZH.replace('name = "线索"', 'name = "新线索"')
    refused = team("policy apply " + written(team, text))
    assert refused.code == 8
    assert "opp policy apply team.toml --rename 线索=新线索" in refused.err
    team.ok("policy apply team.toml --rename 线索=新线索")
    assert team.ok("deal show D-1 --json").json["stage"] == "新线索"
    assert team("policy apply team.toml --rename 线索").code == 2


def test_only_an_admin_applies(team):
    team.ok("user add li")
    answer = team("policy apply " + written(team, ZH + "# 2\n"), user="li")
    assert answer.code == 4
    assert "admin may: wang" in answer.err


def test_an_older_version_is_shown_by_number_and_by_hash(team):
    team.ok("policy apply " + written(team, ZH + "# 第二版\n"))
    assert team.ok("policy show 1").out == ZH
    hashes = [row["hash"] for row in team.ok("policy history --json").json]
    assert team.ok(f"policy show {hashes[1][:10]}").out == ZH
    assert team.ok("policy show 2 --json").json["text"] == ZH + "# 第二版\n"
    assert team("policy show 7").code == 3


def test_explaining_prints_sentences_and_machines_get_rows(team):
    answer = team.ok("policy explain --type risk --lang zh")
    assert answer.out.splitlines()[0] == "风控审批（risk）"
    assert "  如果金额不低于 50万，或客户等级是“C”或“新客户”，就需要审批。" in answer.out.splitlines()
    rows = team.ok("policy explain --lang en -o json").json
    assert {"about", "sentence"} == set(rows[0])
    assert "Nothing is ever approved by itself." in rows[1]["sentence"]
    assert team("policy explain --type riks").code == 3
    assert team("policy explain --lang fr").code == 2


def test_a_file_is_explained_before_it_is_applied(opp):
    answer = opp.ok("policy explain " + written(opp, template("saas", "en")))
    assert "2 business hours before due" in answer.out


def test_what_a_text_brings_is_harmless_on_a_terminal(opp):
    text = ZH.replace('name     = "工程', 'name     = "\\u001b[31m工程').replace(
        '"amount >= 20万"', '"\\u001b[31m > 5"'
    )
    answer = opp("policy check " + written(opp, text))
    assert answer.code == 8
    assert "\x1b" not in answer.err
    written(opp, ZH.replace('"大区总监"', '"\\u001b[31m"'))
    assert "\x1b" not in opp.ok("policy explain team.toml").out


def test_the_command_that_undoes_it_brings_the_policy_and_the_stage_back(opp, opp_process):
    opp.ok("init --template b2b --lang zh")
    opp.ok("lead add 甲 --customer 乙")
    written(opp, ZH.replace('name = "线索"', 'name = "新线索"'))
    undo = opp.ok("policy apply team.toml --rename 线索=新线索").out.splitlines()[-1].removeprefix("Undo: ")
    assert undo == "opp policy show 1 | opp policy apply - --rename 新线索=线索"
    assert opp_process.shell(undo).code == 0
    assert opp.ok("policy show").out == ZH
    assert opp.ok("deal show D-1 --json").json["stage"] == "线索"


def test_a_first_policy_may_name_people_who_are_added_next_and_says_so(opp):
    written(opp, ZH.replace('"财务", who = []', '"财务", who = ["chen"]'))
    answer = opp.ok("init --policy team.toml")
    assert answer.err.splitlines() == [
        "warning: team.toml:71: P112 [roles] finance: no such user 'chen' (opp user add chen)"
    ]


def test_a_text_that_is_applied_again_leaves_every_version_in_the_history(team):
    team.ok("policy apply " + written(team, ZH.replace("20万", "30万")))
    team.ok("policy apply " + written(team, ZH))
    history = team.ok("policy history --json").json
    assert [row["number"] for row in history] == [3, 2, 1]
    assert history[0]["hash"] == history[2]["hash"]
    assert team.ok("policy show 1").out == team.ok("policy show 3").out == team.ok("policy show").out
    assert "30万" in team.ok("policy show 2").out
