"""Whether a mapping fits a file and a policy: every problem at once, each with the nearest name there is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from oppcli.errors import Reason
from oppcli.files.kinds import NUMERIC
from oppcli.files.mapping import ImportMap, MappingError, Source
from oppcli.files.mapping_keys import OF_COLUMNS, ONLY, OPEN, RECORDS
from oppcli.files.reading import Convert, constants
from oppcli.files.references import KNOWN_BY, REFERENCE
from oppcli.files.sheets import Sheet
from oppcli.model.command import command
from oppcli.model.fields import Field
from oppcli.model.people import BUILT_IN_ROLES
from oppcli.model.policy import Policy
from oppcli.model.said import Said, Word, listed, say
from oppcli.words.spelling import nearest

KEYS = ("title", "customer")
"""One of these is among the fields of a key: by them deals are looked up."""
UNFIT = ("external_id", "stage", "tags", "collaborators", "created_at", "entered_at", "last_open_stage")
"""Fields that tell no deal from another."""


class Target(Protocol):
    """What a kind of row can be mapped to: its fields, and how a text becomes a value of one."""

    fields: Mapping[str, Field]
    needed: tuple[str, ...]
    """Fields a mapping cannot do without."""

    def of(self, field: Field, source: Source) -> Convert: ...


def refuse_unfit(mapping: ImportMap, name: str, sheet: Sheet, policy: Policy, target: Target) -> None:
    """Raise one error with everything that is wrong with the mapping; return when nothing is."""
    found = [*mapping.problems, *openings(mapping), *misfits(mapping, sheet.header, sheet.name, policy, target)]
    refuse(name, found)


def misfits(
    mapping: ImportMap, header: Sequence[str], file: str, policy: Policy, target: Target, section: str = "fields"
) -> Iterator[Reason]:
    """What does not fit between the mapping and the columns, the fields and the policy. `section`: where the mapping
    has the fields."""
    yield from columns(mapping, header, file, section)
    for reason in (*_needed(mapping, target), *_key(mapping), *_known(mapping), *_fields(mapping, policy, target)):
        yield _within(section, reason)
    yield from _entered(mapping, policy)


def columns(mapping: ImportMap, header: Sequence[str], file: str, section: str = "fields") -> Iterator[Reason]:
    """The columns that the mapping names and the file does not have."""
    return (_within(section, reason) for reason in _columns(mapping, header, file))


def _within(section: str, reason: Reason) -> Reason:
    return Reason(reason.what.replace("[fields]", f"[{section}]", 1), reason.detail)


def refuse(name: str, found: Sequence[Reason], hint: str | None = None) -> None:
    """Raise one error with all problems of the mapping; return where there are none."""
    if found:
        count = say("{found} {found:problem|problems}", found=len(found))
        raise MappingError(
            say("{name} does not fit: {count}", name=name, count=count),
            reasons=tuple(found),
            hint=hint or command("help", "import"),
        )


def _columns(mapping: ImportMap, header: Sequence[str], file: str) -> Iterator[Reason]:
    for where, source in mapping.sources():
        for column in source.columns:
            if column not in header and column != OPEN:
                yield Reason(
                    where,
                    say(
                        "{file} has no column {column!r}{nearest}",
                        file=file,
                        column=column,
                        nearest=nearest(column, header),
                    ),
                )


def _needed(mapping: ImportMap, target: Target) -> Iterator[Reason]:
    needed, free = target.needed, {"external_id"} if mapping.key else set()
    if mapping.existing == ONLY and mapping.kind == "deals":
        needed, free = ("external_id",), {*target.fields} if mapping.key else {*target.fields} - {"external_id"}
    for name in needed:
        if name not in mapping.fields and name not in free:
            yield Reason(f"[fields] {name}", say("is not mapped to anything"))
    for name, field in target.fields.items():
        if field.required and not {name} & {*mapping.fields, *needed, *free}:
            yield Reason(f"[fields] {name}", say("is required by the policy and not mapped to anything"))
    if mapping.review and mapping.kind not in ("deals", "customers"):
        yield Reason("review", say("only deals and customers are proposed before they are records"))
    if mapping.kind not in ("users", *OF_COLUMNS) and not mapping.system.strip():
        yield Reason("system", say('is missing: where the external ids come from, e.g. system = "old crm"'))


def _key(mapping: ImportMap) -> Iterator[Reason]:
    """By a key deals alone are known, and each of its fields is mapped."""
    if mapping.key and mapping.kind != "deals":
        yield Reason("key", say("is for deals"))
        return
    for name in mapping.key:
        if name in UNFIT:
            yield Reason("key", say("{name} tells no deal from another", name=name))
        elif name not in mapping.fields:
            yield Reason("key", say("{name} is not mapped to anything", name=name))
    if mapping.key and not set(KEYS) & set(mapping.key):
        yield Reason("key", say("needs {names}", names=listed(KEYS, " or ")))


def _known(mapping: ImportMap) -> Iterator[Reason]:
    """Records are known again by fields that tell one from another, each of them mapped."""
    if mapping.known and mapping.kind not in RECORDS:
        yield Reason("known", say("is for {kinds}", kinds=listed(RECORDS)))
        return
    word = RECORDS.get(mapping.kind, "")
    for name in mapping.known:
        needed = {"domain": ("website", "email"), "id": ("external_id",), "name": ("name", "title")}.get(name, (name,))
        if name not in KNOWN_BY[word]:
            yield Reason("known", say("{name} tells no {noun} from another", name=name, noun=Word("noun", word)))
        elif not set(needed) & set(mapping.fields):
            yield Reason("known", say("{name} is not mapped to anything", name=name))
    if mapping.kind in ("customers", "contacts") and not mapping.known and "external_id" not in mapping.fields:
        yield Reason("known", say('is missing: how a row is known again, e.g. known = ["tax_id", "name"]'))


def _named_by(name: str, field: Field, source: Source) -> Iterator[Reason]:
    """By what another record is named, where the field names one."""
    if source.by is None:
        return
    word = field.name if field.kind in (REFERENCE, "customer") else ""
    if word not in KNOWN_BY:
        yield Reason(f"[fields] {name}", say("by is for fields that name another record"))
    elif source.by not in KNOWN_BY[word]:
        known = listed(KNOWN_BY[word])
        yield Reason(f"[fields] {name}", say("{text} is not one of {values}", text=source.by, values=known))


def _fields(mapping: ImportMap, policy: Policy, target: Target) -> Iterator[Reason]:
    for name, source in mapping.fields.items():
        yield from _field(name, source, policy, target)


def _field(name: str, source: Source, policy: Policy, target: Target) -> Iterator[Reason]:
    field = target.fields.get(name)
    if field is None:
        yield Reason(f"[fields] {name}", say("there is no such field{nearest}", nearest=nearest(name, target.fields)))
        return
    roles = (*BUILT_IN_ROLES, *policy.roles)
    for role in source.roles:
        if role not in roles:
            yield Reason(
                say("[fields] {name} roles", name=name),
                say("there is no role {role}{nearest}", role=role, nearest=nearest(role, roles)),
            )
    each: Source | None = source
    while each is not None:
        yield from _named_by(name, field, each)
        if each.factor is not None and field.kind not in NUMERIC:
            yield Reason(f"[fields] {name}", say("factor is for numbers"))
        # Amounts are tried in the policy's currency; rows may bring another.
        for text, wrong in constants(each, target.of(field, each)).items():
            yield Reason(
                f"[fields] {name}", wrong if text in wrong else say("{text!r}: {wrong}", text=text, wrong=wrong)
            )
        each = each.otherwise


def _entered(mapping: ImportMap, policy: Policy) -> Iterator[Reason]:
    names = [stage.name for stage in policy.stages]
    if mapping.entered and mapping.kind in ("users", "visits", "prices", "payments", "facts", *OF_COLUMNS, *RECORDS):
        yield Reason("[entered]", say("is for deals"))
        return
    for name in mapping.entered:
        if name not in names:
            yield Reason(
                f"[entered] {name}", say("there is no stage {text}{nearest}", text=name, nearest=nearest(name, names))
            )


def openings(mapping: ImportMap) -> Iterator[Reason]:
    """What a mapping still leaves open: each place with a `?` that nobody has said the meaning of."""
    for where, first in mapping.sources():
        source: Source | None = first
        while source is not None:
            yield from (Reason(where, what) for what in _open(source))
            source = source.otherwise


def _open(source: Source) -> Iterator[Said]:
    cells = [repr(cell) for cell, meant in source.values.items() if meant == OPEN]
    if cells:
        yield say("say what {cells} {n:is|are} in place of ?", cells=listed(cells), n=len(cells))
    if OPEN in (source.constant, source.template, source.column):
        yield say("say what it is in place of ?")
    if source.date == OPEN:
        yield say("say how its dates are written in place of ?")
    if source.decimal == OPEN:
        yield say('say decimal = "." or "," in place of ?')
    if source.factor == OPEN:
        yield say('say factor = "100" or "1" in place of ?')
