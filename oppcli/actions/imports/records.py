"""Customers, contacts, activities and tasks into the database: new ones made, known ones brought up to date."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from oppcli.actions.act import Act
from oppcli.actions.imports.fitting_records import ONCE, Fitting
from oppcli.actions.imports.lookups import OWN, Lookup
from oppcli.actions.imports.merge import Known, is_news, known
from oppcli.actions.imports.named_people import Newcomer
from oppcli.actions.imports.record_fields import STORED, RecordFields
from oppcli.actions.imports.referring import Referring, one_of
from oppcli.errors import OppError
from oppcli.files import references
from oppcli.files.mapping import ImportMap
from oppcli.files.mapping_keys import ONLY, SKIP
from oppcli.files.reading import BLANK, Columns, Problem, Read
from oppcli.files.references import REFERENCE, REFERENCES, Reference
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally, sentence
from oppcli.model.journal import Entry
from oppcli.model.noun import MISSING, default, replace
from oppcli.model.records import WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules.fields import of_team
from oppcli.rules.record_fields import needed
from oppcli.store import queries
from oppcli.words import names

if TYPE_CHECKING:
    from oppcli.actions.imports.reviewing import ReviewingCustomers


class RecordTaker:
    """Records of one noun: read, known again, made or brought up to date."""

    def __init__(self, act: Act, mapping: ImportMap, columns: Columns, to: RecordFields) -> None:
        self.act, self.door, self.mapping, self.to, self.word = act, act.door, mapping, to, to.word
        ids = ("external_id",) if "external_id" in mapping.fields else ()
        self.known_by = tuple(dict.fromkeys((*mapping.known, *ids)))
        self.lookup = Lookup(act, to.word, mapping.system)
        self.noun = self.lookup.noun
        self.fitting = Fitting(act, to)
        self.readers: list[tuple[str, Read]] = []
        self.referring: dict[str, Referring] = {}
        for name, source in mapping.fields.items():
            field = to.fields[name]
            if field.kind in (REFERENCE, REFERENCES):
                word = "contact" if field.kind == REFERENCES else name
                self.referring[name] = Referring(act, word, source, mapping.system)
            if field.kind == REFERENCE:
                self.readers.append((name, references.reader(columns, source, name)))
            else:
                self.readers.append((name, columns.reader(source, partial(to.of, field), cached=False)))
        self.conditional = [name for name in mapping.fields if to.fields[name].required_when is not None]
        self.met: dict[int, int] = {}
        """Number of a record → the line it stood on."""

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        drafts = [self._read(line, cells) for line, cells in chunk]
        self._resolve([draft for draft in drafts if not draft.problems])
        for draft in drafts:
            if not draft.problems:
                self.fitting.check(draft)
        good = [draft for draft in drafts if not draft.problems]
        self.lookup.look_up(pair for draft in good for pair in self._said(draft))
        good = self._without_merged(good, tally)
        own = self.fitting.here(good) if self.mapping.system == OWN else {}
        found = {draft.line: self._known(draft, own.get(draft.line)) for draft in good}
        good = [draft for draft in good if not draft.problems]
        fresh = self._once([draft for draft in good if found[draft.line] is None])
        self._update([(draft, number) for draft in good if (number := found[draft.line]) is not None], tally)
        if self.mapping.existing == ONLY:
            tally.absent += len(fresh)
        else:
            self._add(fresh, tally)
        tally.told, tally.people = self.to.told, self.to.people.made
        tally.customers = sum(each.made for each in self.referring.values())
        return drafts

    def _read(self, line: int, cells: Row) -> Draft:
        draft = Draft(line, cells)
        for name, read in self.readers:
            value = read(cells)
            field = self.to.fields[name]
            if type(value) is Problem:
                draft.wrong(name, value)
            elif value is None and field.required:
                draft.wrong(name, BLANK)
            elif field.own:
                draft.extra[name] = value
            else:
                draft.values[name] = value
        for name in self.conditional:
            if not draft.is_wrong(name) and {**draft.values, **draft.extra}.get(name) in (None, ()):
                self._require(draft, name)
        return draft

    def _require(self, draft: Draft, name: str) -> None:
        """Note a field that is blank where the policy's condition asks for it."""
        known = of_team(self.word, self.to.policy)
        if needed(self.to.fields[name], {**draft.values, **draft.extra}, known, self.to.policy):
            draft.wrong(name, BLANK)

    def _resolve(self, drafts: Sequence[Draft]) -> None:
        """Look up the records that rows name: numbers in place of texts; a customer may still have to be made."""
        for name, referring in self.referring.items():
            named = [(draft, each) for draft in drafts for each in _named(draft.values.get(name))]
            for draft, why in referring.resolve(named):
                draft.wrong(name, why)

    def _said(self, draft: Draft) -> Iterator[tuple[str, str]]:
        """(field, text) of all that a row is known again by, in the order of the mapping."""
        for by in self.known_by:
            field = {"name": "title", "id": "external_id"}.get(by, by) if by not in draft.values else by
            value = draft.values.get("website" if by == "domain" else field)
            for text in value if isinstance(value, tuple) else (value,) if value is not None else ():
                yield by, str(text)

    def _without_merged(self, drafts: Sequence[Draft], tally: Tally) -> list[Draft]:
        """The rows but for those of records that are others by now and that say what they said when they were merged:
        nothing is new."""
        kept = [draft for draft in drafts if (gone := self._gone(draft)) is None or self._news(draft, gone)]
        tally.unchanged += len(drafts) - len(kept)
        return kept

    def _gone(self, draft: Draft) -> Any:
        """The record of the row's id as it was merged into another; None where it was not."""
        return self.lookup.merged.get(draft.values.get("external_id") or "")

    def _news(self, draft: Draft, gone: Any) -> dict[str, Any]:
        """What a row says that the record did not when it was merged."""
        values = self._values(draft, gone)
        extra = {name: value for name, value in values.pop("extra").items() if gone.extra.get(name) != value}
        news = {name: value for name, value in values.items() if getattr(gone, name) != value}
        return {**news, "extra": extra} if news or extra else {}

    def _known(self, draft: Draft, own: int | None) -> int | None:
        """The number of the record that the row is about; None where it is new. What is wrong is told in the draft."""
        number, why = one_of(self.lookup, self._said(draft))
        if why is None and number is None:
            number = own or self.fitting.same(draft, self.referring)
            if draft.problems:
                return None
        if why is None and number is not None:
            line = self.met.setdefault(number, draft.line)
            if line != draft.line:
                why = say("{id} is on line {line} already", id=ref(self.word, number), line=line)
            elif not queries.visible(self.door, self.word, number):
                why = say("{ref} is not yours to see", ref=ref(self.word, number))
        if why is not None:
            draft.wrong(self.known_by[0] if self.known_by else "", why)
        return number

    def _once(self, drafts: Iterable[Draft]) -> list[Draft]:
        """New records without those that an earlier row of this chunk makes."""
        lines: dict[Any, int] = {}
        kept = []
        for draft in drafts:
            said = [(by, names.key(text)) for by, text in self._said(draft)] or [self.fitting.identity(draft)]
            line = min((lines[each] for each in said if each in lines), default=None)
            if line is not None:
                draft.wrong(self.known_by[0] if self.known_by else "", say("it is on line {line} already", line=line))
                continue
            lines |= dict.fromkeys(said, draft.line)
            kept.append(draft)
        return kept

    @cached_property
    def reviewing(self) -> "ReviewingCustomers":
        """What proposes, where the mapping asks for a review."""
        from oppcli.actions.imports.reviewing import ReviewingCustomers

        return ReviewingCustomers(self.act, self.mapping)

    def _add(self, drafts: Sequence[Draft], tally: Tally) -> None:
        if self.mapping.review:
            proposed = self.reviewing.add(drafts)
            tally.proposed += proposed
            tally.unchanged += len(drafts) - proposed
            return
        made = [self.fitting.made(self._values(draft), self.mapping.system) for draft in drafts]
        numbers = self.door.add_many(made)
        for draft, number, record in zip(drafts, numbers, made, strict=True):
            self.lookup.learn(replace(record, id=number))
            self.met[number] = draft.line
        tally.created += len(drafts)
        if self.word == "activity" and made:
            from oppcli.actions.imports.touches import touched

            touched(self.act, [replace(record, id=number) for number, record in zip(numbers, made, strict=True)])

    def _update(self, pairs: Sequence[tuple[Draft, int]], tally: Tally) -> None:
        here = (
            {each.id: each for each in self.door.find(self.noun, id=[number for _, number in pairs])} if pairs else {}
        )
        live = [(draft, here[number]) for draft, number in pairs if here[number].standing != WITHDRAWN]
        if self.mapping.existing == SKIP:
            tally.unchanged += len(live)
            return
        said = [
            (
                draft,
                before,
                self._values(draft, before) if (gone := self._gone(draft)) is None else self._news(draft, gone),
            )
            for draft, before in live
        ]
        differing = [each for each in said if self._differs(each[1], each[2])]
        tally.unchanged += len(said) - len(differing)
        if self.mapping.review:
            proposed = self.reviewing.change([(draft, before) for draft, before, _ in differing])
            tally.proposed += proposed
            tally.unchanged += len(differing) - proposed
            return
        numbers = [str(before.id) for _, before, _ in differing]
        entries = self.door.find(Entry, noun=self.word, noun_id=numbers) if numbers else []
        states = known(entries)
        for draft, before, values in differing:
            self._save(draft, before, values, states.get(str(before.id)) or Known(), tally)

    def _save(self, draft: Draft, before: Any, values: dict[str, Any], state: Known, tally: Tally) -> None:
        extra = values.pop("extra")
        taken = {name: value for name, value in values.items() if is_news(name, getattr(before, name), value, state)}
        own = {k: v for k, v in extra.items() if is_news(f"extra.{k}", before.extra.get(k), v, state)}
        if own:
            taken["extra"] = {name: value for name, value in {**before.extra, **own}.items() if value is not None}
        tally.kept += len(taken) - bool(own) + len(own) < sum(
            (getattr(before, name) != value for name, value in values.items())
        ) + sum(before.extra.get(name) != value for name, value in extra.items())
        if not taken:
            tally.unchanged += 1
            return
        try:
            after = self.door.save(before, self.fitting.changed(replace(before, **taken)))
        except OppError as refusal:
            draft.wrong("", sentence(refusal))
            return
        self.lookup.learn(after)
        tally.updated += 1

    def _differs(self, before: Any, values: dict[str, Any]) -> bool:
        return any(
            before.extra.get(k) != v if name == "extra" else getattr(before, name) != value
            for name, value in values.items()
            for k, v in (value.items() if name == "extra" else [("", None)])
        )

    def _values(self, draft: Draft, before: Any = None) -> dict[str, Any]:
        """What the row says, by field of the noun; people and customers are made that are needed now."""
        found: dict[str, Any] = {}
        for name, value in draft.values.items():
            stored = STORED.get(name, name)
            if isinstance(value, Reference):
                found[stored] = self.referring[name].made_of(value)
            elif self.to.fields[name].kind == REFERENCES:
                found[stored] = tuple(number for each in _named(value) if (number := self._number(name, each)))
            elif isinstance(value, Newcomer):
                found[stored] = self.to.people.make(value, self.mapping.fields[name].roles)
            else:
                blank = default(self.noun, stored)
                found[stored] = value if value is not None or blank is MISSING else blank
        if before is not None:
            found = {name: value for name, value in found.items() if value or name not in ONCE}
            found |= self._id(before, found.pop("external_id", None))
        return found | {"extra": dict(draft.extra)}

    def _id(self, before: Any, text: str | None) -> dict[str, Any]:
        """The id of the file for a record that has none; it keeps the one that it has."""
        if text is None or before.external_id is not None or self.mapping.system == OWN:
            return {}
        return {"external_id": text, "system": self.mapping.system}

    def _number(self, name: str, reference: Reference) -> int | None:
        return self.referring[name].known(reference)


def _named(value: Any) -> tuple[Reference, ...]:
    """The records that a cell names: one, or those of a list by name or reference."""
    if isinstance(value, Reference):
        return (value,)
    return tuple(Reference((("id", text), ("name", text), ("external_id", text))) for text in value or ())
