"""The fields of every noun as a table: what each holds, in which unit, within which limits, and who may set it."""

from collections.abc import Container, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from oppcli.errors import NotFound
from oppcli.model import fields as registry
from oppcli.model.command import command
from oppcli.model.fields import Field
from oppcli.model.nouns import BY_WORD, RECORDS
from oppcli.model.records import ANY
from oppcli.model.refs import meant
from oppcli.model.said import Word, label, listed, say, title_of_person
from oppcli.model.spaces import FLAGS, OF_OTHERS, RISK, has_risk, space_of
from oppcli.reads.definitions import definition, values
from oppcli.reads.table import Column, Frame, Kind, Param, Read, Row, Table
from oppcli.rules.fields import beside, named, of_team
from oppcli.rules.scopes import require_fields
from oppcli.store.doors import ReadDoor
from oppcli.words.numbers import shown
from oppcli.words.spelling import nearest

COLUMNS = (
    Column("name", Kind.REF),
    Column("title"),
    Column("type", title=say("TYPE"), rank=1, words="holds"),
    Column("unit", rank=4),
    Column("values", Kind.LIST),
    Column("limits", rank=4),
    Column("required", Kind.BOOL, rank=3),
    Column("set_by", rank=5),
    Column("personal", Kind.BOOL, wide=False),
    Column("noun", wide=False),
    Column("origin", wide=False, words="origin"),
    Column("definition", wide=False),
    Column("value", wide=False, timed=True),
)


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """The fields of a noun or the one that is named, of all nouns, or of one thing with what it has in them. Refused
    for a noun there is none of, and for a thing or field that is not there."""
    asked, name = args.get("noun"), args.get("name")
    found = _meant(door, asked) if asked else None
    if found and name:
        return _came_about(door, *found, name, frame)
    chosen = [found[0]] if found else _chosen(asked)
    fields = [(word, field) for word in chosen for field in _of(word, frame, every=bool(found))]
    if asked and name:
        fields = _called(name, chosen[0], {field.name: field for _, field in fields})
    has: dict[str, str | None] = {}
    untold: Container[str] = ()
    if found:
        has |= values(door, *found, {field.name: field.kind for _, field in fields}, frame)
    if found and found[0] == "deal":
        has |= _dotted(door, int(found[1]), frame) if frame.policy().spaced else {}
        has |= _beside(int(found[1]), frame)
        untold = _untold(door, frame)
    rows = [_row(word, field, has.get(field.name)) for word, field in fields if field.name not in untold]
    # Only where there are several nouns do people have to be told whose field a row is.
    wide = {"noun"} if not asked else {"value"} if found else set()
    columns = tuple(each._replace(wide=each.wide or each.name in wide) for each in COLUMNS)
    return Table(columns, rows, title="Fields")


def _came_about(door: ReadDoor, word: str, key: str, name: str, frame: Frame) -> Table:
    """How a field of one thing came to have its value."""
    from oppcli.reads.came_about import told

    if BY_WORD[word].prefix and key.isdecimal():
        values(door, word, key, {}, frame)  # refuses what is not there
    if word == "deal" and key.isdecimal() and frame.policy().spaced and space_of(name):
        from oppcli.reads import offered_parts

        require_fields(door.sight, [name])
        return offered_parts.came_about(door, int(key), name, frame)
    if word == "deal" and key.isdecimal() and name not in _untold(door, frame):
        from oppcli.reads import dotted

        if dotted.is_one(name, frame.policy()):
            require_fields(door.sight, [name, *dotted.told_with(name, frame)])
            return dotted.came_about(int(key), name, frame)
    return told(door, word, key, name, {field.name: field for field in _of(word, frame)}, frame)


def _untold(door: ReadDoor, frame: Frame) -> Container[str]:
    """What is reckoned over deals that who asks may not see, where the policy does not make it known by reading it."""
    whole = door.sight is None or door.sight.whole
    return () if whole or beside(frame.policy()) else OF_OTHERS


def _beside(deal: int, frame: Frame) -> dict[str, str | None]:
    """What a policy may name of payments, the customer and risk, as it is now: of risk also that nobody knows it."""
    from oppcli.rules.told_values import unseen

    now, policy = frame.beside(deal, "")[0], frame.policy()
    unknown = dict.fromkeys(each for each in (RISK, FLAGS) if has_risk(policy) and each not in now)
    return unknown | {name: each for name, each in now.items() if not unseen(name, policy, frame.hidden)}


