"""Sentences that a Chinese reader is told, in Chinese throughout."""

import openpyxl
import pytest
from begun import begun
from command_line import InProcess

from oppcli.cli.context import Context
from oppcli.cli.progress import Meter
from oppcli.model.said import say


@pytest.fixture
@begun
def desk(opp: InProcess) -> InProcess:
    opp.env.update(OPP_LANG="zh", OPP_NOW="2026-03-09T09:00+08:00", OPP_TZ="Asia/Shanghai", OPP_USER="li")
    opp.ok("init --template b2b")
    opp.ok("add 产线 --customer 江南精工 --amount 28万 --set 下一步=催反馈 --set next_step_on=2026-03-06")
    return opp


def test_a_day_that_has_passed_is_told_as_a_chinese_day(desk: InProcess) -> None:
    told = desk.ok("").out
    assert ("3月6日 周五" in told, "催反馈：跟进 30、超时 2、金额 8" in told) == (True, True)


def test_a_condition_that_names_a_field_in_chinese_is_refused_by_that_name(desk: InProcess) -> None:
    assert "阶段 不会是“报介”，是不是“报价”？" in desk("ls -w '阶段 = 报介'").err
    assert "金额 是一笔金额" in desk("ls -w '金额 > 很多'").err


def test_how_a_file_was_read_and_what_it_needs_is_told_in_chinese(desk: InProcess) -> None:
    (desk.folder / "a.csv").write_bytes(
        "商机编号;商机名称;销售阶段;备注\nS1;冷链;线索;急\nS2;立库;线索;急\n".encode("gb18030")
    )
    draft = desk.ok("import a.csv --draft").out
    assert '# 未对应："备注"（1 个：急）' in draft
    (desk.folder / "m.toml").write_text(draft, encoding="utf-8")
    assert desk("import a.csv --mapping m.toml -n").err.startswith("a.csv 按编码 gb18030、分号分隔读取\n")


def test_settings_and_languages_are_listed_in_chinese(desk: InProcess) -> None:
    assert "新线索的币种" in desk.ok("config list").out
    assert "en、zh 之一" in desk("ls --lang fr").err


def test_return_alone_is_no_command_and_the_one_that_was_meant_is_named(desk: InProcess) -> None:
    assert "opp request return R-1 -m …" in desk("return R-1").err


def test_what_there_is_to_choose_from_is_named_as_it_may_be_typed_in_chinese(desk: InProcess) -> None:
    assert "审批类型有 资格审查、风控审批、报价审批、合同评审、领导终审" in desk("submit D-1 采购").err
    assert "标题、金额、币种、折扣" in desk("deal edit D-1 --set 颜色=红").err


def test_a_type_is_called_by_its_title_for_people_and_by_its_code_for_programs(desk: InProcess) -> None:
    desk.ok("user add wang --role manager")
    desk.ok("user add zhou")
    desk.ok("user edit li --manager wang")
    desk.ok("deal edit D-1 --set budget_confirmed=是")
    desk.ok("submit D-1 资格审查")
    desk.ok("delegate add --to zhou --end 2026-03-20 --type qualification", user="wang")
    late = {"user": "wang", "now": "2026-03-12T09:00+08:00"}
    lines = ("inbox", "request list", "report overdue", "delegate list")
    people = [desk.ok(line, **late).out for line in lines]
    programs = [desk.ok(f"{line} -o csv", **late).out for line in lines]
    desk.ok("approve R-1", user="wang")
    people.append(desk.ok("report turnaround").out)
    programs.append(desk.ok("report turnaround -o csv").out)
    assert [("资格审查" in text, "qualification" in text) for text in people] == [(True, False)] * 5
    assert [("资格审查" in text, "qualification" in text) for text in programs] == [(False, True)] * 5
    documents = [desk.ok(f"report turnaround -o {format}").out for format in ("md", "html", "plain")]
    assert [("资格审查" in text, "qualification" in text) for text in documents] == [(True, False)] * 3
    desk.ok("report turnaround -O t.xlsx")
    assert openpyxl.load_workbook(desk.folder / "t.xlsx").worksheets[0]["A2"].value == "资格审查"


def test_days_of_a_person_have_one_decimal_in_a_sentence_and_all_of_them_for_programs(desk: InProcess) -> None:
    desk.ok("user add wang --role manager")
    desk.ok("user edit li --manager wang")
    desk.ok("deal edit D-1 --set budget_confirmed=是")
    desk.ok("submit D-1 资格审查")
    later = {"now": "2026-03-12T10:17+08:00"}
    assert desk.ok("report waiting", **later).out.splitlines()[-1].endswith("wang 25.3")
    assert '"wang": 25.2833' in desk.ok("report waiting -o jsonl", **later).out


def test_what_a_policy_changes_is_told_in_chinese(desk: InProcess) -> None:
    text = desk.ok("policy show").out
    (desk.folder / "n.toml").write_text(text.replace('["risk", "quote"]', '["risk"]'), "utf-8")
    told = desk.ok("policy diff n.toml").out.splitlines()
    assert told[:2] == ["第 1 版 → n.toml", "  关卡 谈判：须通过 风控审批、报价审批 → 风控审批"]


