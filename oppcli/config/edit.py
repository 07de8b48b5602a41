"""Change one value of a configuration file and leave all else, comments included, as its owner wrote it."""

from pathlib import Path
from typing import Any

from oppcli.config.files import flat, objection
from oppcli.config.settings import Setting, seconds, truth
from oppcli.errors import PolicyError, UsageError
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.words.secrets import has_password, is_address


def typed(setting: Setting, text: str, kind: str) -> Any:
    """The value of this text for a file of the `user` or a `folder`. Refuses what may not stand there."""
    if setting.kind == "place" and has_password(text):
        told = say("{key}: a password is not kept in a configuration, where it is copied and shown", key=setting.key)
        raise PolicyError(told, hint=say("the password belongs into ~/.pgpass"))
    if (said := objection(setting, text, kind)) is not None:
        wrong = PolicyError if setting.kind == "place" and is_address(text) else UsageError
        raise wrong(say("{key}: {said}", key=setting.key, said=said), hint=command("config", "list"))
    if setting.kind == "flag":
        return truth(text)
    return exact(seconds(text)) if setting.kind == "seconds" else text


def exact(value: Any) -> Any:
    """A number without the `.0` that nobody typed."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def put(text: str, key: str, value: Any) -> str:
    """The text of a TOML file with `key` set to `value`, or without it when that is None; all else stays as its owner
    wrote it. Raises `ValueError` for what is not TOML, and refuses a file that would not hold just that afterwards."""
    import tomllib

    before = flat(tomllib.loads(text))
    wanted = {name: old for name, old in before.items() if name != key} | ({} if value is None else {key: value})
    if wanted == before:
        return text
    after = _edited(text, key, value)
    if flat(tomllib.loads(after)) != wanted:
        raise PolicyError(
            say("{key} is written in a way that must be edited by hand", key=key), hint=command("config", "path")
        )
    return after


def _edited(text: str, key: str, value: Any) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    *tables, name = key.split(".")
    place: Any = document
    for table in tables:
        if table not in place:
            place[table] = tomlkit.table()
        place = place[table]
    if value is None:
        del place[name]
    else:
        place[name] = value
    return tomlkit.dumps(document)


def save(path: Path, key: str, value: Any) -> None:
    """Write the change to the file, which is made if it is not there; a reader sees the old or the new file, whole.
    Refused where what is there cannot be read."""

    old = path.read_text("utf-8-sig") if path.is_file() else ""
    try:
        new = put(old, key, value)
    except ValueError as error:
        raise PolicyError(
            say("{file} cannot be read: {why}", file=path, why=str(error).lower()),
            hint=say("mend the file by hand"),
        ) from error
    if new == old:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    spare = path.with_name(f"{path.name}.new")
    spare.unlink(missing_ok=True)
    spare.touch(mode=0o600)
    if path.exists():
        spare.chmod(path.stat().st_mode & 0o777)
    spare.write_text(new, "utf-8")
    spare.replace(path)
