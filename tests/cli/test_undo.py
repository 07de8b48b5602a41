"""`opp undo`: every run that can be taken back is, by whom it may be, and nothing that stands for good."""

import shlex
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from begun import begun
from command_line import Answer, InProcess

from oppcli import fastpath

POLICY = """
[policy]
name = "test"
currency = "EUR"
calendar = "office"
fallback = "user:ann"
[[stage]]
name = "New Lead"
kind = "lead"
[[stage]]
name = "Needs Analysis"
kind = "open"
[[stage]]
name = "Proposal"
kind = "open"
enter = ["amount"]
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
[type.quote]
title = "Quote"
material = ["amount"]
[[type.quote.step]]
name = "Manager"
who = "user:mia"
[gate]
"Won" = ["quote"]
[calendar.office]
timezone = "Asia/Shanghai"
mon_fri = ["09:00-18:00"]
"""
LATER = "2026-03-03T17:00:01+08:00"
"""A day and a second after the clock of the tests."""


class Team:
    """ann is admin, mia leads sam and sue, bob leads nobody."""

    def __init__(self, opp: InProcess) -> None:
        self.opp = opp
        (opp.folder / "policy.toml").write_text(POLICY, "utf-8")
        self.ok("ann", "init --policy policy.toml")
        for line in ("mia --role manager", "sam --manager mia", "sue --manager mia", "bob --role manager"):
            self.ok("ann", f"user add {line}")
        self.ok("sam", "add 'Plant upgrade' --customer Acme --amount 5000")

    def __call__(self, login: str, line: str, **given: Any) -> Answer:
        return self.opp(line, user=login, **given)

    def ok(self, login: str, line: str, **given: Any) -> str:
        return self.opp.ok(line, user=login, **given).out

    def undo_of(self, text: str) -> str:
        """The command behind `Undo: `."""
        (found,) = [line.removeprefix("Undo: opp ") for line in text.splitlines() if line.startswith("Undo: ")]
        return found

    def deal(self, key: int = 1) -> dict[str, Any]:
        found: dict[str, Any] = self.opp.ok(f"deal show D-{key} -o json").json
        return {name: value for name, value in found.items() if name not in ("version", "updated_at")}

    def last(self) -> str:
        return str(self.opp.ok("undo --list -o json").json[0]["run"])


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> Team:
    """On both engines."""
    return Team(opp_on_both)


# --- next steps ---------------------------------------------------------------------------------------------------


def next_step(team: Team, key: int = 1) -> tuple[str | None, str | None]:
    deal = team.deal(key)
    return deal["next_step"], deal["next_step_on"]


STEP = "deal edit D-1 --set 'next_step=call Li' --set next_step_on=2026-03-09"


def test_a_next_step_that_was_set_goes_with_its_run_and_comes_back_with_the_redo(team: Team) -> None:
    before = team.deal()
    told = team.ok("sam", f"{STEP} --amount 7000")
    assert next_step(team) == ("call Li", "2026-03-09")
    assert team.ok("sam", team.undo_of(told)).splitlines()[:2] == [
        "D-1 Plant upgrade: next_step call Li → -; next_step_on 2026-03-09 → -",
        "D-1 Plant upgrade: amount 7000.00 → 5000.00",
    ]
    assert team.deal() == before
    team.ok("sam", f"undo {team.last()}")
    assert (next_step(team), team.deal()["amount"]) == (("call Li", "2026-03-09"), "7000.00")


def test_a_next_step_that_was_moved_or_called_off_is_as_it_was(team: Team) -> None:
    team.ok("sam", STEP)
    team.ok("sam", "deal edit D-1 --set next_step_on=2026-03-12")
    team.ok("sam", "undo")
    assert next_step(team) == ("call Li", "2026-03-09")
    team.ok("sam", "deal edit D-1 --set next_step= --set next_step_on=")
    assert next_step(team) == (None, None)
    team.ok("sam", "undo")
    assert next_step(team) == ("call Li", "2026-03-09")


def test_a_next_step_that_another_moved_since_is_not_taken_back(team: Team) -> None:
    number = team.undo_of(team.ok("sam", STEP)).partition(" ")[2]
    team.ok("mia", "deal edit D-1 --set next_step_on=2026-03-12")
    answer = team("sam", f"undo {number}")
    assert (answer.code, next_step(team)) == (5, ("call Li", "2026-03-12"))
    assert "T-1 due_on" in answer.err
    assert "changed by mia on" in answer.err


