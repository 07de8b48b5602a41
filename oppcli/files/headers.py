"""The columns that a mapping names, as the header of the file spells them: case, width and runs of blanks make no
difference."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from oppcli.files.mapping import PLACEHOLDER, ImportMap, Source
from oppcli.words import names

Spelling = Callable[[str], str]


def matched(mapping: ImportMap, header: Sequence[str]) -> ImportMap:
    """The mapping with the names of the header. What is in it as it is written stays; what could be several columns,
    or is none of them, stays for whoever tells what does not fit."""
    if mapping.columns <= frozenset(header):
        return mapping
    folded: dict[str, list[str]] = {}
    for name in header:
        folded.setdefault(names.key(name), []).append(name)

    def spelt(column: str) -> str:
        found = folded.get(names.key(column), ())
        return found[0] if column not in header and len(found) == 1 else column

    def each(sources: Mapping[str, Source]) -> dict[str, Source]:
        return {name: _respelt(source, spelt) for name, source in sources.items()}

    joins = tuple(join._replace(on=spelt(join.on)) for join in mapping.joins)
    of = mapping
    return replace(of, joins=joins, fields=each(of.fields), entered=each(of.entered), deal=each(of.deal))


def _respelt(source: Source, spelt: Spelling) -> Source:
    return replace(
        source,
        column=None if source.column is None else spelt(source.column),
        template=source.template and PLACEHOLDER.sub(lambda found: "{" + spelt(found[1]) + "}", source.template),
        when=tuple(condition._replace(column=spelt(condition.column)) for condition in source.when),
        otherwise=source.otherwise and _respelt(source.otherwise, spelt),
    )
