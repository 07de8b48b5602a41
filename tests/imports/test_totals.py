"""Lines of totals below the rows of an export: they are no rows, are skipped, and it is said which."""

from pathlib import Path

import pytest
from crew import MAPPING, Team

HEADER = "id,title,stage,amount"
WITH_AMOUNT = MAPPING + 'amount = "amount"\n'


@pytest.fixture
def team(opp, tmp_path: Path) -> Team:
    return Team(opp, tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        "Total,,,300",
        "Grand total,,,300",
        'Grand Totals (2 records),,,"$300.00"',
        "Subtotal:,,,300",
        "合计,,,300元",
        "总计：,,,300",
        "小计,2单,,300",
        ",Total,,300",
    ],
)
def test_a_line_of_totals_is_skipped_and_counted(team: Team, line: str) -> None:
    said = team.take(WITH_AMOUNT, HEADER, "1,Shop,Lead,100", "2,Bar,Lead,200", line)
    assert "2 rows from f.csv: 2 created, 0 updated, 0 unchanged, 0 rejected" in said
    assert "1 line of totals skipped: line 4" in said


@pytest.mark.parametrize("line", ["Count,Shop,Nonsense,300", "Sum,Shop,Lead,abc", "Total: rollout,Shop,Lead,abc"])
def test_a_row_with_words_and_a_fault_is_rejected_whatever_it_is_called(team: Team, line: str) -> None:
    said = team.take(WITH_AMOUNT, HEADER, "1,Shop,Lead,100", line, code=9)
    assert "totals skipped" not in said and "1 rejected" in said


@pytest.mark.parametrize("line", ["3,Total,Lead,300", "Total,Refinery of Total,Lead,300", "Totally,,,300"])
def test_a_deal_that_is_called_so_is_a_row_and_one_with_a_fault_is_rejected(team: Team, line: str) -> None:
    said = team.take(WITH_AMOUNT, HEADER, "1,Shop,Lead,100", line, code=9 if ",,," in line else 0)
    assert "totals skipped" not in said and "2 rows from f.csv" in said


def test_a_sum_becomes_no_deal_where_every_row_is_in_one_stage_and_known_by_its_title(team: Team) -> None:
    mapping = 'system = "x"\n[fields]\nexternal_id = "name"\ntitle = "name"\nstage = { constant = "Lead" }\n'
    said = team.take(mapping + 'amount = "amount"\n', "name,amount", "Shop,100", "Bar,200", "小计,300", "合计,300")
    assert "2 created" in said and "2 lines of totals skipped: line 4, line 5" in said
    assert sorted(deal["title"] for deal in team.ok("deal list -o json").json) == ["Bar", "Shop"]