def test_a_next_step_is_not_taken_up_again_beside_another(team: Team) -> None:
    team.ok("sam", STEP)
    run = team.undo_of(team.ok("sam", "deal edit D-1 --set next_step= --set next_step_on=")).partition(" ")[2]
    team.ok("sam", "deal edit D-1 --set next_step=visit")
    answer = team("sam", f"undo {run}")
    assert (answer.code, next_step(team)) == (5, ("visit", None))
    assert "D-1 has another next step by now: T-2" in answer.err


def test_a_lead_that_was_added_with_a_next_step_goes_with_it_whatever_one_changed_since(team: Team) -> None:
    told = team.ok("sam", "add Pump --customer Acme --set next_step=visit")
    team.ok("sam", "deal edit D-2 --set next_step_on=2026-03-12")
    assert team.ok("sam", team.undo_of(told)).splitlines()[0] == "D-2 Pump withdrawn"
    assert team.opp.ok("export tasks -o jsonl").out == ""
    team.ok("sam", f"undo {team.last()}")
    assert next_step(team, 2) == ("visit", "2026-03-12")


def test_what_a_next_step_became_is_among_the_changes_for_a_program(team: Team) -> None:
    def changes(line: str) -> Any:
        return team.opp.ok(f"deal edit D-1 {line} -o json", user="sam").json["changes"]

    assert changes("--set 'next_step=call Li' --amount 7000") == {
        "amount": ["5000.00", "7000.00"],
        "next_step": [None, "call Li"],
    }
    assert changes("--set next_step_on=2026-03-12") == {"next_step_on": [None, "2026-03-12"]}
    assert changes("--set next_step= --set next_step_on=") == {
        "next_step": ["call Li", None],
        "next_step_on": ["2026-03-12", None],
    }


# --- values ----------------------------------------------------------------------------------------------------


def test_the_line_that_is_printed_takes_the_edit_back_whatever_stood_in_the_field(team: Team) -> None:
    before = team.deal()
    told = team.ok("sam", "deal edit D-1 --set 'title=$(touch ran); b' --set amount=7000 --set 'product=a b'")
    assert team.deal()["amount"] == "7000.00"
    team.ok("sam", team.undo_of(told))
    assert team.deal() == before
    assert not (team.opp.folder / "ran").exists()


def test_an_edit_that_made_a_customer_on_the_way_is_taken_back_with_it(team: Team) -> None:
    added = team.ok("sam", "add Press")
    ref = added.split()[0]
    team.ok("sam", f"deal edit {ref} --set customer=Globex")
    back = team.ok("sam", "undo")
    assert "customer Globex → -" in back
    assert "Globex withdrawn" in back
    assert "Globex" not in team.ok("sam", "customer list")


def test_what_stands_is_named_as_people_name_it(team: Team) -> None:
    team.ok("sam", "submit D-1 quote")
    answer = team("sam", "undo")
    assert (answer.code, answer.err.splitlines()[0].partition(" ")[2].partition(" ")[2]) == (
        5,
        "is not undone: submit R-1 stands",
    )
    answer = team("ann", "undo e1")
    assert (answer.code, answer.err.splitlines()) == (
        5,
        ["error: e1 is not undone: create user ann stands", "hint: opp db path"],
    )
    assert "e1 不还原：新建 人员 ann 不可逆" in team("ann", "undo e1 --lang zh").err


def test_an_undo_is_undone_by_an_undo(team: Team) -> None:
    team.ok("sam", "deal edit D-1 --amount 7000")
    after = team.deal()
    team.ok("sam", "undo")
    assert team.deal()["amount"] == "5000.00"
    team.ok("sam", f"undo {team.last()}")
    assert team.deal() == after


def test_an_undo_given_twice_does_not_take_the_first_back_and_leads_to_what_would(team: Team) -> None:
    team.ok("sam", "deal edit D-1 --amount 7000")
    edit = team.last()
    team.ok("sam", "undo")
    undo, before = team.last(), team.deal()
    again = team("sam", "undo")
    assert (again.code, again.err.splitlines()) == (
        5,
        [f"error: {edit} is already undone: by sam on Mon 2 Mar 17:00", f"hint: to do it again: opp undo {undo}"],
    )
    assert (team.deal(), team.last()) == (before, undo)
    team.ok("sam", f"undo {undo}")
    team.ok("sam", "undo")
    assert team.deal()["amount"] == "5000.00"