def _dotted(door: ReadDoor, deal: int, frame: Frame) -> dict[str, str]:
    """What stands outside of the deal's own fields: its quote, its contract."""
    found: dict[str, str] = {}
    if frame.policy().quote is not None:
        from oppcli.reads import quote_facts

        found |= quote_facts.values(door, deal, frame)
    if frame.policy().contract is not None:
        from oppcli.reads import contract_facts

        found |= contract_facts.values(door, deal, frame)
    return found


def _meant(door: ReadDoor, asked: str) -> tuple[str, str] | None:
    """(noun, key) of one thing; of a merged one that of what stands for it."""
    found = meant(asked)
    if found is None or found[0] not in ("deal", "customer", "contact") or not found[1].isdecimal():
        return found
    from oppcli.store.alike import survivor

    return found[0], str(survivor(door, found[0], int(found[1])))


def _chosen(asked: str | None) -> list[str]:
    words = [noun.word for noun in RECORDS]
    chosen = [noun.word for noun in RECORDS if asked in (noun.word, noun.plural, noun.zh)] if asked else words
    if not chosen:
        said = say("there is no noun {noun}{near}", noun=asked, near=nearest(str(asked), words))
        raise NotFound(said, hint=say("one of {names}", names=listed(words)))
    return chosen


def _called(text: str, word: str, known: Mapping[str, Field]) -> list[tuple[str, Field]]:
    """The one field of a noun that is called so. Refused (3) where it has none, with the nearest name."""
    name = named(text, known)
    if name not in known:
        told = say("a {noun} has no field {name}{near}", noun=Word("noun", word), name=text, near=nearest(text, known))
        raise NotFound(told, hint=command("fields", word))
    return [(word, known[name])]


def _of(word: str, frame: Frame, *, every: bool = False) -> Iterator[Field]:
    """The fields of a noun as this team has them: the policy's limits, and its own fields behind the others. Names that
    a policy may read besides fields where it reads one, or all of them are asked for."""
    team = {}
    if word in ("deal", "customer", "contact"):
        team = of_team(word, frame.policy())
    for field in registry.of(word):
        yield team.pop(field.name, field)
    yield from (field for field in team.values() if field.own)
    if word == "deal" and frame.policy().spaced:
        from oppcli.reads.quote_facts import fields

        yield from fields(frame.policy())
    if word == "deal" and (every or beside(frame.policy())):
        from oppcli.reads.dotted import fields as dotted

        yield from dotted(frame.policy())


def _origin(field: Field) -> str:
    """`policy`: the team made it; `derived`: it follows from what happens, nobody sets it; else `built-in`."""
    if field.own and field.name not in registry.BUILT_IN:
        return "policy"
    return "built-in" if field.set_by else "derived"


def _row(word: str, field: Field, value: str | None) -> Row:
    job = (word, field.name) == ("contact", "title")
    title = field.title or (title_of_person() if job else label(field.name.replace("_", " ")))
    unit = field.unit or ("%" if field.kind == "percent" else "currency" if field.kind == "money" else "")
    limits, personal = _limits(field), field.personal
    told = Word("unit", unit) if unit else ""
    setters = listed(Word("setter", who) for who in field.set_by.split(", ") if who)
    head = (field.name, title, field.kind, told, field.values, limits, field.required, setters, personal, word)
    return (*head, _origin(field), definition(word, field), value)


def _limits(field: Field) -> str:
    """`0..100`, `..2026-12-31`, `[A-Z]{2}`, or nothing."""
    if field.pattern:
        return field.pattern
    low, high = _edge(field.min), _edge(field.max)
    return f"{low}..{high}" if low or high else ""


def _edge(limit: Decimal | date | None) -> str:
    return "" if limit is None else shown(limit) if isinstance(limit, Decimal) else limit.isoformat()


READS = (
    Read(
        path="fields",
        title="Fields",
        help="What every noun has: type, unit, values, limits, and who may set it; the team's own fields too",
        columns=COLUMNS,
        build=listing,
        params=(
            Param("noun", "a noun, or one thing with its values; all without", place=True, metavar="NOUN|REF"),
            Param("name", "this field; of one thing how it came to have its value", place=True, metavar="NAME"),
        ),
        standing=ANY,
        examples=(
            "opp fields deal",
            "opp fields D-142 -c name,value,definition",
            "opp fields D-142 amount",
            "opp fields --json",
        ),
    ),
)
