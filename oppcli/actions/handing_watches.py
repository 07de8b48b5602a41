"""Watches over whose things are, and over their dates. What each does is loaded where the policy has its table."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from oppcli.actions.act import Act, Look
from oppcli.actions.waking import Kind
from oppcli.model.reminding import REMINDED


class Watch(Protocol):
    """A module that is loaded where the policy has its table."""

    def due(self, look: Look) -> Sequence[int]: ...

    def woken(self, act: Act, numbers: Sequence[int]) -> Iterable[str]: ...


def kinds() -> tuple[Kind, ...]:
    """In the order in which things are woken: what is taken away may be given out again."""
    return (
        _of("customer", _protecting),
        _of("deal", _returning),
        _of("deal", _giving),
        _of("deal", _archiving, "archive"),
        *map(_dated, REMINDED),
    )


def _dated(what: str) -> Kind:
    """Reminders of the dates of one kind of thing."""

    def to_remind(look: Look) -> Sequence[int]:
        if look.policy.remind is None:
            return ()
        from oppcli.actions import dated

        return dated.due(look, what)

    def remind(act: Act, numbers: Sequence[int]) -> Iterable[str]:
        from oppcli.actions import dated

        return dated.wake(act, what, numbers)

    return Kind(what, to_remind, remind, table="remind")


def _of(noun: str, watch: Callable[[], Watch], table: str = "assign") -> Kind:
    """What a module does to things of a noun."""
    return Kind(noun, lambda look: watch().due(look), lambda act, numbers: watch().woken(act, numbers), table=table)


def _protecting() -> Watch:
    from oppcli.actions import protecting

    return protecting


def _returning() -> Watch:
    from oppcli.actions import returning

    return returning


def _giving() -> Watch:
    from oppcli.actions import given_by_rule

    return given_by_rule


def _archiving() -> Watch:
    from oppcli.actions import archiving

    return archiving
