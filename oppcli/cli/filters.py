"""What was typed for a read's options (`--owner me --stage '!谈判'`) → the values its SQL compares with."""

from collections.abc import Callable, Sequence
from typing import Any

from oppcli.cli.context import Context
from oppcli.errors import NotFound, UsageError
from oppcli.model.deals import NOBODYS, Customer, Stage
from oppcli.model.said import HEADING, Word, heading, listed, say
from oppcli.reads.table import Param
from oppcli.store.doors import ReadDoor

Pair = tuple[list[Any], list[Any]]
"""The wanted values, and the unwanted ones."""


def value(context: Context, door: ReadDoor, param: Param, given: Any) -> Any:
    """What was typed, as the read takes it; None when nothing was. Refused for what the read does not know."""
    if given is None or given == [] or param.kind == "flag":
        return given or None
    read = READERS.get(param.kind, _checked)
    return (
        tuple(read(context, door, param, one) for one in given) if param.at_once else read(context, door, param, given)
    )


def halves(texts: Sequence[str], whole: Callable[[str], bool] = lambda text: False) -> Pair:
    """The wanted texts and, behind `!`, the unwanted ones. A comma list is each of it, unless `whole` knows it by its
    name as it stands."""
    wanted, unwanted = list[str](), list[str]()
    for text in texts:
        bare = text.removeprefix("!")
        listing = bare.replace("，", ",")
        parts = [bare] if "," not in listing or whole(bare) else [part.strip() for part in listing.split(",")]
        (unwanted if text.startswith("!") else wanted).extend(part for part in parts if part)
    return wanted, unwanted


def _each(texts: Sequence[str], whole: Callable[[str], bool], read: Callable[[str], Any]) -> Pair:
    wanted, unwanted = halves(texts, whole)
    return [read(text) for text in wanted], [read(text) for text in unwanted]


def owners(context: Context, door: ReadDoor, param: Param, texts: Sequence[str]) -> Pair:
    """Logins; `me` is the acting person, `none` what is nobody's. Refused for nobody's name."""
    from oppcli.actions import find

    def whole(text: str) -> bool:
        return any(text in (person.login, person.name) for person in find.people(door).values())

    def read(text: str) -> str | None:
        return None if text == NOBODYS else _person(context, door, param, text)

    return _each(texts, whole, read)


def _person(context: Context, door: ReadDoor, param: Param, text: str) -> str:
    from oppcli.actions import find
    from oppcli.model.journal import SYSTEM

    return SYSTEM if (param.name, text) == ("actor", SYSTEM) else find.login(door, context.actor, text, active=False)


def _team(context: Context, door: ReadDoor, param: Param, text: str) -> Pair:
    """Who is at or below this person in the lines."""
    from oppcli.reads.users import below

    login = _person(context, door, param, text)
    return [login, *below(door, login)], []


def stages(context: Context, door: ReadDoor, param: Param, texts: Sequence[str]) -> Pair:
    """Stage names, also of stages the policy dropped; a unique prefix will do. Refused where there is none so
    called (`NotFound`), or several (`Ambiguous`)."""
    from oppcli.words.named import begun, folded
    from oppcli.words.spelling import nearest

    kept = door.find(Stage)
    known = [stage.name for stage in kept]
    placed = sorted((stage.position, stage.name) for stage in kept if stage.position is not None)
    current = [name for _, name in placed]

    def named(text: str) -> str:
        found = begun(text, known)
        if found is None:
            raise NotFound(
                say("no such stage: {text}{nearest}", text=text, nearest=nearest(text, known)),
                hint=say("the stages are {known}", known=listed(current)),
            )
        return found

    return _each(texts, lambda text: any(folded(name) == folded(text) for name in known), named)


def customers(context: Context, door: ReadDoor, param: Param, texts: Sequence[str]) -> Pair:
    """Customer numbers; the beginning of a name will do; what was merged stands for its survivor. Refused for a name
    nobody has, or several."""
    from oppcli.actions import find

    def whole(text: str) -> bool:
        try:
            return find.customer(door, text) is not None
        except NotFound:
            return False

    def read(text: str) -> int:
        try:
            return find.known_customer(door, text)
        except NotFound:
            with context.read() as every:  # what was merged is in no list
                other = find.customer(every, text)
            if other is None or not door.find(Customer, id=other.id):
                raise
            return other.id

    return _each(texts, whole, read)


def _words(column: str) -> Callable[[Context, ReadDoor, Param, Sequence[str]], Pair]:
    """Texts of a column that anybody may type anything into."""

    def read(context: Context, door: ReadDoor, param: Param, texts: Sequence[str]) -> Pair:
        from oppcli.store.queries import in_use

        return halves(texts, lambda text: in_use(door, column, text))

    return read


def types(context: Context, door: ReadDoor, texts: Sequence[str]) -> Pair:
    """Types of requests by name or title; also of types the policy dropped."""
    from oppcli.rules.approvals.planning import type_meant
    from oppcli.store.queries import in_use

    def known(text: str) -> bool:
        return in_use(door, "type", text)

    def named(text: str) -> str:
        return text if known(text) else type_meant(context.policy(door), text)

    return _each(texts, known, named)


def _looking_back(edge: str) -> Callable[[Context, ReadDoor, Param, str], int]:
    """The first instant of what is typed, or the one after it; a weekday or a day without a year is the last one."""

    def read(context: Context, door: ReadDoor, param: Param, text: str) -> int:
        from oppcli.cli.dates_typed import looking_back

        return looking_back(context, text, edge)

    return read


def _date(context: Context, door: ReadDoor, param: Param, text: str) -> str:
    """A day, as ISO text, likewise."""
    from oppcli.words.zones import today

    return today(_looking_back("start")(context, door, param, text), context.tz).isoformat()