def test_a_field_that_was_changed_since_blocks_all_and_says_by_whom_and_when(team: Team) -> None:
    team.ok("sam", "deal edit D-1 --amount 7000 --set tier=A --set region=north")
    run = team.last()
    team.ok("mia", "deal edit D-1 --amount 8000 --set tier=B")
    edit = team.last()
    refused = team("sam", f"undo {run}")
    assert refused.code == 5
    assert f"D-1 amount  changed by mia on Mon 2 Mar 17:00 ({edit})" in refused.err
    assert f"D-1 tier    changed by mia on Mon 2 Mar 17:00 ({edit})" in refused.err
    assert team.deal()["region"] == "north"


def test_keep_edited_takes_the_rest_back_and_lists_what_it_kept(team: Team) -> None:
    team.ok("sam", "deal edit D-1 --amount 7000 --set region=north")
    run = team.last()
    team.ok("mia", "deal edit D-1 --amount 8000")
    told = team.ok("sam", f"undo {run} --keep-edited")
    assert "kept: D-1 amount changed by mia" in told
    assert (team.deal()["amount"], team.deal()["region"]) == ("8000.00", None)


def test_a_dry_run_writes_nothing(team: Team) -> None:
    team.ok("sam", "deal edit D-1 --amount 7000")
    assert "amount" in team.ok("sam", "undo -n")
    assert team.deal()["amount"] == "7000.00"


def test_the_journal_says_which_run_was_undone(team: Team) -> None:
    team.ok("sam", "deal edit D-1 --amount 7000")
    run = team.last()
    team.ok("sam", "undo")
    entry = team.opp.ok("log D-1 -o json").json[-1]
    assert (entry["action"], entry["meta"]["undoes"]) == ("undo", int(run[1:]))


def test_a_run_that_was_undone_is_not_undone_again(team: Team) -> None:
    team.ok("sam", "deal edit D-1 --amount 7000")
    run = team.last()
    team.ok("sam", "undo")
    refused = team("sam", f"undo {run}")
    assert refused.code == 5
    assert f"to do it again: opp undo {team.last()}" in refused.err


def test_a_batch_is_one_run(team: Team) -> None:
    team.ok("sam", "add B --amount 1")
    told = team.ok("sam", "advance D-1 D-2")
    team.ok("sam", team.undo_of(told))
    assert [team.deal(key)["stage"] for key in (1, 2)] == ["New Lead", "New Lead"]


def test_nothing_of_ones_own_to_undo_is_said(team: Team) -> None:
    assert team("sue", "undo").code == 3
    assert team("sue", "undo e99999").code == 3
    assert team("sue", "undo yesterday").code == 3


# --- stages ----------------------------------------------------------------------------------------------------


def test_a_move_is_taken_out_of_the_visits(team: Team) -> None:
    before = team.deal()
    told = team.ok("sam", "advance D-1 --to 'Needs Analysis'")
    team.ok("sam", team.undo_of(told))
    assert team.deal() == before
    funnel = {row["stage"]: row["reached"] for row in team.opp.ok("report funnel -o json").json}
    assert funnel["Needs Analysis"] == 0


def test_a_move_is_not_taken_back_once_the_deal_moved_on(team: Team) -> None:
    team.ok("sam", "advance D-1")
    run = team.last()
    team.ok("sam", "advance D-1")
    refused = team("sam", f"undo {run}")
    assert refused.code == 5
    assert "D-1 stage  changed by sam" in refused.err
    assert team("sam", f"undo {run} --keep-edited").code == 5


def test_after_a_day_only_the_line_takes_a_move_back(team: Team) -> None:
    team.ok("sam", "advance D-1")
    run = team.last()
    late = team("sam", f"undo {run}", now=LATER)
    assert (late.code, "mia may still take it back" in late.err) == (4, True)
    assert f"what {run} did to D-1 is more than 24 hours old" in late.err
    assert team("bob", f"undo {run}", now=LATER).code == 4
    team.ok("mia", f"undo {run}", now=LATER)
    assert team.deal()["stage"] == "New Lead"


