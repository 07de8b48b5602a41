"""What makes a class a noun: a frozen, slotted dataclass with keyword arguments only.

`dataclass` looks at every field and makes every class twice, and every command makes the nouns it touches. Here the
methods are written once for all of them, and what `dataclasses` wants to know of a noun it is told when it asks.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar, dataclass_transform

Class = TypeVar("Class", bound=type)
Thing = TypeVar("Thing")
NOTHING: Mapping[str, Any] = MappingProxyType({})
"""The default of a field that holds a mapping; nobody can put anything into it."""
MISSING: Any = object()
"""The default of a field that has none."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def noun(cls: Class) -> Class:
    """The class as a noun: nobody mutates it, `replace` makes the next version."""
    given = dict(vars(cls))
    names = tuple(cls.__annotations__)
    space = {name: value for name, value in given.items() if name not in (*names, "__dict__", "__weakref__")}
    made: Any = type(cls)(cls.__name__, cls.__bases__, space | _SHARED | {"__slots__": names})
    # A single name gives a bare value, which compares just as well.
    made._values = staticmethod(attrgetter(*names))
    # A default is never changed, so that one is enough for all.
    made._blank = {name: given.get(name, MISSING) for name in names}
    made._wanted = frozenset(name for name in names if name not in given)
    made._put = tuple(getattr(made, name).__set__ for name in names)
    return made  # type: ignore[no-any-return]


def is_noun(cls: object) -> bool:
    """Whether it is a class that was made here."""
    return hasattr(cls, "_wanted")


def default(cls: type, field: str) -> Any:
    """What stands in a field that nothing is given for; `MISSING` where something must be."""
    return vars(cls)["_blank"][field]


def replace(thing: Thing, **changes: Any) -> Thing:
    """The next version of a noun, with something else in it. Refused (TypeError) for a field that it does not have."""
    return type(thing)(**{name: getattr(thing, name) for name in thing._blank} | changes)  # type: ignore[attr-defined]


class _Fields:
    """What `dataclasses` reads of a class that is one of its own, made when it is read."""

    def __get__(self, _: object, noun: Any) -> dict[str, Any]:
        from dataclasses import field, make_dataclass

        fields = [
            (
                name,
                type_,
                field() if (value := default(noun, name)) is MISSING else field(default_factory=_always(value)),
            )
            for name, type_ in noun.__annotations__.items()
        ]
        made: Any = make_dataclass(noun.__name__, fields, kw_only=True)
        noun.__dataclass_fields__ = made.__dataclass_fields__
        return made.__dataclass_fields__  # type: ignore[no-any-return]


def _always(value: Any) -> Callable[[], Any]:
    return lambda: value


def _init(self: Any, /, **given: Any) -> None:
    values = self._blank | given
    if len(values) != len(self._put) or not self._wanted <= given.keys():
        raise TypeError(_misfit(self, given))
    for put, value in zip(self._put, values.values(), strict=True):
        put(self, value)


def _misfit(self: Any, given: dict[str, Any]) -> str:
    """`Visit(): missing stage; unknown stages`."""
    missing = ", ".join(sorted(self._wanted - given.keys()))
    unknown = ", ".join(sorted(given.keys() - self._blank.keys()))
    said = (f"missing {missing}" if missing else "", f"unknown {unknown}" if unknown else "")
    return f"{type(self).__name__}(): {'; '.join(filter(None, said))}"


def _frozen(self: Any, name: str, *_: Any) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"{type(self).__name__}.{name} cannot be changed")


def _equal(self: Any, other: Any) -> Any:
    if self.__class__ is not other.__class__:
        return NotImplemented
    return self._values(self) == self._values(other)


def _hash(self: Any) -> int:
    return hash(self._values(self))


def _shown(self: Any) -> str:
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._blank)
    return f"{type(self).__name__}({values})"


_SHARED = {
    "__dataclass_fields__": _Fields(),
    "__init__": _init,
    "__setattr__": _frozen,
    "__delattr__": _frozen,
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _shown,
}
