"""Whatever states a noun goes through, it is stored as it was given, and the journal folds to what is stored."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import made
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from oppcli import store
from oppcli.model.deals import Deal, Visit
from oppcli.model.journal import Stamp
from oppcli.model.requests import Decision, Holder, Request, Revision, Seat, Step
from oppcli.store import check, journal

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
WORDS = st.lists(TEXT, max_size=2).map(tuple)
INSTANT = st.none() | st.integers(0, 10**13)
OBJECT = st.dictionaries(TEXT, st.one_of(TEXT, st.booleans(), st.none()), max_size=2)
LOGIN = st.sampled_from(("li", "wang"))
HOLDERS = st.lists(st.builds(Holder, login=LOGIN, how=TEXT, via=TEXT), max_size=2).map(tuple)


def counted(items: st.SearchStrategy[Any], most: int, field: str = "number") -> st.SearchStrategy[tuple[Any, ...]]:
    """A tuple of nouns that are numbered 1, 2 … in a field."""
    numbered = st.lists(items, max_size=most)
    return numbered.map(lambda found: tuple(replace(item, **{field: n}) for n, item in enumerate(found, 1)))


SEATS = counted(
    st.builds(Seat, number=st.just(0), holders=HOLDERS, state=st.sampled_from(("open", "approved")), left=WORDS), 2
)
STEP = st.builds(
    Step,
    revision=st.just(1),
    position=st.just(0),
    group=st.integers(1, 3),
    name=TEXT,
    state=st.sampled_from(("waiting", "open", "approved")),
    fresh=st.booleans(),
    who=WORDS,
    due_at=INSTANT,
    seats=SEATS,
)
REVISION = st.builds(Revision, number=st.just(0), snapshot=OBJECT, at=st.just(5), editor=LOGIN, editors=WORDS)
DECISION = st.builds(Decision, number=st.just(0), revision=st.just(1), step=st.just(1), seat=st.just(1),
                     actor=LOGIN, actor_name=TEXT, automatic=st.booleans(), reason=st.none() | TEXT)  # fmt: skip


@st.composite
def request_states(draw: st.DrawFn) -> list[Request]:
    """States that follow one another: anything may change but the decisions, which only grow."""
    states: list[Request] = []
    decisions: tuple[Decision, ...] = ()
    for _ in range(draw(st.integers(1, 4))):
        decisions = (*decisions, *(replace(d, number=d.number + len(decisions)) for d in draw(counted(DECISION, 2))))
        revisions = draw(counted(REVISION, 2))
        steps = tuple(
            replace(step, revision=revision.number)
            for revision in revisions
            for step in draw(counted(STEP, 3, "position"))
        )
        states.append(
            Request(
                deal_id=1,
                type="quote",
                submitted_by="li",
                submitted_at=1,
                state=draw(st.sampled_from(("pending", "approved"))),
                note=draw(st.none() | TEXT),
                revisions=revisions,
                steps=steps,
                decisions=decisions,
            )
        )
    return states


@st.composite
def deal_states(draw: st.DrawFn) -> list[Deal]:
    """A deal on its way: its visits grow, the rest may be anything."""
    visits: tuple[Visit, ...] = ()
    states = []
    for _ in range(draw(st.integers(1, 5))):
        stage = draw(st.sampled_from(("线索", "谈判", "赢单")))
        visits = (*(replace(visit, left_at=visit.left_at or 5) for visit in visits), Visit(stage=stage, entered_at=5))
        states.append(
            Deal(
                title=draw(TEXT),
                stage=stage,
                owner=draw(st.none() | LOGIN),
                amount=draw(st.none() | st.integers(0, 2**63 - 1)),
                tags=draw(WORDS),
                extra=draw(OBJECT),
                last_open_stage=draw(st.sampled_from((None, "谈判"))),
                visits=visits,
            )
        )
    return states


def lived_through(url: str, states: list[Any]) -> None:
    """Add the first state, save each of the others, and look at what is stored, each in its own transaction."""
    stamp = Stamp(actor="wang", now=10**12)
    with store.open_write(url, stamp) as door:
        current = door.add(states[0])
    for state in states[1:]:
        with store.open_write(url, stamp) as door:
            before = door.get(type(state), current.id)
            assert before == current
            current = door.save(before, replace(state, id=before.id, version=before.version))
    with store.open_read(url) as reader:
        assert reader.get(type(current), current.id) == current
        results = list(check.results(reader))
        assert journal.verify(reader.stream(journal.SELECT)).fault is None
    assert [result for result in results if result.faults] == []


SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FEW = settings(SOME, max_examples=10, phases=(Phase.explicit, Phase.reuse, Phase.generate))


@pytest.fixture
def with_deal(new_file: Path, stamp: Stamp, tmp_path: Path) -> Callable[[Path], str]:
    """Copies a file in which the team and a deal are."""
    first = str(shutil.copy(new_file, tmp_path / "first.db"))
    with store.open_write(first, stamp) as door:
        made.deal(door)
    return lambda folder: str(shutil.copy(first, folder / "opp.db"))


@SOME
@given(request_states())
def test_a_request_is_stored_as_given_through_all_its_states(
    with_deal: Callable[[Path], str], states: list[Request]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lived_through(with_deal(Path(folder)), states)


@SOME
@given(deal_states())
def test_a_deal_is_stored_as_given_through_all_its_states(with_deal: Callable[[Path], str], states: list[Deal]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lived_through(with_deal(Path(folder)), states)


@FEW
@given(st.one_of(deal_states(), request_states()))
def test_so_it_is_on_a_server(pg_url: str, states: list[Any]) -> None:
    with store.open_write(pg_url, Stamp(actor="wang", now=0)) as door:
        if not door.find(Deal):
            made.deal(door)
    free = [replace(state, type=f"type {id(states)}") if isinstance(state, Request) else state for state in states]
    lived_through(pg_url, free)
