"""Point 6: what is needed is on record in every version, and the customer confirmed it."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_every_version_of_the_requirement_stays_on_record(story: Story) -> None:
    name = {"en": "requirement", "zh": "需求"}[story.lang]
    versions = story.ask(f"fields D-1 {name}")
    assert len(versions) == 2
    assert versions[0]["now"] == versions[1]["was"] != versions[1]["now"]


def test_the_stage_is_not_left_without_the_customers_word(story: Story) -> None:
    assert len(story.reasons("opp advance D-1 ||")) == 3
    assert "exit code 7" in story.answer("opp advance D-1 ||")


def test_the_mail_is_on_the_deal_and_its_file_is_known_by_its_hash(story: Story) -> None:
    (mail,) = [row for row in story.ask("activity list") if row["kind"] == "mail"]
    assert mail["deal"] == "D-1"
    (file,) = story.ask("audit files")
    assert file["state"] == "same"
