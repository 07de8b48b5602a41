"""Point 10: lines, floor, cost, tax, validity are checked; discounts route; an edit after approval voids it."""

from storytelling import Story


def test_each_team_sees_what_its_page_says(story: Story) -> None:
    story.agrees()


def test_what_is_wrong_with_a_line_is_told_before_anybody_is_asked(story: Story) -> None:
    reasons = story.reasons("opp submit D-1 quote ||")
    assert [code for code in ("Q2", "Q7") if any(code in reason for reason in reasons)] == ["Q2", "Q7"]
    assert "exit code 7" in story.answer("opp submit D-1 quote ||")


def test_the_figures_of_the_quote_are_those_of_its_lines(story: Story) -> None:
    quote = story.ask("quote show D-1 --version 1")
    lines = quote["lines"] if isinstance(quote, dict) else quote
    assert sum(float(line["amount"]) for line in lines) == {"en": 26400, "zh": 324000}[story.lang]


def test_the_discount_decides_who_is_asked(story: Story) -> None:
    asked = story.answer("opp request plan").split("\n\n")[0].splitlines()[2:]
    assert len(asked) == 3


def test_an_edit_after_approval_voids_it_and_nothing_is_sent(story: Story) -> None:
    (request,) = story.ask("request list --deal D-1")
    assert request["state"] == "invalidated"
    assert "exit code 7" in story.answer("opp quote send")
    assert not (story.opp.folder / "Q-1.html").exists()


def test_a_quote_that_is_valid_for_too_long_is_not_submitted(own: Story) -> None:
    seller = {"en": "ivy", "zh": "su"}[own.lang]
    assert own.do("quote edit D-1 --valid +90d", user=seller).code == 0
    own.do("quote use D-1", user=seller)
    refused = own.do("submit D-1 quote", user=seller)
    assert refused.code == 7
    assert "Q6" in refused.err
