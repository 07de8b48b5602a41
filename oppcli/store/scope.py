"""Who sees what, as SQL: the conditions under which rows are seen, and what stands in place of a column that is hidden.

The same conditions make the views of the read door and answer the write door, which sees the truth, whether a thing may
be referred to. They follow from the registry: with a deal goes what belongs to it, tells of it, or it refers to.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from oppcli.model.deals import NEXT
from oppcli.model.nouns import BY_WORD, ENTRY, NOUNS, RECORDS, Noun, class_of
from oppcli.model.sight import Sight
from oppcli.model.targets import COMPANY, TEAM
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import Shape, shape_of
from oppcli.store.offered_columns import offered, told_of_offers
from oppcli.store.patterns import literal
from oppcli.tuples import NamedTuple

Condition = Callable[[str], str]
"""A column → what has to hold of it."""
TEXTS = {"revision": ("why",), "notice": ("text", "page"), "delivery": ("text",)}
TEXTS |= dict.fromkeys(("request", "decision"), ("reason",))
"""Columns with sentences, which may tell what a field was and is."""
WHOSE = {"customer": "owner", "point": "login", "judgement": "owner", "forecast": "team"}  # seen with their deals


class Asker(NamedTuple):
    """How one engine is told whom the rows are for: each is a piece of SQL."""

    own: str
    me: str
    owned: Condition  # is this the login of somebody whose deals they see?
    below: Condition  # is this theirs, or somebody's below them?
    beyond: str
    """A SELECT of the deals they see beside: collaborations, what they made, requests they have to do with."""
    asked: str  # a SELECT of the requests they are asked about
    wide: bool
    """Whether children look their parent up (EXISTS), or are looked up by those of their parents that are seen (IN)."""
    everything: str = ""  # what holds where they see every record, if the engine has to ask
    deals: str = ""
    """A SELECT of all deals they see, where that is found sooner than it is asked of each: theirs, nobody's, beside."""
    near: bool = False  # whether children look their parent up although those that are seen are few
    far: bool = False  # whether so does what belongs to other things than deals: a team has too many requests
    then: bool = False  # the rows are of another time: what is seen in full is asked of those of today


def conditions(asker: Asker, everyone: bool = False) -> Iterator[tuple[str, str]]:
    """(table, what has to hold of a row): for every table some rows of which are not for everybody. Where they see
    `everyone`'s deals nothing is asked of these, nor of what always belongs to one."""
    for noun in NOUNS:
        always = noun.word == "deal" or (noun.parent == "deal" and class_of(noun).__annotations__["deal_id"] is int)
        if noun.public or (everyone and always):  # a task may belong to no deal
            continue
        or_all = (lambda condition: condition) if asker.deals and noun.word == "deal" else partial(_or_all, asker)
        yield noun.table, or_all(seen(asker, noun, noun.table))
        for part in _shape(noun).family[1:]:
            above = [(noun, part.links[0])]
            if "deal_id" in part.stored[len(part.links) :] and not everyone:
                above.append((BY_WORD["deal"], "deal_id"))
            way = asker._replace(near=True) if asker.far and noun.word != "deal" else asker
            yield part.table, or_all(" AND ".join(follows(way, each, f"{part.table}.{link}") for each, link in above))
    yield ENTRY.table, _or_all(asker, _entry(asker))


@cache
def _shape(noun: Noun) -> Shape:
    return shape_of(class_of(noun))


def _or_all(asker: Asker, condition: str) -> str:
    return f"{asker.everything} OR {condition}" if asker.everything else condition


