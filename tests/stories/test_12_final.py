"""Point 12: amount and class of customer decide who signs in the end; ordinary deals skip it with a logged reason."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_a_large_deal_and_one_of_an_important_customer_want_the_chief(story: Story) -> None:
    told = story.answer("opp win D-1 D-2 D-3")
    assert told.count("request submit") == 2


def test_an_ordinary_deal_is_won_without_and_the_log_says_by_which_figures(story: Story) -> None:
    entry = next(row for row in story.ask("log D-3") if row["action"] == "advance")
    assert {"en": "20,000", "zh": "160,000"}[story.lang] in entry["what"]
    assert {"en": "final:", "zh": "领导终审："}[story.lang] in story.answer("opp log D-3")
    assert story.ask("request list --deal D-3") == []


def test_it_is_decided_one_by_one_in_person_and_in_order(story: Story) -> None:
    assert "exit code 2" in story.answer("opp approve R-1 R-2")
    vice, chief = {"en": ("val", "carl"), "zh": ("qin", "dong")}[story.lang]
    assert [who for who, action, _ in story.log("R-1") if action == "approve"] == [vice, chief]


def test_the_deal_of_the_important_customer_still_waits(story: Story) -> None:
    assert story.ask("show D-2")["closed_at"] is None
