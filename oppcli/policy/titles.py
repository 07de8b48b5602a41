"""Conditions of a file that name fields as people call them: from here on they name them by their names."""

from collections.abc import Mapping
from typing import Any

from oppcli.errors import Ambiguous
from oppcli.model.fields import BUILT_IN, of
from oppcli.rules.gate_words import CONDITION, wanted

NOUNS = ("customer", "contact")


def by_names(doc: dict[str, Any], text: str) -> dict[str, Any]:
    """The document of this text with each condition as fields are named; what cannot be read stays as it is."""
    titles = _titles(doc.get("fields"))
    if not any(title in text for others in titles.values() for title in others):
        return doc
    from oppcli.policy.shape import SHAPE
    from oppcli.rules.field_titles import by_name
    from oppcli.toml import shape
    from oppcli.words.named import folded

    called = {folded(title) for others in titles.values() for title in others}

    def named(holds: shape.Shape, value: Any) -> Any:
        if holds is shape.WORDS and isinstance(value, list):
            return [named(holds, each) for each in value]
        is_one = holds is shape.CONDITION or (holds is shape.WORDS and wanted(str(value)).kind == CONDITION)
        if not is_one or not isinstance(value, str) or not any(map(folded(value).__contains__, called)):
            return value
        try:
            return by_name(value, titles)
        except Ambiguous:  # told as a field that is not there
            return value

    found: dict[str, Any] = shape.changed(doc, SHAPE, named)
    return found


def _titles(tables: Any) -> dict[str, tuple[str, ...]]:
    """Field → what it is called in Chinese, and by the team."""
    built_in = [*BUILT_IN.values(), *(field for noun in NOUNS for field in of(noun))]
    found: dict[str, tuple[str, ...]] = {}
    for field in built_in:
        found[field.name] = (*found.get(field.name, ()), *([field.zh] if field.zh else []))
    for name, title in _own(tables):
        found[name] = (*found.get(name, ()), *([title] if title else []))
    return found


def _own(tables: Any) -> list[tuple[str, str | None]]:
    """The fields that the file tells of, with their titles; of customers and contacts, too."""
    rows = [*tables.items()] if isinstance(tables, Mapping) else []
    rows += [each for noun in NOUNS for each in dict(rows).get(noun, {}).items() if isinstance(dict(rows)[noun], dict)]
    told = [(name, table.get("title")) for name, table in rows if isinstance(table, Mapping)]
    return [(name, title if isinstance(title, str) else None) for name, title in told]
