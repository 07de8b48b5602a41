"""Records by what files call them: an id of another system, a reference, a name, a phone in any spelling."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from oppcli.actions.act import Act
from oppcli.model.deals import Deal
from oppcli.model.nouns import BY_WORD, class_of
from oppcli.model.records import KEPT, MERGED, folded
from oppcli.model.refs import meant
from oppcli.store import queries
from oppcli.store.alike import survivor
from oppcli.store.matching import values_of
from oppcli.words import names
from oppcli.words.matching import Plan
from oppcli.words.normal import EMAIL, PHONE, URL, host, normal

OWN = "opp"
"""The system of own exports."""
REMEMBERED = 1 << 15
"""Answers that are kept at hand."""
_TYPES = {"tax_id": "text", "phone": PHONE, "email": EMAIL}
_FIELDS = {
    "customer": {"tax_id": "text", "phone": PHONE, "email": EMAIL, "website": URL},
    "contact": {"phone": PHONE, "email": EMAIL},
}
"""Fields that are compared in their normal form, with their types."""
Key = tuple[str, str]


class Lookup:
    """The records of one noun: the numbers of those that a field says something of. A merged one is the record that
    stands for it."""

    def __init__(self, act: Act, word: str, system: str) -> None:
        table = act.policy.duplicates
        self.door, self.word, self.system = act.door, word, system
        self.noun: type[Any] = class_of(BY_WORD[word])
        self.country = table.country.lstrip("+") if table else ""
        self.public: tuple[str, ...] = table.public if table else ()
        self.merged: dict[str, Any] = {}
        """By the id of the file, the records there that are others by now, as they were merged."""
        self._answers: dict[Key, tuple[int, ...]] = {}
        self._index: dict[Key, list[int]] | None = None

    def hits(self, by: str, text: str) -> tuple[int, ...]:
        """The records that this is said of. It was looked up (`look_up`)."""
        key = self._key(by, text)
        if by in (*_TYPES, "domain"):
            return tuple(self._indexed().get(key, ())) if key[1] else ()
        return self._answers.get(key, ())

    def look_up(self, asked: Iterable[Key]) -> None:
        """Find, a field at a time, what is not known yet of (field, text)."""
        if len(self._answers) > REMEMBERED:
            self._answers.clear()
        wanted: dict[str, set[str]] = {}
        for by, text in asked:
            key = self._key(by, text)
            if by in ("external_id", "id", "name") and key not in self._answers:
                wanted.setdefault(by, set()).add(key[1])
        for by, texts in wanted.items():
            found: dict[Key, list[int]] = {(by, text): [] for text in texts}
            for text, number in self._found(by, sorted(texts)):
                if number not in found[by, text]:
                    found[by, text].append(number)
            self._answers |= {key: tuple(numbers) for key, numbers in found.items()}

    def learn(self, record: Any) -> None:
        """Know a record that was made or changed on the way."""
        said = [("name", record.name)] if self.word in _FIELDS else []
        if record.external_id and record.system == self.system:
            said.append(("external_id", record.external_id))
        for by, text in said:
            key = self._key(by, text)
            if key in self._answers and record.id not in self._answers[key]:
                self._answers[key] = (*self._answers[key], record.id)
        if self._index is not None:
            values = {name: _several(getattr(record, name)) for name in _FIELDS.get(self.word, ())}
            self._note(self._index, record.id, values)

    def _key(self, by: str, text: str) -> Key:
        if by == "name":
            return by, folded(text) if self.word in ("deal", "task") else names.key(text)
        if by == "domain":
            return by, host(text, self.public)
        return by, normal(_TYPES[by], text, self.country, self.public) if by in _TYPES else text.strip()

    def _found(self, by: str, texts: Sequence[str]) -> Iterator[tuple[str, int]]:
        """(text, number) of what is called so."""
        if by == "external_id":
            for each in self.door.find(self.noun, system=self.system, external_id=list(texts), standing=KEPT):
                if each.standing == MERGED:
                    self.merged[each.external_id] = each
                yield each.external_id, self._standing_for(each)
        elif by == "id":
            yield from self._by_number(texts)
        elif self.word == "deal":
            titled = queries.deals_titled(self.door, list(texts))
            for each in self.door.find(Deal, id=titled, standing=KEPT) if titled else ():
                yield folded(each.title), self._standing_for(each)
        elif self.word in _FIELDS:
            for each in self.door.find(self.noun, key=list(texts), standing=KEPT):
                yield each.key, self._standing_for(each)

    def _by_number(self, texts: Sequence[str]) -> Iterator[tuple[str, int]]:
        """References; those of an own export are of what came from there, else of what is here."""
        came = {}
        if self.system == OWN:
            came = {each.external_id: each for each in self._of_own(texts)}
            yield from ((text, self._standing_for(each)) for text, each in came.items())
        prefix = BY_WORD[self.word].prefix  # of a bare number it is said what it is of, as in a command
        rest = ((text, meant(f"{prefix}{text}" if text.isdecimal() else text)) for text in texts if text not in came)
        numbers = {text: int(of[1]) for text, of in rest if of is not None and of[0] == self.word}
        there = self.door.find(self.noun, id=sorted(set(numbers.values())), standing=KEPT) if numbers else []
        here = {each.id: each for each in there}
        for text, number in numbers.items():
            if number in here:
                yield text, self._standing_for(here[number])

    def _of_own(self, texts: Sequence[str]) -> list[Any]:
        return self.door.find(self.noun, system=OWN, external_id=list(texts), standing=KEPT)

    def _standing_for(self, record: Any) -> int:
        number: int = record.id
        return number if record.standing != MERGED else survivor(self.door, self.word, number)

    def _indexed(self) -> dict[Key, list[int]]:
        """All records by their phones, mail addresses, tax numbers and hosts, once for the whole file."""
        if self._index is None:
            self._index = {}
            fields = _FIELDS.get(self.word, {})
            plan = Plan(fields, (), self.country, self.public)
            for number, standing, values in values_of(self.door, plan, self.word) if fields else ():
                if standing in KEPT:
                    stands = number if standing != MERGED else survivor(self.door, self.word, number)
                    self._note(self._index, stands, values)
        return self._index

    def _note(self, index: dict[Key, list[int]], number: int, values: dict[str, list[Any]]) -> None:
        said = [(name, text) for name, texts in values.items() if name in _TYPES for text in texts]
        said += [("domain", text) for name in ("website", "email") for text in values.get(name, ())]
        for by, text in said:
            key = self._key(by, str(text))
            if key[1] and number not in index.setdefault(key, []):
                index[key].append(number)


def _several(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, tuple) else [value]
