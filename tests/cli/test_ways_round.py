"""Ways round an approval that got through once: each is refused now, or on record for good."""

import os
import pwd
from pathlib import Path

import pytest
from approvals_office import POLICY, Office
from begun import begun
from command_line import InProcess

from oppcli.store import backup


@pytest.fixture
@begun
def office(opp: InProcess) -> Office:
    """li's deal of 800,000 in 方案: quote asks wang, then zhou."""
    made = Office(opp)
    made.deal()
    return made


def states(request: dict[str, object]) -> list[tuple[object, ...]]:
    steps: list[dict[str, object]] = request["steps"]  # type: ignore[assignment]
    seats: list[list[dict[str, object]]] = [step["seats"] for step in steps]  # type: ignore[misc]
    return [
        (step["name"], step["state"], held[0]["holders"] if held else [])
        for step, held in zip(steps, seats, strict=True)
    ]


def test_who_takes_a_deal_over_after_voting_is_asked_no_more_and_the_seat_climbs(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1")
    told = office.ok("root", "deal assign D-1 --to wang", at="09 10:00")
    request = office.request()
    assert states(request)[:2] == [("销售主管", "open", ["zhou"]), ("大区总监", "waiting", [])]
    assert [(d["actor"], d["verdict"], d["counts"]) for d in request["decisions"]] == [
        ("wang", "approve", False),
        ("system", "withdraw", False),
    ]
    assert "R-1 quote: waits for zhou" in told.out
    assert office("wang", "approve R-1").code == 4


def test_what_came_after_the_vote_goes_on_once_its_seat_is_filled_again(office: Office) -> None:
    office.ok("root", "user add sun --role manager --manager zhou")
    office.ok("root", "user edit wang --manager sun")
    office.ok("li", "submit D-1 risk")
    office.ok("chen", "approve R-1")
    office.ok("root", "deal assign D-1 --to chen")
    # 财务 is open again beside 法务, which was open all the time
    assert [(name, state) for name, state, _ in states(office.request())] == [("财务", "open"), ("法务", "open")]
    office.ok("zhao", "approve R-1")
    office.ok("qian", "approve R-1")
    assert office.request()["state"] == "approved"


def test_an_approval_ends_when_who_gave_it_takes_the_deal_and_the_deal_is_flagged_beyond_the_gate(
    office: Office,
) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1")
    office.ok("zhou", "approve R-1")
    office.ok("li", "advance D-1")
    told = office.ok("root", "deal assign D-1 --to zhou")
    assert "R-1 quote: approved → invalidated (zhou decided it and has a part in D-1 now)" in told.out
    assert office("zhou", "advance D-1").code == 7
    assert "approval quote" in office.ok("li", "show D-1").out


def test_a_leavers_deal_does_not_keep_the_votes_of_who_follows(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1")
    office.ok("root", "user deactivate li --successor wang")
    assert states(office.ok("root", "request show R-1 -o json").json)[0] == ("销售主管", "open", ["zhou"])


def test_a_returned_request_waits_with_the_seat_open_again(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1")
    office.ok("zhou", "request return R-1 -m 为何")
    office.ok("root", "deal assign D-1 --to wang")
    request = office.request()
    assert (request["state"], states(request)[0]) == ("returned", ("销售主管", "open", []))
    assert [step["due"] for step in request["steps"]] == [None, None]
    office.ok("wang", "request resubmit R-1")
    assert states(office.request())[0] == ("销售主管", "open", ["zhou"])


def test_a_vote_by_who_owned_the_deal_before_it_was_submitted_is_allowed(office: Office) -> None:
    office.ok("wang", "lead add 交下来的线索 --amount 800000 --set discount=5")
    office.ok("wang", "lead qualify D-2")
    office.ok("wang", "deal assign D-2 --to li")
    office.ok("li", "submit D-2 quote")
    office.ok("wang", "approve R-1")


LOG = """
kind   = "requests"
system = "old"
[fields]
external_id = "case"
type        = "type"
activity    = "what"
at          = "when"
person      = "who"
[activities]
sent = "submit"
yes  = "final"
[deal]
external_id = "deal"
"""


def log_of(office: Office, *lines: str) -> str:
    """A log of approvals of deals that are here, and the words that import it."""
    folder = Path(office.opp.folder)
    (folder / "log.toml").write_text(LOG, encoding="utf-8")
    (folder / "log.csv").write_text("\n".join(["case,type,what,when,who,deal", *lines, ""]), encoding="utf-8")
    return f"import {folder / 'log.csv'} --mapping {folder / 'log.toml'}"


FORGED = ("1,quote,sent,2026-03-02,wang,X", "1,quote,yes,2026-03-03,zhou,X")


@pytest.fixture
def hers(office: Office) -> Office:
    """A deal of wang's own, whom nobody has approved anything."""
    office.ok("wang", "lead add 自己的单 --amount 800000 --set discount=5 --set external_id=X --set system=old")
    office.ok("wang", "lead qualify D-2")
    return office


def test_a_manager_who_forges_the_approvals_of_her_own_deal_in_a_file_opens_no_gate(hers: Office) -> None:
    hers.ok("wang", log_of(hers, *FORGED), at="09 10:00")
    assert hers.request()["state"] == "approved"
    refused = hers("wang", "advance D-2", at="09 10:05")
    assert refused.code == 7
    assert "R-1 was imported by wang on Mon 9 Mar 10:00; submit it here" in refused.err
    assert "opp request submit D-2 quote" in refused.err


def test_what_was_asked_here_speaks_before_what_a_file_says(hers: Office) -> None:
    hers.ok("wang", log_of(hers, *FORGED))
    hers.ok("wang", "submit D-2 quote")
    assert "pending at zhou" in hers("wang", "advance D-2").err
    hers.ok("zhou", "approve R-2")
    hers.ok("ma", "approve R-2")
    hers.ok("wang", "advance D-2")


def test_an_admin_vouches_for_imported_approvals_with_a_reason_and_not_for_their_own_deals(hers: Office) -> None:
    line = log_of(hers, *FORGED)
    assert hers("wang", f"{line} --trust-approvals -m x").code == 4
    assert hers("root", f"{line} --trust-approvals").code == 2
    hers.ok("root", f"{line} --trust-approvals -m 财务核对过")
    trusted = [entry for entry in hers.ok("root", "export journal -o json").json if entry["action"] == "trust"]
    assert [(entry["noun_id"], entry["meta"]["reason"]) for entry in trusted] == [("1", "财务核对过")]
    hers.ok("root", "user edit wang --role admin")
    assert hers("wang", f"{log_of(hers, *FORGED)} --trust-approvals -m x").code == 9
    hers.ok("wang", "advance D-2")


def test_what_a_manager_adds_to_trusted_approvals_ends_the_trust(hers: Office) -> None:
    hers.ok("root", f"{log_of(hers, *FORGED[:1])} --trust-approvals -m geprüft")
    hers.ok("wang", log_of(hers, *FORGED))
    assert "was imported by wang" in hers("wang", "advance D-2").err


def test_a_file_that_was_imported_as_history_can_be_vouched_for_later(hers: Office) -> None:
    hers.ok("wang", log_of(hers, *FORGED))
    hers.ok("root", f"{log_of(hers, *FORGED)} --trust-approvals -m geprüft")
    hers.ok("wang", "advance D-2")


def test_a_deal_beyond_a_gate_with_imported_approvals_goes_on_as_one_without(hers: Office) -> None:
    hers.ok("wang", log_of(hers, *FORGED))
    assert "no longer" not in hers.ok("wang", "show D-2").out


def test_no_admin_gives_themselves_a_seat_or_another_persons_authority_and_who_loses_it_is_told(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    assert office("root", "request transfer R-1 --to root -m x").code == 4
    assert office("root", "delegate add --from wang --to root --end 2026-04-01").code == 4
    office.ok("root", "request transfer R-1 --to zhao -m 出差")
    office.ok("root", "delegate add --from zhou --to zhao --end 2026-04-01")
    told = {(row["to"], row["kind"], row["text"]) for row in office.ok("root", "notices list -o json").json}
    assert ("zhou", "delegated", "root lets zhao decide in your place: G-1") in told
    handed = next(text for to, kind, text in told if (to, kind) == ("wang", "handed"))
    assert handed.endswith("root gave your seat in 销售主管 to zhao")
    tried = [entry["reason"] for entry in office.ok("root", "log R-1 --json").json if entry["action"] == "refused"]
    assert tried == ["root may not take a seat in R-1: its holder gives it"]


def test_where_nobody_overrides_no_admin_moves_seats_either(opp: InProcess) -> None:
    office = Office(opp, POLICY.replace('fallback = "role:ops"', 'fallback = "role:ops"\noverride = false'))
    office.deal()
    office.ok("li", "submit D-1 quote")
    assert "does not allow overrides" in office("root", "request transfer R-1 --to zhao -m x").err
    office.ok("wang", "request transfer R-1 --to zhao -m 出差")


def test_a_leavers_seats_go_to_nobody_by_their_own_hand_nor_to_a_service(office: Office) -> None:
    office.ok("root", "user add bot --role service")
    office.ok("li", "submit D-1 quote")
    tried = (("root", "root"), ("zhou", "zhou"), ("root", "bot"), ("chen", "zhao"))
    assert [office(who, f"user deactivate wang --successor {heir}").code for who, heir in tried] == [4, 4, 4, 4]
    office.ok("zhou", "user deactivate wang --successor zhao")
    assert states(office.request())[0] == ("销售主管", "open", ["zhao"])


def test_a_superior_takes_over_the_deals_of_who_leaves_where_no_seat_moves(office: Office) -> None:
    office.ok("wang", "user deactivate li --successor wang")
    assert office.ok("wang", "deal show D-1 -o json").json["owner"] == "wang"


def test_what_waits_on_somebody_is_shown_to_who_stands_in_for_them(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "delegate add --to zhao --end 2026-04-01")
    assert "for wang" in office.ok("zhao", "").out


def test_an_undo_needs_the_right_of_its_verb_now(office: Office) -> None:
    office.ok("root", "user edit li --role sales --role manager")
    folder = Path(office.opp.folder)
    (folder / "deals.csv").write_text("id,stage\nX,方案\nY,方案\n", encoding="utf-8")
    (folder / "deals.toml").write_text(
        'system = "old"\n[fields]\nexternal_id = "id"\ntitle = "id"\nstage = "stage"\n'
        'amount = { constant = "800000" }\ndiscount = { constant = "5" }\nowner = { constant = "li" }\n',
        encoding="utf-8",
    )
    done = office.ok("li", f"import {folder / 'deals.csv'} --mapping {folder / 'deals.toml'}")
    run = done.out.rpartition("opp undo ")[2].split()[0]
    office.ok("root", "user edit li --role sales")
    assert office("li", f"undo {run}").code == 4
    assert office("wang", f"undo {run}").code == 4
    office.ok("li", "submit D-2 quote")
    kept = office("root", f"undo {run}")
    assert (kept.code, "kept: D-2 has requests" in kept.out) == (9, True)


def test_ending_somebody_elses_delegation_needs_a_reason(office: Office) -> None:
    office.ok("wang", "delegate add --to zhao --end 2026-04-01")
    assert office("root", "delegate end G-1").code == 2
    office.ok("root", "delegate end G-1 -m 误设")
    ended = [entry for entry in office.ok("root", "export journal -o json").json if entry["action"] == "end"]
    assert [entry["meta"]["reason"] for entry in ended] == ["误设"]


def test_a_step_may_want_a_word_with_every_approval(opp: InProcess) -> None:
    office = Office(opp, POLICY.replace('who = "manager"\n', 'who = "manager"\napprove_needs = ["comment"]\n', 1))
    office.deal()
    office.ok("li", "submit D-1 quote")
    refused = office("wang", "approve R-1")
    assert (refused.code, "销售主管 wants a word with every approval" in refused.err) == (2, True)
    office.ok("wang", "approve R-1 -m 毛利已核")
    office.ok("zhou", "approve R-1")


def test_a_service_captures_and_owns_nothing(office: Office) -> None:
    office.ok("root", "user add bot --role service")
    office.ok("bot", "lead add 网站来的")
    assert office.ok("li", "deal show D-2 -o json").json["owner"] is None
    assert office("bot", "deal edit D-2 --title 新").code == 4
    for line in ("lead add 给机器 --owner bot", "deal assign D-1 --to bot"):
        refused = office("root", line)
        assert (refused.code, refused.err.splitlines()[1:]) == (4, ["hint: opp user list"])
    assert office("root", "user edit li --role service").code == 5
    office.ok("li", "submit D-1 quote")
    office.ok("root", "user edit wang --role service")
    assert states(office.request())[0] == ("销售主管", "open", ["zhou"])


def test_an_explained_yes_is_not_repeated_without_its_word(opp: InProcess) -> None:
    twice = POLICY.replace('who = "manager+1"\n', 'who = "manager"\napprove_needs = ["comment"]\n', 1)
    office = Office(opp, twice)
    office.deal()
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1")
    assert states(office.request())[1] == ("大区总监", "open", ["wang"])
    office.ok("wang", "approve R-1 -m 两级都由我批")


def test_a_file_that_loses_a_deal_and_gives_it_to_who_approved_it_ends_the_approval(office: Office) -> None:
    folder = Path(office.opp.folder)
    (folder / "deals.toml").write_text(
        'system = "old"\n[fields]\nexternal_id = "id"\nstage = "stage"\ntitle = "id"\nowner = "owner"\n'
        'amount = { constant = "800000" }\ndiscount = { constant = "5" }\nclose_reason = "why"\n',
        encoding="utf-8",
    )
    line = f"import {folder / 'deals.csv'} --mapping {folder / 'deals.toml'}"
    (folder / "deals.csv").write_text("id,stage,owner,why\nX,方案,li,\n", encoding="utf-8")
    office.ok("root", line)
    office.ok("li", "submit D-2 quote")
    office.ok("wang", "approve R-1")
    office.ok("zhou", "approve R-1")
    (folder / "deals.csv").write_text("id,stage,owner,why\nX,输单,wang,价格\n", encoding="utf-8")
    office.ok("root", line)
    found = office.ok("root", "deal show D-2 -o json").json
    assert (found["stage"], found["owner"], office.request()["state"]) == ("输单", "wang", "invalidated")


def test_a_service_takes_nothing_back(office: Office) -> None:
    office.ok("root", "user add bot --role service --role manager")
    assert office("bot", "withdraw D-1 -m x").code == 4
    assert office("bot", "advance D-1").code == 4


def test_an_edit_that_assigns_is_signed_like_an_assignment(opp: InProcess) -> None:
    """By whoever runs the tests: their login of the machine is theirs, and no more than that."""
    me = pwd.getpwuid(os.getuid()).pw_name
    secret = Path(opp.folder) / "pin"
    secret.write_text("siebenundzwanzig\n")
    secret.chmod(0o600)
    policy = Path(opp.folder) / "pin.toml"
    opp.ok("init --template blank", user=me)
    policy.write_text(opp.ok("policy show").out + '\n[identity]\nproof = "pin"\n', encoding="utf-8")
    opp.ok("user add wang", user=me)
    opp.ok(f"user pin --new-file {secret}", user=me)
    opp.ok(f"policy apply {policy}", user=me, env={"OPP_PIN_FILE": str(secret)})
    opp.ok("lead add 线索", user=me)
    opp.ok("deal edit D-1 --title 新", user=me)
    assert opp("deal edit D-1 --owner wang", user=me).code == 2
    assert opp("deal assign D-1 --to wang", user=me).code == 2
    opp.ok("deal edit D-1 --owner wang", user=me, env={"OPP_PIN_FILE": str(secret)})


def test_a_file_that_makes_a_voter_work_on_the_deal_ends_their_vote(office: Office) -> None:
    folder = Path(office.opp.folder)
    (folder / "deals.toml").write_text(
        'system = "old"\n[fields]\nexternal_id = "id"\nstage = { constant = "方案" }\ntitle = "id"\n'
        'owner = { constant = "li" }\namount = { constant = "800000" }\ndiscount = { constant = "5" }\n'
        'collaborators = "with"\n',
        encoding="utf-8",
    )
    line = f"import {folder / 'deals.csv'} --mapping {folder / 'deals.toml'}"
    (folder / "deals.csv").write_text("id,with\nX,\n", encoding="utf-8")
    office.ok("root", line)
    office.ok("li", "submit D-2 quote")
    office.ok("wang", "approve R-1")
    (folder / "deals.csv").write_text("id,with\nX,wang\n", encoding="utf-8")
    office.ok("zhou", line)
    request = office.request()
    assert states(request)[0] == ("销售主管", "open", ["zhou"])
    assert request["decisions"][1]["reason"] == "wang decided it and has a part in D-2 now"
    assert "works on D-2 and cannot decide it" in office("wang", "approve R-1").err


def test_on_a_server_too_imported_approvals_are_history_until_an_admin_vouches_for_them(
    hers: Office, pg_url: str, tmp_path: Path
) -> None:
    backup.back_up(str(hers.opp.db), tmp_path / "copy.db")
    backup.restore(tmp_path / "copy.db", pg_url)
    hers.opp.env["OPP_DB"] = pg_url
    hers.ok("wang", log_of(hers, *FORGED), at="09 10:00")
    assert "R-1 was imported by wang on Mon 9 Mar 10:00; submit it here" in hers("wang", "advance D-2").err
    hers.ok("root", f"{log_of(hers, *FORGED)} --trust-approvals -m geprüft")
    told = hers.ok("root", "deal assign D-2 --to zhou")
    assert "R-1 quote: approved → invalidated (zhou decided it and has a part in D-2 now)" in told.out