def test_a_loss_is_undone_and_the_requests_it_cancelled_stay_so(team: Team) -> None:
    team.ok("sam", "submit D-1 quote")
    before = team.deal()
    told = team.ok("sam", "lose D-1 --reason Price --competitor Other -m 'too dear'")
    team.ok("sam", team.undo_of(told))
    after = team.deal()
    assert {**after, "requests": None} == {**before, "requests": None}
    assert team.opp.ok("request list -o json").json[0]["state"] == "cancelled"


def test_a_win_is_undone_by_the_line_that_was_printed_to_whom_it_was_printed(team: Team) -> None:
    team.ok("sam", "submit D-1 quote")
    team.ok("mia", "approve R-1")
    told = team.ok("sam", "win D-1")
    team.ok("sam", team.undo_of(told))
    assert team.deal()["stage"] == "New Lead"


def test_a_redo_passes_no_gate_that_would_not_let_it_pass_now(team: Team) -> None:
    team.ok("sam", "submit D-1 quote")
    team.ok("mia", "approve R-1")
    team.ok("sam", "win D-1")
    team.ok("sam", "undo")
    undo = team.last()
    team.ok("ann", "request revoke R-1 -m wrong")
    refused = team("sam", f"undo {undo}")
    assert refused.code == 7
    assert "approval quote" in refused.err
    assert team.deal()["stage"] == "New Lead"


# --- consequences --------------------------------------------------------------------------------------------


def test_a_material_amount_put_back_starts_a_revision(team: Team) -> None:
    team.ok("sam", "submit D-1 quote")
    team.ok("sam", "deal edit D-1 --amount 7000")
    assert team.opp.ok("request show R-1 -o json").json["revision"] == 2
    told = team.ok("sam", "undo")
    assert "revision 3" in told
    assert team.opp.ok("request show R-1 -o json").json["revision"] == 3


def test_notices_of_the_run_that_did_not_go_out_go_nowhere(team: Team) -> None:
    team.ok("sam", "submit D-1 quote")
    team.ok("sam", "deal edit D-1 --amount 7000")
    run = team.last()
    team.ok("sam", "undo")
    notices = team.opp.ok("notices list --all -o json").json
    assert [each for each in notices if each["why"] == f"{run} was undone"] != []


def test_what_is_in_a_digest_that_nobody_tried_to_send_is_taken_out_of_it(team: Team) -> None:
    """The channel opens in business hours, so that digests wait until then; an undo comes before."""
    hook = '[notify.bot]\nkind = "webhook"\nurl = "http://127.0.0.1:9/"\nquiet = true\n'
    (Path(team.opp.env["XDG_CONFIG_HOME"]) / "opp").mkdir(parents=True)
    (Path(team.opp.env["XDG_CONFIG_HOME"]) / "opp" / "config.toml").write_text(hook)
    evening = "2026-03-02T20:00:00+08:00"
    team.ok("sam", "submit D-1 quote")
    team.ok("ann", "tick", now=evening)
    team.ok("sam", "deal edit D-1 --amount 7000", now=evening)
    edit = team.last()
    team.ok("ann", "tick", now=evening)
    team.ok("sam", f"undo {edit}", now=evening)
    undo = team.last()
    notices = team.opp.ok("notices list --all -o json").json
    told = {(each["state"], each["why"], tuple(each["channels"])) for each in notices}
    assert told == {
        ("queued", None, ("bot",)),
        ("undeliverable", f"{edit} was undone", ()),
        ("waiting", None, ()),
    }
    team.ok("sam", f"undo {undo}", now=evening)


# --- what was made -------------------------------------------------------------------------------------------


def test_what_others_refer_to_is_not_withdrawn(team: Team) -> None:
    told = team.ok("sam", "add Second --amount 900")
    team.ok("sam", "submit D-2 quote")
    refused = team("sam", team.undo_of(told))
    assert refused.code == 5
    assert "R-1" in refused.err


def test_a_customer_made_on_the_way_stays_while_another_deal_names_it(team: Team) -> None:
    told = team.ok("sam", "add One --customer Fresh --amount 1")
    team.ok("sue", "add Two --customer Fresh --amount 1")
    team.ok("sam", team.undo_of(told))
    assert team.deal(3)["customer"] == "Fresh"


# --- who may -------------------------------------------------------------------------------------------------


