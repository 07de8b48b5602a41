"""What the journal says of a change is enough to go forwards and back between the states of a noun."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from oppcli.model.deals import Deal, Visit
from oppcli.model.requests import Decision, Holder, Request, Revision, Seat, Step
from oppcli.store.changes import Plain, apply, changed, created, plain, revive
from oppcli.store.mapping import compact, shape_of

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
NAME = st.text("ab.é中 ", max_size=3)
WORDS = st.lists(TEXT, max_size=2).map(tuple)
INSTANT = st.integers(0, 10**13)
SOME_INSTANT = st.none() | INSTANT
VALUE = st.one_of(TEXT, st.booleans(), st.integers(-9, 9))
OBJECT = st.dictionaries(NAME, VALUE, max_size=2)

VISITS = st.lists(st.builds(Visit, stage=TEXT, entered_at=SOME_INSTANT, left_at=SOME_INSTANT), max_size=3).map(
    lambda visits: tuple(
        Visit(id=place, stage=visit.stage, entered_at=visit.entered_at, left_at=visit.left_at)
        for place, visit in enumerate(visits, 1)
    )
)
DEALS = st.builds(
    Deal,
    id=st.just(7),
    title=TEXT,
    stage=TEXT,
    amount=st.none() | st.integers(0, 10**15),
    owner=st.none() | TEXT,
    tags=WORDS,
    extra=OBJECT,
    created_at=SOME_INSTANT,
    last_open_stage=st.none() | TEXT,
    visits=VISITS,
)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """A request with any number of revisions, steps, seats, holders and decisions."""
    revisions = draw(st.integers(0, 2))
    steps = [
        Step(
            revision=revision,
            position=position,
            group=position,
            name=draw(TEXT),
            fresh=draw(st.booleans()),
            who=draw(WORDS),
            due_at=draw(SOME_INSTANT),
            seats=tuple(draw(seats(number)) for number in range(1, draw(st.integers(0, 2)) + 1)),
        )
        for revision in range(1, revisions + 1)
        for position in range(1, draw(st.integers(0, 11)) + 1)
    ]
    return Request(
        id=7,
        deal_id=1,
        type="quote",
        submitted_by=draw(TEXT),
        submitted_at=draw(INSTANT),
        state=draw(st.sampled_from(("pending", "approved"))),
        revisions=tuple(Revision(number=n, snapshot=draw(OBJECT), at=1, editor="li") for n in range(1, revisions + 1)),
        steps=tuple(steps),
        decisions=tuple(
            Decision(number=n, revision=1, step=1, seat=1, actor=draw(TEXT), actor_name=draw(TEXT))
            for n in range(1, draw(st.integers(0, 2)) + 1)
        ),
    )


def seats(number: int) -> st.SearchStrategy[Seat]:
    holders = st.lists(st.builds(Holder, login=TEXT, how=TEXT), max_size=2).map(tuple)
    return st.builds(Seat, number=st.just(number), holders=holders, state=TEXT, hops=st.integers(0, 3), pool=WORDS)


def stored(changes: Any) -> Any:
    """As it comes back from the journal."""
    return json.loads(changes if isinstance(changes, str) else compact(changes))


PAIRS = st.one_of(st.tuples(DEALS, DEALS), st.tuples(requests(), requests()))


@given(PAIRS)
def test_creation_folds_to_the_noun(pair: tuple[Any, Any]) -> None:
    noun = pair[0]
    shape = shape_of(type(noun))
    whole: Plain = {}
    apply(shape, whole, stored(created(shape, noun)))
    assert whole == stored(plain(shape, noun))


@given(PAIRS)
def test_a_change_leads_forwards(pair: tuple[Any, Any]) -> None:
    before, after = pair
    shape = shape_of(type(before))
    changes = stored(changed(shape, before, after))
    whole = stored(plain(shape, before))
    apply(shape, whole, changes)
    assert whole == stored(plain(shape, after))


@given(PAIRS)
def test_what_was_folded_comes_alive_again(pair: tuple[Any, Any]) -> None:
    noun = pair[0]
    shape = shape_of(type(noun))
    assert revive(shape, 7, stored(plain(shape, noun))) == noun


@given(st.one_of(DEALS, requests()))
def test_equal_nouns_differ_in_nothing(noun: Any) -> None:
    assert changed(shape_of(type(noun)), noun, noun) == {}


def test_a_path_names_the_place() -> None:
    shape = shape_of(Deal)
    before = Deal(title="a", stage="x", extra={"a.b": 1, "c": 2}, visits=(Visit(id=1, stage="x", entered_at=1),))
    after = Deal(title="b", stage="x", extra={"a.b": 3}, visits=(Visit(id=1, stage="x", entered_at=1, left_at=2),))
    assert changed(shape, before, after) == {
        "title": ["a", "b"],
        "extra.a.b": [1, 3],
        "extra.c": [2, None],
        "visits.1.left_at": [None, 2],
    }
