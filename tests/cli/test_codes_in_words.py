"""What the journal keeps of reasons and origins is told in the reader's words, and to programs as it is kept."""

import pytest
from begun import begun
from command_line import InProcess

POLICY = '[follow]\ndeadline = [{ name = "首次联系", from = "assigned", within = "24h", done = ["touch"] }]\n'


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template b2b --lang zh")
    opp.ok("user add li --manager wang")
    text = opp.ok("policy show").out
    text = text[: text.index("[follow]")] + text[text.index("[assign]") :]
    (opp.folder / "p.toml").write_text(f"{text}\n{POLICY}", encoding="utf-8")
    opp.ok("policy apply p.toml")
    opp.ok("add MES --customer 上海精密 --owner li --source 展会")
    return opp


def test_a_refused_attempt_is_told_in_the_readers_language(team: InProcess) -> None:
    assert team("advance D-1 --to 报价", user="li").code == 7
    (entry,) = [each for each in team.ok("log D-1 -o json").json if each["action"] == "refused"]
    told = team.ok("--lang zh log D-1").out
    assert (entry["reason"], "D-1 还不能进入 报价" in told, "cannot enter" in told) == (
        "D-1 cannot enter 报价 yet: 3 things are missing",
        True,
        False,
    )


def test_whence_a_task_is_stands_in_words_and_for_programs_as_a_code(team: InProcess) -> None:
    assert "时限：首次联系" in team.ok("--lang zh show T-1").out
    assert team.ok("show T-1 -o json").json["origin"] == "deadline:首次联系"


def test_why_a_rule_cancelled_something_is_told_in_the_readers_language(team: InProcess) -> None:
    team.ok("deal assign D-1 --to wang")
    assert "换了负责人" in team.ok("--lang zh task list --all -c id,reason").out
    assert team.ok("task list --all -o json").json[-1]["reason"] == "another owner"
    assert team.ok("db check").code == 0


def test_as_of_a_day_before_and_after_an_undo_of_an_undo_it_is_told_so_too(team: InProcess) -> None:
    """An entry keeps the sentence alone."""
    day = {"now": "2026-03-03T17:00:00+08:00"}
    line = "--lang zh task list --all -c id,reason"
    team.ok("deal assign D-1 --to wang")
    assigned = team.ok("undo --list -o json").json[0]["run"]
    team.ok(f"undo {assigned} -m why", **day)
    assert "换了负责人" not in team.ok(line, **day).out
    assert "换了负责人" in team.ok(f"{line} --as-of 2026-03-02T20:00:00+08:00", **day).out
    undone = team.ok("undo --list -o json", **day).json[0]["run"]
    team.ok(f"undo {undone} -m why", **day)
    assert "换了负责人" in team.ok(line, **day).out
    assert team.ok("task list --all -o json", **day).json[-1]["reason"] == "another owner"


def test_what_is_known_of_budget_and_need_stands_in_words_and_for_programs_as_a_code(team: InProcess) -> None:
    done = team.ok("--lang zh deal edit D-1 --set 预算=是 --set need=未知").out.splitlines()[0]
    assert (done.partition("：")[2], team.ok("ls -c budget,need --csv").out) == (
        "预算 - → 是；需求 - → 未知",
        "budget,need\nyes,unknown\n",
    )
    assert team.ok("--lang zh ls -c budget,need").out.splitlines()[-1].split() == ["是", "未知"]
    assert "预算 是；需求 未知" in team.ok("--lang zh log D-1").out
    assert "预算已确认 是" in team.ok("--lang zh deal edit D-1 --set budget_confirmed=是 -n").out


def test_instants_among_the_fields_of_a_thing_are_in_the_zone_of_who_reads_and_for_programs_in_utc(
    team: InProcess,
) -> None:
    zone = {"env": {"OPP_TZ": "Asia/Tokyo"}, "now": "2026-03-05T01:00:00Z"}
    team.ok("add 二期 --customer 上海精密 --owner li --source 展会", now="2026-03-04T23:30:00Z")
    people = team.ok("fields D-2 -c name,value", **zone).out
    assert [line.split(maxsplit=1)[1] for line in people.splitlines() if line.startswith("created_at")] == [
        "Thu 5 Mar 08:30"
    ]
    values = {row["name"]: row["value"] for row in team.ok("fields D-2 -o json", **zone).json}
    assert values["created_at"] == "2026-03-04T23:30:00Z"
    assert "Thu 5 Mar 08:30" in team.ok("fields D-2 created_at -c now", **zone).out


def test_a_dry_run_tells_instants_in_the_zone_of_who_types(team: InProcess) -> None:
    answer = team.ok("note D-1 电话：好 -n", env={"OPP_TZ": "Asia/Tokyo"}, now="2026-03-04T23:30:00Z")
    assert ("at Thu 5 Mar 08:30" in answer.out, "T23:30" in answer.out) == (True, False)


def test_a_card_leaves_out_what_was_never_counted(team: InProcess) -> None:
    assert "moves" not in team.ok("show T-1").out
    team.ok("task add 回电 --for D-1 --due 2026-03-06")
    team.ok("task edit T-2 --due 2026-03-09")
    assert "moves    " in team.ok("show T-2").out
    assert team.ok("show T-1 -o json").json["moves"] == 0


def test_what_a_notice_said_stands_in_the_journal_in_the_readers_language(team: InProcess) -> None:
    team.ok("note D-1 '电话：@li 看一下'")
    (told,) = [line for line in team.ok("--lang zh log", env={"COLUMNS": "300"}).out.splitlines() if "提及" in line]
    assert ("提到你" in told, "mentions you" in told) == (True, False)
    texts = [row["changes"]["text"][1] for row in team.ok("log -o json").json if row["noun"] == "notice"]
    assert "mentions you" in texts[-1]