def test_others_undo_nothing_but_managers_of_the_line_and_admins_do(team: Team) -> None:
    team.ok("sam", "deal edit D-1 --amount 7000")
    run = team.last()
    assert (team("sue", f"undo {run}").code, team("bob", f"undo {run}").code) == (4, 4)
    team.ok("mia", f"undo {run}")
    team.ok("ann", f"undo {team.last()}")
    assert team.deal()["amount"] == "7000.00"


def test_no_line_is_printed_that_would_be_refused_to_this_person(team: Team) -> None:
    told = team.ok("sam", "deal assign D-1 --to sue")
    assert "Undo" not in told
    run = team.last()
    assert team("sam", f"undo {run}").code == 4
    team.ok("mia", f"undo {run}")
    assert team.deal()["owner"] == "sam"


def test_an_edit_of_a_won_deal_is_undone_with_a_reason_and_says_so(team: Team) -> None:
    team.ok("sam", "submit D-1 quote")
    team.ok("mia", "approve R-1")
    team.ok("sam", "win D-1")
    told = team.ok("ann", "deal edit D-1 --set payment_days=30 -m typo")
    line = team.undo_of(told)
    assert line.endswith(" -m …")
    assert team("ann", line).code == 2
    team.ok("ann", line.replace("…", "again"))
    assert team.deal()["payment_days"] is None


NEVER = {
    "submit D-1 quote": "opp request recall R-1",
    "user add zoe": "opp user deactivate zoe",
    "user edit sue --name Sue": "opp user edit sue",
    "delegate add --from sam --to sue --end +2d": "opp delegate end G-1",
}


@pytest.mark.parametrize("line", NEVER)
def test_what_stands_for_good_is_refused_with_the_verb_that_helps(team: Team, line: str) -> None:
    team.ok("ann", line)
    refused = team("ann", f"undo {team.last()}")
    assert refused.code == 5
    assert refused.err.splitlines()[-1] == f"hint: {NEVER[line]}"


def test_a_decision_a_policy_and_a_leaver_stand_for_good(team: Team) -> None:
    team.ok("sam", "submit D-1 quote")
    team.ok("mia", "approve R-1")
    assert team("mia", "undo").code == 5
    team.ok("ann", "user deactivate sam --successor sue")
    assert team("ann", "undo").code == 5
    (team.opp.folder / "b.toml").write_text(POLICY + "# b\n")
    team.ok("ann", "policy apply b.toml")
    assert team("ann", "undo").code == 5


def test_the_list_says_of_each_run_what_it_did_and_whether_it_can_be_undone(team: Team) -> None:
    team.ok("sam", "deal edit D-1 --amount 7000")
    rows = team.opp.ok("undo --list -o json", user="sam").json
    assert (rows[0]["did"], rows[0]["what"], rows[0]["undo"]) == ("deal edit", "D-1", f"opp undo {rows[0]['run']}")
    assert rows[-1]["undo"] == "sam may not undo e1: it is ann's"


def test_the_list_of_runs_is_as_long_as_asked_and_tells_no_refusal(team: Team) -> None:
    team.ok("sam", "deal edit D-1 --amount 7000")
    edit = team.last()
    assert [team("sue", "deal edit D-1 --amount 1").code for _ in range(25)] == [4] * 25
    runs = [run["run"] for run in team.opp.ok("undo --list -o json -L 0").json]
    assert (runs[0], runs[-1], len(runs)) == (edit, "e1", 7)
    assert [run["run"] for run in team.opp.ok("undo --list -o json -L 2").json] == runs[:2]


# --- withdraw, restore ---------------------------------------------------------------------------------------


def test_who_may_withdraw_and_until_when(team: Team) -> None:
    assert team("sue", "withdraw D-1 -m x").code == 4
    assert team("sam", "withdraw D-1").code == 2
    assert team("sam", "withdraw D-1 -m x", now=LATER).code == 4
    team.ok("mia", "deal edit D-1 --set tier=A")
    assert team("sam", "withdraw D-1 -m x").code == 4
    team.ok("mia", "withdraw D-1 -m x", now=LATER)


def test_an_approved_request_keeps_its_deal(team: Team) -> None:
    team.ok("sam", "submit D-1 quote")
    team.ok("mia", "approve R-1")
    refused = team("mia", "withdraw D-1 -m x")
    assert (refused.code, "R-1" in refused.err) == (5, True)


