"""Point 4: points with where they are from, a stable order, closed deals left alone, weights that people apply."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_the_points_are_the_sum_of_their_rules(story: Story) -> None:
    assert story.answer("opp show D-1").count("+") == 3


def test_what_is_closed_keeps_its_points_whatever_is_applied(own: Story) -> None:
    score = {"en": "fit", "zh": "匹配度"}[own.lang]
    boss = {"en": "nora", "zh": "zheng"}[own.lang]
    text = (own.opp.folder / "team.toml").read_text("utf-8")
    more = 'points = 20 },\n  { when = "amount > 0", points = 5 }'
    (own.opp.folder / "team.toml").write_text(text.replace("points = 20 }", more), "utf-8")
    assert own.do("policy apply team.toml", user=boss).code == 0
    assert own.do("tick").code == 0
    assert [row[score] for row in own.ask(f"ls -c id,{score} -L 3")] == [55, 45, 0]


def test_other_weights_change_nothing_before_a_person_applies_them(story: Story) -> None:
    score = {"en": "fit", "zh": "匹配度"}[story.lang]
    before, after = story.answer(f"opp ls -c id,{score}"), story.answer(f"opp ls -c id,{score}", 1)
    assert "70" in before
    assert "70" not in after
    applied = [row["applied_by"] for row in story.ask("policy history")]
    assert applied == [{"en": "nora", "zh": "zheng"}[story.lang]] * 3


def test_the_order_is_the_same_each_time_and_ends_with_the_id(story: Story) -> None:
    orders = {tuple(row["id"] for row in story.ask("ls --sort -priority")) for _ in range(3)}
    assert len(orders) == 1
    assert [row["id"] for row in story.ask("ls --sort currency -L 3")] == ["D-1", "D-2", "D-3"]


def test_what_is_proposed_is_learnt_from_closed_deals_judged_on_later_ones_and_changes_nothing(own: Story) -> None:
    proposed = own.ask("policy tune")
    assert [row["points"] for row in proposed] != [row["tuned"] for row in proposed]
    assert own.answer("opp policy tune").startswith("#")
    assert len(own.ask("policy history")) == 3
