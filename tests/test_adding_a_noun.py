"""How far one has to walk to add a noun or a field of one: no noun lacks a derived part (see test_adding.py)."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from command_line import InProcess

from oppcli import fastpath
from oppcli.cli.completion import table
from oppcli.cli.things import OWN
from oppcli.model.fields import called, of
from oppcli.model.noun import is_noun
from oppcli.model.nouns import BY_WORD, ENTRY, NOUNS, RECORDS, Noun, class_of
from oppcli.model.refs import belonging_to, meant
from oppcli.reads import things, written
from oppcli.reads.exports import EXPORTS
from oppcli.store import check, objects
from oppcli.store.doors import WriteDoor
from oppcli.store.grants import DERIVED
from oppcli.store.mapping import shape_of
from oppcli.store.tables import TABLES

commands = cache(table.rows)
words = pytest.mark.parametrize("noun", RECORDS, ids=lambda noun: noun.word)


# --- a noun -------------------------------------------------------------------------------------------------------


@words
def test_a_noun_is_told_in_both_languages_and_has_a_class_a_key_and_an_owner_that_are_there(noun: Noun) -> None:
    fields = class_of(noun).__annotations__
    assert all((noun.word, noun.plural, noun.zh, noun.listing))
    assert {noun.key, *noun.stages, *noun.searched, *filter(None, [noun.owner])} <= set(fields)
    assert noun.standing == ("standing" in fields)
    assert (not noun.parent or f"{noun.parent}_id" in fields) and (not noun.about or f"{noun.about}_id" in fields)


def test_no_two_nouns_are_called_alike() -> None:
    named = [(noun.word, noun.plural, noun.table, noun.zh) for noun in RECORDS]
    assert [len(set(column)) for column in zip(*named, strict=True)] == [len(RECORDS)] * 4
    prefixes = [noun.prefix for noun in RECORDS if noun.prefix]
    assert len(set(prefixes)) == len(prefixes)


@words
def test_a_noun_has_a_listing_that_can_be_typed(noun: Noun) -> None:
    command, _, operand = noun.listing.partition(" ") if noun.listing.startswith("export ") else (noun.listing, "", "")
    assert command in {row.path for row in commands()}
    assert not operand or operand in EXPORTS


@words
def test_a_noun_is_exported(noun: Noun) -> None:
    assert noun.plural in EXPORTS
    assert noun.plural in next(row for row in commands() if row.path == "export").places[0].removeprefix("=").split()


@words
def test_a_noun_has_a_table_with_a_column_for_each_of_its_fields(noun: Noun) -> None:
    shape = shape_of(class_of(noun))
    assert set(shape.columns) == set(TABLES[noun.table].__table__.columns.keys())  # type: ignore[attr-defined]
    assert {part.table for part in shape.family} <= set(TABLES)


def test_every_class_with_a_table_of_its_own_is_registered(door: WriteDoor) -> None:
    stored = {name for (name,) in door.rows(LISTED[door.dialect])} - {"meta", "alembic_version", "credential", *DERIVED}
    assert stored == {part.table for noun in RECORDS for part in shape_of(class_of(noun)).family}


LISTED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


@words
def test_a_noun_can_be_referred_to_in_the_log(noun: Noun) -> None:
    assert meant(f"{noun.word}:7") == (noun.word, "7")
    assert not noun.prefix or meant(f"{noun.prefix.lower()}7") == (noun.word, "7")


@pytest.mark.parametrize("noun", [each for each in RECORDS if each.word not in OWN], ids=lambda noun: noun.word)
def test_a_card_tells_of_every_field_of_a_noun(noun: Noun) -> None:
    table = things.one(noun, sample(class_of(noun)), lambda: "EUR")
    told = {column.name for column in table.columns}
    assert {called(field.name) for field in of(noun.word)} <= told
    assert (len(list(table.rows)), table.single, len(told) > 2) == (1, True, True)


def test_what_belongs_to_a_deal_is_told_in_its_history() -> None:
    assert {noun.word for noun in belonging_to("deal")} == {
        "file",
        "request",
        "activity",
        "task",
        "payment",
        "judgement",
        "quote",
        "contract",
    }
    assert {noun.parent for noun in RECORDS if noun.parent} <= set(BY_WORD)


def test_db_check_looks_at_every_noun(door: WriteDoor) -> None:
    assert vars(check)["NOUNS"] == NOUNS == tuple(noun for noun in RECORDS if noun is not ENTRY)
    assert [result.faults for result in check.results(door) if result.faults] == []


def test_the_docs_tell_of_every_noun() -> None:
    assert written.NOUNS_DOCS.read_text("utf-8") == written.nouns(), "python -m oppcli.reads writes it"


# --- completion: something of every noun --------------------------------------------------------------------------


@pytest.fixture
def full(opp: InProcess) -> Iterator[InProcess]:
    """A team in which there is one of everything that people make."""
    (opp.folder / "q.pdf").write_text("x")
    opp.ok("init --template blank")
    opp.ok("user add li --manager wang")
    opp.ok("add Plant --customer Acme --amount 5")
    opp.ok("deal attach D-1 q.pdf --kind offer")
    opp.ok("delegate add --to li --end +3d")
    opp.ok("forecast submit next-month")
    yield opp


@dataclass(frozen=True)
class Begun:
    """What is typed of a reference, and what is offered for it."""

    typed: str
    offered: str


BEGUN = (
    Begun("stage:", "stage:"),
    Begun("user:w", "user:wang"),
    Begun("C-", "C-1"),
    Begun("D-", "D-1"),
    Begun("X-", "X-1"),
    Begun("F-", "F-1"),
    Begun("G-", "G-1"),
    Begun("policy:", "policy:"),
    Begun("e1", "e1"),
)


@pytest.mark.parametrize("begun", BEGUN, ids=lambda begun: begun.typed)
def test_a_reference_is_completed(full: InProcess, begun: Begun) -> None:
    offered = fastpath.complete(["--db", str(full.db), "ref", begun.typed])
    assert [word for word, _ in offered if word.startswith(begun.offered)] != []


@words
def test_a_completion_of_every_noun_can_be_asked_for(new_file: Path, noun: Noun) -> None:
    with closing(sqlite3.connect(new_file)) as file:
        assert fastpath._keyed(file, noun, "x") == []
        assert not noun.prefix or fastpath._numbered(file, noun.word, "9") == []


@pytest.mark.parametrize("reference", ["D-1", "C-1", "X-1", "G-1", "e1", "stage:Lead", "user:wang", "wang"])
def test_the_log_takes_a_reference_to_anything(full: InProcess, reference: str) -> None:
    assert full.ok("log", reference, "-o", "json").json != []


EMPTY = (
    "requests notices deliveries codes views mappings contacts activities tasks payments proposals matches watches "
    "prices quotes contracts rates costs targets judgements points facts".split()
)
"""What nobody made yet."""


@pytest.mark.parametrize("noun", [noun.plural for noun in RECORDS])
def test_an_export_of_any_noun_can_be_read_by_a_program(full: InProcess, noun: str) -> None:
    rows = full.ok(f"export {noun} -o json").json
    assert rows or noun in EMPTY


def sample(type_: Any) -> Any:
    """Something of a field's type, not what it is by default."""
    if is_noun(type_):
        return type_(**{name: sample(of) for name, of in get_type_hints(type_).items()})
    inner = [each for each in get_args(type_) if each not in (type(None), ...)]
    origin = get_origin(type_)
    if origin is tuple:
        return (sample(inner[0]), sample(inner[0]))
    if origin is Mapping:
        return {"k": ["v", 1]}
    return {int: 7, str: "x", bool: True}[type_] if type_ in (int, str, bool) else sample(inner[0])


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.word)
def test_a_noun_goes_out_with_everything_and_comes_in_as_it_was(noun: Noun) -> None:
    made = objects.portable(noun, sample(class_of(noun)))
    written = json.loads(json.dumps(objects.whole(noun, made)))
    back = objects.thing(noun, written)
    assert objects.whole(noun, back) == written
    numbered = [child.field for child in shape_of(class_of(noun)).children if child.number_field]
    left = (*numbered, *shape_of(class_of(noun)).elsewhere)
    fields = [name for name in class_of(noun).__annotations__ if name not in left]
    assert [getattr(back, name) for name in fields] == [getattr(made, name) for name in fields]


# --- a column of a noun -------------------------------------------------------------------------------------------


def test_a_field_of_a_class_is_a_column_and_told_by_the_journal(tmp_path: Path, new_file: Path) -> None:
    """The field alone: table, codec, journal and export follow; the database itself wants a migration."""
    from dataclasses import field

    from oppcli.model.noun import noun
    from oppcli.store.changes import created
    from oppcli.store.mapping import Shape

    @noun
    class Customer:
        id: int = 0
        name: str
        phones: tuple[str, ...] = field(default=())
        external_id: str | None = None
        version: int = 1

    shape = Shape(Customer)
    assert shape.columns == ("id", "name", "phones", "external_id", "version", "search_key")
    assert shape.row(Customer(id=1, name="Acme", phones=("1",)), (), {}) == (1, "Acme", '["1"]', None, 1, "acme")
    assert created(shape, Customer(name="Acme", phones=("1",))) == '{"name":[null,"Acme"],"phones":[null,["1"]]}'
