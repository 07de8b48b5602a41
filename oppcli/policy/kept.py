"""The applied policy, read already: kept beside its text as JSON of its values, so that no command reads a text, the
table of keys or a sentence of the policy. What most commands do not ask for is not even made before it is asked for.

It is used only with the very text it was made of, by the very program that made it, and whole; else the text is read.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from oppcli import __version__
from oppcli.model import policy
from oppcli.model.approver import approver
from oppcli.model.conditions import Bare, Comparison, Group
from oppcli.model.digest import sha256
from oppcli.model.json_text import loads
from oppcli.model.policy import Policy
from oppcli.tuples import Later

FORM = f"{__version__}/3"
"""Which program wrote it, and in which form: other programs may read a key of the policy otherwise."""
MARK, VALUE = "", "v"
"""The keys of an object that is no mapping: what it is, and of what is no tuple with names its value."""
LATER, APPROVER, APPROVERS, DECIMAL, DATE, BARE, SET = "later", "who", "whos", "n", "on", "w", "set"


def digest(text: str) -> str:
    """SHA-256 of the text, in hexadecimal digits: the policy's hash."""
    return sha256(text.encode())


def signed(hash: str, told: str) -> str:
    """What is kept of a policy with this hash: that, the program, the digest of its values, they themselves."""
    return f"{hash} {FORM} {digest(told)} {told}"


def policy_of(text: str, hash: str, kept: str) -> Policy | None:
    """The policy of a text with this hash; None where nothing was kept of it, by another program, or what was is spoilt
    (`opp db check` names it), be it in a part that is made later."""
    told = kept.removeprefix(f"{hash} {FORM} ")
    digested, _, values = told.partition(" ")
    if told == kept or digest(values) != digested:
        return None
    found: Policy = value(values)
    return found._replace(text=text, hash=hash)


def is_kept(hash: str, kept: str) -> bool:
    """Whether it is what this program keeps of a policy with this hash, if it keeps anything."""
    return kept == hash or kept.startswith(f"{hash} {FORM} ")


def value(told: str) -> Any:
    """What a text of `keeping` stands for."""
    return loads(told, _meant)


def _meant(found: dict[str, Any]) -> Any:
    mark = found.pop(MARK, None)
    make = _MAKE.get(mark)
    if make is not None:
        return make(found[VALUE])
    for name, each in found.items():
        if type(each) is list:
            found[name] = _tuple(each)
    return found if mark is None else _class(mark)(**found)


def _tuple(values: list[Any]) -> tuple[Any, ...]:
    return tuple([_tuple(each) if type(each) is list else each for each in values])


def _later(told: str) -> Later:
    return Later(lambda: _whole(value(told)))


def _whole(value: Any) -> Any:
    return _tuple(value) if type(value) is list else value


_MAKE: dict[str | None, Callable[[Any], Any]] = {
    LATER: _later,
    APPROVER: approver,
    APPROVERS: lambda texts: tuple(map(approver, texts)),
    DECIMAL: Decimal,
    DATE: date.fromisoformat,
    BARE: Bare,
    SET: frozenset,
}
_NODES: dict[str, Any] = {"Comparison": Comparison, "Group": Group}


def _class(mark: str) -> Any:
    """The class of a tuple with names: of the policy's own ones, of conditions, else `module.Name` of the model."""
    found = _NODES.get(mark) or getattr(policy, mark, None)
    if found is None:
        from importlib import import_module

        module, _, name = mark.partition(".")
        found = getattr(import_module(f"oppcli.model.{module}"), name)
    if not hasattr(found, "_fields"):
        raise AttributeError(mark)
    return found
