"""The signals of deals that do not move: each one rule, told alike by report, list, card and next; not of what is
hidden."""

import pytest
from begun import begun
from command_line import InProcess
from test_lying import MONDAY, POLICY

LATER = "2026-12-02T09:00:00+08:00"
HIDDEN = '\n[scope]\nsee = "all"\nhide = { amount = ["sales"], expected_close = ["sales"] }\n'


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """D-1 was pushed three times and hangs on one contact, D-2 was pushed once for each time that was taken back, D-3
    has no amount, D-4 should have been closed."""
    opp = opp_on_both
    (opp.folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    opp.env["OPP_NOW"] = MONDAY
    opp.ok("init --policy policy.toml")
    opp.ok("user add li --role sales")
    for line in ("One --amount 500", "Two --amount 400", "Three", "Four --amount 300 --close 2026-12-01"):
        opp.ok(f"add {line} --customer Acme")
    opp.ok("advance D-1 D-2 D-4 --to Quote")
    opp.ok("contact add Ann --customer Acme")
    opp.ok("deal link D-1 P-1")
    for day in ("2027-01-10", "2027-01-20", "2027-01-30", "2027-01-05", "2027-02-01"):
        opp.ok(f"deal edit D-1 --close {day}")
    opp.ok("deal edit D-2 --close 2027-01-10")
    for day in ("2027-01-20", "2027-01-30", "2027-02-10"):
        opp.ok(f"deal edit D-2 --close {day}")
        opp.ok("undo")
    return opp


def signals(opp: InProcess, line: str, user: str = "wang") -> dict[str, set[str]]:
    rows = opp.ok(f"{line} -o json", user=user, now=LATER).json
    return {row.get("deal") or row["id"]: set(row["signals"]) for row in rows}


def test_each_signal_is_told_of_the_deals_that_have_it(team: InProcess) -> None:
    always = {"rotting", "unattended", "nostep"}
    found = signals(team, "report stuck")
    assert {deal: sorted(each - always) for deal, each in found.items()} == {
        "D-1": ["over_target", "pushed", "single_thread"],
        "D-2": ["over_target"],
        "D-3": ["no_amount"],
        "D-4": ["over_target", "past_close"],
    }
    assert all(always <= each for each in found.values())
    assert signals(team, "ls -c id,signals") == found
    assert list(signals(team, "report stuck --signal pushed --signal no_amount")) == ["D-1", "D-3"]
    header = team.ok("report stuck --csv", now=LATER).out.splitlines()[0]
    assert header == "deal,title,customer,owner,stage,amount,currency,days_in_stage,over_target_bh,idle_hours,signals"
    assert team("report stuck --signal past_close --exit-code", now=LATER).code == 10
    assert team("report stuck --signal past_close --exit-code", now=MONDAY).code == 0


def test_card_and_next_say_the_same_of_it(team: InProcess) -> None:
    told = team.ok("show D-1", now=LATER).out
    assert "over the target of its stage by " in told
    assert "the expected close was moved later 3 times" in told
    assert "all hangs on one contact" in told
    assert "expected close 2026-12-01 has passed" in team.ok("show D-4", now=LATER).out
    assert "没有金额" in team.ok("show D-3 --lang zh", now=LATER).out
    listed = team.ok("next -o json", now=LATER).json
    assert [row["ref"] for row in listed if row["kind"] == "close passed"] == ["D-4"]


def test_a_list_tells_signals_where_they_are_asked_for_in_either_language(team: InProcess) -> None:
    assert "signals" not in team.ok("ls -o csv", now=LATER).out
    assert "一再推迟" in team.ok("ls -c +信号 --lang zh", now=LATER).out
    assert "pushed" in team.ok("ls -c +signals --sort signals", now=LATER).out


def test_conditions_ask_for_signals_as_for_any_list_and_programs_find_them_in_a_deal(team: InProcess) -> None:
    def ids(condition: str, line: str = "ls", user: str = "wang") -> list[str]:
        rows = team.ok(*line.split(), "-w", condition, "-o", "json", user=user, now=LATER).json
        return [row.get("id") for row in rows]

    team.ok("lose D-3 --reason price")
    cases = {
        "signals = pushed": ["D-1"],
        "signals in [pushed, past_close]": ["D-1", "D-4"],
        "信号 = 一再推迟": ["D-1"],
        "signals ~ past": ["D-4"],
        "not (signals = pushed)": ["D-2", "D-3", "D-4"],
        "signals is empty": ["D-3"],
        "signals = pushed or signals = rotting and amount < 350": ["D-1", "D-4"],
    }
    assert {condition: ids(condition) for condition in cases} == cases
    assert ids("signals = pushed", "ls --owner li") == []
    assert team.ok("report", "funnel", "-w", "signals = past_close", "-o", "json", now=LATER).json[1]["reached"] == 1
    assert team.ok("report", "turnaround", "-w", "signals = pushed", "-o", "json", now=LATER).json == []
    assert "did you mean 'pushed'" in team("ls", "-w", "signals = push", now=LATER).err
    shown = [team.ok(f"show {deal} -c +signals -o json", now=LATER).json["signals"] for deal in ("D-1", "D-3")]
    assert shown == [["over_target", "rotting", "unattended", "nostep", "pushed", "single_thread"], []]


def test_who_does_not_have_a_field_is_told_no_signal_of_it(team: InProcess) -> None:
    (team.folder / "policy.toml").write_text(POLICY + HIDDEN, encoding="utf-8")
    team.ok("policy apply policy.toml")
    made = {"past_close", "pushed", "single_thread", "no_amount"}
    assert made <= {name for each in signals(team, "report stuck").values() for name in each}
    for line in ("report stuck", "ls -c id,signals"):
        assert not made & {name for each in signals(team, line, "li").values() for name in each}
    assert "one contact" not in team.ok("show D-1", user="li", now=LATER).out
    assert not made & set(team.ok("show D-1 -o json -c id,signals", user="li", now=LATER).json["signals"])
    assert team.ok("ls", "-o", "ids", "-w", "signals = pushed", user="li", now=LATER).out == ""
