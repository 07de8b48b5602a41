"""A sample of a file of customers, contacts, activities or tasks → the draft of its mapping."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from oppcli.files.drafts.below import left
from oppcli.files.drafts.draft import Draft, graded
from oppcli.files.drafts.fitting import Fit, Here, fit
from oppcli.files.drafts.forms import choices
from oppcli.files.drafts.names import own_names, plain
from oppcli.files.drafts.sample import Cells, Sample
from oppcli.files.mapping_keys import OPEN
from oppcli.files.references import REFERENCE, REFERENCES
from oppcli.model.fields import Field
from oppcli.model.refs import meant
from oppcli.model.said import say

NAMES: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(
    (resources.files(__package__) / "records.toml").read_text("utf-8")
)
"""By kind of rows: field → what its column is called, as `plain` makes it."""
IDENTIFIED = ("customers", "contacts")
"""Kinds of which every row has to be known again by something."""
KNOWN = ("tax_id", "phone", "email")
"""By what, where there is no id, the most telling first; by the name where there is nothing else."""


def draft_of(sample: Sample, here: Here, kind: str, system: str, file: Mapping[str, Any]) -> Draft:
    """The draft: every column that is called like a field and whose cells fit it, each once; what is needed and has no
    column is a `?`; what is left stands below."""
    draft = Draft({"kind": kind, "system": system})
    draft.whys["system",] = say("whose ids they are; the next file of it is known by this name")
    placed = _placed(sample, here, kind)
    fields: dict[str, Any] = {}
    for name, (cells, found) in placed.items():
        keys = {key: value for key, value in found.keys.items() if key != "create" or name != "customer"}
        fields[name] = {"column": cells.name, **keys, **_named_by(here.fields[name], kind, cells)}
        draft.whys["fields", name] = graded(found.why, sure=found.sure)
        for key, those in choices(found.keys, cells.counts).items():
            draft.choices["fields", name, key] = those
    for name, field in here.fields.items():
        if field.required and name not in fields:
            fields[name] = {"constant": OPEN}
            draft.whys["fields", name] = say("needed, and no column has it: say what it is")
    if "external_id" not in fields:
        _known_again(draft, fields, {name: cells for name, (cells, _) in placed.items()}, kind)
    draft.tree |= {"file": dict(file), "fields": fields} if file else {"fields": fields}
    draft.below += left(sample, {cells.name for cells, _ in placed.values()})
    return draft


def _known_again(draft: Draft, fields: dict[str, Any], placed: Mapping[str, Cells], kind: str) -> None:
    """By what rows without ids are known again: what tells people and companies apart, of tasks what they are for."""
    if kind in IDENTIFIED:
        draft.tree["known"] = [name for name in KNOWN if name in fields][:2] or ["name"]
        draft.whys["known",] = say("no column of ids: rows are known again by these")
    elif kind == "tasks":
        parts = [placed[name].name for name in ("title", "deal", "customer", "due_on") if name in placed]
        fields["external_id"] = {"template": "/".join(f"{{{part}}}" for part in parts)}
        draft.whys["fields", "external_id"] = say("no column of ids: rows are known again by these")


def _placed(sample: Sample, here: Here, kind: str) -> dict[str, tuple[Cells, Fit]]:
    """Field → its column and how that fits, in the order of the fields."""
    found: dict[str, tuple[Cells, Fit]] = {}
    used = set[str]()
    for _, name, cells in sorted(_candidates(sample, here, kind), key=lambda each: each[0]):
        if name in found or cells.name in used:
            continue
        fits = fit(cells, here.fields[name], len(sample.rows), here, here.policy.currency, None)
        if fits is not None:
            found[name] = cells, fits
            used.add(cells.name)
    return {name: found[name] for name in here.fields if name in found}


def _candidates(sample: Sample, here: Here, kind: str) -> Iterator[tuple[int, str, Cells]]:
    """(how telling its name is, field, column) of all that a column may fill; the smallest is tried first."""
    own = own_names(dict(here.fields))
    for cells in sample.columns.values():
        if not cells.counts:
            continue
        words = plain(cells.name)
        for name, names in NAMES[kind].items():
            if words in names:
                yield names.index(words), name, cells
        if words in own:
            yield 0, own[words], cells


def _named_by(field: Field, kind: str, cells: Cells) -> dict[str, Any]:
    """What a column of references has to say: by what its cells name the record, and that a customer of a contact may
    be made."""
    if field.kind not in (REFERENCE, REFERENCES):
        return {}
    ids = all((found := meant(cell)) is not None and found[1].isdecimal() for cell in cells.counts)
    if ids:
        return {"by": "id"}
    return {"by": "name", "create": True} if (field.name, kind) == ("customer", "contacts") else {"by": "name"}
