"""`NamedTuple` as `typing` has it, made seven times as fast: 14 µs instead of 100 for a class.

`typing` writes and compiles a constructor for every class, and a sign-off makes forty of them before it begins (12 of
its 378 million instructions). Here all share one; a class of which many are made gets a compiled one after all.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from _collections import _tuplegetter as getter  # as `collections` does

    OFTEN = 100
    """So many objects with defaults or names are worth a constructor of their own: 0.3 µs each instead of 1.3."""
    made = tuple.__new__

    class Named(tuple):
        """What all of them can do, as in `collections.namedtuple`."""

        __slots__ = ()
        _fields: tuple[str, ...] = ()

        def __new__(cls, /, *given: Any, **named: Any) -> Self:
            if named or len(given) != len(cls._fields):
                return made(cls, filled(cls, given, named))
            return made(cls, given)

        @classmethod
        def _make(cls, values: Iterable[Any]) -> Self:
            found = made(cls, values)
            if len(found) != len(cls._fields):
                raise TypeError(f"expected {len(cls._fields)} values, got {len(found)}")
            return found

        def _replace(self, /, **changes: Any) -> Self:
            values = self._asdict() | changes
            if len(values) != len(self):
                raise ValueError(f"no such fields: {sorted(changes.keys() - set(self._fields))}")
            return made(type(self), values.values())

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            values = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({values})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

    def filled(cls: Any, given: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, ...]:
        """All values in their order. Refused (TypeError) as a call is: too many, missing, unknown, or given twice."""
        values = cls._field_defaults | dict(zip(cls._fields, given, strict=False)) | named
        twice = named.keys() & set(cls._fields[: len(given)])
        if len(given) > len(cls._fields) or len(values) != len(cls._fields) or twice:
            return compiled(cls)(cls, *given, **named)  # which says what is wrong
        cls._filled += 1
        if cls._filled == OFTEN:
            cls.__new__ = compiled(cls)
        return tuple(map(values.__getitem__, cls._fields))

    def compiled(cls: Any) -> Callable[..., Any]:
        from collections import namedtuple

        return namedtuple(cls.__name__, cls._fields, defaults=cls._field_defaults.values()).__new__

    class Maker(type):
        """Makes of the body of a class a tuple with names."""

        def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> type:
            if "__annotations__" not in space:  # a Python that looks at them later
                return as_typing_does(name, space)
            names = tuple(space["__annotations__"])
            space["_field_defaults"] = {field: space[field] for field in names if field in space}
            space["_fields"] = space["__match_args__"] = names
            space["__slots__"], space["_filled"] = (), 0
            space |= {field: getter(place, "") for place, field in enumerate(names)}
            return type(name, (Named,), space)

    def as_typing_does(name: str, space: dict[str, Any]) -> type:
        from types import new_class
        from typing import NamedTuple

        return new_class(name, (NamedTuple,), exec_body=lambda body: body.update(space))

    NamedTuple = type.__new__(Maker, "NamedTuple", (), {})


class Later:
    """A value that is made when it is first asked for."""

    __slots__ = ("_make", "_value")

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make: Callable[[], Any] | None = make

    @property
    def value(self) -> Any:
        if self._make is not None:
            self._value, self._make = self._make(), None
        return self._value


LATE: dict[type, tuple[str, ...]] = {}
"""Class → its fields that may hold a `Later`."""


def late(cls: Any, *names: str) -> None:
    """Let fields of a tuple with names hold a `Later`: who asks for one of them gets its value."""
    LATE[cls] = names
    for name in names:
        setattr(cls, name, _asked(cls._fields.index(name)))


def _asked(place: int) -> property:
    def value(self: tuple[Any, ...]) -> Any:
        found = self[place]
        return found.value if type(found) is Later else found

    return property(value)