def test_what_a_field_holds_is_told_in_chinese(desk: InProcess) -> None:
    told = desk.ok("fields deal -c name,type").out
    assert [line.split()[-1] for line in told.splitlines() if line.startswith(("title ", "amount ", "discount "))] == [
        "文本",
        "金额",
        "百分比",
    ]


def test_several_things_are_parted_as_in_chinese(desk: InProcess) -> None:
    desk.ok("user add wang --role manager --role sales")
    told = desk.ok("log -L 1").out
    assert "角色 主管、销售" in told
    assert "[" not in told
    assert "没有选项 --outpu（可能是：--out、--output）" in desk("ls --outpu csv").err


def test_how_far_a_long_command_is_is_told_in_chinese(desk: InProcess) -> None:
    context = Context({"db": desk.env["OPP_DB"], "lang": "zh"})
    told = [Meter(context, say(what), lambda: 0.0).what for what in ("rows", "acts", "records compared")]
    assert told == ["行", "步", "条记录已核对"]


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    """A quote of li was approved; a role of the template has a title and nobody."""
    opp.env.update(OPP_LANG="zh", OPP_NOW="2026-03-09T09:00+08:00", OPP_TZ="Asia/Shanghai", OPP_USER="boss")
    opp.ok("init --template b2b")
    for line in ("zhou --role manager", "wang --role manager --manager zhou", "li --manager wang"):
        opp.ok(f"user add {line}")
    opp.ok(
        "add 产线 --customer 江南精工 --amount 28万 --owner li --set discount=5 --set margin=30 --set payment_days=30"
    )
    (opp.folder / "报价.txt").write_text("280000", "utf-8")
    return opp


def test_who_decides_and_why_is_told_in_chinese_and_as_the_policy_writes_it_to_programs(team: InProcess) -> None:
    refused = team("submit D-1 quote", user="li").err
    assert ("附件“报价单”" in refused, "file:报价单" in refused) == (True, False)
    team.ok("deal attach D-1 报价.txt --kind 报价单", user="li")
    team.ok("deal edit D-1 --set solution=标准 --set amount=60万", user="li")
    plan = team.ok("request plan D-1 quote", user="li")
    assert "主管的主管；金额不低于 50万，或折扣超过 15 %" in plan.out
    assert "毛利率 30 ≥ 25，且折扣 5 ≤ 20" in plan.out
    told = [row["when"] for row in team.ok("request plan D-1 quote -o json", user="li").json]
    assert told == ["manager; always", "manager+1; amount >= 50万 or discount > 15"]
    team.ok("deal edit D-1 --set solution=定制", user="li")
    nobody = team("submit D-1 quote", user="li").err
    assert ("技术：没有人，或都要回避" in nobody, "role:tech" in nobody) == (True, False), nobody


def test_why_an_approval_no_longer_holds_is_told_in_the_language_of_who_reads_it(team: InProcess) -> None:
    team.ok("deal attach D-1 报价.txt --kind 报价单", user="li")
    team.ok("deal edit D-1 --set solution=标准", user="li")
    team.ok("submit D-1 quote", user="li")
    team.ok("approve R-1", user="wang")
    edited = team.ok("deal edit D-1 --set payment_days=60", user="li").out
    why = "通过后 账期 30 → 60"
    places = [edited, *(team.ok(line).out for line in ("request show R-1", "log R-1", "notices list --all"))]
    assert [why in told for told in places] == [True] * 4, places
    english = "payment_days 30 → 60 after approval"
    assert english in team.ok("--lang en log R-1").out
    assert team.ok("request list --deal D-1 -o json").json[0]["reason"] == english
    assert team.ok("sql 'select reason from requests' --csv --no-header").out.strip() == english


def test_what_is_undone_twice_is_said_to_be_undone_since_when_and_by_whom(team: InProcess) -> None:
    team.ok("deal edit D-1 --set amount=30万", user="li")
    run = team.ok("log D-1 -o json", user="li").json[-1]["seq"]
    team.ok(f"undo {run}", user="li")
    assert f"{run} 早已还原：li，3月9日 周一 09:00" in team(f"undo {run}", user="li").err


def test_whose_a_target_is_and_when_a_view_goes_out_is_told_in_words(team: InProcess) -> None:
    team.ok("target set company 2026-03 won 9")
    team.ok("target set team:wang 2026-03 won 5")
    team.ok("view save 周报 --every 'mon 08:00' --to role:tech -- ls")
    for line in ("target list", "report attainment"):
        told = team.ok(line).out
        assert [word in told for word in ("全公司", "团队:wang", "company", "team:")] == [True, True, False, False]
    assert {row["who"] for row in team.ok("target list -o json").json} == {"company", "team:wang"}
    assert team.ok("target set 团队:wang 2026-03 won 6").out
    assert len(team.ok("target list --who 全公司 --who 团队:wang -o json").json) == 2
    assert "周一 08:00" in team.ok("view list").out
    assert team.ok("view list -o json").json[0]["every"] == "mon 08:00"
