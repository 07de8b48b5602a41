"""Point 17: a look back at the close, a page for the meeting, and figures that stay what they were."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_the_look_back_tells_what_changed_how_long_it_took_and_how_it_ended(story: Story) -> None:
    sections = {row["section"] for row in story.ask("deal recap D-1")}
    assert {"fact", "stay", "wait", "change", "outcome"} <= sections


def test_a_report_of_a_past_day_is_the_same_to_the_byte(story: Story) -> None:
    folder = story.opp.folder
    assert (folder / "march.txt").read_bytes() == (folder / "again.txt").read_bytes()
    assert story.opp.ok("report", "funnel").out != (folder / "march.txt").read_text("utf-8")


def test_the_page_of_the_meeting_tells_of_the_loss_and_of_what_lies(story: Story) -> None:
    page = story.answer("opp pack")
    assert "D-1" in page
    assert "D-2" in page


def test_at_a_terminal_losing_a_deal_looks_back_on_it_at_once(own: Story) -> None:
    seller, reason = {"en": ("ivy", "price"), "zh": ("su", "价格")}[own.lang]
    lost = own.do(f"lose D-2 --reason {reason}", user=seller, screen=True)
    assert {"en": "Stages, against target", "zh": "各阶段，对照目标"}[own.lang] in lost.out
