"""Point 2: past deals, what is owed, credit with its day, certificates that end; the gate that wants them."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_a_request_shows_what_there_was_what_is_owed_and_what_the_agency_said_when(story: Story) -> None:
    shown = story.ask("request show R-1")
    facts = story.answer("opp request show")
    paper = {"en": "class_certificate", "zh": "安全许可证"}[story.lang]
    assert {"customer.credit_left", "customer.overdue", "customer.won", f"customer.{paper}"} <= set(
        str(shown).split("'")
    )
    assert {"en": "USD 4,000.00", "zh": "CNY 30,000.00"}[story.lang] in facts, "what is overdue"
    assert {"en": "0 won, 1 lost", "zh": "赢单 0，输单 1"}[story.lang] in facts, "what there was before"
    assert "credit" in facts
    assert {"en": "of 2026-03-09", "zh": "数据日期 2026-03-02"}[story.lang] in facts


def test_without_the_certificate_nothing_is_submitted(story: Story) -> None:
    (reason,) = story.reasons("opp submit D-3")
    assert "opp" in reason
    assert "fact set C-1" in reason


def test_what_the_customer_owes_shuts_the_gate_until_it_is_paid(story: Story) -> None:
    assert "customer.overdue" in story.answer("opp gate D-3", 0)
    assert "customer.overdue" not in story.answer("opp gate D-3", 1)


def test_a_certificate_that_ended_shuts_the_gate_again(story: Story) -> None:
    stage = {"en": "Solution", "zh": "方案"}[story.lang]
    needs = [row["needs"] for row in story.ask(f"gate D-3 --to {stage}")]
    assert any("customer." in need for need in needs)


def test_each_fact_has_its_source_its_day_and_who_entered_it(story: Story) -> None:
    facts = {row["name"]: row for row in story.ask("fact list C-1")}
    assert facts.pop("credit_limit")["source"] == "credit"
    (paper,) = facts.values()
    assert paper["source"]
    assert paper["by"] == {"en": "ed", "zh": "jiang"}[story.lang]


def test_who_sells_may_not_enter_what_speaks_for_the_customer(own: Story) -> None:
    paper = {"en": "class_certificate", "zh": "安全许可证"}[own.lang]
    assert own.do(f"fact set C-1 {paper}=2027-01-31", user={"en": "ivy", "zh": "su"}[own.lang]).code == 4
