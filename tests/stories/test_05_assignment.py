"""Point 5: rules, capacity, absence, what one can do; why; the pool; a transfer that changes nothing else."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_a_lead_goes_to_who_can_do_it_and_has_room(story: Story) -> None:
    owners = [row["owner"] for row in story.ask("ls -c id,owner")]
    tom = {"en": "tom", "zh": "tang"}[story.lang]
    assert owners == [tom, tom, None]


def test_nobody_away_or_unfit_is_given_anything_and_each_is_told_with_why(story: Story) -> None:
    told = story.answer("opp deal assign D-3 --by-rule --explain").splitlines()
    assert len([line for line in told if line.startswith(("ivy", "tom", "su", "tang"))]) == 2
    assert story.ask("ls --owner none")[0]["id"] == "D-3"


def test_who_has_as_many_as_may_be_is_given_no_more(own: Story) -> None:
    own.opp.env["OPP_NOW"] = {"en": "2026-03-16T09:00-04:00", "zh": "2026-03-09T09:00+08:00"}[own.lang]
    source = {"en": "website", "zh": "官网"}[own.lang]
    for n in range(3):
        assert own.do(f"add More{n} --customer M{n} --source {source}").code == 0
    owners = [row["owner"] for row in own.ask("ls")][3:]
    assert owners == [{"en": "ivy", "zh": "su"}[own.lang]] * 2 + [None]


def test_a_transfer_changes_the_owner_and_nothing_else(story: Story) -> None:
    entry = story.ask("log D-1 --sort -at -L 1")[0]
    assert entry["action"] == "assign"
    assert {name.split(".")[0] for name in entry["changes"]} <= {"owner", "tenures", "updated_at", "version"}
