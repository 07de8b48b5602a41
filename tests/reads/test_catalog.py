"""The catalogue: what a read needs to be one, and that what is generated from the reads is up to date."""

import re

import pytest

from oppcli.reads import catalog, written
from oppcli.reads.index import MODULES
from oppcli.reads.reports import listing

DEAL = """
id title customer stage kind amount currency probability owner source expected_close next_step created_at updated_at
closed_at version discount margin payment_days tier product region campaign grade score next_step_on tags collaborators
last_open_stage close_reason close_detail competitor external_id system channel extra
"""
FIRST = {
    "report funnel": """
        stage kind reached now amount currency step_conversion overall_conversion lost_here""",
    "report durations": """
        stage visits mean_days median_days p90_days max_days open open_median_days median_incl_open_days target_days
        over_target""",
    "report overdue": """
        request deal title customer type step waiting_on due overdue_hours overdue_business_hours amount currency level
        blocked breached_at""",
    "report turnaround": """
        type step decided median_hours p90_hours median_business_hours p90_business_hours late late_share approvals
        rejections returns reasons""",
    "report waiting": """
        deal title customer owner stage total_hours seller_hours approval_hours returned_hours outside_hours approvers
        """,
    "deal list": DEAL,
    "deal show": f"{DEAL} visits files requests flagged",
    "request list": """
        id deal title customer type state step waiting_on since due left amount currency revision changed blocked
        submitted_by submitted_at decided_at reason""",
    "user list": "login name roles manager active open_deals won email created_at version",
    "delegate list": "id from to starts_at ends_at state types max_amount currency reason created_by created_at",
    "log": "seq at actor on_behalf_of channel action noun id what reason changes meta txn hash",
    "policy history": "number applied_at applied_by name live_requests hash",
    "notices list": "id to kind request state at channels attempts next_try_at sent_at why text deal",
    "gate": "needs state command",
}
"""Read → its columns in the first version, which programs read by their places."""


@pytest.mark.parametrize("path", FIRST)
def test_what_was_added_to_a_read_stands_behind_what_it_had(path: str) -> None:
    before = FIRST[path].split()
    assert [column.name for column in catalog.read(path).columns][: len(before)] == before


@pytest.mark.parametrize("path", MODULES)
def test_every_read_says_where_it_stands_and_how_it_is_used(path: str) -> None:
    read = catalog.read(path)
    assert read.path == path
    assert read.title and read.help and read.examples
    assert [column.name for column in read.columns if not re.fullmatch("[a-z][a-z_0-9]*", column.name)] == []
    assert [example for example in read.examples if not example.startswith("opp ")] == []


def test_no_two_reads_stand_in_the_same_place() -> None:
    paths = [read.path for _, read in catalog.found()]
    assert sorted(paths) == sorted(set(paths))


def test_the_index_and_the_page_are_what_the_reads_say() -> None:
    assert written.INDEX.read_text("utf-8") == written.index()
    assert written.DOCS.read_text("utf-8") == written.reports()


def test_the_list_of_reports_is_a_table_itself() -> None:
    assert [f"report {row[0]}" for row in listing().rows] == catalog.reports()