def seen(asker: Asker, noun: Noun, row: str, depth: int = 0) -> str:
    """What holds of a row of a noun that is seen; `row` is what the row is called."""
    if noun.public:
        return "1 = 1"
    if noun.word == "deal":
        if asker.deals and not asker.own:
            return f"{row}.id IN ({asker.deals})"
        plus = "+" if asker.wide and asker.own else ""
        return f"({asker.owned(f'{plus}{row}.owner')} OR {row}.owner IS NULL OR {row}.id IN ({asker.beyond}))"
    stored = _shape(noun).stored
    made = [f'{row}."{name}" = {asker.me}' for name in ("created_by", noun.owner) if name in stored]
    made += [asker.owned(f"{row}.{WHOSE[noun.word]}")] if noun.word in WHOSE else []
    if noun.word == "target":
        made += [f"{row}.who = '{COMPANY}'", asker.owned(f"replace({row}.who, '{TEAM}', '')")]
    made += [f"{row}.shared = 1"] if "shared" in stored else []
    for above in filter(None, (noun.parent, noun.about)):
        made.append(follows(asker, BY_WORD[above], f"{row}.{above}_id", depth + 1))
    link = f"{noun.word}_id"
    if link in _shape(BY_WORD["deal"]).stored:
        made.append(_named(asker, link, f"{row}.{noun.key}", depth + 1))
    return f"({' OR '.join(made) or '1 = 0'})"


def follows(asker: Asker, noun: Noun, link: str, depth: int = 1) -> str:
    """What holds of a link to a record of a noun that is seen."""
    if noun.word == "deal" and asker.deals:
        return f"{link} IN ({asker.deals})"
    return _linked(asker, f"s{depth}.{noun.key}", link, noun, depth)


def _named(asker: Asker, link: str, key: str, depth: int) -> str:
    """What holds of a record that a deal which is seen refers to."""
    return _linked(asker, f"s{depth}.{link}", key, BY_WORD["deal"], depth)


def _linked(asker: Asker, column: str, key: str, noun: Noun, depth: int) -> str:
    """What holds of a key that stands in a column of a record of a noun that is seen."""
    holds = seen(asker, noun, f"s{depth}", depth)
    found = f"SELECT {column} FROM {asker.own}{noun.table} s{depth} WHERE"
    if asker.wide or asker.near:
        return f"EXISTS ({found} {column} = {key} AND {holds})"
    return f"{key} IN ({found} {holds})"


def _entry(asker: Asker) -> str:
    """One's own entries, those of what everybody sees, and those of what is seen."""
    public = ", ".join(f"'{noun.word}'" for noun in NOUNS if noun.public)
    number = f"CAST({ENTRY.table}.noun_id AS bigint)"
    cases = " ".join(f"WHEN '{noun.word}' THEN {follows(asker, noun, number)}" for noun in NOUNS if not noun.public)
    return (
        f"({ENTRY.table}.actor = {asker.me} OR {ENTRY.table}.noun IN ({public}) "
        f"OR CASE {ENTRY.table}.noun {cases} ELSE 1 = 0 END)"
    )


def beyond(own: str, me: str, now: str) -> str:
    """The deals that somebody sees whoever owns them: where they collaborate, what they made by hand for another, and
    where they (or who left and named them) submitted a request, decided, are copied on, or hold a seat."""
    like = "replace(replace(replace(" + me + ", '\\', '\\\\'), '%', '\\%'), '_', '\\_')"
    made = f"{own}deal WHERE created_by = {me} AND created_by <> owner AND channel <> 'import'"
    left = f"SELECT login FROM {own}user_account WHERE successor = {me} AND active = 0"
    held = " UNION ".join(_about(own, me, now))
    return (
        f"SELECT id FROM {own}deal WHERE collaborators <> '[]' AND collaborators LIKE '%\"' || {like} || '\"%' "
        f"ESCAPE '\\' UNION SELECT id FROM {made} "
        f'UNION SELECT deal_id FROM {own}member WHERE login = {me} AND "read" = 1 '
        f"UNION SELECT deal_id FROM {own}request WHERE submitted_by IN (SELECT {me} UNION {left}) "
        f"UNION SELECT deal_id FROM {own}request WHERE id IN ({held})"
    )


def asked(own: str, me: str, now: str) -> str:
    """The requests that somebody is or was asked about: theirs to decide, now or once."""
    return " UNION ".join(_asked(own, me, now))


