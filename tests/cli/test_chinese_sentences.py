"""Sentences that a Chinese reader is told, in Chinese throughout."""

import pytest
from command_line import InProcess


@pytest.fixture
def desk(opp: InProcess) -> InProcess:
    opp.env.update(OPP_LANG="zh", OPP_NOW="2026-03-09T09:00+08:00", OPP_TZ="Asia/Shanghai", OPP_USER="li")
    opp.ok("init --template b2b")
    opp.ok("add 产线 --customer 江南精工 --amount 28万 --set 下一步=催反馈 --set next_step_on=2026-03-06")
    return opp


def test_a_day_that_has_passed_is_told_as_a_chinese_day(desk: InProcess) -> None:
    assert "产线：下一步“催反馈”，2026年3月6日 截止，已过期" in desk.ok("").out


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
