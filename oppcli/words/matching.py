"""What a record is looked up by when another may be the same: the normal forms of the fields that the policy's rules
compare, and the keys that are made of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product

from oppcli.model.digest import sha256
from oppcli.model.records import ERASED
from oppcli.tuples import NamedTuple
from oppcli.words.firms import holds_han
from oppcli.words.normal import normal

Forms = Mapping[str, Collection[str]]
"""The normal forms of a record's fields, by field; a field without a value has none."""
NONE: tuple[str, ...] = ()
BETWEEN = "\x1f"
"""Stands between the parts of a key; nobody types it."""
LONGEST = 200
"""Characters of a key; of a longer one the rest is hashed."""


class Plan(NamedTuple):
    """What is compared of a noun's records."""

    kinds: Mapping[str, str]
    """By field, the type whose normal form it has."""
    sets: tuple[tuple[str, ...], ...]
    """The fields that make a key together."""
    country: str
    public: tuple[str, ...] = ()

    def forms(self, values: Mapping[str, Iterable[object]]) -> Forms:
        """Of the values of a record by field; what was erased for good is like nothing."""
        found = {}
        for field, kind in self.kinds.items():
            texts = [str(value) for value in values.get(field, NONE) if value not in (None, "", ERASED)]
            forms = (normal(kind, text, self.country, self.public) for text in texts)
            found[field] = tuple(dict.fromkeys(form for form in forms if form))
        return found

    def keys(self, forms: Forms) -> list[tuple[str, str]]:
        """(kind, key) of all that a record is found by."""
        return [(kind_of(fields), key) for fields in self.sets for key in keys(fields, forms)]


def kind_of(fields: Iterable[str]) -> str:
    """What a key of these fields is of."""
    return "+".join(fields)


def keys(fields: Sequence[str], forms: Forms) -> list[str]:
    """Under what a record is looked up by several fields at once: every combination of their values."""
    found = product(*(forms.get(field, NONE) for field in fields))
    return list(dict.fromkeys(_short(BETWEEN.join(values)) for values in found))


def beginning(form: str) -> str:
    """How names that may be alike begin: three characters in Han, four in letters."""
    return form[: 3 if holds_han(form) else 4]


def _short(key: str) -> str:
    return key if len(key) <= LONGEST else f"{key[: LONGEST - 33]}{BETWEEN}{sha256(key.encode())[:32]}"
