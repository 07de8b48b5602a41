"""Hooks: a program of the team's own is asked before what people do is committed, while nothing is locked."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from begun import begun
from command_line import InProcess
from stages import STAGES, team_policy

POLICY = team_policy(
    STAGES,
    """[type.quote]
title = "Quote"
[[type.quote.step]]
name = "Boss"
who = ["user:wang"]
""",
    head='language = "en"\n',
)
HOOK = """
[[hook]]
name = "erp"
on = ["deal.win", "request.submit"]
"""
MAPPING = """
system = "old"
[fields]
external_id = "id"
title = "title"
customer = { column = "customer", create = true }
owner = "owner"
stage = "stage"
"""
AT = "2026-03-02T10:00:00+08:00"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    (opp.folder / "policy.toml").write_text(POLICY + HOOK, "utf-8")
    opp.ok("init --policy policy.toml --name Wang", now=AT)
    opp.ok("user add li --name Li", now=AT)
    opp.ok("lead add One --customer Acme --amount 800000", user="li", now=AT)
    opp.ok("lead add Two --customer Acme --amount 100", user="li", now=AT)
    return opp


def program(opp: InProcess, text: str, name: str = "erp") -> Path:
    """A hook of this machine; it keeps what it was given, a line each."""
    path, kept = opp.folder / f"hook-{name}", opp.folder / f"asked-{name}"
    path.write_text(f"#!/bin/sh\ncat >> {kept}; echo >> {kept}\n{text}\n")
    path.chmod(0o755)
    config = Path(opp.env["XDG_CONFIG_HOME"]) / "opp" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    before = config.read_text() if config.exists() else ""
    config.write_text(before + f'[hook.{name}]\ncommand = ["{path}"]\n')
    return kept


def asked(kept: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in kept.read_text("utf-8").splitlines()] if kept.exists() else []


def stage(opp: InProcess, deal: str = "D-1") -> str:
    return str(opp.ok(f"deal show {deal} --json", now=AT).json["stage"])


def policy(opp: InProcess, hook: str) -> None:
    (opp.folder / "policy.toml").write_text(POLICY + hook, "utf-8")
    opp.ok("policy apply policy.toml", now=AT)


def test_a_hook_that_says_yes_is_asked_once_with_what_would_be_written(team: InProcess) -> None:
    kept = program(team, "exit 0")
    won = team.ok("advance D-1 --to Won", user="li", now=AT)
    (told,) = asked(kept)
    assert "Won" in won.out
    assert stage(team) == "Won"
    assert (told["opp"], told["event"], told["actor"], told["ref"]) == (1, "deal.win", "li", "D-1")
    assert told["changes"]["stage"] == ["Lead", "Won"]
    assert (told["deal"]["id"], told["deal"]["amount"], told["deal"]["stage"]) == ("D-1", "800000.00", "Won")
    assert told["request"] is None


def test_a_hook_that_says_no_is_a_refusal_with_its_words_and_nothing_is_written(team: InProcess) -> None:
    program(team, "echo 'no credit left' >&2; echo more >&2; exit 1")
    refused = team("win D-1 -o json", user="li", now=AT)
    attempts = team.ok("log D-1 --json", now=AT).json
    assert refused.code == 7
    error = refused.error
    assert (error["slug"], error["reasons"][0]["slug"], error["reasons"][0]["detail"]) == (
        *("hook_veto", "hook_veto"),
        "no credit left",
    )
    assert stage(team) == "Lead"
    assert [each["action"] for each in attempts][-1] == "refused"


def test_what_no_hook_is_asked_of_goes_on_without_it(team: InProcess) -> None:
    kept = program(team, "exit 1")
    team.ok("advance D-1 --to Offer", user="li", now=AT)
    team.ok("deal edit D-1 --set amount=5", user="li", now=AT)
    assert asked(kept) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [("exit 3", "exit 3"), ("echo boom >&2; exit 4", "exit 4: boom"), ("sleep 20", "was not done within 0.5 s")],
)
def test_without_an_answer_the_policy_says_what_follows(opp: InProcess, text: str, said: str) -> None:
    hook = '[[hook]]\nname = "erp"\non = "deal.win"\ntimeout = "0.5s"\n'
    (opp.folder / "policy.toml").write_text(POLICY + hook, "utf-8")
    opp.ok("init --policy policy.toml", now=AT)
    opp.ok("lead add One --customer Acme", now=AT)
    program(opp, text)
    refused = opp("win D-1", now=AT)
    policy(opp, hook + 'fail = "warn"\n')
    went_on = opp.ok("win D-1", now=AT)
    assert (refused.code, said in refused.err) == (7, True)
    assert said in went_on.err
    assert "it goes on" in went_on.err
    assert stage(opp) == "Won"


def test_without_a_command_on_this_machine_nothing_is_done_unless_the_policy_only_warns(team: InProcess) -> None:
    refused = team("win D-1 -o json", user="li", now=AT)
    doctor = team("doctor", now=AT)
    check = team.ok("policy check policy.toml", now=AT)
    policy(team, HOOK + 'fail = "warn"\n')
    went_on = team.ok("win D-1", user="li", now=AT)
    assert (refused.code, refused.error["slug"]) == (8, "no_hook")
    assert "[hook.erp] command = […]" in refused.error["reasons"][0]["fix"]
    assert "the hook erp has no command on this machine" in doctor.out
    assert "P062" in check.err
    assert "it goes on" in went_on.err


def test_a_dry_run_asks_nobody(team: InProcess) -> None:
    kept = program(team, "exit 1")
    team.ok("win D-1 -n", user="li", now=AT)
    assert asked(kept) == []


def test_a_batch_asks_for_each_and_only_what_was_refused_stays(team: InProcess) -> None:
    kept = program(team, "grep -q '\"D-2\"' " + str(team.folder / "asked-erp") + " && exit 1; exit 0")
    done = team("win D-1 D-2", user="li", now=AT)
    assert done.code == 9
    assert [each["ref"] for each in asked(kept)] == ["D-1", "D-2"]
    assert (stage(team, "D-1"), stage(team, "D-2")) == ("Won", "Lead")


def test_a_submit_is_asked_of_before_it_has_a_number_and_is_made_once(team: InProcess) -> None:
    kept = program(team, "exit 0")
    team.ok("submit D-1 quote", user="li", now=AT)
    (told,) = asked(kept)
    assert (told["event"], told["ref"], told["request"]["type"], told["request"]["state"]) == (
        *("request.submit", None, "quote"),
        "pending",
    )
    assert (told["deal"]["id"], told["request"]["id"]) == ("D-1", None)
    assert [each["id"] for each in team.ok("request list --json", now=AT).json] == ["R-1"]


def test_all_that_say_no_are_told_at_once(team: InProcess) -> None:
    policy(team, HOOK + '[[hook]]\nname = "crm"\non = "deal.*"\n')
    program(team, "echo one >&2; exit 1")
    program(team, "echo two >&2; exit 1", "crm")
    refused = team("win D-1 -o json", user="li", now=AT)
    assert [(each["what"], each["detail"]) for each in refused.error["reasons"]] == [
        ("erp", "one"),
        ("crm", "two"),
    ]


def test_a_hook_may_be_for_some_deals_alone(team: InProcess) -> None:
    policy(team, HOOK + 'when = "amount > 1000"\n')
    program(team, "exit 1")
    assert team("win D-1", user="li", now=AT).code == 7
    assert team("win D-2", user="li", now=AT).code == 0


def test_the_example_says_no_to_what_is_large_and_has_no_number(team: InProcess) -> None:
    field = '[fields.erp_number]\ntype = "text"\n'
    policy(team, field + '[[hook]]\nname = "credit"\non = ["deal.win"]\n')
    config = Path(team.env["XDG_CONFIG_HOME"]) / "opp" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    example = Path(__file__).resolve().parents[2] / "examples/hooks/credit.py"
    config.write_text(f'[hook.credit]\ncommand = ["{sys.executable}", "{example}"]\n')
    refused = team("win D-1", user="li", now=AT)
    small = team("win D-2", user="li", now=AT)
    team.ok("deal edit D-1 --set erp_number=4711", user="li", now=AT)
    assert (refused.code, small.code, team("win D-1", user="li", now=AT).code) == (7, 0, 0)
    assert "D-1 is above 500,000 and has no ERP number" in refused.err


def line(opp: InProcess, words: str, at: str = AT) -> str:
    """A command that another process runs."""
    given = " ".join(f"{name}='{value}'" for name, value in opp.env.items() if name.startswith(("OPP", "XDG", "HOME")))
    return f"env {given} OPP_NOW={at} {sys.executable} -m oppcli {words} >&2"


def test_the_lock_is_free_while_a_hook_runs_and_what_moved_meanwhile_is_asked_of_again(team: InProcess) -> None:
    once = team.folder / "once"
    change = line(team, "deal edit D-1 --set amount=77 || exit 5")
    kept = program(team, f"[ -e {once} ] && exit 0; touch {once}; {change}; exit 0")
    team.ok("win D-1", user="li", now=AT)
    assert [each["deal"]["amount"] for each in asked(kept)] == ["800000.00", "77.00"]
    shown = team.ok("deal show D-1 --json", now=AT).json
    assert (shown["stage"], shown["amount"]) == ("Won", "77.00")


def test_what_others_do_elsewhere_meanwhile_is_no_reason_to_ask_again(team: InProcess) -> None:
    later = f"2026-03-02T10:3$(wc -l < {team.folder / 'asked-erp'}):00+08:00"
    change = line(team, "lead add Other --customer Else || exit 5", later)
    kept = program(team, f"{change}; exit 0")
    team.ok("win D-1", user="li", now=AT)
    team.ok("submit D-2 quote", user="li", now=AT)
    assert [each["event"] for each in asked(kept)] == ["deal.win", "request.submit"]


def test_a_deal_that_never_stands_still_is_a_conflict(team: InProcess) -> None:
    change = line(team, "deal edit D-1 --set amount=$(date +%N | sed 's/^0*//' | cut -c1-6)1 || exit 5")
    kept = program(team, f"{change}; exit 0")
    refused = team("win D-1", user="li", now=AT)
    assert (refused.code, "changed 3 times while its hooks were asked" in refused.err) == (5, True)
    assert len(asked(kept)) == 3
    assert stage(team) == "Lead"


def test_time_and_imports_ask_no_hook(team: InProcess) -> None:
    policy(team, '[[hook]]\nname = "erp"\non = "deal.create"\n')
    (team.folder / "deals.csv").write_text("id,title,customer,owner,stage\n1,Three,Acme,li,Lead\n", "utf-8")
    kept = program(team, "exit 1")
    (team.folder / "m.toml").write_text(MAPPING, "utf-8")
    team.ok("import deals.csv --mapping m.toml", now=AT)
    team.ok("tick", now=AT)
    assert team("lead add Four --customer Acme", now=AT).code == 7
    assert len(asked(kept)) == 1


def test_a_policy_without_hooks_loads_none_of_it(opp_process: Any) -> None:
    opp = opp_process
    assert opp("init", "--template", "blank", "--lang", "en").code == 0
    done = opp("lead add One --customer Acme", env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert done.code == 0
    assert "oppcli.cli.writing" in done.err
    unused = ("oppcli.cli.hooked", "oppcli.actions.hooks", "oppcli.model.hooking", "oppcli.model.events")
    assert [word for word in unused if word in done.err] == []


def test_what_is_no_hook_is_refused_with_its_place(opp: InProcess) -> None:
    hook = '[[hook]]\nname = "erp"\non = ["win"]\ntimeout = "5h"\nfail = "maybe"\nwhen = "amuont > 5"\n'
    (opp.folder / "policy.toml").write_text(POLICY + hook, "utf-8")
    refused = opp("policy check policy.toml", now=AT)
    assert refused.code == 8
    assert [code for code in ("P062", "P020", "P037", "P010") if code not in refused.err] == []


def test_a_copy_for_the_customer_is_not_written_before_the_hooks_agree(opp: InProcess) -> None:
    quotes = '[quote]\ntaxes = [13, 6]\n[[hook]]\nname = "erp"\non = "quote.send"\n'
    (opp.folder / "policy.toml").write_text(POLICY + quotes, "utf-8")
    opp.ok("init --policy policy.toml", now=AT)
    opp.ok("lead add One --customer Acme", now=AT)
    opp.ok("quote line D-1 --item Work --price 100 --tax 6", now=AT)
    kept = program(opp, f"[ -e {opp.folder}/agreed ] || exit 1")
    refused = opp("quote send D-1 Q-1.html", now=AT)
    early = (opp.folder / "Q-1.html").exists()
    (opp.folder / "agreed").touch()
    opp.ok("quote send D-1 Q-1.html", now=AT)
    assert (refused.code, early) == (7, False)
    assert len(asked(kept)) == 2
    assert (opp.folder / "Q-1.html").exists()


def test_what_an_undo_brings_back_is_asked_of_like_anything_else(team: InProcess) -> None:
    kept = program(team, "exit 0")
    team.ok("win D-2", user="li", now=AT)
    team.ok("deal reopen D-2 -m mistaken", now=AT)
    script = team.folder / "hook-erp"
    script.write_text(script.read_text().replace("exit 0", "exit 1"))
    refused = team("undo", now=AT)
    assert refused.code == 7
    assert stage(team, "D-2") != "Won"
    assert [each["event"] for each in asked(kept)] == ["deal.win", "deal.win"]


def test_what_came_on_standard_input_is_there_still_when_it_is_done_again(opp: InProcess) -> None:
    hook = '[quote]\ntaxes = [13, 6]\n[[hook]]\nname = "erp"\non = ["quote.*", "activity.create", "deal.win"]\n'
    (opp.folder / "policy.toml").write_text(POLICY + hook, "utf-8")
    opp.ok("init --policy policy.toml", now=AT)
    opp.ok("lead add One --customer Acme", now=AT)
    kept = program(opp, "exit 0")
    opp.ok("quote set D-1 -", stdin=b"item,qty,price,tax\nWork,2,100,6\n", now=AT)
    opp.ok("note D-1 -", stdin=b"call: from a pipe\n", now=AT)
    opp.ok("win -", stdin=b"D-1\n", now=AT)
    assert {each["event"].partition(".")[0] for each in asked(kept)} == {"quote", "activity", "deal"}
    assert opp.ok("deal show D-1 --json", now=AT).json["amount"] == "200.00"
    assert "from a pipe" in opp.ok("activity list --json", now=AT).out
    assert stage(opp) == "Won"


@pytest.mark.parametrize("on", ['["deal.fly"]', '["deal.refused"]', '["plane.win"]', '["deal"]', "[]"])
def test_what_never_happens_is_nothing_that_a_hook_can_be_asked_of(opp: InProcess, on: str) -> None:
    (opp.folder / "policy.toml").write_text(f'{POLICY}[[hook]]\nname = "erp"\non = {on}\n', encoding="utf-8")
    told = opp("policy check policy.toml")
    assert (told.code, "P062" in told.out + told.err) == (8, True)
