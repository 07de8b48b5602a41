"""References of rows resolved: the one record that all they say is of, or what is wrong; customers made on the way."""

from collections.abc import Iterable, Sequence

from oppcli.actions.act import Act
from oppcli.actions.imports.lookups import Lookup
from oppcli.files.mapping import Source
from oppcli.files.references import Reference, links
from oppcli.files.tally import Draft
from oppcli.model.deals import Customer
from oppcli.model.refs import ref
from oppcli.model.said import Said, Word, listed, say
from oppcli.store import queries
from oppcli.words import names
from oppcli.words.normal import host

SHOWN = 3


def one_of(lookup: Lookup, said: Iterable[tuple[str, str]]) -> tuple[int | None, Said | None]:
    """The number of the record that the first of these fields hits (None: none does), or what is wrong: one of them
    hits several, or two hit different ones."""
    first: tuple[int, str, str] | None = None
    for by, text in said:
        hits = lookup.hits(by, text)
        if not hits or (first and first[0] in hits):
            continue
        if first is None and len(hits) > 1:
            shown = listed([ref(lookup.word, number) for number in hits[:SHOWN]] + ["…"] * (len(hits) > SHOWN))
            return None, say("{by} {text} could be {found}", by=by, text=text, found=shown)
        here = (hits[0], by, text)
        if first is not None:
            return None, _two(lookup.word, first, here)
        first = here
    return (first[0] if first else None), None


def _two(word: str, one: tuple[int, str, str], other: tuple[int, str, str]) -> Said:
    return say(
        "{by} {text} is {ref}, and {other_by} {other} is {other_ref}",
        by=one[1],
        text=one[2],
        ref=ref(word, one[0]),
        other_by=other[1],
        other=other[2],
        other_ref=ref(word, other[0]),
    )


class Referring:
    """The records of one noun that rows name, by number. `made` counts customers added for them."""

    def __init__(self, act: Act, word: str, source: Source, system: str) -> None:
        self.act, self.door, self.word = act, act.door, word
        self.lookup = Lookup(act, word, system)
        self.create = any(link.create for link in links(source))
        self.made = 0

    def look_up(self, drafts: Iterable[Draft]) -> None:
        """Find the customers that rows of deals name; what is wrong with one is a problem of the row."""
        named = [(draft, draft.customer) for draft in drafts if isinstance(draft.customer, Reference)]
        for draft, why in self.resolve(named):
            draft.wrong(self.word, why)

    def resolve(self, named: Sequence[tuple[Draft, Reference]]) -> list[tuple[Draft, Said]]:
        """Look up what rows name; those with which something is wrong, and what."""
        self.lookup.look_up(pair for _, reference in named for pair in reference.by)
        return [(draft, why) for draft, reference in named if (why := self._wrong(reference)) is not None]

    def _wrong(self, reference: Reference) -> Said | None:
        number, why = one_of(self.lookup, reference.by)
        if why is not None:
            return why
        if number is None and not (self.create and reference.told("name")):
            return say("there is no {noun} {name}", noun=Word("noun", self.word), name=reference)
        if number is not None and not queries.visible(self.door, self.word, number):
            return say("{ref} is not yours to see", ref=ref(self.word, number))
        return None

    def make(self, drafts: Iterable[Draft]) -> None:
        """Add the customers that good rows name and nobody knows, in the order of the rows."""
        for draft in drafts:
            if isinstance(draft.customer, Reference):
                self.made_of(draft.customer)

    def made_of(self, reference: Reference) -> int:
        """The number of what is named, made where it may be and is not there yet."""
        number = self.known(reference)
        if number is not None:
            return number
        name = reference.told("name") or str(reference)
        made: Customer = self.door.add(_customer(name, reference, self.door.at, self.act.by))
        self.lookup.learn(made)
        self.lookup.look_up(reference.by)
        self.made += 1
        return made.id

    def known(self, reference: str | None) -> int | None:
        """The number of a record that was looked up; None for a blank cell and for one that is not there yet."""
        return one_of(self.lookup, reference.by)[0] if isinstance(reference, Reference) else None

    id_of = known


def _customer(name: str, reference: Reference, at: int, by: str) -> Customer:
    """A customer of whom a row says no more than by what it knows it."""
    phone, email = reference.told("phone"), reference.told("email")
    return Customer(
        name=name,
        key=names.key(name),
        phone=(phone,) if phone else (),
        email=(email,) if email else (),
        website=host(reference.told("domain") or "") or None,
        tax_id=reference.told("tax_id"),
        created_at=at,
        created_by=by,
    )