def _asked(own: str, me: str, now: str) -> tuple[str, ...]:
    """Seats of one's own; those of who delegated it to them, as far as that goes; decisions; questions to them."""
    return (
        f"SELECT request_id FROM {own}holder WHERE login = {me}",
        f"SELECT h.request_id FROM {own}delegation g JOIN {own}holder h ON h.login = g.frm JOIN {own}request r "
        f'ON r.id = h.request_id WHERE g."to" = {me} AND g.starts_at <= {now} AND g.ends_at > {now} '
        "AND (g.types = '[]' OR g.types LIKE '%\"' || r.type || '\"%') "
        "AND (g.max_amount IS NULL OR r.amount <= g.max_amount)",
        f"SELECT request_id FROM {own}decision WHERE actor = {me}",
        f'SELECT request_id FROM {own}question WHERE "to" = {me}',
    )


def _about(own: str, me: str, now: str) -> tuple[str, ...]:
    copied = f'SELECT request_id FROM {own}notice WHERE "to" = {me}'
    return (*_asked(own, me, now), f"{copied} AND kind = 'cc' AND request_id IS NOT NULL")


class Veil(NamedTuple):
    """How one engine is told which fields are not there for them."""

    hidden: tuple[str, ...]
    """Columns of deals that may be hidden."""
    column: Callable[[str, str], str]
    """(name of a field, its column) → what stands in its place."""
    text: Callable[[str, str], str]
    """(JSON or a sentence, whether they see what is masked in full) → the same without what is hidden."""
    partly: Callable[[str, str, str], str]
    """(name of a field, its column, whether in full) → what stands in its place where it is masked."""
    masks: bool  # whether addresses of people are masked
    lists: tuple[str, ...] = ()  # fields of customers and contacts with several addresses that may be masked


def columns(asker: Asker, veil: Veil) -> Iterator[tuple[str, str]]:
    """(table, what is selected of it): for every table with columns that are hidden or masked."""
    for noun in RECORDS:
        for shape in _shape(noun).family:
            veiled = dict(_veiled(asker, veil, shape.table))
            if veiled:
                told = (f'{veiled[name]} AS "{name}"' if name in veiled else f'"{name}"' for name in shape.columns)
                yield shape.table, ", ".join(told)


_SEEN = "'seen'"
_OF_NEXT_STEP = tuple((name, "next_step") for name in ("title", "search_key"))
_OF_NEXT_STEP += tuple((name, "next_step_on") for name in ("due_on", "promised_on"))
"""Of a deal's next step, which is a task: what holds which of its fields."""


def _veiled(asker: Asker, veil: Veil, table: str) -> Iterator[tuple[str, str]]:
    if table == "deal":
        yield from ((name, veil.column(name, f"deal.{name}")) for name in veil.hidden)
        today = f"EXISTS (SELECT 1 FROM {asker.own}deal f WHERE f.id = deal.id AND {_in_full(asker, 'f')})"
        yield "extra", veil.text("deal.extra", today if asker.then else _in_full(asker, "deal"))
    if table == "task":
        yield from (
            (
                column,
                f"CASE WHEN task.kind <> 'follow' THEN task.{column} ELSE {veil.column(name, f'task.{column}')} END",
            )
            for column, name in _OF_NEXT_STEP
            if name in veil.hidden
        )
    if table in _WHOSE:
        yield from ((name, _listed(asker, veil, table, name)) for name in veil.lists if name != IM)
        yield "extra", veil.text(f"{table}.extra", _works_for(asker, table))
    if table == "contact" and IM in veil.lists:
        yield IM, veil.partly(IM, f"contact.{IM}", _works_for(asker, table))
    if table == "user_account" and veil.masks:
        yield "email", veil.partly("email", "user_account.email", asker.below("user_account.login"))
    yield from offered(veil, table)
    if table == "request" and "amount" in veil.hidden:
        yield "amount", _unless_asked(asker, "request.id", "request.amount", veil.column("amount", "request.amount"))
    if table == "revision":
        for name, column in (("snapshot", "revision.snapshot"), ("agreed", "revision.agreed")):
            yield name, _unless_asked(asker, "revision.request_id", column, veil.text(column, "1 = 0"))
    if table == ENTRY.table:
        changes, meta = (veil.text(f"{table}.{name}", _entry_in_full(asker)) for name in ("changes", "meta"))
        gone = " OR ".join(f"{veil.column(name, _SEEN)} IS NULL" for name in NEXT if name in veil.hidden)
        if gone:
            # An entry does not say of which kind its task is: it tells no more than that there was one.
            changes = f"CASE WHEN {table}.noun = 'task' AND ({gone}) THEN '{{}}' ELSE {changes} END"
        yield from (("changes", told_of_offers(veil, table, changes)), ("meta", meta))
    yield from ((name, veil.text(f"{table}.{name}", "1 = 1")) for name in TEXTS.get(table, ()))


