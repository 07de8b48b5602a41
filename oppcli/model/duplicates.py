"""When two records may be one: the policy's `[duplicates]` as values."""

from collections.abc import Mapping

from oppcli.model.noun import NOTHING
from oppcli.tuples import NamedTuple

BLOCK, WARN, FLAG, ALLOW = "block", "warn", "flag", "allow"
ANSWERS = (BLOCK, WARN, FLAG, ALLOW)
"""What becomes of a record that may be another: refused; written and said; written and counted; nothing."""
CLI, IMPORT, MAIL = "cli", "import", "mail"
CHANNELS: Mapping[str, str] = {CLI: WARN, IMPORT: FLAG, MAIL: FLAG}
"""Ways in, with what holds where neither the table nor a rule says it."""
NOUNS = ("customer", "contact", "deal")
COUNTRY = "86"
KINDS: Mapping[str, Mapping[str, str]] = {
    "customer": {"name": "name", "phone": "phone", "email": "email", "website": "url", "address": "address"},
    "contact": {"name": "name", "phone": "phone", "email": "email"},
    "deal": {},
}
"""By noun, the built-in fields that have a normal form of their own (`words.normal`); others are folded whole."""
OTHERS: Mapping[str, str] = {
    "customer": "tax_id industry region tier owner external_id",
    "contact": "customer title im external_id",
    "deal": "title customer owner source campaign product region tier competitor external_id amount",
}
REFERENCES = frozenset(("customer",))
"""Fields that name another record."""


def fields_of(noun: str) -> tuple[str, ...]:
    """The built-in fields that a rule for a noun may compare."""
    return (*KINDS[noun], *OTHERS[noun].split())


class DuplicateRule(NamedTuple):
    """One rule. `same`: fields that share a value. `like`: field → the least likeness, 1 to 100. All of them count."""

    name: str
    of: str
    same: tuple[str, ...] = ()
    like: Mapping[str, int] = NOTHING
    sure: bool = False
    """Whether the two are one without anybody looking at them."""
    cli: str = ""
    imported: str = ""
    mail: str = ""


class Duplicates(NamedTuple):
    """The table. The first rule that holds names a pair."""

    rules: tuple[DuplicateRule, ...] = ()
    country: str = COUNTRY
    """The code of phones that have none."""
    public: tuple[str, ...] = ()
    """Hosts that say nothing of who has them, besides the well-known ones."""
    cli: str = CHANNELS[CLI]
    imported: str = CHANNELS[IMPORT]
    mail: str = CHANNELS[MAIL]

    def of(self, noun: str) -> tuple[DuplicateRule, ...]:
        """The rules for a noun, in order."""
        return tuple(rule for rule in self.rules if rule.of == noun)

    def answer(self, rule: DuplicateRule, channel: str) -> str:
        """What a rule says of a record that came in through a channel: as the rule says it, else as the table."""
        if channel == IMPORT:
            return rule.imported or self.imported
        if channel == MAIL:
            return rule.mail or self.mail
        return rule.cli or self.cli
