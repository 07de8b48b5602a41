"""Mappings that the columns of a file tell by their names, for rows whose fields are called alike everywhere."""

from collections.abc import Iterable, Mapping, Sequence

from oppcli.files.mapping import MappingError
from oppcli.model.command import command
from oppcli.model.said import listed, say


def told(
    kind: str, called: Mapping[str, Sequence[str]], needed: Iterable[str], header: Sequence[str], name: str
) -> str:
    """The mapping of rows of a kind. `called`: what else the column of each field may be called. Refused (8) for a file
    that lacks a column that is needed."""
    places = {column.strip().lower(): column for column in header}
    found = {field: places[each] for field in called for each in (field, *called[field]) if each in places}
    if missing := [field for field in needed if field not in found]:
        raise MappingError(
            say("{file} has no columns {columns}", file=name, columns=listed(missing)),
            hint=say("a mapping says which is what: {help}", help=command("help", "import")),
        )
    import tomlkit

    made = tomlkit.document()
    made["kind"], made["fields"] = kind, found
    return tomlkit.dumps(made)