IM = "im"
ADDRESSES = ("phone", "email", IM)  # of customers and contacts: lists of addresses; and one that contacts have
_WHOSE = {"customer": "id", "contact": "customer_id"}  # table → the column of whose addresses it holds


def _works_for(asker: Asker, table: str) -> str:
    """Whether they own the customer, or work on a deal of it, or lead such people."""
    today = f"(SELECT n.{_WHOSE[table]} FROM {asker.own}{table} n WHERE n.id = {table}.id)"
    whose = today if asker.then else f"{table}.{_WHOSE[table]}"
    owned = f"SELECT 1 FROM {asker.own}customer m WHERE m.id = {whose} AND {asker.below('m.owner')}"
    works = f"SELECT 1 FROM {asker.own}deal f WHERE f.customer_id = {whose} AND {_in_full(asker, 'f')}"
    return f"(EXISTS ({owned}) OR EXISTS ({works}))"


def _listed(asker: Asker, veil: Veil, table: str, name: str) -> str:
    """A list of addresses, each masked for who does not work for the customer."""
    whole, column = _works_for(asker, table), f"{table}.{name}"
    if asker.own:
        told = veil.text(f"json_object('{name}', json({column}))", whole)
        return f"json_extract({told}, '$.{name}')"
    told = veil.text(f"jsonb_build_object('{name}', {column}::jsonb)::text", whole)
    return f"(({told})::jsonb -> '{name}')::text"


def _entry_in_full(asker: Asker) -> str:
    deal = f"SELECT 1 FROM {asker.own}deal f WHERE f.id = CAST({ENTRY.table}.noun_id AS bigint) AND"
    return (
        f"CASE {ENTRY.table}.noun WHEN 'user' THEN {asker.below(f'{ENTRY.table}.noun_id')} "
        f"WHEN 'deal' THEN EXISTS ({deal} {_in_full(asker, 'f')}) ELSE 1 = 0 END"
    )


def _in_full(asker: Asker, row: str) -> str:
    """Whether a deal is owned by them or somebody below them, or such a one works on it."""
    each, value = f"json_each({row}.collaborators) AS w", "w.value"
    if not asker.own:
        each = f"jsonb_array_elements_text({row}.collaborators::jsonb) AS w(value)"
    among = f"EXISTS (SELECT 1 FROM {each} WHERE {asker.below(value)})"
    return f"({asker.below(f'{row}.owner')} OR {among})"


def _unless_asked(asker: Asker, link: str, plain: str, clean: str) -> str:  # who is asked sees what was shown
    return f"CASE WHEN {link} IN ({asker.asked}) THEN {plain} ELSE {clean} END"


def asker(sight: Sight, *, own: str, beyond: str, asked: str, wide: bool) -> Asker:
    """Whom the rows are for, told as text."""
    owners, below = ", ".join(map(literal, sight.owners)), ", ".join(map(literal, sight.below))
    return Asker(
        own=own,
        me=literal(sight.login),
        owned=lambda column: f"{column} IN ({owners})",
        below=lambda column: f"{column} IN ({below})",
        beyond=beyond,
        asked=asked,
        wide=wide,
    )


def visible(door: ReadDoor, sight: Sight, noun: Noun, key: Any) -> bool:
    """Whether a record, seen or absent, is theirs to see: asked of the tables themselves, row by row."""
    if sight.whole:
        return True
    me, now = literal(sight.login), str(sight.now)
    whom = asker(sight, own="", beyond=beyond("", me, now), asked=asked("", me, now), wide=True)
    holds = _entry(whom) if noun is ENTRY else seen(whom, noun, noun.table)
    sql = f'SELECT 1 FROM {noun.table} WHERE {noun.table}."{noun.key}" = :key AND {holds}'
    return door.one(sql, key=key) is not None
