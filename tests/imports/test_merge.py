"""A row against what people did since it was imported: tables of cases, no database."""

from dataclasses import replace

from oppcli.actions.imports.merge import Known, Said, differs, known, merged
from oppcli.files.history import History
from oppcli.files.reading import Problem
from oppcli.model.deals import Deal, Visit
from oppcli.model.journal import Entry

PAST = History("Offer", False, (("Lead", 1, 3), ("Offer", 3, None)), 1, None, None)
DEAL = Deal(
    id=1,
    title="t",
    stage="Offer",
    amount=100,
    source="web",
    extra={"line": "A"},
    created_at=1,
    updated_at=10,
    visits=(Visit(id=1, stage="Lead", entered_at=1, left_at=3), Visit(id=2, stage="Offer", entered_at=3)),
)
SAID = Said({"title": "t", "amount": 100, "source": "web"}, {"line": "A"}, PAST)


def entry(channel: str, **changes: object) -> Entry:
    paths = {name.replace("__", "."): [None, value] for name, value in changes.items()}
    return Entry(
        seq=1, txn=1, at=1, actor="li", on_behalf_of=None, channel=channel, action="edit", noun="deal", noun_id="1",
        changes=paths, meta={}, prev="", hash="",
    )  # fmt: skip


IMPORTED = entry("import", title="t", amount=100, source="web", extra__line="A", stage="Offer", visits__2={})


def state(*entries: Entry) -> Known:
    return known([IMPORTED, *entries])["1"]


def test_a_row_that_says_what_is_known_differs_in_nothing() -> None:
    assert not differs(DEAL, SAID)
    assert merged(DEAL, SAID, state(), now=50) == DEAL


def test_what_the_file_changed_is_taken_and_what_it_clears_is_cleared() -> None:
    said = Said({"title": "t2", "amount": None, "source": "web"}, {"line": None}, PAST)
    assert differs(DEAL, said)
    assert merged(DEAL, said, state(), now=50) == replace(DEAL, title="t2", amount=None, extra={})


def test_what_people_changed_stays_while_the_file_says_what_it_said_before() -> None:
    edited = replace(DEAL, amount=999, extra={"line": "B"})
    told = state(entry("cli", amount=999, extra__line="B"))
    assert differs(edited, SAID)
    assert merged(edited, SAID, told, now=50) == edited


def test_what_both_changed_is_as_the_file_says_now() -> None:
    edited = replace(DEAL, amount=999)
    said = replace(SAID, values={**SAID.values, "amount": 200})
    assert merged(edited, said, state(entry("cli", amount=999)), now=50) == replace(DEAL, amount=200)


def test_an_import_after_a_persons_change_makes_the_field_the_files_again() -> None:
    told = state(entry("cli", amount=999), entry("import", amount=200))
    assert merged(replace(DEAL, amount=200), SAID, told, now=50) == DEAL


def test_a_field_mapped_only_now_is_taken_from_the_file() -> None:
    edited = replace(DEAL, region="north")
    said = replace(SAID, values={**SAID.values, "region": "south"})
    assert merged(edited, said, state(entry("cli", region="north")), now=50) == replace(DEAL, region="south")


CLOSED = History("Won", True, (("Lead", 1, 3), ("Offer", 3, 8), ("Won", 8, None)), 1, 8, "Offer")


def test_a_move_in_the_file_brings_its_history() -> None:
    after = merged(DEAL, replace(SAID, history=CLOSED), state(), now=50)
    assert isinstance(after, Deal)
    assert (after.stage, after.closed_at, after.last_open_stage) == ("Won", 8, "Offer")
    assert [(visit.id, visit.stage, visit.entered_at, visit.left_at) for visit in after.visits] == [
        (1, "Lead", 1, 3),
        (2, "Offer", 3, 8),
        (3, "Won", 8, None),
    ]


def test_a_move_without_a_date_counts_from_the_import_and_keeps_what_was_known() -> None:
    undated = History("Won", True, (("Won", None, None),), None, None, None)
    after = merged(DEAL, replace(SAID, history=undated), state(), now=50)
    assert isinstance(after, Deal)
    assert [(visit.stage, visit.entered_at, visit.left_at) for visit in after.visits] == [
        ("Lead", 1, 3),
        ("Offer", 3, 50),
        ("Won", 50, None),
    ]
    assert (after.closed_at, after.last_open_stage, after.created_at) == (50, "Offer", 1)
    assert not differs(after, replace(SAID, history=undated))


def test_a_deal_moved_by_people_keeps_its_history_while_the_file_says_what_it_said() -> None:
    moved = replace(DEAL, stage="Talks", visits=(*DEAL.visits, Visit(id=3, stage="Talks", entered_at=20)))
    told = state(entry("cli", stage="Talks", visits__3={}))
    assert merged(moved, SAID, told, now=50) == moved


def test_a_deal_moved_here_and_in_the_file_is_a_problem() -> None:
    moved = replace(DEAL, stage="Talks")
    told = state(entry("cli", stage="Talks", visits__3={}))
    found = merged(moved, replace(SAID, history=CLOSED), told, now=50)
    assert found == Problem("the file moved it to Won, and it was moved to Talks here")


def test_a_deal_moved_to_the_same_stage_on_both_sides_keeps_what_people_did() -> None:
    moved = replace(DEAL, stage="Won", visits=(*DEAL.visits, Visit(id=3, stage="Won", entered_at=20)))
    told = state(entry("cli", stage="Won", visits__3={}))
    assert merged(moved, replace(SAID, history=CLOSED), told, now=50) == moved
