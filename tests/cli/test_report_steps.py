"""What steps are good for, of what was decided by commands: in bulk, and told to who does not see amounts."""

from approvals_office import POLICY, Office
from command_line import InProcess


def test_decisions_given_to_many_requests_at_once_are_a_rubber_stamp_however_late_they_were(
    opp_on_both: InProcess,
) -> None:
    office = Office(opp_on_both)
    numbers = range(1, 62)
    for number in numbers:
        office.ok("li", f"lead add 客户{number} --customer 客户{number} --amount 300000 --set discount=5")
    deals = " ".join(f"D-{number}" for number in numbers)
    office.ok("li", f"lead qualify {deals}")
    for number in numbers:
        office.ok("li", f"request submit D-{number} quote")
    office.ok("wang", f"approve {' '.join(f'R-{number}' for number in numbers[:54])}", at="10 11:00")
    for number in numbers[54:60]:
        office.ok("wang", f"approve R-{number}", at="10 12:00")
    (row,) = office.ok("li", "report steps -o json", at="10 12:00").json
    assert (row["decided"], row["seconds_median"], row["verdict"]) == (60, 93_600, "rubber stamp")
    office.ok("wang", "approve R-61", at="10 12:00")
    (row,) = office.ok("li", "report steps -o json", at="10 12:00").json
    assert (row["decided"], row["verdict"]) == (61, "never says no")
    assert "从不拒绝" in office.ok("li", "report steps --lang zh", at="10 12:00").out


def test_who_does_not_see_amounts_is_told_none_by_steps(opp: InProcess) -> None:
    scope = '\n[scope]\nsee = { sales = "all", legal = "all" }\nhide = { amount = ["legal"] }\n'
    office = Office(opp, POLICY + scope)
    office.deal("300000")
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "reject R-1 -m 价格太低", at="09 10:00")
    told = {who: office.ok(who, "report steps -o json", at="09 11:00").json[0] for who in ("qian", "root")}
    seen = {who: (row["no"], row["spared_above"], row["spared"]) for who, row in told.items()}
    assert seen == {"qian": (1, None, None), "root": (1, "300000.00", 0)}
