"""Arguments and options that several commands share, each said once."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

DealRef = Annotated[str, typer.Argument(metavar="DEAL", help="D-142, 142, or a title", show_default=False)]
DealRefs = Annotated[list[str], typer.Argument(metavar="DEAL...", help="one or more deals", show_default=False)]
Login = Annotated[str, typer.Argument(metavar="LOGIN", help="a person's login", show_default=False)]
Message = Annotated[str | None, typer.Option("--message", "-m", metavar="TEXT", help="why, for the journal")]
Sets = Annotated[
    list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="any field; may be repeated; empty clears")
]
Reason = Annotated[str, typer.Option("--reason", metavar="R", help="a reason of the policy", show_default=False)]
Owners = Annotated[
    list[str] | None, typer.Option("--owner", metavar="LOGIN", help="me, a login or a name; !x excludes")
]
Stages = Annotated[list[str] | None, typer.Option("--stage", metavar="STAGE", help="a stage; !x excludes")]
Customers = Annotated[list[str] | None, typer.Option("--customer", metavar="NAME", help="a customer; !x excludes")]
Sources = Annotated[list[str] | None, typer.Option("--source", metavar="S", help="where it came from; !x excludes")]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="a tag; !x excludes")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="created on or after")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="created before the end of this day")]

DEAL_FILTERS: dict[str, Any] = {
    "owner": Owners,
    "stage": Stages,
    "customer": Customers,
    "source": Sources,
    "tag": Tags,
    "since": Since,
    "until": Until,
}
"""The flags by which any list of deals is narrowed."""


def filtered(command: Callable[..., Any]) -> Callable[..., Any]:
    """For a read `f(opp, chosen, …)`: adds the flags above and hands them over together, as typed."""

    def run(opp: Any, **given: Any) -> Any:
        chosen = {name: given.pop(name) for name in DEAL_FILTERS}
        return command(opp, chosen, **given)

    opp, _, *own = inspect.signature(command, eval_str=True).parameters.values()
    keyword = inspect.Parameter.KEYWORD_ONLY
    added = [inspect.Parameter(name, keyword, default=None, annotation=kind) for name, kind in DEAL_FILTERS.items()]
    shown = [*added, *(parameter.replace(kind=keyword) for parameter in own)]
    run.__name__, run.__doc__, run.__module__ = command.__name__, command.__doc__, command.__module__
    run.__signature__ = inspect.Signature([opp, *shown])  # type: ignore[attr-defined]
    return run
