"""Point 3: a threshold that makes leads qualified, nurtured or invalid, with a reason, and what each source brings."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_the_threshold_parts_leads_in_three(story: Story) -> None:
    tags = {deal["id"]: deal["tags"] for deal in story.ask("ls -c id,tags")}
    assert len({str(tag) for tag in tags.values()}) == 3


def test_what_is_below_it_does_not_go_on_and_the_refusal_leads_to_the_points(story: Story) -> None:
    first = story.reasons("opp lead qualify")[0]
    assert first.split("opp ")[1] == "show D-2"
    assert story.ask("show D-2")["stage"] == {"en": "Lead", "zh": "线索"}[story.lang]


def test_a_lead_is_rejected_for_a_reason_of_the_list_and_no_other(story: Story) -> None:
    assert "exit code 7" in story.answer("opp lead reject D-3")
    assert story.ask("show D-3")["close_reason"] == {"en": "not our market", "zh": "不在业务范围"}[story.lang]


def test_each_source_tells_how_many_of_its_leads_were_none(story: Story) -> None:
    told = story.ask("report sources --by source")
    sources = {row["source"]: (row["leads"], row["invalid"], row["invalid_rate"]) for row in told}
    fair, referral = {"en": ("trade fair", "referral"), "zh": ("展会", "转介绍")}[story.lang]
    assert sources == {fair: (2, 1, 0.5), referral: (1, 0, 0)}


def test_what_is_nurtured_has_its_day(story: Story) -> None:
    (task,) = [row for row in story.ask("task list --deal D-2") if row["kind"] == "follow"]
    assert task["due"].startswith("2026-05")
