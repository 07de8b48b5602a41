"""A row against what people did since it was imported: tables of cases, no database."""

from dataclasses import replace
from typing import Any

from oppcli.actions.imports.merge import Known, RowSaid, differs, known, merged
from oppcli.actions.imports.stays import Line, added, joined
from oppcli.files.history import History
from oppcli.files.reading import Problem
from oppcli.model.deals import Deal, Visit
from oppcli.model.journal import Entry
from oppcli.model.policy import StageRule


def dated(**dates: int) -> list[tuple[int, StageRule]]:
    return [(at, StageRule(name=name)) for name, at in dates.items()]


PLACES = {"Lead": 0, "Offer": 1, "Talks": 2, "Won": 3, "Lost": 4}
LINE = Line("crm", PLACES, frozenset(("Lead", "Offer", "Talks")), frozenset(("Won",)), lambda at: f"day {at}", now=50)
PAST = History(
    "Offer", False, (("Lead", 1, 3, "crm"), ("Offer", 3, None, "crm")), 1, None, None, dated(Lead=1, Offer=3)
)
DEAL = Deal(
    id=1,
    title="t",
    stage="Offer",
    amount=100,
    source="web",
    extra={"line": "A"},
    created_at=1,
    updated_at=10,
    visits=(
        Visit(id=1, stage="Lead", entered_at=1, left_at=3, system="crm"),
        Visit(id=2, stage="Offer", entered_at=3, system="crm"),
    ),
)
SAID = RowSaid({"title": "t", "amount": 100, "source": "web"}, {"line": "A"}, PAST)


def entry(channel: str, **changes: object) -> Entry:
    paths = {name.replace("__", "."): [None, value] for name, value in changes.items()}
    return Entry(
        seq=1, txn=1, at=1, actor="li", on_behalf_of=None, channel=channel, action="edit", noun="deal", noun_id="1",
        changes=paths, meta={}, prev="", hash="",
    )  # fmt: skip


IMPORTED = entry("import", title="t", amount=100, source="web", extra__line="A", stage="Offer", visits__2={})


def moved_here(stage: str, at: int) -> Deal:
    """The deal as somebody moved it here."""
    first, offer = DEAL.visits
    stays = (first, replace(offer, left_at=at), Visit(id=3, stage=stage, entered_at=at))
    ended: dict[str, Any] = {"closed_at": at, "last_open_stage": "Offer"} if stage == "Won" else {}
    return replace(DEAL, stage=stage, visits=stays, **ended)


def state(*entries: Entry) -> Known:
    return known([IMPORTED, *entries])["1"]


def test_a_row_that_says_what_is_known_differs_in_nothing() -> None:
    assert not differs(DEAL, SAID, LINE)
    assert merged(DEAL, SAID, state(), LINE) == DEAL


def test_what_the_file_changed_is_taken_and_what_it_clears_is_cleared() -> None:
    said = RowSaid({"title": "t2", "amount": None, "source": "web"}, {"line": None}, PAST)
    assert differs(DEAL, said, LINE)
    assert merged(DEAL, said, state(), LINE) == replace(DEAL, title="t2", amount=None, extra={})


def test_what_people_changed_stays_while_the_file_says_what_it_said_before() -> None:
    edited = replace(DEAL, amount=999, extra={"line": "B"})
    told = state(entry("cli", amount=999, extra__line="B"))
    assert differs(edited, SAID, LINE)
    assert merged(edited, SAID, told, LINE) == edited


def test_what_both_changed_is_as_the_file_says_now() -> None:
    edited = replace(DEAL, amount=999)
    said = replace(SAID, values={**SAID.values, "amount": 200})
    assert merged(edited, said, state(entry("cli", amount=999)), LINE) == replace(DEAL, amount=200)


def test_an_import_after_a_persons_change_makes_the_field_the_files_again() -> None:
    told = state(entry("cli", amount=999), entry("import", amount=200))
    assert merged(replace(DEAL, amount=200), SAID, told, LINE) == DEAL


