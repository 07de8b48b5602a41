"""Point 13: each reminder once, a board, and every event in the timeline."""

from collections import Counter

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_each_reminder_is_told_once_however_often_the_clock_runs(own: Story) -> None:
    for _ in range(3):
        assert own.do("tick").code == 0
    told = Counter((row["to"], row["kind"], row["request"]) for row in own.ask("notices list --all"))
    assert [each for each, n in told.items() if n > 1] == []
    assert {"reminder", "escalated"} <= {kind for _, kind, _ in told}


def test_a_second_run_at_the_same_instant_does_nothing(story: Story) -> None:
    nothing = {"en": "nothing was due\n", "zh": "没有到点的事\n"}[story.lang]
    assert [story.answer("opp tick", n) == nothing for n in range(4)] == [False, True, False, True]


def test_the_board_says_who_has_to_act(story: Story) -> None:
    assert {"en": "hal", "zh": "he"}[story.lang] in story.answer("opp board")


def test_the_timeline_has_every_event_of_the_deal(story: Story) -> None:
    kinds = {row["kind"] for row in story.ask("timeline D-1")}
    assert {"stay", "task", "activity", "request", "decision"} <= kinds
