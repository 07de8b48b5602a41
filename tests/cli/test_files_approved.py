"""A signed file that changes on the disk: the gate says so, and `opp audit files` lists it."""

from pathlib import Path

import pytest
from begun import settled
from command_line import InProcess
from stages import STAGES, team_policy

POLICY = team_policy(
    STAGES,
    """[type.contract]
title = "Contract"
needs = ["file:合同"]
material = ["file:合同", "amount"]
[[type.contract.step]]
name = "Boss"
who = "user:boss"
[gate]
"Offer" = ["contract"]
""",
)


@pytest.fixture
@settled
def signed(opp_on_both: InProcess) -> InProcess:
    """D-1 with an approved contract, and D-2 with a file that nobody approved, on both engines."""
    opp = opp_on_both
    (opp.folder / "policy.toml").write_text(POLICY, "utf-8")
    (opp.folder / "合同.pdf").write_bytes(b"1,000,000")
    (opp.folder / "draft.pdf").write_bytes(b"draft")
    opp.ok("init --policy policy.toml", user="ann")
    opp.ok("user add boss --role manager", user="ann")
    opp.ok("user add li --manager boss", user="ann")
    for line in (
        "add Plant --customer Acme --amount 5000",
        "add Other --customer Acme --amount 1",
        f"deal attach D-1 {opp.folder / '合同.pdf'} --kind 合同",
        f"deal attach D-2 {opp.folder / 'draft.pdf'} --kind 合同",
        "request submit D-1 contract",
    ):
        opp.ok(line, user="li")
    opp.ok("approve R-1", user="boss")
    return opp


def test_a_file_that_is_not_what_was_approved_shuts_the_gate(signed: InProcess) -> None:
    assert signed("gate D-1", user="li").out.count("not the file") == 0
    (signed.folder / "合同.pdf").write_bytes(b"9,000,000")
    refused = signed("advance D-1", user="li")
    assert (refused.code, "合同.pdf is not the file that was approved" in refused.err) == (7, True)
    assert "合同.pdf is not the file that was approved" in signed("gate D-1", user="li").out
    noted = signed.ok("log -o json", user="li").json[-1]
    assert (noted["action"], noted["meta"]["reasons"]) == ("refused", ["X-1"])
    (signed.folder / "合同.pdf").write_bytes(b"1,000,000")
    assert signed("advance D-1", user="li").code == 0


def test_a_win_looks_at_the_files_of_gates_it_passed_before(signed: InProcess) -> None:
    signed.ok("advance D-1", user="li")
    (signed.folder / "合同.pdf").write_bytes(b"9,000,000")
    refused = signed("win D-1", user="li")
    assert (refused.code, "合同.pdf is not the file that was approved" in refused.err) == (7, True)


def test_a_file_that_cannot_be_read_here_is_a_warning(signed: InProcess) -> None:
    (signed.folder / "合同.pdf").unlink()
    gate = signed("gate D-1", user="li")
    assert (gate.code, gate.err) == (0, "note: 合同.pdf (X-1) cannot be read here, so nobody looked\n")
    moved = signed("advance D-1", user="li")
    assert (moved.code, moved.err) == (0, "warning: 合同.pdf (X-1) cannot be read here, so nobody looked\n")


def test_what_nobody_approved_is_nobodys_gate(signed: InProcess) -> None:
    (signed.folder / "draft.pdf").write_bytes(b"another")
    assert "not the file" not in signed("gate D-2", user="li").out


def listed(opp: InProcess, line: str) -> list[tuple[str, str, list[str]]]:
    rows = opp.ok(line, user="li").json
    return [(row["id"], row["state"], row["approved"]) for row in rows]


def test_audit_files_lists_what_lies_there_and_what_rests_on_it(signed: InProcess) -> None:
    assert listed(signed, "audit files -o json") == [("X-1", "same", ["R-1"]), ("X-2", "same", [])]
    (signed.folder / "合同.pdf").write_bytes(b"9,000,000")
    Path(signed.folder / "draft.pdf").unlink()
    assert listed(signed, "audit files -o json") == [("X-1", "changed", ["R-1"]), ("X-2", "missing", [])]
    assert listed(signed, "audit files D-2 -o json") == [("X-2", "missing", [])]
    codes = [signed(f"audit files {deal} --exit-code", user="li").code for deal in ("", "D-1", "D-2")]
    assert codes == [10, 10, 0]


def test_a_file_that_is_only_asked_about_is_under_no_approval(signed: InProcess) -> None:
    signed.ok("request submit D-2 contract", user="li")
    rows = signed.ok("audit files -c id,approved -o json", user="ann").json
    assert rows == [{"id": "X-1", "approved": ["R-1"]}, {"id": "X-2", "approved": []}]
