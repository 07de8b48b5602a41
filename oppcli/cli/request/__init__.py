"""`opp request`: one table of verbs; the module behind a verb is imported when the verb is typed."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.models import CommandInfo

_VERBS = {
    "submit": "submitting.submit",
    "approve": "deciding.approve",
    "reject": "deciding.reject",
    "return": "deciding.return_",
    "ask": "questions.ask",
    "reply": "questions.reply",
    "met": "questions.met",
    "packet": "packet.packet",
    "resubmit": "submitting.resubmit",
    "recall": "submitting.recall",
    "nudge": "submitting.nudge",
    "transfer": "seats.transfer",
    "add-approver": "seats.add_approver",
    "withdraw": "seats.withdraw",
    "recuse": "seats.recuse",
    "cancel": "managing.cancel",
    "revoke": "managing.revoke",
    "rebase": "managing.rebase",
    "override": "managing.override",
}
"""Verb → module and function below this package, in the order of help."""


class _Verb(CommandInfo):
    """A command whose module is imported when somebody asks for the function behind it."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)

    @property
    def callback(self) -> Callable[..., Any]:
        module, _, function = _VERBS[self.name or ""].partition(".")
        found: Callable[..., Any] = getattr(import_module(f"{__name__}.{module}"), function)
        return found

    @callback.setter
    def callback(self, _: object) -> None:
        """Typer's own constructor sets it to None."""


app = typer.Typer(help="Requests for approval: plan, submit, decide, see where they are.")
app.registered_commands += [_Verb(name) for name in _VERBS]
