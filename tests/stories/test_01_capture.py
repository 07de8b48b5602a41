"""Point 1: which fields there are, all faults at once, questions on a terminal, completeness by record and person."""

from storytelling import DOCS, Story
from terminal import Terminal


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_a_lead_with_several_faults_is_refused_with_all_of_them_and_nothing_is_written(story: Story) -> None:
    assert len(story.reasons("opp add")) == 4
    assert "exit code 2" in story.answer("opp add")
    assert [deal["id"] for deal in story.ask("ls")] == ["D-1", "D-2"]


def test_every_field_has_a_type_and_says_what_it_may_hold(story: Story) -> None:
    fields = {field["name"]: field for field in story.ask("fields deal")}
    own = {"en": ("vessels", "imo"), "zh": ("工位数", "图号")}[story.lang]
    assert [fields[name]["type"] for name in own] == ["int", "text"]
    assert fields[own[0]]["required"] is True


def test_on_a_terminal_what_is_missing_is_asked_for(own: Story) -> None:
    who, name = {"en": ("ivy", "number of vessels"), "zh": ("su", "工位数")}[own.lang]
    terminal = Terminal(
        own.opp.environment(None, None, {"OPP_LANG": "en", "TERM": "dumb", "PYTHONPATH": str(DOCS.parent)}),
        str(own.opp.folder),
    )
    asked = [("number or name", "1"), (name, "3")]
    code, shown = terminal(f"--as {who} add Trial --customer Nova --amount 20k", asked)
    terminal.close()
    assert code == 0, shown
    assert [deal["title"] for deal in own.ask("ls")][-1] == "Trial"


def test_completeness_is_told_of_each_record_and_of_each_person(story: Story) -> None:
    records = {row["ref"]: row for row in story.ask("report completeness")}
    assert records["D-1"]["completeness"] > records["D-2"]["completeness"] == 0
    assert len(records["D-2"]["missing"]) == 5
    people = story.ask("report completeness --by owner")
    assert sum(row["records"] for row in people) == 2
