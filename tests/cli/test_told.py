"""How a decision is told: who gave it, for whom, how the program knew; in the log, on cards, in letters, as data."""

import csv
import io

import pytest
from approvals_office import POLICY, Office
from begun import begun
from command_line import InProcess

from oppcli.config import machine


@pytest.fixture
@begun
def office(opp: InProcess) -> Office:
    """li's request R-1 of D-1 waits for wang, then for zhou."""
    made = Office(opp)
    made.deal()
    made.ok("li", "submit D-1 quote")
    return made


def header(text: str) -> list[str]:
    return next(csv.reader(io.StringIO(text)))


def test_the_log_has_by_as_last_column_and_people_read_it_behind_the_actor(office: Office) -> None:
    assert header(office.ok("root", "log -o csv").out)[-3:] == ["os_user", "role", "by"]
    assert header(office.ok("root", "deal history D-1 -o csv").out)[-1] == "by"
    head = office.ok("root", "log R-1 -o table").out.split("\n")[0].split()
    assert head[:5] == ["SEQ", "AT", "ACTOR", "BY", "ACTION"]
    assert header(office.ok("root", "log R-1 -o csv -c by,os_user,role").out) == ["by", "os_user", "role"]


def test_what_time_did_is_asked_for_like_what_people_did(office: Office) -> None:
    office.ok("root", "tick", at="11 09:00")
    for line in ("log --actor system -o json", "log -w 'actor == system' -o json"):
        told = office.ok("root", line, at="11 09:00").json
        assert told and {row["actor"] for row in told} == {"system"}
    assert office("root", "deal list -w \"owner == 'system'\"").code == 2
    assert office("root", "log --actor systen").code == 3


def test_people_read_for_whom_somebody_acted_where_that_has_no_column_of_its_own(office: Office) -> None:
    office.ok("wang", "delegate add --to xu --end 2026-04-01")
    office.ok("xu", "approve R-1 -m 毛利已核")
    told = office.ok("root", "log R-1 -o md").out
    assert ("xu for wang" in told, "xu for wang" in office.ok("root", "log R-1 -o html").out) == (True, True)
    apart = office.ok("root", "log R-1 -c actor,on_behalf_of -o md").out
    assert ("for wang" in apart, "wang" in apart) == (False, True)
    rows = office.ok("root", "log R-1 -o json").json
    assert (rows[-1]["actor"], rows[-1]["on_behalf_of"]) == ("xu", "wang")


TOLD = ["by", "code", "target", "files", "terms"]


def test_a_decision_says_how_it_was_given_on_the_card_and_in_json(office: Office) -> None:
    office.ok("wang", "approve R-1")
    shown = office.ok("root", "request show R-1").out
    assert "wang (claimed)  approve" in shown
    (decision,) = office.request()["decisions"]
    assert (decision["actor"], decision["by"], [*decision][-5:]) == ("wang", "claim", TOLD)


def test_a_login_of_the_machine_is_told_as_one(office: Office) -> None:
    me = machine.login()
    if me != "root":
        office.ok("root", f"user add {me} --role manager")
    office.ok("wang", f"request transfer R-1 --to {me} -m 休假")
    office.ok(me, "approve R-1")
    assert f"{me} (login)" in office.ok("root", "request show R-1").out
    assert office.request()["decisions"][0]["by"] == "login"


def test_who_ended_a_request_is_told_with_how_the_program_knew(office: Office) -> None:
    office.ok("root", "request cancel R-1 -m 重复")
    assert f"by root ({'login' if machine.login() == 'root' else 'claimed'})" in office.ok("li", "request show R-1").out
    assert office.request()["ended_by"] == "root"


def test_who_has_not_every_field_is_told_how_decisions_were_given(opp_on_both: InProcess) -> None:
    office = Office(opp_on_both, f'{POLICY}\n[scope]\nsee = "own"\nhide = {{ margin = ["sales"] }}\n')
    office.deal()
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1 -m '让到, \"decisions.9\":[null,1]'")
    assert "wang (claimed)" in office.ok("li", "request show R-1").out
    assert [each["by"] for each in office.ok("li", "request show R-1 -o json").json["decisions"]] == ["claim"]


def test_the_machines_login_proves_decisions_while_the_policy_rests_on_it(office: Office) -> None:
    me = machine.login()
    if me != "root":
        office.ok("root", f"user add {me} --role manager")
    office.ok("wang", f"request transfer R-1 --to {me} -m 休假")
    office.ok(me, "approve R-1")
    assert counted(office.opp, "proven", "claimed") == [0, 1]
    file = office.opp.folder / "policy.toml"
    file.write_text(POLICY + '\n[identity]\nproof = "login"\n', encoding="utf-8")
    office.ok("root", "policy apply policy.toml")
    assert counted(office.opp, "proven", "claimed") == [1, 0]


def test_a_letter_says_how_a_decision_was_given(office: Office) -> None:
    office.ok("wang", "reject R-1 -m 毛利太低")
    texts = [row["text"] for row in office.ok("root", "notices list --all -o json").json]
    assert [text for text in texts if text.endswith("rejected by wang (claimed) (毛利太低)")] != []


def test_of_a_tick_the_actor_is_the_system_and_what_is_told(office: Office) -> None:
    office.ok("tang", "tick", at="10 09:00")
    row = office.ok("root", "log R-1 -o json").json[-1]
    assert (row["actor"], row["by"], row["meta"]["run_by"]) == ("system", "tick", "tang")
    assert "销售主管 overdue" in row["what"]


def counted(opp: InProcess, *names: str) -> list[int]:
    row = opp.ok("audit verify -o json", user="root").json
    return [row[name] for name in names]


def test_a_verification_ends_with_how_decisions_were_given(office: Office) -> None:
    office.ok("wang", "approve R-1")
    last = ["decisions", "proven", "claimed", "imported", "redacted", "trial"]
    assert list(office.ok("root", "audit verify -o json").json)[-6:] == last
    assert counted(office.opp, *last[:4]) == [1, 0, 1, 0]
