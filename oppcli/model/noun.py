"""What makes a class a noun: a frozen, slotted dataclass with keyword arguments only.

`dataclass` writes and compiles methods anew for every class, which is 85 % of its time, and every command makes the
nouns it touches (7 ms of a sign-off); here they are written once for all of them.
"""

from collections.abc import Mapping
from dataclasses import MISSING, FrozenInstanceError, dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar, dataclass_transform

Class = TypeVar("Class", bound=type)
NOTHING: Mapping[str, Any] = MappingProxyType({})
"""The default of a field that holds a mapping; nobody can put anything into it."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def noun(cls: Class) -> Class:
    """The class as a noun: nobody mutates it, `dataclasses.replace` makes the next version."""
    made: Any = dataclass(slots=True, kw_only=True, init=False, eq=False, repr=False)(cls)
    fields = made.__dataclass_fields__
    # A single name gives a bare value, which compares just as well.
    made._values = staticmethod(attrgetter(*fields))
    made._blank = {name: _default(field) for name, field in fields.items()}
    made._wanted = frozenset(name for name, value in made._blank.items() if value is MISSING)
    made._put = tuple(getattr(made, name).__set__ for name in fields)
    made.__init__, made.__setattr__, made.__delattr__ = _init, _frozen, _frozen
    made.__eq__, made.__hash__, made.__repr__ = _equal, _hash, _shown
    return made  # type: ignore[no-any-return]


def _default(field: Any) -> Any:
    """What stands where nothing is given. It is never changed, so that one is enough for all."""
    return field.default if field.default_factory is MISSING else field.default_factory()


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
    raise FrozenInstanceError(f"{type(self).__name__}.{name} cannot be changed")


def _equal(self: Any, other: Any) -> Any:
    if self.__class__ is not other.__class__:
        return NotImplemented
    return self._values(self) == self._values(other)


def _hash(self: Any) -> int:
    return hash(self._values(self))


def _shown(self: Any) -> str:
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__dataclass_fields__)
    return f"{type(self).__name__}({values})"