def test_a_field_mapped_only_now_is_taken_from_the_file() -> None:
    edited = replace(DEAL, region="north")
    said = replace(SAID, values={**SAID.values, "region": "south"})
    assert merged(edited, said, state(entry("cli", region="north")), LINE) == replace(DEAL, region="south")


CLOSED = History(
    "Won",
    True,
    (("Lead", 1, 3, "crm"), ("Offer", 3, 8, "crm"), ("Won", 8, None, "crm")),
    1,
    8,
    "Offer",
    dated(Lead=1, Offer=3, Won=8),
)


def test_a_move_in_the_file_brings_its_history() -> None:
    after = merged(DEAL, replace(SAID, history=CLOSED), state(), LINE)
    assert isinstance(after, Deal)
    assert (after.stage, after.closed_at, after.last_open_stage) == ("Won", 8, "Offer")
    assert [(visit.id, visit.stage, visit.entered_at, visit.left_at) for visit in after.visits] == [
        (1, "Lead", 1, 3),
        (2, "Offer", 3, 8),
        (3, "Won", 8, None),
    ]


def test_a_move_without_a_date_counts_from_the_import_and_keeps_what_was_known() -> None:
    undated = History("Won", True, (("Won", None, None, "crm"),), None, None, None)
    after = merged(DEAL, replace(SAID, history=undated), state(), LINE)
    assert isinstance(after, Deal)
    assert [(visit.stage, visit.entered_at, visit.left_at) for visit in after.visits] == [
        ("Lead", 1, 3),
        ("Offer", 3, 50),
        ("Won", 50, None),
    ]
    assert (after.closed_at, after.last_open_stage, after.created_at) == (50, "Offer", 1)
    assert not differs(after, replace(SAID, history=undated), LINE)


def test_a_deal_moved_by_people_keeps_its_history_while_the_file_says_what_it_said() -> None:
    moved = moved_here("Talks", 20)
    told = state(entry("cli", stage="Talks", visits__3={}))
    assert merged(moved, SAID, told, LINE) == moved


def test_a_deal_moved_here_and_in_the_file_is_a_problem() -> None:
    moved = moved_here("Talks", 20)
    told = state(entry("cli", stage="Talks", visits__3={}))
    found = merged(moved, replace(SAID, history=CLOSED), told, LINE)
    assert found == Problem("the file moved it to Won, and it was moved to Talks here")


def test_a_deal_moved_to_the_same_stage_on_both_sides_keeps_what_people_did() -> None:
    moved = moved_here("Won", 20)
    told = state(entry("cli", stage="Won", visits__3={}))
    assert merged(moved, replace(SAID, history=CLOSED), told, LINE) == moved


def way(found: Deal | Problem) -> list[tuple[str, int | None, int | None]]:
    assert isinstance(found, Deal)
    return [(visit.stage, visit.entered_at, visit.left_at) for visit in found.visits]


def said(stage: str, at: int | None, **dates: int) -> History:
    """A row in a stage since `at`, with dates of others."""
    told = sorted([*dates.items(), *([(stage, at)] if at is not None else [])], key=lambda pair: pair[1])
    first = told[0][1] if told else None
    return History(stage, stage in ("Won", "Lost"), (), first, None, None, dated(**dict(told)))


def lead(at: int | None = 21, system: str | None = "crm") -> Deal:
    """A deal that is in its first stage."""
    stay = Visit(id=1, stage="Lead", entered_at=at, system=system)
    return Deal(id=1, title="t", stage="Lead", created_at=at, visits=(stay,))


def test_a_stage_that_a_later_file_does_not_name_stays_and_ends_with_the_next_entry() -> None:
    after = joined(lead(), said("Won", 26), LINE)
    assert way(after) == [("Lead", 21, 26), ("Won", 26, None)]
    assert isinstance(after, Deal)
    assert (after.created_at, after.closed_at, after.last_open_stage) == (21, 26, "Lead")


