"""`opp user`: add list show edit pin deactivate reactivate whoami."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.batch import bytes_of, each_act, logins
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import NotFound, UsageError
from oppcli.model.command import command
from oppcli.model.people import ADMIN
from oppcli.model.records import COUNTED
from oppcli.model.said import of_system, say
from oppcli.reads.table import Table

if TYPE_CHECKING:
    from oppcli.actions.act import Act

app = typer.Typer(help="People, their roles and reporting lines.")

Roles = Annotated[
    list[str] | None, typer.Option("--role", metavar="ROLE", help="admin, manager, sales, or one of the policy's")
]
Manager = Annotated[str | None, typer.Option("--manager", metavar="LOGIN", help="whom they report to")]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="as printed in history")]
Email = Annotated[str | None, typer.Option("--email", metavar="ADDRESS", help="where notices go")]
Lang = Annotated[
    str | None, typer.Option("--lang", metavar="en|zh", help="of their letters; without it that of the policy")
]
Zone = Annotated[
    str | None,
    typer.Option("--zone", metavar="ZONE", help="of the times in their letters; without it that of the calendar"),
]
ServerRole = Annotated[
    str | None, typer.Option("--server-role", metavar="R", help="theirs on the database's server; without it the login")
]


@app.command()
@writes
def add(
    opp: Context,
    login: options.Login,
    name: Name = None,
    role: Roles = None,
    manager: Manager = None,
    email: Email = None,
    lang: Lang = None,
    zone: Zone = None,
    admin: Annotated[bool, typer.Option("--admin", help="same as --role admin")] = False,
) -> Outcome:
    """A new person; in sales unless roles are named.

    opp user add wes --name Wes --role manager --manager zoe
    opp user add chen --role finance
    """
    from oppcli.actions import users

    roles = (*(role or ()), *((ADMIN,) if admin else ()))
    with opp.act("user add") as act:
        return users.add(act, login, name=name, roles=roles, manager=manager, email=email, lang=lang, zone=zone)


@app.command()
@writes
def edit(
    opp: Context,
    login: options.Logins,
    name: Name = None,
    role: Roles = None,
    manager: Manager = None,
    email: Email = None,
    lang: Lang = None,
    zone: Zone = None,
    server_role: ServerRole = None,
    answer_key: Annotated[
        str | None,
        typer.Option("--answer-key", metavar="FILE", help="your public key, which proves answers from away; your own"),
    ] = None,
) -> Outcome:
    """Change name, roles (all of them at once), manager, address, language and time zone of letters, role on the
    server or your own key of answers; empty text clears.

    opp user edit wang --role manager --role finance
    opp user edit wang --server-role wang_fang
    opp user edit li --manager "" --lang zh --zone Asia/Shanghai
    opp user edit chen --answer-key ~/.ssh/id_ed25519.pub
    """
    from oppcli.actions import users

    roles = tuple(role) if role is not None else None
    key = _public_key(answer_key) if answer_key else answer_key

    def one(act: "Act", text: str) -> Outcome:
        return users.edit(
            act,
            text,
            name=name,
            roles=roles,
            manager=manager,
            email=email,
            lang=lang,
            zone=zone,
            server_role=server_role,
            answer_key=key,
        )

    return each_act(opp, logins(login), "user", "user edit", one)


def _public_key(file: str) -> str:
    from oppcli.files.signatures import public_key

    try:
        return public_key(bytes_of(file).decode("utf-8", "replace"))
    except OSError as error:
        raise NotFound(say("{file}: {reason}", file=file, reason=of_system(error))) from None


@app.command()
@writes
def deactivate(
    opp: Context,
    login: options.Logins,
    successor: Annotated[str | None, typer.Option("--successor", metavar="LOGIN", help="who takes open seats")] = None,
) -> Outcome:
    """Nobody acts as them any more; what they decided stands.

    opp user deactivate wang --successor zhou
    """
    from oppcli.actions import leaving

    people = logins(login)
    if successor is None and len(people) == 1 and opp.interactive:
        from oppcli.cli import picking

        successor = picking.heir(opp, people[0])
    return each_act(
        opp, people, "user", "user deactivate", lambda act, text: leaving.deactivate(act, text, successor=successor)
    )


@app.command()
@writes
def reactivate(opp: Context, login: options.Logins) -> Outcome:
    """Let somebody act again.

    opp user reactivate wang
    """
    from oppcli.actions import users

    return each_act(opp, logins(login), "user", "user reactivate", users.reactivate)


@app.command()
@writes
def pin(
    opp: Context,
    login: Annotated[list[str] | None, argument("[LOGIN]...", "who gets a code")] = None,
    code: Annotated[bool, typer.Option("--code", help="give out one-time codes, printed once; by an admin")] = False,
    recover: Annotated[bool, typer.Option("--recover", help="with --code: by the owner of the database")] = False,
    new_file: Annotated[
        Path | None, typer.Option("--new-file", metavar="FILE", help="the new PIN is its first line")
    ] = None,
) -> Outcome:
    """Set or change your own PIN, or give others a one-time code to set theirs with.

    opp user pin
    opp user pin --code
    opp user pin wang --code
    """
    from oppcli.cli import pin as pins

    if not code and (login or recover):
        raise UsageError(say("a PIN is one's own; others get a code"), hint=command("user", "pin", "LOGIN", "--code"))
    if code and new_file is not None:
        raise UsageError(say("--new-file is for one's own PIN"))
    if not code:
        return pins.change(opp, new_file)
    whose = list(dict.fromkeys(logins(login or ())))
    if login and not whose:  # standard input had nobody, which is not everybody
        return Outcome(done=(say("nothing to do"),))
    return pins.codes(opp, whose, recover=recover)


def whoami(opp: Context) -> Table:
    """The acting person, by what they are known here, and till when."""
    from oppcli.cli.proving import reading_by
    from oppcli.reads.users import known, one

    with opp.read(COUNTED) as door:
        person = one(door, {"login": opp.look(door).me.login})
        return known(
            person, reading_by(opp, door), opp.session.ends_at if opp.basis == "session" and opp.session else None
        )
