"""Point 16: per node its owner, in time, hours, sent back; targets beside what was reached."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_each_node_has_its_person_and_how_they_did(story: Story) -> None:
    boss = {"en": "hal", "zh": "he"}[story.lang]
    step = next(row for row in story.ask("report nodes") if row["kind"] == "step")
    assert step["person"] == boss
    assert (step["handled"], step["on_time"]) == (3, 1)
    assert (step["median_bh"], step["returned_rate"]) == ({"en": 25, "zh": 29}[story.lang], 0.3333)


def test_targets_stand_beside_what_was_reached(story: Story) -> None:
    rows = {row["measure"]: row for row in story.ask("report attainment --period 2026-03")}
    assert rows["won"]["actual"] == 0
    assert rows["leads"]["actual"] == 2
    assert rows["leads"]["gap"] == rows["leads"]["target"] - 2


def test_who_sends_back_and_why_is_told(story: Story) -> None:
    (row,) = story.ask("report turnaround --by person")
    assert row["returns"] == 1
    assert row["reasons"]


def test_nobody_sets_a_target_of_their_own(own: Story) -> None:
    seller = {"en": "ivy", "zh": "su"}[own.lang]
    assert own.do(f"target set {seller} 2026-04 won 1", user=seller).code == 4
