"""A new database: the schema, its first user, its policy."""

from pathlib import Path

from oppcli import policy as policies
from oppcli.actions.outcome import Outcome
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.people import ADMIN, SALES, User
from oppcli.model.said import say
from oppcli.store.doors import WriteDoor
from oppcli.toml.reading import called, typed
from oppcli.words import names


def policy_text(template: str | None, file: Path | None, lang: str) -> tuple[str, str]:
    """The text of the policy to start with, and what it is called. A file beats a template. Refused for a file that
    cannot be read and a template that does not exist."""
    if file is not None:
        return typed(file), Path(called(file)).name
    name = "blank" if template is None else template
    if name not in policies.TEMPLATES:
        raise UsageError(
            say("no such template: {name}", name=name),
            hint=say("one of {templates}", templates=" ".join(policies.TEMPLATES)),
        )
    return policies.template(name, lang), f"{name}.{lang}"


def first_user(door: WriteDoor, login: str, name: str | None) -> User:
    """You, as admin and seller. Refused for a text that cannot be a login."""
    if fault := names.login_fault(login):
        init = command("--as", "LOGIN", "init", ready=False, another=True)
        raise UsageError(fault, hint=say("say who you are: {init}", init=init))
    if name and (fault := names.name_fault(name)):
        raise UsageError(fault)
    person = User(login=login, name=name or login, roles=(ADMIN, SALES), created_at=door.at)
    kept: User = door.add(person)
    return kept


def welcome(place: str, source: str, login: str) -> Outcome:
    """What was made, and what to do with it."""
    return Outcome(
        done=(
            say(
                "database {place} made, policy {source} applied; you are {login}, its admin",
                place=place,
                source=source,
                login=login,
            ),
        ),
        ids=(place,),
        next=(
            command("import", "FILE", ready=False, why=say("the deals you have: a CSV, a workbook")),
            command("add", say("First lead"), "--customer", "NAME", "--amount", "500000", ready=False),
            command("user", "add", "LOGIN", "--role", "ROLE", ready=False),
            command("policy", "explain", why=say("the rules in plain sentences")),
        ),
    )
