"""Contracts as people type them: the stories of docs/contracts.md, on both engines."""

import hashlib

import pytest
from begun import begun
from command_line import InProcess
from contract_office import FIRST, LATER, POLICY, Team


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> Team:
    return Team(opp_on_both)


def test_the_same_again_is_nothing_and_another_amount_is_the_next_version(team: Team) -> None:
    line = "contract add D-1 v1.docx --amount 811500 --start 2026-04-01 --end 2027-03-31"
    told = team("li", line).out
    assert "K-1.1: v1.docx, CNY 811,500.00, 2026-04-01 to 2027-03-31, 2 clauses open" in told
    assert "K-1.1 says the same already" in team("li", line).out
    assert "K-1.2: v1.docx, CNY 800,000.00" in team("li", "contract add D-1 --amount 800000").out
    assert "K-1.3: v2.docx, CNY 800,000.00" in team("li", "contract add D-1 v2.docx").out
    assert team.state() == [3, "in_effect", "800000.00", 2]
    assert [row["version"] for row in team("li", "contract list --state replaced -o json").json] == [1, 2]
    refused = team.no("li", "contract add D-1 --start 2028-01-01", 2)
    assert "2027-03-31 is before 2028-01-01, when it begins" in refused


def test_a_program_is_told_of_the_contract_and_not_of_its_file(team: Team) -> None:
    made = team("li", "contract add D-1 v1.docx --amount 100 -o json").json
    assert (made["id"], made["state"], made["changes"]["amount"]) == ("K-1.1", "in_effect", [None, "100.00"])
    said = team("lan", "contract clause D-1 Liability --ok -o json").json
    assert said["changes"]["clauses.2.state"] == ["open", "ok"]


def test_the_id_of_a_version_shows_that_version(team: Team) -> None:
    team("li", "contract add D-1 v1.docx --amount 100")
    team("li", "contract add D-1 --amount 200")
    told = [team("li", f"contract show {name} -o full").json["total"]["amount"] for name in ("K-1.1", "K-1.2", "K-1")]
    assert told == ["100.00", "200.00", "200.00"]
    assert "K-1 has no version K-1.7" in team.no("li", "contract show K-1.7", 3)


def test_a_clause_is_answered_by_its_who_and_never_by_owner_or_submitter(team: Team) -> None:
    team("li", "contract add D-1 v1.docx")
    assert "lan does not answer Payment" in team.no("lan", "contract clause D-1 Payment --ok", 4)
    assert "say in what Liability deviates" in team.no("lan", "contract clause D-1 Liability --deviates", 2)
    assert "no clause 'Liabilty', did you mean 'Liability'?" in team.no("lan", "contract clause D-1 Liabilty --ok", 3)
    team.answered()
    team("root", "deal assign D-1 --to lan")
    refused = team.no("lan", "contract clause D-1 Liability --ok", 4)
    assert "lan owns the deal or submitted its contract and cannot answer Liability" in refused and "leo may" in refused
    rows = team("li", "contract show D-1 -o json").json
    assert [(row["state"], row["answered_by"]) for row in rows] == [("ok", "fay"), ("deviates", "lan")]


def test_an_approval_wants_every_clause_answered(team: Team) -> None:
    team("li", "contract add D-1 v1.docx")
    team("li", "submit D-1 contract")
    refused = team.no("leo", "approve R-1", 7)
    assert "clause Payment" in refused and "opp contract clause D-1 Payment --ok" in refused
    assert refused.count("is open") == 2
    team.answered()
    assert "R-1 approved" in team("leo", "approve R-1").out
    assert team.state() == [1, "approved", None, 0]


def test_another_version_opens_all_clauses_and_what_one_said_of_them_is_kept_by_oneself(team: Team) -> None:
    team.approved()
    told = team("li", "contract add D-1 v2.docx").out
    assert "R-1 contract: approved → invalidated" in told and "2 clauses open" in told
    assert "no open clause of K-1.2 was answered by leo before" in team.no("leo", "contract clause D-1 --keep", 5)
    assert "K-1.2 Liability: deviates, capped at 50 % (kept from 1)" in team("lan", "contract clause D-1 --keep").out
    assert team.state() == [2, "in_effect", "811500.00", 1]