def test_since_when_it_is_in_its_stage_told_night_after_night_makes_the_whole_way() -> None:
    deal: Deal | Problem = lead(5)
    for stage, at in (("Offer", 12), ("Offer", 12), ("Talks", 43), ("Won", 60)):
        assert isinstance(deal, Deal)
        deal = joined(deal, said(stage, at)._replace(since=True), LINE)
    assert way(deal) == [("Lead", 5, 12), ("Offer", 12, 43), ("Talks", 43, 60), ("Won", 60, None)]


def test_since_when_it_is_back_in_a_stage_leaves_the_first_stay_there() -> None:
    back = joined(DEAL, said("Lead", 9)._replace(since=True), LINE)
    assert way(back) == [("Lead", 1, 3), ("Offer", 3, 9), ("Lead", 9, None)]
    corrected = joined(DEAL, said("Offer", 4)._replace(since=True), LINE)
    assert way(corrected) == [("Lead", 1, 4), ("Offer", 4, None)]


def test_a_date_for_a_stage_replaces_what_imports_knew_of_it_and_created_follows() -> None:
    after = joined(DEAL, said("Offer", 3, Lead=2), LINE)
    assert way(after) == [("Lead", 2, 3), ("Offer", 3, None)]
    assert isinstance(after, Deal)
    assert after.created_at == 2


def test_created_is_the_earliest_that_is_known() -> None:
    later, earlier = (joined(DEAL, said("Offer", 3)._replace(created_at=at), LINE) for at in (2, 0))
    assert isinstance(later, Deal) and isinstance(earlier, Deal)
    assert (later.created_at, earlier.created_at) == (1, 0)


def test_created_is_not_what_a_deal_ended_with() -> None:
    nowhere = replace(lead(None), created_at=30)
    assert isinstance(won := joined(nowhere, said("Won", 26)._replace(created_at=None), LINE), Deal)
    assert (won.created_at, won.closed_at) == (30, 26)
    there = replace(nowhere, stage="Won", visits=(Visit(id=1, stage="Won", entered_at=None, system="crm"),))
    assert isinstance(stayed := added(there, [Visit(stage="Won", entered_at=26, system="crm")], LINE), Deal)
    assert (stayed.created_at, stayed.closed_at) == (30, 26)
    once_won = replace(lead(21), visits=(Visit(id=1, stage="Won", entered_at=5, system="crm"), *lead(21).visits))
    assert isinstance(moved := joined(once_won, said("Offer", 40, Lead=30), LINE), Deal)
    assert moved.created_at == 30


def test_stays_that_people_made_stay_and_their_dates_count() -> None:
    moved = moved_here("Talks", 20)
    assert way(joined(moved, said("Talks", 15, Lead=2, Offer=4), LINE)) == [
        ("Lead", 2, 4),
        ("Offer", 4, 20),
        ("Talks", 20, None),
    ]
    assert joined(lead(21, system=None), said("Lead", 5), LINE) == replace(lead(21, system=None), created_at=5)


def test_a_stage_met_between_two_that_are_known_comes_between_them() -> None:
    won = joined(lead(), said("Won", 30), LINE)
    assert isinstance(won, Deal)
    assert way(joined(won, said("Won", 30, Talks=25), LINE)) == [("Lead", 21, 25), ("Talks", 25, 30), ("Won", 30, None)]


def test_another_stage_entered_after_the_one_it_is_in_is_a_problem() -> None:
    found = joined(DEAL, said("Lead", 2), LINE)
    assert (type(found), found) == (Problem, "Offer was entered on day 3, after Lead (day 2), where it is")


def test_of_a_stay_whose_end_nobody_knows_only_the_date_counts() -> None:
    undated = replace(lead(None), stage="Won", visits=(Visit(id=1, stage="Won", entered_at=None, system="crm"),))
    after = joined(undated, said("Won", None, Lead=1, Offer=3), LINE)
    assert way(after) == [("Lead", 1, 3), ("Won", None, None)]
    assert isinstance(after, Deal)
    assert (after.created_at, after.last_open_stage, after.closed_at) == (1, "Offer", None)
