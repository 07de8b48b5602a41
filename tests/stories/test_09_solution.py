"""Point 9: each function has its task in the stage, and the gate says who has not delivered."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_entering_the_stage_gives_each_function_its_task_with_a_time(story: Story) -> None:
    tasks = story.ask("task list --deal D-1 --all")
    roles = {row["role"] for row in tasks if row["must"]}
    assert roles == {"tech", "sales_ops"}
    assert all(row["due"] for row in tasks if row["kind"] == "stage")


def test_whoever_is_needed_is_told(story: Story) -> None:
    told = {row["to"] for row in story.ask("notices list --all")}
    assert {"en": {"ed", "eve", "otto"}, "zh": {"jiang", "ye", "gu"}}[story.lang] <= told


def test_the_gate_lists_each_who_has_not_delivered_and_one_less_after_a_delivery(story: Story) -> None:
    assert len(story.reasons("opp advance D-1 ||")) == 2
    assert story.answer("opp gate D-1").count("opp done T-") == 1


def test_a_colleague_is_on_the_deal_in_a_role_of_the_team(story: Story) -> None:
    shown = story.opp.ok("show", "D-1").out
    assert {"en": "technical lead", "zh": "技术负责人"}[story.lang] in shown
