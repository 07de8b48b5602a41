"""What an entry of the journal changed, as one sentence."""

from oppcli.reads.summary import Telling, summary, valued


def test_the_lines_of_a_submission_are_counted_not_listed() -> None:
    changes = {"month": [None, "2026-12"], "lines.1": [None, {"deal_id": 1}], "lines.2": [None, {"deal_id": 2}]}
    assert summary(changes, noun="forecast") == "month 2026-12; 2 deals"


def test_money_in_a_part_is_told_in_its_currency_not_in_minor_units() -> None:
    line = {"deal_id": 1, "category": "commit", "amount": 604_500, "currency": "EUR", "probability": 90}
    assert valued("lines.1", line, "", "CNY", Telling(), "forecast") == "D-1 commit EUR 6,045.00 90"
