"""Risks that a decision shows: how fast, by whom, in whose place, past whom. Each with what is none."""

from pathlib import Path

import pytest
from command_line import InProcess
from team import POLICY, Team, instant


@pytest.fixture
def team(opp: InProcess) -> Team:
    return Team(opp)


def who(rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [(row["who"], row["with"], row["request"], row["what"]) for row in rows]


def test_an_approval_within_a_minute_of_the_opening_is_fast_and_one_after_a_minute_is_not(team: Team) -> None:
    request = team.quote(team.deal())
    team("cay", f"approve {request}", at="02 09:01")
    team.opp.ok(f"approve {request}", user="fin", now="2026-03-02T09:01:59+08:00")
    (row,) = team.risks("--risk fast")
    assert who([row]) == [("fin", "dan", "R-1", "Finance approved 59 s after it opened")]
    assert (row["deal"], row["customer"], row["amount"], row["currency"]) == ("D-1", "Acme", "800000.00", "CNY")
    assert (row["id"], row["at"]) == ("fast:" + team.seq("approve"), "2026-03-02T01:01:59Z")


def test_a_step_that_went_on_after_a_return_is_as_new(team: Team) -> None:
    request = team.quote(team.deal())
    team("cay", f"request return {request} -m 'margin?'", at="02 10:00")
    team("dan", f"request resubmit {request}", at="03 10:00")
    team("cay", f"approve {request}", at="03 10:00")
    (row,) = team.risks("--risk fast")
    assert row["what"] == "Manager approved 0 s after it went on"


def test_what_is_not_fast(team: Team) -> None:
    rejected, mistaken = team.quote(team.deal()), team.quote(team.deal())
    team("cay", f"request reject {rejected} -m no")  # a no may be quick
    team.apply(POLICY.replace('who = "role:finance"', 'who = "user:cay"'))
    repeated = team.quote(team.deal())
    team("cay", f"approve {repeated}", at="02 10:00")  # and Finance, the same person, by itself
    assert team.opp.ok(f"request show {repeated} -o json", user="ann", now=team.now).json["state"] == "approved"
    assert (team.kinds(), mistaken) == ([], "R-2")


def test_a_vote_on_what_one_owned_or_changed_before_has_a_part(team: Team) -> None:
    handed_down = team.deal("cay", more="--amount 800000")
    team("cay", f"deal assign {handed_down} --to dan")
    request = team.quote(handed_down)
    team.approved(request, at="03 09:00")
    assert who(team.risks("--risk part")) == [("cay", "dan", "R-1", "owned the deal before; changed amount before")]


def test_who_attached_a_file_that_the_request_rests_on_has_a_part_and_who_attached_another_has_none(team: Team) -> None:
    team.apply(POLICY.replace('["amount", "margin"]', '["amount", "file:offer"]'))
    (Path(team.opp.folder) / "a.txt").write_text("our offer")
    for deal, kind in ((team.deal(), "offer"), (team.deal(), "photo")):
        team("cay", f"deal attach {deal} a.txt --kind {kind}")
        team("cay", f"approve {team.quote(deal)}", at="03 09:00")
    assert who(team.risks("--risk part")) == [("cay", "dan", "R-1", "changed file:offer before")]


def test_a_vote_after_the_days_or_on_what_the_request_does_not_rest_on_has_none(team: Team) -> None:
    deal = team.deal("cay")
    team("cay", f"deal assign {deal} --to dan", at="02 09:00")
    team("bob", f"deal edit {deal} --set product=pumps", at="0531 09:00")  # nothing that a quote rests on
    team.now = instant("0531 09:00")
    request = team.quote(deal)
    team("cay", f"approve {request}", at="0531 09:30")  # 90 days and half an hour after
    assert team.risks("--risk part", at="0630 09:00") == []


def test_a_voter_who_takes_the_deal_over_has_a_part_at_that_entry(team: Team) -> None:
    request = team.quote(team.deal())
    team.approved(request, at="03 09:00")
    team("bob", "deal assign D-1 --to cay", at="09 09:00")
    (row,) = team.risks("--risk part")
    assert who([row]) == [("cay", "dan", "R-1", "owns the deal after the vote")]
    assert (row["id"], row["at"]) == ("part:" + team.seq("assign"), "2026-03-09T01:00:00Z")


def test_all_steps_by_one_person_although_two_were_asked_are_in_one_hand(team: Team) -> None:
    request = team.quote(team.deal())
    team("cay", f"approve {request}", at="03 09:00")
    team("fin", f"request transfer {request} --to bob -m away", at="03 10:00")
    team("bob", f"approve {request}", at="03 11:00")  # two people
    other = team.quote(team.deal())
    team("cay", f"request transfer {other} --to bob -m away", at="03 12:00")
    team("bob", f"approve {other}", at="03 13:00")
    team("fin", f"request transfer {other} --to bob -m away", at="03 14:00")
    team.opp(f"approve {other}", user="bob", now=instant("03 15:00"))
    (row,) = team.risks("--risk one_hand")
    assert who([row]) == [("bob", "cay, fin", "R-2", "all 2 steps")]
    team("dan", "deal edit D-2 --set margin=9", at="04 09:00")  # it is approved no longer, and was
    assert team.risks("--risk one_hand") == [row]


def test_one_person_whom_the_policy_asked_twice_is_no_one_hand(team: Team) -> None:
    team.apply(POLICY.replace('who = "role:finance"', 'who = "user:cay"\nfresh = true'))
    request = team.quote(team.deal())
    team("cay", f"approve {request}", at="03 09:00")
    team("cay", f"approve {request}", at="03 10:00")
    assert team.kinds() == []


MUTUAL = POLICY.replace('who = "manager"', 'who = ["user:cay", "user:dan"]', 1)


def test_two_people_who_approve_each_others_requests_are_reciprocal(team: Team) -> None:
    team.apply(MUTUAL)
    sooner = []
    for day in ("03", "04"):
        for submitter, voter in (("cay", "dan"), ("dan", "cay")):
            sooner += team.risks("--risk reciprocal")
            team.now = instant(f"{day} 09:00")
            request = team.quote(team.deal(submitter), submitter)
            team(voter, f"approve {request}", at=f"{day} 10:00")
    assert sooner == []
    completed = team.seq("approve")
    team.now = instant("05 09:00")
    team("dan", f"approve {team.quote(team.deal('cay'), 'cay')}", at="05 10:00")  # it goes on
    (row,) = team.risks("--risk reciprocal")
    assert (row["who"], row["with"], row["request"]) == ("cay", "dan", "R-1, R-2, R-3, R-4, R-5")
    assert row["what"] == "cay approved 2 of dan's requests, dan 3 of cay's"
    assert (row["id"], row["at"]) == (f"reciprocal:{completed}", "2026-03-05T02:00:00Z")


def test_approvals_more_than_ninety_days_apart_are_not_reciprocal(team: Team) -> None:
    team.apply(MUTUAL)
    for submitter, voter, days in (("cay", "dan", ("03", "04")), ("dan", "cay", ("0602", "0603"))):
        for day in days:
            team.now = instant(f"{day} 09:00")
            request = team.quote(team.deal(submitter), submitter)
            team(voter, f"approve {request}", at=f"{day} 10:00")
    assert team.risks("--all --risk reciprocal", at="0630 09:00") == []


def test_a_voter_whom_one_with_a_part_just_made_or_moved_is_fresh(team: Team) -> None:
    team("ann", "user edit ann --manager bob", at="0105 10:00")
    team("ann", "user add gus --role finance", at="02 09:00")
    team.apply(POLICY.replace('["fin"]', '["fin", "eve"]'), at="02 10:00")
    first, second, third = (team.quote(team.deal("ann"), "ann") for _ in range(3))
    team("bob", f"approve {first} {second} {third}", at="03 09:00")
    team("gus", f"approve {first}", at="03 10:00")
    team("eve", f"approve {second}", at="03 10:00")
    team("fin", f"approve {third}", at="03 10:00")
    assert who(team.risks("--risk fresh")) == [
        ("gus", "ann", "R-1", "account made by ann"),
        ("eve", "ann", "R-2", "role finance in the policy by ann"),
    ]


def test_a_voter_who_was_given_a_code_by_one_with_a_part_is_fresh(team: Team) -> None:
    team("ann", "user edit ann --manager bob", at="0105 10:00")
    request = team.quote(team.deal("ann"), "ann")
    team("bob", f"approve {request}", at="02 10:00")
    team("ann", "user pin fin --code", at="02 11:00")
    team("fin", f"approve {request}", at="02 12:00")
    assert who(team.risks("--risk fresh")) == [("fin", "ann", "R-1", "code for a PIN given by ann")]


def test_a_voter_whose_pin_was_recovered_is_fresh_whoever_did_it(team: Team) -> None:
    team("ann", "user pin ann --code --recover", at="02 08:00")
    team.apply(POLICY.replace('who = "manager"', 'who = "user:ann"', 1))
    request = team.quote(team.deal())
    team("ann", f"approve {request}", at="02 10:00")
    assert who(team.risks("--risk fresh")) == [("ann", None, "R-1", "PIN recovered by ann")]


def test_a_voter_made_by_one_without_a_part_or_longer_ago_is_not_fresh(team: Team) -> None:
    team("ann", "user edit ann --manager bob", at="0105 10:00")
    team("ann", "user add gus --role finance", at="02 09:00")
    dans, anns = team.quote(team.deal()), team.quote(team.deal("ann"), "ann")
    team("cay", f"approve {dans}", at="03 09:00")
    team("gus", f"approve {dans}", at="03 10:00")
    team("bob", f"approve {anns}", at="03 10:00")
    team("gus", f"approve {anns}", at="0401 09:00")  # thirty days after
    assert team.risks("--risk fresh", at="0430 09:00") == []


def test_what_only_softened_separation_allows_is_told_as_self(team: Team) -> None:
    team.apply(POLICY.replace("submitter_may_approve = false", "editor_may_approve = true"))
    changed, left = team.quote(team.deal()), team.quote(team.deal())
    team("cay", "deal edit D-1 --set margin=12", at="03 09:00")
    team.approved(changed, at="03 10:00")
    team.approved(left, at="04 10:00")
    assert who(team.risks("--risk self")) == [("cay", "dan", "R-1", "changed what revision 2 shows")]
    assert team.kinds("policy") == ["self"]  # and no `part` beside it


def test_a_vote_on_ones_own_request_is_told_as_self(team: Team) -> None:
    own = "submitter_may_approve = true"
    team.apply(POLICY.replace("submitter_may_approve = false", own).replace('who = "manager"', 'who = "user:dan"', 1))
    request = team.quote(team.deal())
    team("dan", f"approve {request}", at="03 09:00")
    (row,) = team.risks("--risk self")
    assert who([row]) == [("dan", None, "R-1", "own request or deal")]


def test_an_override_is_told_with_its_reason(team: Team) -> None:
    request = team.quote(team.deal())
    team("ann", f"request override {request} -m 'chief is away'", at="03 09:00")
    assert who(team.risks("--risk override")) == [("ann", "dan", "R-1", "chief is away")]
    assert team.kinds() == ["override"]


def test_a_vote_on_a_seat_that_an_admin_moved_is_handed(team: Team) -> None:
    moved, given = team.quote(team.deal()), team.quote(team.deal())
    team("ann", f"request transfer {moved} --to bob -m away", at="03 09:00")
    team("cay", f"request transfer {given} --to bob -m away", at="03 09:00")  # by who sat there
    team("bob", f"approve {moved} {given}", at="03 10:00")
    rows = team.risks("--risk handed")
    assert who(rows) == [("bob", "ann", "R-1", "ann moved the seat of Manager")]


def test_a_vote_by_a_delegation_made_for_another_is_handed(team: Team) -> None:
    team("ann", "delegate add --from cay --to bob --start now --end +3d", at="02 09:00")
    team("fin", "delegate add --from fin --to bob --start now --end +3d", at="02 09:00")
    request = team.quote(team.deal())
    team("bob", f"approve {request}", at="02 10:00")
    other = team.quote(team.deal())
    team("cay", f"approve {other}", at="02 10:30")
    team("bob", f"approve {other}", at="02 11:00")  # by fin's own delegation
    rows = team.risks("--risk handed")
    assert who(rows) == [("bob", "cay, ann", "R-1", "ann made the delegation for cay")]


def test_a_delegate_below_the_owner_is_handed(team: Team) -> None:
    team("fin", "delegate add --from fin --to eve --start now --end +3d", at="02 09:00")
    own, other = team.deal("cay"), team.deal("dan")
    first, second = team.quote(own, "cay"), team.quote(other)
    team("bob", f"approve {first}", at="02 09:30")
    team("cay", f"approve {second}", at="02 09:30")
    team("eve", f"approve {first}", at="02 10:00")
    team("eve", f"approve {second}", at="02 10:00")  # beside its owner
    rows = team.risks("--risk handed")
    assert who(rows) == [("eve", "fin", "R-1", "eve for fin, and below the owner cay")]


def test_decisions_in_a_name_that_nothing_proves_are_counted_for_each_person(team: Team) -> None:
    first, second = team.quote(team.deal()), team.quote(team.deal())
    team("cay", f"approve {first}", at="03 09:00")
    entry = team.seq("approve")
    team("cay", f"request reject {second} -m no", at="05 09:00")
    (row,) = team.risks("--risk claimed")
    assert (row["who"], row["id"], row["at"]) == ("cay", f"claimed:{entry}", "2026-03-05T01:00:00Z")
    assert str(row["what"]).startswith("2 decisions, first 2026-03-03, last 2026-03-05, by OS login ")
