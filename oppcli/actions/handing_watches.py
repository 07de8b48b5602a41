"""Watches over whose things are, and over their dates. What each does is loaded where the policy has its table."""

from collections.abc import Iterable, Sequence

from oppcli.actions.act import Act, Look
from oppcli.actions.waking import Kind
from oppcli.model.reminding import REMINDED


def kinds() -> tuple[Kind, ...]:
    """In the order in which things are woken: what is taken away may be given out again."""
    return (
        Kind("customer", _to_free, _free, table="assign"),
        Kind("deal", _to_return, _return, table="assign"),
        Kind("deal", _to_give, _give, table="assign"),
        Kind("deal", _to_archive, _archive, table="archive"),
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


def _to_give(look: Look) -> Sequence[int]:
    from oppcli.actions import given_by_rule

    return given_by_rule.due(look)


def _give(act: Act, numbers: Sequence[int]) -> Iterable[str]:
    from oppcli.actions import given_by_rule

    return given_by_rule.woken(act, numbers)


def _to_archive(look: Look) -> Sequence[int]:
    from oppcli.actions import archiving

    return archiving.due(look)


def _archive(act: Act, numbers: Sequence[int]) -> Iterable[str]:
    from oppcli.actions import archiving

    return archiving.woken(act, numbers)


def _to_return(look: Look) -> Sequence[int]:
    from oppcli.actions import returning

    return returning.due(look)


def _return(act: Act, numbers: Sequence[int]) -> Iterable[str]:
    from oppcli.actions import returning

    return returning.woken(act, numbers)


def _to_free(look: Look) -> Sequence[int]:
    from oppcli.actions import protecting

    return protecting.due(look)


def _free(act: Act, numbers: Sequence[int]) -> Iterable[str]:
    from oppcli.actions import protecting

    return protecting.woken(act, numbers)