def test_a_customer_with_deals_is_not_withdrawn_and_its_name_is_free_once_it_is(team: Team) -> None:
    assert team("mia", "withdraw C-1 -m x").code == 5
    team.ok("mia", "withdraw D-1 -m x")
    team.ok("mia", "withdraw C-1 -m x")
    team.ok("sam", "add Again --customer Acme --amount 1")
    customers = {row["customer_id"] for row in team.opp.ok("export deals -o json").json if "customer_id" in row}
    assert customers <= {2}
    assert team("mia", "restore C-1").code == 0  # two may have one name


# --- imports -------------------------------------------------------------------------------------------------

MAPPING = """
kind = "deals"
system = "crm"
[fields]
external_id = "id"
title = "name"
customer = { column = "company", create = true }
amount = "sum"
stage = "stage"
"""
ROWS = "id,name,company,sum,stage\n1,Alpha,Aco,100,New Lead\n2,Beta,Bco,200,Needs Analysis\n3,Gamma,Aco,300,New Lead\n"


def imported(team: Team, rows: str = ROWS) -> str:
    (team.opp.folder / "map.toml").write_text(MAPPING, "utf-8")
    (team.opp.folder / "rows.csv").write_text(rows, "utf-8")
    return team.undo_of(team.ok("mia", "import rows.csv --mapping map.toml"))


def test_rows_that_a_second_file_changed_get_their_values_back(team: Team) -> None:
    imported(team)
    before = [team.deal(key) for key in (2, 3, 4)]
    line = imported(team, ROWS.replace("100", "150").replace("Beta", "Bête"))
    assert team.deal(2)["amount"] == "150.00"
    assert "2 deals as before" in team.ok("mia", line)
    assert [team.deal(key) for key in (2, 3, 4)] == before


def test_the_importer_has_a_day_and_an_admin_any_time(team: Team) -> None:
    line = imported(team)
    assert team("mia", line, now=LATER).code == 4
    assert team("bob", line).code == 4
    team.ok("ann", line, now=LATER)


def test_an_undone_import_is_done_again_by_an_undo(team: Team) -> None:
    team.ok("mia", imported(team))
    team.ok("mia", f"undo {team.last()}")
    again = team("ann", "deal list --ids").out.split()
    assert "3 deals withdrawn, 2 customers withdrawn" in team.ok("mia", f"undo {team.last()}")
    assert (again, team("ann", "deal list --ids").out) == (["D-1", "D-2", "D-3", "D-4"], "D-1\n")


def test_shell_words_of_a_printed_line_are_what_was_meant(team: Team) -> None:
    told = team.ok("sam", "deal edit D-1 --amount 7000")
    assert shlex.split(team.undo_of(told)) == ["undo", team.last()]


def test_the_undo_of_an_import_needs_no_more_memory_for_more_rows(opp: InProcess) -> None:
    team, peaks = Team(opp), []
    for count in (800, 3_200):
        rows = "".join(f"{count}-{n},Deal {n},Company {n % 90},{n},New Lead\n" for n in range(count))
        line = imported(team, f"id,name,company,sum,stage\n{rows}")
        tracemalloc.start()
        team.ok("mia", line)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]


def test_any_entry_of_a_run_names_the_run(team: Team) -> None:
    team.ok("sam", "add C --customer New --amount 1")
    entries = team.opp.ok("log D-2 -o json").json
    team.ok("sam", f"undo {entries[-1]['seq']}")
    assert team("sam", "deal list --ids").out == "D-1\n"


def test_a_file_that_was_attached_is_withdrawn(team: Team) -> None:
    (team.opp.folder / "a.txt").write_text("x")
    told = team.ok("sam", "deal attach D-1 a.txt --kind offer")
    team.ok("sam", team.undo_of(told))
    assert team.deal()["files"] == []
    team.ok("sam", f"undo {team.last()}")
    assert [file["name"] for file in team.deal()["files"]] == ["a.txt"]


def test_a_lead_that_was_added_is_withdrawn_and_counts_nowhere_not_as_lost(team: Team) -> None:
    told = team.ok("sam", "add Mistyped --customer Nobody --amount 900")
    team.ok("sam", team.undo_of(told))
    assert team("sam", "deal list --ids").out == "D-1\n"
    funnel = team.opp.ok("report funnel -o json").json
    assert (sum(row["now"] for row in funnel), sum(row["lost_here"] or 0 for row in funnel)) == (1, 0)
    team.ok("sam", f"undo {team.last()}")
    assert team("sam", "deal list --ids").out == "D-1\nD-2\n"


