"""Lists of requests: who submitted, who decided, to whom a copy went; what of one's own is under way."""

import pytest
from approvals_office import POLICY, Office, instant
from begun import begun
from command_line import InProcess

COPIED = POLICY.replace("[type.risk]\n", '[type.risk]\ncc = ["user:li", "role:tech"]\n')


@pytest.fixture
@begun
def office(opp_on_both: InProcess) -> Office:
    """R-1 quote: wang said yes, it waits for zhou. R-2 risk: returned to li. R-3 tech waits for lin, gao and xu."""
    made = Office(opp_on_both, COPIED)
    made.deal()
    made.ok("li", "submit D-1 quote")
    made.ok("li", "submit D-1 risk")
    made.ok("li", "submit D-1 tech")
    made.ok("wang", "approve R-1", at="09 10:00")
    made.ok("chen", "request return R-2 -m 'which bank?'", at="09 10:00")
    return made


@pytest.mark.parametrize(
    ("who", "flags", "found"),
    [
        ("li", "--submitted-by me", "R-1 R-2 R-3"),
        ("li", "--by me --state returned", "R-2"),
        ("wang", "--submitted-by me", ""),
        ("wang", "--decided-by me", "R-1"),
        ("li", "--decided-by chen", "R-2"),
        ("li", "--decided-by me", ""),
        ("lin", "--cc me", "R-2"),
        ("wang", "--cc gao --type risk", "R-2"),
        ("wang", "--cc me", ""),
    ],
)
def test_requests_are_listed_by_who_had_to_do_with_them(office: Office, who: str, flags: str, found: str) -> None:
    assert office.ok(who, f"request list {flags} -o ids", at="09 11:00").out.split() == found.split()


@pytest.mark.parametrize(
    ("who", "line", "told"),
    [
        ("zhou", "inbox", "1 waiting"),
        ("li", "inbox", "0 waiting · 1 returned to you · 2 started"),
        ("lin", "inbox", "1 waiting · 1 copy"),
        ("wang", "inbox", "0 waiting"),
    ],
)
def test_the_inbox_ends_with_what_else_of_ones_own_is_under_way(office: Office, who: str, line: str, told: str) -> None:
    answer = office.opp(line, user=who, now=instant("09 11:00"), screen=True)
    assert [line for line in answer.out.splitlines() if " waiting" in line] == [told]


def test_an_inbox_is_narrowed_to_a_type_or_a_deal(office: Office) -> None:
    narrowed = [office.ok("lin", f"inbox {flags} -o ids", at="09 11:00").out.split() for flags in FLAGS]
    assert narrowed == [["R-3"], [], ["R-3"]]


FLAGS = ("--type tech", "--type quote", "--deal D-1")


def test_what_is_left_is_told_also_where_the_calendar_has_another_name_now(office: Office) -> None:
    before = office.ok("li", "request list --json", at="09 11:00").json[0]["left"]
    renamed = COPIED.replace('calendar = "cn"', 'calendar = "office"').replace("[calendar.cn]", "[calendar.office]")
    (office.opp.folder / "renamed.toml").write_text(renamed, encoding="utf-8")
    office.ok("root", "policy apply renamed.toml", at="09 11:00")
    assert office.ok("li", "request list --json", at="09 11:00").json[0]["left"] == before == 7
