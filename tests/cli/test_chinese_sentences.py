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
    assert "opp request return R-31" in desk("return R-1").err


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