def test_what_was_approved_is_signed_and_nothing_else(team: Team) -> None:
    team("li", "payment plan D-1 --part 30%:2026-04-01 --part rest:sign+90d")
    team("li", "contract add D-1 v1.docx --amount 811500")
    refused = team.no("li", "contract sign D-1 scan.pdf", 7)
    assert "K-1.1 cannot be signed yet" in refused and "opp request submit D-1 contract" in refused
    team("li", "submit D-1 contract")
    team.answered()
    team("leo", "approve R-1")
    team("li", "contract add D-1 v2.docx")
    team.no("li", "contract sign D-1 scan.pdf", 7)
    team("li", "submit D-1 contract")
    team.answered()
    team("leo", "approve R-2")
    team.now = LATER
    assert "is to come" in team.no("li", "contract sign D-1 scan.pdf --on 2026-04-01", 2)
    told = team("li", "contract sign D-1 scan.pdf --on 2026-03-19 --signer Wang").out
    digest = hashlib.sha256(b"signed").hexdigest()
    assert f"K-1.2 signed on 2026-03-19: scan.pdf, sha256 {digest[:12]}" in told
    assert "Y-2 is due 2026-06-17" in told
    assert "signed so already" in team("li", "contract sign D-1 scan.pdf").out
    assert "was signed on 2026-03-19" in team.no("lan", "contract clause D-1 Liability --ok", 5)
    assert "811,500.00 in all" in team("li", "payment plan D-1 --part rest:sign+90d").out
    team("li", "win D-1")
    assert "is won and locked" in team.no("li", "contract add D-1 v1.docx", 4)


def test_instalments_of_a_file_that_wait_for_the_signature_keep_the_day_it_gave_them(team: Team) -> None:
    names = ("external_id", "kind", "sign_days", "amount")
    columns = "".join(f'{name} = "{name}"\n' for name in names)
    deal = 'deal = { column = "deal", by = "id" }\n'
    team.write("p.toml", f'kind = "payments"\nsystem = "books"\n[fields]\n{columns}{deal}')
    team.write("p.csv", "external_id,kind,sign_days,amount,deal\na,due,90,500,D-1\n")
    team.write("q.csv", "external_id,kind,sign_days,amount,deal\nb,due,30,300,D-1\n")
    team("li", "contract add D-1 v1.docx --amount 800")
    team.approved()
    team("boss", "import p.csv --mapping p.toml")
    team.now = LATER
    assert "Y-1 is due 2026-06-17" in team("li", "contract sign D-1 scan.pdf --on 2026-03-19").out
    assert "1 unchanged" in team("boss", "import p.csv --mapping p.toml").out
    team("li", "contract add D-1 v2.docx")
    team("li", "submit D-1 contract")
    team.answered()
    team("leo", "approve R-2")
    team("li", "contract sign D-1 scan.pdf --on 2026-03-20")
    assert "1 unchanged" in team("boss", "import p.csv --mapping p.toml").out
    team("boss", "import q.csv --mapping p.toml")
    rows = team("li", "payment list --deal D-1 -o json").json
    assert [(row["id"], row["on"]) for row in rows] == [("Y-2", "2026-04-19"), ("Y-1", "2026-06-17")]


def test_a_file_that_changed_is_neither_submitted_nor_approved(team: Team) -> None:
    team("li", "contract add D-1 v1.docx")
    team.write("v1.docx", "90 days, and a penalty")
    refused = team.no("li", "submit D-1 contract", 7)
    assert "v1.docx is not the file that was attached" in refused
    assert team.opp("audit files D-1 --exit-code", user="li", now=team.now).code == 10
    team.write("v1.docx", "90 days")
    team("li", "submit D-1 contract")
    team.answered()
    team.write("v1.docx", "45 days")
    answer = team.opp("approve R-1 -o json", user="leo", now=team.now)
    assert answer.code == 7 and "file_changed" in answer.err


