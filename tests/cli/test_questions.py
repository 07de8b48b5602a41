"""Every question of the tree, found by looking: seen on a terminal, and never without one."""

from collections.abc import Iterator

import pytest
from approvals_office import POLICY
from command_line import InProcess, Process
from desk import LOST, Desk
from test_every_command import commands

from oppcli.cli.lacking import ASKS, NOT_ASKED, WALKS
from oppcli.cli.line import EXPLAINED
from oppcli.rules.verbs import names, verb

REASON = "is not done without a reason, though its row is of other cases"
BESIDES_THE_TABLE = {"withdraw": REASON}


def _needed() -> Iterator[tuple[str, str]]:
    """(command, parameter) of all that has to be given."""
    for line, command in commands():
        yield from ((line, str(param.name).rstrip("_")) for param in command.params if param.required)


NEEDED = list(_needed())
ASKED = sorted({line for line, name in NEEDED} - {key.rpartition(" ")[0] for key in NOT_ASKED})


def test_all_that_has_to_be_given_is_asked_for_or_has_a_reason_why_not() -> None:
    assert len(NEEDED) > 60
    unasked = [f"{line} {name}" for line, name in NEEDED if f"{line} {name}" not in ASKS and name not in ASKS]
    assert sorted(unasked) == sorted(NOT_ASKED)
    known = {f"{line} {name}" for line, name in NEEDED} | {name for _, name in NEEDED}
    assert set(ASKS) - known == set()


def test_the_verbs_that_want_a_reason_are_those_of_the_table() -> None:
    lines = {line for line, _ in commands()}
    table = {name for name in names() if verb(name).needs_reason and name in lines}
    assert table | set(BESIDES_THE_TABLE) == EXPLAINED


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("questions")
    made = Desk(InProcess(folder), Process(folder), POLICY + LOST)
    made.opp.ok("add 电梯 --amount 80万", user="li")
    made.opp.ok("submit D-1 risk", user="li")
    yield made
    made.terminal.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("line", ASKED)
def test_every_command_asks_on_a_terminal_and_ctrl_d_writes_nothing(desk: Desk, line: str, lang: str) -> None:
    before = desk.opp.db.read_bytes()
    prompt = {"en": ": ", "zh": "："}[lang]
    prompt = {"en": "[q]uit: ", "zh": "[q]"}[lang] if line in WALKS else prompt
    shown = desk.at(f"--lang {lang} --as {'chen' if line in WALKS else 'root'} {line}", (prompt, "\x04"), code=130)
    assert {"en": "Nothing was written.", "zh": "没有写入任何内容。"}[lang] in shown
    assert desk.opp.db.read_bytes() == before


@pytest.mark.parametrize("line", sorted({line for line, _ in NEEDED}))
def test_no_command_asks_without_a_terminal_and_names_all_that_it_lacks(desk: Desk, line: str) -> None:
    answer = desk.opp(line, user="root")
    assert answer.code == 2
    assert answer.err.startswith("error: ")
    wanted = [param for found, command in commands() if found == line for param in command.params if param.required]
    names_ = [param.human_readable_name if param.param_type_name == "argument" else param.opts[0] for param in wanted]
    assert [name for name in names_ if name not in answer.err] == []


STORIES: tuple[tuple[str, list[tuple[str, str]], str], ...] = (
    (
        "li deal attach",
        [
            ("which deal", "电梯"),
            ("which file", "nowhere.pdf"),
            ("which file", "team.toml"),
            ("or another word", "合同"),
        ],
        "deal attach D-1 team.toml --kind 合同",
    ),
    ("root deal assign", [("which deal", "D-1"), ("who?", "wang")], "deal assign D-1 --to wang"),
    (
        "li lead reject D-2",
        [("why is it lost?", "其他"), ("more about it", "搬家")],
        "lead reject D-2 --reason 其他 -m 搬家",
    ),
    ("chen reject R-1", [("why is it rejected", ""), (": ", "太贵")], "reject R-1 -m 太贵"),
    ("chen request transfer R-1", [("who?", "wang"), ("why", "休假")], "request transfer R-1 --to wang -m 休假"),
    (
        "chen request add-approver",
        [("which request?", "1"), ("where?", "beside"), ("who?", "tang")],
        "request add-approver R-1 --beside tang",
    ),
    ("root request cancel", [("which request?", "R-1"), ("why", "重复")], "request cancel R-1 -m 重复"),
    ("chen delegate add", [("until when?", "+2w")], "delegate add --end +2w"),
    ("root user add", [("login of the new person", "mei")], "user add mei"),
    ("root export", [("export what?", "customers")], "export customers"),
    ("root customer erase -n", [("which customer", "南屏陶"), ("which one", "1"), ("why", "客户要求")],
     "customer erase 南屏陶瓷 -m 客户要求 -n"),
    ("li note", [("on what?", "电梯"), ("what happened", "电话：预算已批")], "note 电梯 '电话：预算已批'"),
    ("li note D-1 -k call", [("what happened", "预算已批")], "note D-1 预算已批 -k call"),
    ("li gate", [("which deal", "D-1")], "gate D-1"),
    ("li deal edit --set region=华东", [("which deal", "电梯")], "deal edit D-1 --set region=华东"),
    ("li config get", [("which setting?", "tz")], "config get tz"),
)  # fmt: skip


@pytest.mark.parametrize(("line", "answers", "whole"), STORIES, ids=[line for line, *_ in STORIES])
def test_each_question_gives_its_part_of_the_line_that_is_told_at_the_end(
    opp: InProcess, opp_process: Process, line: str, answers: list[tuple[str, str]], whole: str
) -> None:
    desk = Desk(opp, opp_process, POLICY + LOST)
    opp.ok("add 电梯 --amount 80万 --customer 江南精工", user="li")
    opp.ok("add 水泵 --customer 南屏陶瓷", user="li")
    opp.ok("submit D-1 risk", user="li")
    who, _, typed = line.partition(" ")
    shown = desk.at(f"--as {who} {typed}", *answers)
    desk.terminal.close()
    assert shown.splitlines()[-1] == f"without questions: opp --as {who} {whole}"


@pytest.mark.parametrize("line", ["deal lose D-1", "submit D-1", "deal reopen D-1", "request reject R-1", "user add"])
def test_where_json_is_awaited_nothing_is_asked(desk: Desk, line: str) -> None:
    ended, shown = desk.terminal(f"{line} -o json")
    assert ended != 130
    assert '"error"' in shown
