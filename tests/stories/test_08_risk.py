"""Point 8: finance and legal review risk in parallel before the quote; the order is provable from the log."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_the_review_opens_at_finance_and_legal_at_the_same_instant(story: Story) -> None:
    steps = story.ask("request show R-1")["steps"]
    assert len({step["opened_at"] for step in steps}) == 1
    assert len(steps) == 2


def test_the_stage_of_the_quote_is_shut_until_both_have_agreed(story: Story) -> None:
    assert "exit code 7" in story.answer("opp advance D-1 --to")
    assert len(story.reasons("opp advance D-1 --to")) == 1


def test_the_log_proves_that_the_review_was_before_the_quote(story: Story) -> None:
    history = story.ask("deal history D-1")
    seq = {(row["id"], row["action"], row["actor"]): int(row["seq"][1:]) for row in history}
    finance, legal, seller = {"en": ("fred", "lily", "ivy"), "zh": ("fang", "luo", "su")}[story.lang]
    moved = seq["D-1", "advance", seller]
    assert seq["R-1", "submit", seller] < seq["R-1", "approve", finance] < seq["R-1", "approve", legal] < moved
    verified = story.ask("audit verify")
    assert verified["clean"] is True
