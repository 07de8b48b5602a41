"""A notice that was stored is read as it was said, and told in the reader's own voice."""

import made
import pytest

from oppcli.model.command import command
from oppcli.model.kept import kept, told_again
from oppcli.model.money import shown
from oppcli.model.notices import Notice
from oppcli.model.reasons import REASONS
from oppcli.model.said import MARK, Said, Word, listed, say
from oppcli.speech import CATALOGUES, Voice, spoken
from oppcli.store.doors import WriteDoor
from oppcli.words.shown import show_instant

SUBJECT = say("{request}, {type} for {deal}", request="R-1", type="quote", deal="D-1")
NESTED = say(
    "{subject}: {n} {n:row|rows} {state}; {lines}",
    subject=SUBJECT,
    n=2,
    state=Word("state", "pending"),
    lines=listed((say("nobody"), command("inbox", another=True), command("win", "D-1", "-m", "…")), "; "),
)
HARD = (
    "",
    "R-1 waits",
    "[signed] offer.pdf",
    '{"say": "x"}',
    f"typed {MARK} by hand",
    f'{MARK}{{"say": 1}}',
    f'x{MARK}{{"list": 3}}',
    say("done"),
    NESTED,
    say("{amount} at {at}", amount=shown(-50, "CNY"), at=show_instant(0, "UTC")),
    listed((NESTED, "plain"), "\n"),
)


def shape(text: object) -> object:
    """Everything that a text was made of."""
    names = "template values parts between group words ready why another minor currency".split()
    made_of = {name: getattr(text, name) for name in names if isinstance(text, str) and hasattr(text, name)}
    below = {
        name: [shape(each) for each in value]
        if isinstance(value, tuple)
        else {key: shape(each) for key, each in value.items()}
        if isinstance(value, dict)
        else value
        for name, value in made_of.items()
    }
    return (type(text), text, below)


@pytest.mark.parametrize("text", HARD)
def test_a_text_comes_back_as_it_was_said(text: str) -> None:
    assert shape(told_again(kept(text))) == shape(text)


def test_what_is_stored_begins_with_the_sentence_as_people_read_it() -> None:
    assert kept(SUBJECT).startswith(f"{SUBJECT}{MARK}")
    assert kept("plain") == "plain"


def test_a_stored_notice_is_told_in_the_readers_language_with_the_readers_flags(
    door: WriteDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    german = {"{subject}: {n} {n:row|rows} {state}; {lines}": "{lines} - {subject}", "nobody": "niemand"}
    monkeypatch.setitem(CATALOGUES, "de", lambda context, template: german.get(template, template))
    made.request(door)
    number = door.add(Notice(to="li", kind="opened", text=NESTED)).id
    old = door.add(Notice(to="li", kind="opened", text=str(NESTED))).id
    new = spoken(door.get(Notice, number).text, Voice(("--db", "a.db"), "de"))
    assert new == "niemand; opp --db a.db inbox; opp --db a.db win D-1 -m … - R-1, quote for D-1"
    assert spoken(door.get(Notice, old).text, Voice(("--db", "a.db"), "de")) == str(NESTED)


@pytest.mark.parametrize("reason", REASONS)
def test_why_the_program_ended_something_is_known_again_by_its_plain_text(reason: Said) -> None:
    said, reader = reason.filled(into="C-12", rating=10), Voice(lang="zh")
    assert spoken(told_again(f"{said}"), reader) == spoken(said, reader) != said
    assert spoken(told_again(f"{said}, he said"), reader) == f"{said}, he said"
