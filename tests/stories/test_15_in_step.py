"""Point 15: one record, an inbox, and events that are told until they are taken, in order, each under one id."""

import json

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_what_was_not_taken_is_told_again_in_order_and_each_event_once(story: Story) -> None:
    lines = (story.opp.folder / "home" / "erp.jsonl").read_text("utf-8").splitlines()
    told = [json.loads(line) for line in lines if line]
    assert [each["event"] for each in told] == ["deal.create", "request.approve"]
    assert len({each["id"] for each in told}) == len(told)
    assert "exit code 9" in story.answer("opp tick ||")


def test_a_later_run_tells_nothing_twice(own: Story) -> None:
    file = own.opp.folder / "home" / "erp.jsonl"
    before = file.read_bytes()
    assert own.do("tick").code == 0
    assert file.read_bytes() == before


def test_who_watches_finds_it_among_their_notices(story: Story) -> None:
    money = {"en": "fred", "zh": "fang"}[story.lang]
    (notice,) = story.ask("notices list --mine --unread", user=money)
    assert (notice["kind"], notice["deal"]) == ("watched", "D-1")


def test_everybody_reads_one_record(story: Story) -> None:
    people = {"en": ("ivy", "hal", "fred", "carl"), "zh": ("su", "he", "fang", "dong")}[story.lang]
    seen = {json.dumps(story.ask("ls", user=who), sort_keys=True) for who in people}
    assert len(seen) == 1
