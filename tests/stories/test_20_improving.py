"""Point 20: versions of the rules, the difference, a person who applies them, before against after."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_every_version_of_the_rules_is_kept_with_who_applied_it(story: Story) -> None:
    versions = {row["number"]: row["applied_by"] for row in story.ask("policy history")}
    assert versions == dict.fromkeys((1, 2), {"en": "nora", "zh": "zheng"}[story.lang])
    old, new = (story.opp.ok("policy", "show", n).out for n in ("1", "2"))
    assert old != new


def test_a_difference_is_read_before_anything_changes(story: Story) -> None:
    assert {"en": "60,000", "zh": "500,000"}[story.lang] in story.answer("opp policy diff")


def test_what_began_after_is_compared_with_what_began_before_each_followed_equally_long(story: Story) -> None:
    (row,) = story.ask("report effect --policy 2 --measure won --within 40d")
    assert row["verdict"] == "better"
    assert row["low"] > 0
    assert abs(row["after"] - row["before"] - row["difference"]) < 0.001


def test_the_cycle_is_compared_with_the_time_before(story: Story) -> None:
    rows = story.ask("report cycle --on created --period 2026Q3 --vs 2026Q2")
    assert rows
    assert all(row["lead_median_days"] < row["before_lead_median_days"] for row in rows)