def test_what_changed_in_a_contract_is_listed_by_the_beginning_of_its_hash(team: Team) -> None:
    team("li", "contract add D-1 v1.docx")
    team("li", "submit D-1 contract")
    assert "Next: opp request show R-1" in team("li", "contract add D-1 v2.docx").out
    changed = team("li", "request list -o json").json[0]["changed"]
    was, now = changed.partition(";")[0].removeprefix("contract ").split(" → ")
    assert (len(was), len(now)) == (12, 12)


def test_another_text_in_the_same_place_is_the_next_version_and_then_submitted(team: Team) -> None:
    team("li", "contract add D-1 v1.docx")
    team.write("v1.docx", "90 days, and a penalty")
    assert f"opp contract add D-1 {team.opp.folder / 'v1.docx'}" in team.no("li", "submit D-1 contract", 7)
    team("li", "contract add D-1 v1.docx")
    team("li", "submit D-1 contract")


def test_a_file_that_was_attached_again_from_its_place_is_submitted(opp: InProcess) -> None:
    team = Team(opp, POLICY.replace('needs = ["contract"]', 'needs = ["file:plan"]'))
    team.write("plan.txt", "one")
    team("li", "deal attach D-1 plan.txt --kind plan")
    team.write("plan.txt", "two")
    again = f"opp deal attach D-1 {team.opp.folder / 'plan.txt'} --kind plan"
    assert again in team.no("li", "submit D-1 contract", 7)
    team("li", again.removeprefix("opp "))
    team("li", "submit D-1 contract")


def test_an_answer_and_an_open_version_are_taken_back_and_what_was_shown_stays(team: Team) -> None:
    team("li", "contract add D-1 v1.docx --amount 5")
    team("lan", "contract clause D-1 Liability --ok")
    team("lan", "undo")
    assert team.state()[3] == 2
    team("li", "contract add D-1 v2.docx")
    team("li", "undo")
    assert team.state()[:1] == [1]
    team("li", "submit D-1 contract")
    team("lan", "contract clause D-1 Liability --ok")
    team("lan", "undo")
    assert team.state()[3] == 2


def test_without_the_table_there_are_no_contracts(opp: InProcess) -> None:
    (opp.folder / "policy.toml").write_text(
        POLICY[: POLICY.index("[contract]")].replace('enter = ["contract.signed"]', "")
        + POLICY[POLICY.index("[calendar.cn]") :],
        encoding="utf-8",
    )
    (opp.folder / "v1.docx").write_text("x", encoding="utf-8")
    opp.ok("init --policy policy.toml", user="root", now=FIRST)
    opp.ok("user add boss --role manager", user="root", now=FIRST)
    opp.ok("add 'Line 3'", user="root", now=FIRST)
    refused = opp("contract add D-1 v1.docx", user="root", now=FIRST)
    assert refused.code == 8 and "no [contract]" in refused.err


def test_who_does_not_have_amounts_neither_says_one_nor_tries_which_it_is(opp: InProcess) -> None:
    hiding = '[scope]\nsee = { sales = "all", manager = "all" }\nhide = { amount = ["sales"] }\n'
    team = Team(opp)
    team("boss", "contract add D-1 v1.docx --amount 811500")
    team.write("policy.toml", POLICY + hiding)
    team("root", "policy apply policy.toml")
    for amount in ("811500", "5"):
        assert "li does not have the field amount" in team.no("li", f"contract add D-1 v1.docx --amount {amount}", 4)
    assert "K-1.2: v2.docx, 2 clauses open" in team("li", "contract add D-1 v2.docx").out
    assert team("boss", "contract list -o json").json[0]["amount"] == "811500.00"