def deal(context: Context, door: ReadDoor, text: str, noun: str = "deal") -> int:
    """The number of a deal, also by its quote or contract (`noun`); what was merged stands for its survivor."""
    from oppcli.actions import find

    try:
        return find.deal_of(door, noun, text).id
    except NotFound:
        with context.read() as every:  # what was merged is in no list
            return find.deal_of(every, noun, text).id


def _thing(context: Context, door: ReadDoor, param: Param, text: str) -> tuple[str, str]:
    """(noun, id) of a reference; what is no reference is a login in the journal, else a name of what is told of.
    Refused for what the journal never heard of."""
    from oppcli.model.command import command
    from oppcli.model.refs import meant
    from oppcli.store.queries import heard_of, known_as

    found = ("deal", text) if text.isdecimal() and text.isascii() else meant(text)
    if found is None:
        return _named(context, door, param, text)
    noun, key = found[0], known_as(door, *found)
    if key is None or not heard_of(door, noun, key):
        said = say("no such {noun}: {text}", noun=Word("noun", noun), text=text)
        if door.sight is not None:
            said = say("no such {noun}: {text}, or it is not yours to see", noun=Word("noun", noun), text=text)
        raise NotFound(said, hint=say("the newest entries: {log}", log=command("log")))
    return _standing(door, noun, key) if param.key == "thing" else (noun, key)


def _standing(door: ReadDoor, noun: str, key: str) -> tuple[str, str]:
    """What stands for a thing that was merged, for what is told of a thing and not of its entries."""
    from oppcli.actions import find
    from oppcli.model.nouns import BY_WORD, class_of

    if not key.isdecimal() or noun not in ("deal", "customer", "contact"):
        return noun, key
    return noun, str(find.get(door, class_of(BY_WORD[noun]), int(key)).id)


def _named(context: Context, door: ReadDoor, param: Param, text: str) -> tuple[str, str]:
    """(noun, id) of a name: of a person where they are told of, and else of a deal, a customer or a contact. Refused
    where nobody and nothing is called so, or several things are."""
    from oppcli.actions.named_records import thing

    if param.key == "thing":
        noun, key = thing(door, text)
        return noun, str(key)
    try:
        return "user", _person(context, door, param, text)
    except NotFound as nobody:
        try:
            noun, key = thing(door, text)
        except NotFound:
            raise nobody from None
        return noun, str(key)


def _checked(context: Context, door: ReadDoor, param: Param, given: Any) -> Any:
    """A word out of the choices, or any text where there are none."""
    if param.many:
        one = param._replace(many=False)
        wanted, others = _each(given, lambda _: not param.choices, lambda text: _checked(context, door, one, text))
        return [word for word in wanted or param.choices if word not in others] if given else []
    word = given.lower()
    if param.choices and word not in param.choices:
        word = _choice(given, param) or word
    if param.choices and word not in param.choices:
        raise _unknown(param, given, word, param.choices, f"--{param.name} {'|'.join(param.choices)}")
    return word if param.choices else given


def _choice(given: str, param: Param) -> str | None:
    """The choice that a language calls so."""
    from oppcli.speech.titles import in_every_language, told
    from oppcli.words.named import understood

    titled = told(param.words) if param.words != HEADING else lambda code: in_every_language(heading(code))
    return understood(given, param.choices, titled)


def _currency(context: Context, door: ReadDoor, param: Param, given: str) -> str:
    from oppcli.model.money import CURRENCIES

    if given.upper() not in CURRENCIES:
        hint = say("three letters of ISO 4217: --in CNY")
        raise _unknown(param, given, given.upper(), sorted(CURRENCIES), hint)
    return given.upper()


def _unknown(param: Param, given: str, word: str, known: Sequence[str], hint: str) -> UsageError:
    from oppcli.words.spelling import nearest

    said = say("--{name} cannot be {given}{near}", name=param.name, given=given, near=nearest(word, known))
    return UsageError(said, hint=hint)


def _count(context: Context, door: ReadDoor, param: Param, text: str) -> int:
    """A number of things, one at least."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**6):
        raise UsageError(say("--{name} cannot be {given}", name=param.name, given=text), hint=say("a number from 1"))
    return int(text)


def _key(context: Context, door: ReadDoor, param: Param, path: str) -> bytes:
    from oppcli.cli.secrets_typed import key_in

    return key_in(context, path, f"--{param.name}")


def _period(context: Context, door: ReadDoor, param: Param, text: str) -> Any:
    from oppcli.cli.periods_typed import compared, period

    return (compared if param.kind == "vs" else period)(context, door, text)


def _told(context: Context, door: ReadDoor, param: Param, text: str) -> int:
    from oppcli.cli.submitted import since

    return since(context, door, text)


READERS: dict[str, Callable[[Context, ReadDoor, Param, Any], Any]] = {
    "user": owners,
    "person": _person,
    "team": _team,
    "stage": stages,
    "customer": customers,
    **{name: _words(column) for name, column in (("source", "source"), ("tag", "tags"))},
    "words": lambda context, door, param, texts: halves(texts),
    "type": lambda context, door, param, texts: types(context, door, texts),
    "since": _looking_back("start"),
    "told": _told,
    "until": _looking_back("end"),
    "date": _date,
    "currency": _currency,
    **dict.fromkeys(("deal", "quote", "contract"), lambda opp, door, param, text: deal(opp, door, text, param.kind)),
    "ref": _thing,
    "key": _key,
    "count": _count,
    "keys": lambda context, door, param, text: text,
    **dict.fromkeys(("period", "vs"), _period),
}
"""How each kind of parameter is read; the others are words."""
