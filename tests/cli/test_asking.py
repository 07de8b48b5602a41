"""What is asked on a terminal where something is missing, and refused with all its choices elsewhere."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from approvals_office import POLICY
from command_line import InProcess, Process
from desk import LOST, Desk
from terminal import Terminal

TIERS = '\n[fields.tier]\ntitle = "客户等级"\nrequired = true\nvalues = ["A", "B", "C"]\n'


@pytest.fixture
def desk(opp: InProcess, opp_process: Process) -> Iterator[Desk]:
    made = Desk(opp, opp_process, POLICY + LOST)
    yield made
    made.terminal.close()


@pytest.fixture
def strict(opp: InProcess, opp_process: Process) -> Iterator[Desk]:
    """The policy wants a tier of every deal."""
    made = Desk(opp, opp_process, POLICY + TIERS)
    yield made
    made.terminal.close()


def test_a_lead_is_asked_for_with_what_the_policy_wants_and_told_without_questions(strict: Desk) -> None:
    strict.opp.ok("lead add First --customer 江南精工 --set tier=A", user="li")
    shown = strict.at(
        "--as li add",
        ("what is it about", "电梯 二期"),
        ("customer", "江南精"),
        ("number or name", "1"),
        ("amount", "50万"),
        ("number or name", "b"),
    )
    assert "D-2 added: 电梯 二期, 江南精工, CNY 500,000.00" in shown
    line = "lead add '电梯 二期' --customer 江南精工 --amount 50万 --set tier=B"
    assert shown.splitlines()[-1] == f"without questions: opp --as li {line.removeprefix('lead ')}"


def test_without_a_terminal_everything_missing_is_told_at_once_with_its_choices(strict: Desk) -> None:
    assert strict.missing("add") == [
        "error: 2 things are missing",
        "  TITLE         what it is about",
        "  --set tier=…  A, B, C",
        "hint: opp add TITLE",
    ]


def test_a_verb_without_deal_and_type_tells_both(desk: Desk) -> None:
    assert desk.missing("submit") == [
        "error: 2 things are missing",
        "  DEAL  D-142, 142, or a title",
        "  TYPE  quote 报价审批, risk 风控审批, tech 技术评审",
        "hint: opp submit DEAL quote",
    ]
    assert desk.missing("lose")[:3] == [
        "error: 2 things are missing",
        "  DEAL...   one or more deals",
        "  --reason  价格, 竞品, 其他",
    ]


def test_a_deal_is_found_by_its_words_and_a_type_by_its_beginning(desk: Desk) -> None:
    desk.opp.ok("add 电梯 --customer 江南", user="li")
    desk.opp.ok("add 电梯 --customer 南屏", user="li")
    shown = desk.at("--as li submit -n", ("which deal", "电梯 南屏"), ("number or name", "风"), code=7)
    assert "D-2 is not ready for risk yet" in shown
    assert shown.splitlines()[-1] == "without questions: opp --as li submit D-2 risk -n"


def test_a_reference_to_several_deals_is_settled_by_a_number(desk: Desk) -> None:
    desk.opp.ok("add 电梯一期", user="li")
    desk.opp.ok("add 电梯二期", user="li")
    shown = desk.at("--as li show 电梯", ("number or name", "2"))
    assert "D-2" in shown
    assert "without questions: opp --as li show D-2" in shown


@pytest.mark.parametrize("words", ["江南 电梯", "'江南 电梯'"])
def test_words_that_stand_for_several_deals_are_asked_about_once(desk: Desk, words: str) -> None:
    desk.opp.ok("add 电梯一期 --customer 江南", user="li")
    desk.opp.ok("add 电梯二期 --customer 江南", user="li")
    shown = desk.at(f"--as li show {words}", ("number or name", "2"))
    assert shown.count("number or name") == 1
    assert "without questions: opp --as li show D-2" in shown


def test_deals_of_one_title_are_told_apart_by_their_customers(desk: Desk) -> None:
    desk.opp.ok("add Pumps --customer 江南", user="li")
    desk.opp.ok("add Pumps --customer 南屏", user="li")
    assert desk.opp("show Pumps").err.splitlines()[1:3] == ["  D-1  Pumps, 江南", "  D-2  Pumps, 南屏"]
    offered = "  1  D-2  Pumps, 南屏\n  2  D-1  Pumps, 江南\n"
    assert offered in desk.at("--as li show", ("which deal", ""), ("number or name", "1"))


def test_enter_alone_says_that_something_has_to_be_chosen_where_nothing_is_taken_for_it(desk: Desk) -> None:
    desk.opp.ok("add 电梯", user="li")
    shown = desk.at("--as li lose D-1", ("number or name: ", ""), ("number or name: ", "\x03"), code=130)
    assert "number or name: something has to stand here\n" in shown


def test_losing_asks_for_the_reason_and_for_the_text_that_it_needs(desk: Desk) -> None:
    desk.opp.ok("add 电梯", user="li")
    shown = desk.at(
        "--as li lose D-1",
        ("number or name", "其他"),
        ("more about it: ", ""),
        ("more about it: ", "搬家"),
        ("who got it", ""),
    )
    assert "D-1 电梯 is lost" in shown
    assert "opp --as li lose D-1 --reason 其他 -m 搬家" in shown


def test_who_leaves_is_asked_for_a_successor_by_what_is_open(desk: Desk) -> None:
    desk.opp.ok("add 电梯", user="li")
    desk.opp.ok("add 水泵", user="li")
    shown = desk.at("--as root user deactivate li", ("2 open deals: to whom?", "wang"))
    assert "2 open deals of li go to wang: D-1, D-2" in shown
    assert "opp --as root user deactivate li --successor wang" in shown


@pytest.mark.parametrize("end", ["\x04", "\x03"])
def test_the_end_of_the_input_and_ctrl_c_write_nothing(desk: Desk, end: str) -> None:
    shown = desk.at("--as li add", ("what is it about", end), code=130)
    assert "Nothing was written." in shown
    assert desk.opp.ok("deal list --json").json == []


@pytest.mark.parametrize(
    ("line", "asks"),
    [("add", True), ("--no-input add", False), ("show --json", False), ("show -o jsonl", False), ("show", True)],
)
def test_flags_that_end_questions(desk: Desk, line: str, asks: bool) -> None:
    shown = desk.at(line, *([(": ", "\x04")] if asks else []), code=130 if asks else 2)
    assert ("missing argument" in shown) is not asks


@pytest.mark.parametrize(("ci", "asks"), [("1", False), ("true", False), ("0", True), ("false", True), ("no", False)])
def test_a_machine_that_builds_is_never_asked(desk: Desk, ci: str, asks: bool) -> None:
    terminal = Terminal(
        {**desk.real.env, "CI": ci, "PYTHONPATH": str(Path(__file__).parents[2])}, str(desk.real.folder)
    )
    try:
        code, _ = terminal("add", [(": ", "\x04")] if asks else [])
    finally:
        terminal.close()
    assert code == (130 if asks else 2)


def test_questions_leave_the_answer_of_a_command_alone(desk: Desk) -> None:
    desk.at("--as li -q add > out.txt", ("what is it about", "电梯"), ("customer", ""), ("amount", ""))
    assert (desk.opp.folder / "out.txt").read_text("utf-8") == "D-1\n"


def test_a_closed_stdin_is_not_asked(desk: Desk) -> None:
    assert "missing argument 'TITLE'" in desk.at("--as li add <&-", code=2)


def test_what_one_may_not_see_is_offered_to_nobody(opp: InProcess, opp_process: Process) -> None:
    desk = Desk(opp, opp_process, POLICY + '\n[scope]\nsee = { "*" = "own", manager = "all" }\n')
    opp.ok("add 电梯一期 --customer 江南", user="li")
    opp.ok("add 电梯二期 --customer 南屏", user="wang")
    shown = desk.at("--as li show", ("which deal", ""), ("number or name", "\x03"), code=130)
    assert ("电梯一期" in shown, "电梯二期" in shown) == (True, False)
    desk.terminal.close()


def editing(desk: Desk, script: str, **more: str) -> None:
    """The editor is a script that has the file as `$1`."""
    program = desk.opp.folder / "editor"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    desk.terminal.close()
    desk.terminal = Terminal(
        {
            **desk.real.env,
            "OPP_EDITOR": str(program),
            "EDITOR": "false",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            **more,
        },
        str(desk.real.folder),
    )


def kept(desk: Desk) -> list[str]:
    """The texts that are kept."""
    state = desk.opp.folder / "home" / "state" / "opp"
    return [path.read_text("utf-8") for path in sorted(state.glob("*"))]


def test_a_reason_is_written_in_the_editor_and_what_stands_below_the_line_is_not_taken(desk: Desk) -> None:
    desk.opp.ok("add 电梯", user="li")
    editing(desk, 'printf "太贵\\n# 第二行\\n" | cat - "$1" > "$1.new" && mv "$1.new" "$1"')
    shown = desk.at("--as li lose D-1 --reason 价格 -e")
    assert "D-1 电梯 is lost" in shown
    assert desk.opp.ok("show D-1 --json").json["close_detail"] == "太贵\n# 第二行"
    assert kept(desk) == []


def test_an_empty_text_writes_nothing(desk: Desk) -> None:
    desk.opp.ok("add 电梯", user="li")
    editing(desk, "true")
    assert "the text is empty: nothing was written" in desk.at("--as li lose D-1 --reason 价格 -e", code=2)
    assert desk.opp.ok("show D-1 --json").json["kind"] == "lead"
    assert kept(desk) == []


@pytest.mark.parametrize("more", ["--reason 没有这个", "--reason 价格 -n"])
def test_what_was_typed_is_kept_and_named_where_it_was_not_written(desk: Desk, more: str) -> None:
    desk.opp.ok("add 电梯", user="li")
    editing(desk, 'echo 太贵 > "$1"')
    shown = desk.at(f"--as li lose D-1 -e {more}", code=0 if "-n" in more else 7)
    assert "what you wrote is kept in " in shown
    assert kept(desk) == ["太贵\n"]


def on_one_line(shown: str) -> str:
    """What stands in lines that fit."""
    return " ".join(shown.split())


def test_an_editor_that_fails_leaves_what_was_typed(desk: Desk) -> None:
    desk.opp.ok("add 电梯", user="li")
    editing(desk, 'echo 太贵 > "$1"; exit 3')
    assert "ended with 3" in on_one_line(desk.at("--as li lose D-1 --reason 价格 -e", code=1))
    assert kept(desk) == ["太贵\n"]


@pytest.mark.parametrize("line", ["--as root policy edit", "--as li lose D-1 --reason 价格 -e"])
def test_nothing_is_kept_where_the_editor_failed_before_anything_was_typed(desk: Desk, line: str) -> None:
    desk.opp.ok("add 电梯", user="li")
    editing(desk, "exit 3")
    shown = on_one_line(desk.at(line, code=1))
    assert ("ended with 3" in shown, "is kept" in shown, kept(desk)) == (True, False, [])


@pytest.mark.parametrize("line", ["--as root policy edit", "--as li lose D-1 --reason 价格 -e"])
def test_an_editor_is_not_started_with_the_rights_that_sudo_lends(desk: Desk, line: str) -> None:
    desk.opp.ok("add 电梯", user="li")
    editing(desk, 'echo 太贵 > "$1"; touch started', SUDO_UID="4242")
    shown = on_one_line(desk.at(line, code=2))
    assert "through sudo nothing is written in an editor" in shown
    assert (list(desk.opp.folder.rglob("started")), kept(desk)) == ([], [])


def test_an_editor_needs_a_terminal_and_no_text_beside_it(desk: Desk) -> None:
    desk.opp.ok("add 电梯", user="li")
    assert desk.missing("lose D-1 --reason 价格 -e") == ["error: an editor needs a terminal"]
    assert desk.missing("lose D-1 --reason 价格 -e -m 太贵") == ["error: -e stands in place of -m TEXT"]


def test_init_lets_choose_a_template_and_takes_none_with_approvals_unasked(
    opp: InProcess, opp_process: Process
) -> None:
    terminal = Terminal({**opp_process.env, "PYTHONPATH": str(Path(__file__).parents[2])}, str(opp_process.folder))
    code, shown = terminal("init", [("number or name [b2b]", "")])
    terminal.close()
    assert (code, [line.split()[1] for line in shown.splitlines() if line[:3].strip().isdigit()]) == (
        0,
        ["b2b", "saas", "service", "retail", "blank"],
    )
    assert "policy b2b.en applied" in " ".join(shown.split())
    assert "without questions: opp init --template b2b" in shown
    opp.db.unlink()
    unasked = opp.ok("init")
    assert unasked.err == "the policy is the template blank, without approvals; others: opp policy templates\n"
    assert "policy blank.en applied" in unasked.out


def test_templates_are_listed_printed_and_applied(desk: Desk) -> None:
    names = [row["template"] for row in desk.opp.ok("policy templates --json").json]
    assert names == ["b2b", "saas", "service", "retail", "blank"]
    text = desk.opp.ok("policy templates b2b --lang zh").out
    assert "工程项目" in text
    assert desk.opp("policy templates nothing").code == 2
    desk.opp.ok("policy apply --template saas --rename 线索=Lead --rename 赢单=Won --rename 输单=Lost", user="root")
    assert desk.opp.ok("policy show").out == desk.opp.ok("policy templates saas").out


def test_a_policy_that_nobody_named_is_refused_with_both_ways(desk: Desk) -> None:
    assert desk.missing("policy apply", "root")[1:3] == [
        "  FILE        a policy in TOML; - for stdin   opp policy apply FILE",
        "  --template  b2b, saas, service, retail, blank   opp policy apply --template b2b",
    ]


def test_a_policy_is_edited_until_it_is_right_compared_and_applied(desk: Desk) -> None:
    editing(desk, "if [ -e twice ]; then sed -i 's/knd/kind/; s/detail_required.*//' \"$1\"; fi; touch twice\n"
                  "[ -e thrice ] || sed -i 's/kind/knd/' \"$1\"; touch thrice")  # fmt: skip
    shown = desk.at("--as root policy edit", ("number or name [edit]", ""), ("apply it?", "y"))
    assert "unknown key 'knd'" in shown
    assert "0 open deals compared" in shown
    assert "version 2" in shown
    assert "detail_required" not in desk.opp.ok("policy show").out
    assert kept(desk) == []


def test_a_policy_that_stays_wrong_or_is_not_applied_is_kept(desk: Desk) -> None:
    editing(desk, "sed -i 's/kind/knd/' \"$1\"")
    assert "what you wrote is kept" in desk.at("--as root policy edit", ("number or name [edit]", "leave"), code=8)
    editing(desk, "sed -i 's/其他/别的/g' \"$1\"")
    assert "Nothing was written." in desk.at("--as root policy edit", ("apply it?", "n"), code=130)
    assert (len(kept(desk)), len(desk.opp.ok("policy history --json").json)) == (2, 1)


def test_a_policy_that_somebody_else_applied_meanwhile_is_not_written_over(desk: Desk) -> None:
    text = desk.opp.ok("policy show").out
    (desk.opp.folder / "other.toml").write_text(text + "\n# another\n", encoding="utf-8")
    program = f"{sys.executable} -m oppcli"
    editing(desk, f"sed -i 's/其他/别的/g' \"$1\"; {program} --as root policy apply other.toml >&2")
    shown = desk.at("--as root policy edit", ("apply it?", "y"), code=5)
    assert "somebody applied another policy meanwhile" in shown
    assert ["别的" in text for text in kept(desk)] == [True]
    assert desk.opp.ok("policy show").out.endswith("# another\n")


def test_who_may_not_apply_a_policy_edits_none(desk: Desk) -> None:
    editing(desk, "touch edited")
    desk.at("--as li policy edit", code=4)
    assert not (desk.opp.folder / "edited").exists()


def submitted(desk: Desk, *titles: str) -> None:
    """Requests of type risk, each for a deal of its own, that wait for chen."""
    for title in titles:
        deal = desk.opp.ok("-q", "add", title, "--amount", "80万", user="li").out.strip()
        desk.opp.ok("submit", deal, "risk", user="li")


def test_without_a_request_one_walks_through_the_inbox_card_by_card(desk: Desk) -> None:
    submitted(desk, "电梯", "水泵", "阀门", "风机")
    asked = "[q]uit: "
    shown = desk.at(
        "--as chen approve",
        (asked, "x"), (asked, "a"), (asked, "reject"), ("why is it rejected", "太贵"), (asked, "s"), (asked, "q"),
    )  # fmt: skip
    assert "R-1 approved at" in shown
    assert "R-2 rejected at" in shown
    assert shown.endswith(
        "without questions: opp --as chen approve R-1 --rev 1\n"
        "without questions: opp --as chen reject R-2 --rev 1 -m 太贵\n"
    )
    states = {row["id"]: row["state"] for row in desk.opp.ok("request list --json").json}
    assert (states["R-3"], states["R-4"]) == ("pending", "pending")


def test_a_card_in_the_walk_shows_the_escapes_of_a_title(desk: Desk) -> None:
    submitted(desk, "电梯\x1b[2J")
    shown = desk.at("--as chen approve", ("[q]uit: ", "q"))
    assert "电梯\\e[2J" in shown
    assert "\x1b[2J" not in shown


def test_what_moved_on_while_its_card_was_shown_is_not_decided(desk: Desk) -> None:
    submitted(desk, "电梯")
    terminal = desk.terminal
    terminal._write(f"{sys.executable} -m oppcli --as chen approve; echo co''de=$?=")
    terminal._until("[q]uit: ")
    desk.opp.ok("deal edit D-1 --set amount=900000", user="li")
    terminal._write("a")
    shown = terminal._until("code=")
    assert int(terminal._until("=")) == 9
    assert "R-1" in shown
    assert desk.opp.ok("request show R-1 --json").json["state"] == "pending"


def test_a_yes_on_a_terminal_is_about_the_revision_that_was_shown_last(desk: Desk) -> None:
    submitted(desk, "电梯")
    assert "R-1" in desk.at("--as chen request show R-1")
    desk.opp.ok("deal edit D-1 --set amount=900000", user="li")
    refused = desk.at("--as chen approve R-1", code=5)
    assert "R-1 is at revision 2, not 1" in refused
    assert "R-1" in desk.at("--as chen request show R-1")
    assert "R-1 approved at" in desk.at("--as chen approve R-1")
    (kept,) = Path(desk.opp.env["XDG_STATE_HOME"]).glob("opp/seen/*")
    assert kept.stat().st_mode & 0o777 == 0o600  # and `opp doctor` has nothing to say of it


def test_in_a_script_a_yes_is_about_the_revision_of_now(desk: Desk) -> None:
    submitted(desk, "电梯")
    desk.at("--as chen request show R-1")
    desk.opp.ok("deal edit D-1 --set amount=900000", user="li")
    desk.opp.ok("approve R-1", user="chen")


def test_an_empty_inbox_asks_nothing(desk: Desk) -> None:
    assert "nothing waits for chen" in desk.at("--as chen reject")


def test_an_inbox_is_not_walked_through_without_a_terminal(desk: Desk) -> None:
    submitted(desk, "电梯")
    assert desk.missing("approve", "chen")[0] == "error: missing argument 'REQUEST...'"


def test_every_write_takes_ids_as_arguments_in_a_list_with_commas_and_from_standard_input(desk: Desk) -> None:
    submitted(desk, "电梯", "水泵", "阀门", "风机", "水箱")
    desk.opp.ok("reject R-1,R-2 -m 太贵", user="chen")
    desk.opp.ok("approve -", user="chen", stdin=b"R-3\nR-4\n")
    states = [row["state"] for row in desk.opp.ok("request list --json --sort id").json]
    assert (states[:2], states[4]) == (["rejected", "rejected"], "pending")
    desk.opp.ok("deal edit D-1 D-2,D-3 --set region=华东", user="li")
    desk.opp.ok("deal attach D-1,D-2 team.toml --kind 合同", user="li")
    assert [row["region"] for row in desk.opp.ok("deal list --json --sort id").json] == ["华东"] * 3 + [None] * 2
    assert desk.opp("lose D-1,D-9 --reason 价格", user="li").code == 9
    desk.opp.ok("user deactivate gao,lin xu", user="root")
    assert desk.opp.ok("lose - --reason 价格", user="li").out == "nothing to do\n"


@pytest.mark.parametrize("locale", ["C", "zh_CN.NOT-INSTALLED"])
def test_chinese_is_typed_under_a_locale_without_letters_of_its_own(
    opp: InProcess, opp_process: Process, locale: str
) -> None:
    opp_process.env["LC_ALL"] = locale
    desk = Desk(opp, opp_process, POLICY + LOST)
    try:
        desk.at("--as li add", ("what is it about", "灌装线改造"), ("customer", "江南精工"), ("amount", "28万"))
        rows = desk.opp.ok("ls -o csv -c id,title,customer,amount", user="li").out.splitlines()
        assert rows[1:] == ["D-1,灌装线改造,江南精工,280000.00"]
    finally:
        desk.terminal.close()
