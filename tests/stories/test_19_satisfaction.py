"""Point 19: a win asks the customer, a low answer opens a task, and a report tells by owner."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_a_win_opens_the_question_and_the_answer_ends_it(story: Story) -> None:
    states = {row["kind"]: row["state"] for row in story.ask("task list --deal D-1 --all")}
    assert states["survey"] == "done"


def test_a_low_answer_is_a_task_of_the_manager_at_once_until_there_is_a_better_one(story: Story) -> None:
    boss = {"en": "hal", "zh": "he"}[story.lang]
    (task,) = [row for row in story.ask("task list --deal D-1 --all") if row["kind"] == "rescue"]
    assert (task["assignee"], task["state"]) == (boss, "cancelled")
    assert "T-5" in story.answer("opp next")


def test_the_report_tells_by_owner_and_the_last_answer_counts(story: Story) -> None:
    rows = {row["person"]: (row["answered"], row["mean"], row["low"]) for row in story.ask("report satisfaction")}
    seller, other = {"en": ("ivy", "tom"), "zh": ("su", "tang")}[story.lang]
    assert rows == {seller: (1, 4, 0), other: (1, 5, 0)}


def test_the_report_tells_by_product_as_well(story: Story) -> None:
    rows = {row["product"]: (row["answered"], row["mean"]) for row in story.ask("report satisfaction --by product")}
    bad, good = {"en": ("paint", "tanks"), "zh": ("夹具", "码垛")}[story.lang]
    assert rows == {bad: (1, 4), good: (1, 5)}
    assert list(rows) == [bad, good]