def test_a_deal_is_withdrawn_by_its_creator_and_restored(team: Team) -> None:
    team.ok("sam", "submit D-1 quote")
    told = team.ok("sam", "withdraw D-1 -m 'entered twice'")
    assert "R-1" in told
    assert team("sam", "deal list --ids").out == ""
    assert team.opp.ok("request show R-1 -o json").json["state"] == "cancelled"
    assert team("sam", "deal edit D-1 --amount 1").err.splitlines()[-1] == "hint: opp restore D-1"
    refused = [team("sam", line).code for line in ("gate D-1", "submit D-1 quote", "request plan D-1 quote")]
    assert (refused, team.deal()["standing"]) == ([5, 5, 5], "withdrawn")
    team.ok("sam", "restore D-1")
    assert team("sam", "deal list --ids").out == "D-1\n"
    assert "standing" not in team.deal()
    assert team.opp.ok("log D-1 -o json").json[-2]["reason"] == "entered twice"


def test_an_import_is_taken_back_with_the_customers_it_made_and_comes_again(team: Team) -> None:
    line = imported(team)
    assert team("ann", "deal list --ids").out.split() == ["D-1", "D-2", "D-3", "D-4"]
    assert "3 deals withdrawn, 2 customers withdrawn" in team.ok("mia", line)
    assert team("ann", "deal list --ids").out == "D-1\n"
    imported(team)
    assert team("ann", "deal list --ids").out.split() == ["D-1", "D-5", "D-6", "D-7"]


def test_the_next_steps_that_a_file_brought_go_with_it_and_people_s_own_stay(team: Team) -> None:
    (team.opp.folder / "steps.toml").write_text(MAPPING + 'next_step = "next"\nnext_step_on = "on"\n', "utf-8")

    def step(rows: str) -> str:
        text = "id,name,company,sum,stage,next,on\n" + rows
        (team.opp.folder / "steps.csv").write_text(text, "utf-8")
        return team.undo_of(team.ok("mia", "import steps.csv --mapping steps.toml"))

    first = step("1,Alpha,Aco,100,New Lead,call,2026-03-09\n2,Beta,Bco,200,New Lead,visit,\n")
    second = step("1,Alpha,Aco,100,New Lead,offer,2026-03-20\n2,Beta,Bco,200,New Lead,visit,2026-03-10\n")
    assert (next_step(team, 2), next_step(team, 3)) == (("offer", "2026-03-20"), ("visit", "2026-03-10"))
    team.ok("mia", "deal edit D-3 --set 'next_step=see them'")
    done = team("mia", second)
    assert (done.code, next_step(team, 2), next_step(team, 3)) == (
        9,
        ("call", "2026-03-09"),
        ("see them", "2026-03-10"),
    )
    assert "kept: D-3 changed by mia" in done.out
    third = step("3,Gamma,Aco,100,New Lead,call,2026-03-09\n")
    team.ok("mia", third)
    assert [row["id"] for row in team.opp.ok("export tasks -o json").json] == ["T-1", "T-2"]
    team.ok("mia", f"undo {team.last()}")
    assert next_step(team, 4) == ("call", "2026-03-09")
    assert first


def test_rows_that_were_touched_or_have_requests_are_kept_and_listed(team: Team) -> None:
    line = imported(team)
    team.ok("ann", "deal edit D-2 --set tier=A")
    team.ok("ann", "submit D-3 quote")
    done = team("mia", line)
    assert done.code == 9
    assert "kept: D-2 changed by ann on Mon 2 Mar 17:00" in done.out
    assert "kept: D-3 has requests" in done.out
    assert team("ann", "deal list --ids").out.split() == ["D-1", "D-2", "D-3"]


def test_a_file_that_made_its_owners_on_the_way_is_taken_back_with_them(team: Team) -> None:
    imported(team)
    with_owner = MAPPING + 'owner = { column = "owner", create = true }\n'
    (team.opp.folder / "owners.toml").write_text(with_owner, "utf-8")
    (team.opp.folder / "owners.csv").write_text(
        "id,name,company,sum,stage,owner\n1,Alpha,Aco,100,New Lead,Zoe\n", "utf-8"
    )
    line = team.undo_of(team.ok("ann", "import owners.csv --mapping owners.toml"))
    assert (team.deal(2)["owner"], line) == ("zoe", f"undo {team.last()}")
    assert "1 deal as before, 1 person deactivated" in team.ok("ann", line)
    assert team.deal(2)["owner"] != "zoe"


