"""Point 7: expected value is amount × probability × margin − effort; priority is derived; nobody types either."""

from decimal import Decimal

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_the_value_is_amount_times_probability_times_margin_less_effort(story: Story) -> None:
    effort, cost = {"en": ("people_days", 800), "zh": ("人天", 1500)}[story.lang]
    for deal in story.ask(f"ls -c id,amount,probability,margin,{effort},grade,value,priority"):
        share = Decimal(str(deal["probability"])) * Decimal(str(deal["margin"])) / 10000
        value = Decimal(str(deal["amount"])) * share - Decimal(str(deal[effort])) * cost
        assert Decimal(str(deal["value"])) == value
        assert Decimal(str(deal["priority"])) == value * (Decimal("1.5") if deal["grade"] == "A" else 1)


def test_it_follows_when_an_input_changes(story: Story) -> None:
    before, after = story.answer("opp ls -c id,title"), story.answer("opp ls -c id,value")
    assert "-" in before.splitlines()[-1].split()[-1]
    assert not after.splitlines()[-1].split()[-1].startswith("-")


def test_nobody_types_a_value_or_a_priority(own: Story) -> None:
    assert own.do("deal edit D-1 --set value=1").code == 2
    assert own.do("deal edit D-1 --set priority=1").code == 2
