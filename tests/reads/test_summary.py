"""What an entry of the journal changed, as one sentence."""

from oppcli.reads.summary import summary


def test_the_lines_of_a_submission_are_counted_not_listed() -> None:
    changes = {"month": [None, "2026-12"], "lines.1": [None, {"deal_id": 1}], "lines.2": [None, {"deal_id": 2}]}
    assert summary(changes, noun="forecast") == "month 2026-12; 2 deals"