def test_the_list_of_runs_counts_all_that_an_import_made_and_refuses_people_that_a_file_brought(team: Team) -> None:
    imported(team, "id,name,company,sum,stage\n" + "".join(f"{n},Deal {n},Aco,1,New Lead\n" for n in range(1_200)))
    (team.opp.folder / "people.toml").write_text('kind = "users"\n[fields]\nlogin = "login"\nname = "name"\n', "utf-8")
    (team.opp.folder / "people.csv").write_text("login,name\nzoe,Zoe\n", "utf-8")
    team.ok("ann", "import people.csv --mapping people.toml")
    people, deals = team.opp.ok("undo --list -o json", user="ann").json[:2]
    assert people["undo"] == f"{people['run']} is not undone: people that a file brought stand"
    assert (deals["what"], deals["undo"]) == ("C-2, D-2, D-3 and 1,199 more", f"opp undo {deals['run']}")


def test_a_move_is_undone_after_its_stages_got_other_names(team: Team) -> None:
    """A name that became free is another stage's later: entries keep the names of their time."""
    line = team.undo_of(team.ok("sam", "advance D-1 --to 'Needs Analysis'"))
    policy = POLICY
    for old, new in (("New Lead", "Lead"), ("Needs Analysis", "New Lead")):
        policy = policy.replace(f'name = "{old}"', f'name = "{new}"')
        (team.opp.folder / "renamed.toml").write_text(policy, "utf-8")
        team.ok("ann", f"policy apply renamed.toml --rename '{old}={new}'")
    assert team.deal()["stage"] == "New Lead"
    team.ok("ann", "db check")
    assert "New Lead → Lead" in team.ok("sam", line)
    assert (team.deal()["stage"], len(team.deal()["visits"])) == ("Lead", 1)
    team.ok("sam", f"undo {team.last()}")
    assert (team.deal()["stage"], len(team.deal()["visits"])) == ("New Lead", 2)
    team.ok("ann", "db check")


def test_no_change_of_a_deal_that_is_withdrawn_is_undone(team: Team) -> None:
    line = team.undo_of(team.ok("sam", "deal edit D-1 --amount 7000"))
    team.ok("sam", "withdraw D-1 -m twice")
    assert team("sam", line).err == "error: D-1 was withdrawn\nhint: opp restore D-1\n"
    runs = team.opp.ok("undo --list -o json", user="sam").json
    assert [run["undo"] for run in runs[:2]] == ["opp undo " + runs[0]["run"], "D-1 was withdrawn"]


def test_a_dry_run_tells_money_in_its_currency(team: Team) -> None:
    tried = team.ok("sam", "deal edit D-1 --amount 7000 -n")
    assert tried.splitlines()[1] == "  edit deal D-1: amount EUR 5,000.00 → EUR 7,000.00"


def test_what_was_withdrawn_counts_for_nobody_and_completes_nothing(team: Team) -> None:
    team.ok("sam", "deal edit D-1 --set source=fair")
    team.ok("sam", "withdraw D-1 -m twice")
    lines = ("user list -o json", "user show sam -o json", "user whoami -o json")
    rows = [team.opp.ok(line, user="sam").json for line in lines]
    mine = [row for row in rows[0] if row["login"] == "sam"]
    assert [row["open_deals"] for row in (*mine, *rows[1:])] == [0, 0, 0]
    kinds = ("source", "currency")
    assert [fastpath.complete(["--db", team.opp.env["OPP_DB"], kind, ""]) for kind in kinds] == [[], []]


def test_who_leaves_hands_on_nothing_withdrawn(team: Team) -> None:
    team.ok("sam", "add Other --customer B --amount 1")
    team.ok("sam", "withdraw D-2 -m twice")
    assert "1 open deal of sam goes to sue: D-1\n" in team.ok("ann", "user deactivate sam --successor sue")
    team.ok("mia", "restore D-2")
    assert [team.deal(number)["owner"] for number in (1, 2)] == ["sue", "sam"]
