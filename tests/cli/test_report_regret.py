"""Lost while the house waited for itself, asked by commands on both engines."""

from approvals_office import Office
from test_recap import LATER, office

__all__ = ["office"]
HEADER = "deal,title,customer,owner,amount,currency,wait_bh,longest,who,reason,lost_at"


def test_a_lost_deal_that_waited_longer_is_told_with_whom_it_waited_for(office: Office) -> None:
    office.ok("li", "lose D-1 --reason 价格 -m x", at="16 10:00")
    office.ok("li", "lose D-2 --reason 价格 -m x", at="16 10:00")
    line = "report regret --over 8h"
    header, row = office.opp.ok(f"{line} --csv", user="li", now=LATER).out.splitlines()
    (waits,) = office.opp.ok("report waiting -w 'id = D-1' -o json", user="li", now=LATER).json
    told = dict(zip(HEADER.split(","), row.split(","), strict=True))
    assert header == HEADER
    assert told["deal"] == "D-1"
    assert float(told["wait_bh"]) == waits["approval_hours"] + waits["returned_hours"]
    assert (told["who"], told["reason"], told["lost_at"]) == ("wang", "价格", "2026-03-16T02:00:00Z")
    answer = office.opp.ok(f"{line} -v", user="li", now=LATER)
    assert "1 (50%) of 2 lost deals waited so long in their last 30 days, and 0 of 0 won" in answer.err
    assert "输单商机 2 个，其中 1（50%）" in office.opp.ok(f"{line} -v --lang zh", user="li", now=LATER).err
    assert office.opp(f"{line} --exit-code", user="li", now=LATER).code == 10
    assert office.opp("report regret --over 40h --exit-code", user="li", now=LATER).code == 0


def test_only_the_last_days_and_the_time_asked_for_count(office: Office) -> None:
    office.ok("li", "lose D-1 --reason 价格 -m x", at="16 10:00")
    for more in ("--days 3", "--since 2026-03-17", "--owner wang", "-w 'amount < 10'"):
        assert office.opp.ok(f"report regret --over 8h {more} --ids", user="li", now=LATER).out == ""
    assert office.opp("report regret --over 8", user="li", now=LATER).code == 2


def test_who_does_not_have_a_field_reads_the_same_times_on_both_engines(office: Office) -> None:
    """A server tells entries without what is hidden as it writes JSON itself, with blanks."""
    lines = ("report turnaround -o csv", "report waiting -o csv")
    before = [office.opp.ok(line, user="li", now=LATER).out for line in lines]
    policy = office.opp.folder / "hidden.toml"
    scope = '\n[scope]\nsee = "all"\nhide = { margin = ["sales"] }\n'
    policy.write_text(office.opp.ok("policy show", user="root").out + scope, "utf-8")
    office.opp.ok(f"policy apply {policy}", user="root", now=LATER)
    assert [office.opp.ok(line, user="li", now=LATER).out for line in lines] == before
