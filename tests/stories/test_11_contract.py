"""Point 11: legal cannot be skipped, clauses are answered one by one, what is signed is what was approved."""

import hashlib

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_a_policy_that_lets_a_contract_pass_without_legal_is_refused(story: Story) -> None:
    assert "P060" in story.answer("opp policy check light.toml")
    assert "exit code 8" in story.answer("opp policy check light.toml")


def test_nobody_overrides_it_not_even_an_admin(story: Story) -> None:
    assert "exit code 4" in story.answer("opp request override")


def test_no_yes_while_a_clause_is_open_and_every_answer_is_on_record(story: Story) -> None:
    legal = {"en": "lily", "zh": "luo"}[story.lang]
    assert len(story.reasons(f"opp approve R-1 --as {legal} ||")) == 2
    clauses = [entry for entry in story.ask("deal history D-1") if "clause" in entry["action"]]
    assert len({entry["actor"] for entry in clauses}) == 2


def test_the_signed_file_is_known_by_its_hash_and_a_change_of_it_is_found(own: Story) -> None:
    scan = own.opp.folder / "scan.txt"
    assert hashlib.sha256(scan.read_bytes()).hexdigest()[:12] in own.answer("opp contract sign")


def test_another_version_takes_another_approval(own: Story) -> None:
    seller = {"en": "ivy", "zh": "su"}[own.lang]
    (own.opp.folder / "v3.txt").write_text("another", "utf-8")
    assert own.do("contract add D-1 v3.txt", user=seller).code == 0
    refused = own.do("contract sign D-1 scan.txt", user=seller)
    assert refused.code in (5, 7)
