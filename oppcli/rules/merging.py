"""Two records as one: blanks are filled, lists united; of two values the survivor's stays, unless another is kept."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from oppcli.errors import Reason
from oppcli.model.deals import CLOSED_KINDS, Deal
from oppcli.model.noun import replace
from oppcli.model.policy import Policy
from oppcli.model.records import folded
from oppcli.model.refs import ref
from oppcli.model.requests import Request
from oppcli.model.said import say
from oppcli.tuples import NamedTuple
from oppcli.words.normal import EMAIL, PHONE, phone

OWN = frozenset(
    "id key external_id system created_at created_by standing merged_into version stage visits tenures updated_at "
    "closed_at last_open_stage close_reason close_detail channel currency renewal_of origin parts next_step "
    "next_step_on".split()
)
"""What is each record's own: its number and its ids elsewhere lead to it for ever, its stays stay with it."""
WITH = {"name": ("key",), "amount": ("currency",)}
"""Fields that go where another goes."""
OF_OWNER = "protected_until"
"""What one owner does for a customer: another one is given nothing of it."""
MEMBERS = {"contacts": "contact_id", "team": "login", "rivals": "name"}
"""Lists of things, and what tells one of them from another."""


class Lost(NamedTuple):
    """A value that did not stay."""

    field: str
    stays: Any
    lost: Any


class United(NamedTuple):
    """What came of it: the survivor, what was filled in it, and what did not stay."""

    thing: Any
    filled: tuple[str, ...]
    lost: tuple[Lost, ...]


def fields_of(thing: Any) -> tuple[str, ...]:
    """The fields of a record that a merge may fill; the team's own fields lie in `extra`."""
    return tuple(name for name in type(thing).__annotations__ if name not in OWN and name != "extra")


def united(
    survivor: Any,
    other: Any,
    keep: Collection[str] = (),
    *,
    derived: Collection[str] = (),
    country: str = "",
) -> United:
    """The survivor with what it has not from the other; of the fields `keep` the other's values. `derived` are those
    that nobody types; `country` is the code of phones without one."""
    changes: dict[str, Any] = {}
    filled: list[str] = []
    lost: list[Lost] = []
    for name in fields_of(survivor):
        if name in derived:
            continue
        mine, its = getattr(survivor, name), getattr(other, name)
        if name == "amount" and survivor.currency != other.currency and name not in keep and mine is None:
            its = None  # the same number in another currency is another amount
        others = name == OF_OWNER and name not in keep and _of_another(survivor, other, keep)
        value = mine if others else _value(name, mine, its, country, kept=name in keep)
        if value != mine:
            changes |= {name: value, **{beside: getattr(other, beside) for beside in WITH.get(name, ())}}
            filled.append(name)
        gone = mine if name in keep else its
        if not isinstance(mine, tuple) and gone not in (None, "", value):
            lost.append(Lost(name, value, gone))
        elif isinstance(mine, tuple) and name in keep and set(mine) - set(value):
            lost.append(Lost(name, value, tuple(each for each in mine if each not in value)))
    typed = {name: value for name, value in other.extra.items() if name not in derived}
    extra, more, less = _extra(survivor.extra, typed, keep)
    if extra != survivor.extra:
        changes["extra"] = extra
    return United(replace(survivor, **changes), (*filled, *more), (*lost, *less))


def _of_another(survivor: Any, other: Any, keep: Collection[str]) -> bool:
    """Whether the one that goes was another's than the one that stays will be."""
    return "owner" not in keep and survivor.owner is not None and survivor.owner != other.owner


def _value(name: str, mine: Any, its: Any, country: str, *, kept: bool) -> Any:
    if isinstance(mine, tuple):
        return its if kept and its else _joined(name, mine, its, country)
    if kept:
        return mine if its is None else its
    return its if mine in (None, "") else mine


def _joined(name: str, mine: tuple[Any, ...], its: tuple[Any, ...], country: str) -> tuple[Any, ...]:
    """Both lists, none twice: a number or an address of mail is the same in every spelling."""
    key = MEMBERS.get(name)
    if name in (PHONE, EMAIL):
        known = {_form(name, each, country) for each in mine}
        return (*mine, *(each for each in dict.fromkeys(its) if _form(name, each, country) not in known))
    if key is None:
        return tuple(dict.fromkeys((*mine, *its)))
    there = {getattr(each, key) for each in mine}
    return (*mine, *(each for each in its if getattr(each, key) not in there))


def _form(name: str, text: str, country: str) -> tuple[str, str]:
    """What two spellings share: the normal form, and of a phone the extension, which that leaves out."""
    if name == EMAIL:
        return folded(text), ""
    digits, bare = "".join(c for c in folded(text) if c in "0123456789"), phone(text)
    return phone(text, country), digits.removeprefix(bare)


def _extra(
    mine: Mapping[str, Any], its: Mapping[str, Any], keep: Collection[str]
) -> tuple[dict[str, Any], list[str], list[Lost]]:
    found, filled, lost = dict(mine), list[str](), list[Lost]()
    for name, value in its.items():
        if name in keep or mine.get(name) is None:
            found[name] = value
            filled += [name] if mine.get(name) != value else []
        if mine.get(name) not in (None, value):
            lost.append(Lost(name, found[name], mine[name] if name in keep else value))
    return found, filled, lost


def deals_apart(survivor: Deal, other: Deal, requests: Iterable[Request], policy: Policy) -> tuple[Reason, ...]:
    """Why two deals cannot be one: live requests of one type on both, one under way and one closed. `requests` are of
    both."""
    reasons = []
    closed = [bool((stage := policy.stage(deal.stage)) and stage.kind in CLOSED_KINDS) for deal in (survivor, other)]
    if closed[0] != closed[1]:
        which = survivor if closed[0] else other
        reasons.append(Reason(ref("deal", which.id), say("is closed, and the other one is not")))
    live = [request for request in requests if request.live]
    for mine in (request for request in live if request.deal_id == survivor.id):
        for its in (request for request in live if request.deal_id == other.id and request.type == mine.type):
            both = say(
                "{type} waits on both: {mine} and {its}",
                type=mine.named_type,
                mine=ref("request", mine.id),
                its=ref("request", its.id),
            )
            reasons.append(Reason(ref("deal", other.id), both))
    return tuple(reasons)
