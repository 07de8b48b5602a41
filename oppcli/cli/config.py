"""`opp config`: list get set unset path."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.config import SETTINGS
from oppcli.config.files import ADAPTERS, CHANNELS, FOLDER_FILE, HOOKS, MAILBOX, flat, folder_file, parsed, skipped
from oppcli.config.machine import lent, user_file
from oppcli.config.settings import Setting
from oppcli.errors import NotAllowed, UsageError
from oppcli.model.command import Command, command
from oppcli.model.said import say
from oppcli.reads.put_together import SETTINGS as COLUMNS
from oppcli.reads.table import Table

app = typer.Typer(help="Settings: which database, person, zone, and where each is from.")

BY_HAND = {CHANNELS: "notices", HOOKS: "policy", MAILBOX: "away", ADAPTERS: "facts"}
"""Tables of one's own file that are no settings, and the page of help that has each."""
Key = Annotated[str, argument("KEY", "db, tz, user, defaults.currency …")]
Here = Annotated[bool, typer.Option("--here", help="in this folder's .opp.toml instead of your own file")]


def listed(opp: Context, show_origin: bool) -> Table:
    """Every setting and its value now."""
    origins = opp.settings.origins
    rows = [(each.key, value_of(opp, each), origins[each.key], each.doc) for each in SETTINGS]
    columns = (*COLUMNS[:2], COLUMNS[2]._replace(wide=show_origin), COLUMNS[3])
    return Table(columns, rows)


def value_of(opp: Context, setting: Setting) -> str:
    """The value as text; passwords are masked."""
    from oppcli.store.locations import shown
    from oppcli.words.shown import iso

    if setting.key.startswith("defaults."):
        return opp.settings.defaults.get(setting.key.removeprefix("defaults."), "")
    value: Any = getattr(opp.settings, setting.field)
    if isinstance(value, bool):
        return str(value).lower()
    if setting.kind == "instant":
        return iso(value)
    return shown(value) if setting.kind == "place" else f"{value:g}" if isinstance(value, float) else str(value)


def known(key: str) -> Setting:
    """The setting called `key`. Refuses an unknown one, naming the nearest."""
    from oppcli.words.spelling import nearest_word

    names = [setting.key for setting in SETTINGS]
    if key in names:
        return SETTINGS[names.index(key)]
    if page := BY_HAND.get(key.partition(".")[0]):
        by_hand = say("written by hand into {file}: {help}", file=user_file(os.environ), help=command("help", page))
        raise UsageError(say("no such setting: {key}", key=key), hint=by_hand)
    near = nearest_word(key, names)
    raise UsageError(
        say("no such setting: {key}", key=key),
        hint=command("config", "get", near) if near else command("config", "list"),
    )


@app.command()
def get(ctx: typer.Context, key: Key) -> None:
    """One value, alone on a line.

    opp config get db
    """
    setting = known(key)
    print(value_of(ctx.obj, setting))  # noqa: T201


@app.command("set")
@writes
def set_(
    opp: Context,
    key: Key,
    value: Annotated[str, argument("VALUE", "the new value")],
    here: Here = False,
) -> Outcome:
    """Set a value in your own file, or in this folder's.

    opp config set tz Asia/Shanghai
    opp config set db ./team.db --here
    """
    from oppcli.config import edit

    setting, path = known(key), target(here=here)
    if setting.kind == "place" and "://" not in value and not here:
        value = str(Path(value).absolute())
    new = edit.typed(setting, value, "folder" if here else "user")
    back = _back(setting, path, here=here)
    if not opp.dry_run:
        edit.save(path, key, new)
    return Outcome(
        done=(say("{key} = {value_shown} in {path}", key=key, value_shown=value_shown(setting, value), path=path),),
        undo=back or command("config", "unset", key, *(["--here"] if here else [])),
    )


@app.command()
@writes
def unset(opp: Context, key: Key, here: Here = False) -> Outcome:
    """Take a value out of your own file, or out of this folder's.

    opp config unset tz
    """
    from oppcli.config import edit

    setting, path = known(key), target(here=here)
    back = _back(setting, path, here=here)
    if not opp.dry_run:
        edit.save(path, key, None)
    return Outcome(done=(say("{key} is not set in {path}", key=key, path=path),), undo=back)


def _back(setting: Setting, path: Path, *, here: bool) -> Command | None:
    """The command that sets what is set now again; None where nothing is, or where it may not be shown."""
    from oppcli.config.edit import exact

    value = exact(flat(parsed(path)[1]).get(setting.key)) if path.is_file() else None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if value is None or value_shown(setting, text) != text:
        return None
    return command("config", "set", setting.key, text, *(["--here"] if here else []))


@app.command()
def path(ctx: typer.Context) -> None:
    """The files that are read, the nearest first; those that do not exist yet are marked.

    opp config path
    """
    for file in skipped(Path.cwd()):
        print(ctx.obj.spoken(say("{file} (passed over: others may write it)", file=file)))  # noqa: T201
    folder = folder_file(Path.cwd())
    for file in ([folder] if folder else []) + [user_file(os.environ)]:
        print(file if file.is_file() else ctx.obj.spoken(say("{file} (not there yet)", file=file)))  # noqa: T201


def target(*, here: bool) -> Path:
    """The file that is written. Refused through `sudo` where it is the settings of whose rights were lent: they hold
    for everybody who comes that way."""
    path = Path.cwd() / FOLDER_FILE if here else user_file(os.environ)
    if lent(os.environ) and not here:
        home = next(each for each in path.parents if each.exists())
        if home.stat().st_uid != int(os.environ["SUDO_UID"]):
            told = say("{path} holds for everybody who comes through sudo, and is set by its owner alone", path=path)
            raise NotAllowed(told, hint=command("help", "environment"))
    return path


def value_shown(setting: Setting, value: str) -> str:
    from oppcli.store.locations import shown

    return shown(value) if setting.kind == "place" else value
