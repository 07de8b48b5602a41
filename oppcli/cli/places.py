"""Where the database is as people may see it, a name beside it, and the question before it is replaced."""

from pathlib import Path

from oppcli.cli.context import Context
from oppcli.errors import UsageError
from oppcli.model.said import say


def place(opp: Context) -> str:
    """Its path or address as people may see it."""
    from oppcli.store.locations import shown

    return shown(opp.db)


def beside(opp: Context, why: str) -> Path:
    """A dated name of no file yet, next to the database; for a server, where databases are by default."""
    import os

    from oppcli.config.machine import default_database
    from oppcli.store.locations import file_of, is_server
    from oppcli.words.shown import to_the_second

    stamp = to_the_second(opp.now).replace(":", "").replace("-", "")
    path = default_database(os.environ).with_name("server.db") if is_server(opp.db) else Path(file_of(opp.db))
    names = (f"{path.stem}.{why}-{stamp}{more}{path.suffix}" for more in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(target for name in names if not (target := path.with_name(name)).exists())


def confirm(opp: Context) -> None:
    """Refuse to replace the database to who does not type its name."""
    name = Path(place(opp)).name
    asked = say("This replaces {place}. Type {name} to go on", place=place(opp), name=name)
    require_typed(opp, name, asked, say("this replaces {place}", place=place(opp)))


def require_typed(opp: Context, name: str, asked: str, what: str) -> None:
    """Destruction: the name of what is destroyed has to be typed. Refused for another, and where nobody can
    be asked: `what` is said then."""
    if not opp.interactive:
        raise UsageError(what, hint=say("-y says that it is meant"))
    from oppcli.cli import ask

    if ask.text(opp, asked, needed=True) != name:
        raise UsageError(say("that is not its name; nothing was changed"))
