"""Who may do what: one row per verb. Actions ask `rules.rights`, which reads it; so do proof, tests and manual.

The letters are what one can be to a thing: A admin, M manager, L superior of its owner (or of the person), O owner,
C collaborator, S submitter, H may fill a seat now, P anybody else, T a service, X no user of this database. `y` may,
`.` is refused (4), `u` may where nobody owns it. One relation is enough, and bars win.
"""

from functools import lru_cache

RELATIONS = "AMLOCSHPTX"
YES, UNOWNED = "y", "u"
PART, NO_SERVICE = "part", "service"
"""Bars: who has a part in the deal (submitter, owner, collaborator, editor of the revision); a service."""

TABLE = """
                      A M L O C S H P T X
lead add              y y y y y y y y y .
note                  y y y y y y y y y .
mail                  y y y y y y y y y .
task add              y y y y y y y y . .
task done             y y y y y y u u . .
task edit             y y y y y y u u . .
task decline          . . . y y . . . . .  m
task waive            y y . . . . . . . .  m
task cancel           y y y y y y u u . .
activity edit         y y y y . . . . . .
notices watch         y y y y y y y y y .
deal edit             y y y y y u u u . .
deal advance          y y y y y u u u . .
deal win              y y y y y u u u . .
deal lose             y y y y y u u u . .
deal attach           y y y y y u u u . .
deal reopen           y y y y y u u u . .  m
deal edit won         y . . . . . . . . .  m
deal reopen won       y y . . . . . . . .  S m
payment plan          y y y y y u u u . .
payment received      y y . . . . . . . .
payment void          y y . . . . . . . .  m
deal assign           y y y y u u u u . .  S
deal archive          y y y y . . . . . .
deal assign --by-rule y y . . . . . . . .  S
claim                 y y y y y y y y . .
request submit        y . . y . . . . . .
request resubmit      y . . y . y . . . .
request recall        y . . y . y . . . .
request nudge         . . . y . y . . . .
request approve       . . . . . . y . . .  S part service
request packet        y . . . . . y . . .  S
request ask           . . . . . . y . . .  m part service
request reply         . . . y . y . . . .  m asked
request met           . . . y . y y . . .
request met waive     y . . . . . y . . .  m part
request reject        . . . . . . y . . .  S m part service
request return        . . . . . . y . . .  S m part service
request withdraw      . . . . . . y . . .  S part service
request recuse        . . . . . . y . . .  S part service
request add-approver  . . . . . . y . . .  S part service
request transfer      y . . . . . y . . .  S m
request revoke        y . . . . . . . . .  S m part last
request cancel        y . . . . . . . . .  S m part
request override      y . . . . . . . . .  S m part
request rebase        y . . . . . . . . .  S m part
delegate add          y y y y y y y y . .  S
delegate end          y y y y y y y y . .  S
delegate add other    y . . . . . . . . .  S
delegate end other    y . . . . . . . . .  S m
user add              y . . . . . . . . .  S
user edit             y . . . . . . . . .  S
user edit own         y y y y y y y y y .  S
user reactivate       y . . . . . . . . .  S
user pin --code       y . . . . . . . . .  S
user deactivate       y . y . . . . . . .  S
policy apply          y . . . . . . . . .  S
merge                 y y . . . . . . . .
unmerge               y y . . . . . . . .
dupes keep            y y . . . . . . . .  m
anyway                y y . . . . . . . .  m
customer add          y y y y y y y y y .
customer edit         y y y y y u u u . .
customer assign       y y y y . . . . . .
customer protect      y y y y . . . . . .
contact add           y y y y y y y y y .
contact edit          y y y y y u u u . .
deal link             y y y y y u u u . .
deal rival            y y y y y u u u . .
proposal accept       y y y y y u u u . .
proposal decline      y y y y y u u u . .
customer erase        y . . . . . . . . .  S m
db restore            y . . . . . . . . .  S
db upgrade            y . . . . . . . . .
db clock              y . . . . . . . . .  S m
import                y y . . . . . . y .  S
import people         y . . . . . . . . .  S
import trusted        y . . . . . . . . .  S m
price set             y y . . . . . . . .
contract add          y y y y y u u u . .
contract sign         y y y y y u u u . .
contract clause       . . . . . . y . . .
quote edit            y y y y y u u u . .
quote send            y y y y y u u u . .
quote accept          y y y y y u u u . .
mapping drop          y y . . . . . . y .
fact set              y y . . . . . . . .
fact fetch            y y y y y y y y y .
rate add              y y . . . . . . . .
cost add              y y . . . . . . . .
target set            y . y . . . . . . .
target set team       y . y y . . . . . .
target set company    y . . . . . . . . .
points give           y . y . . . . . . .  m
forecast adjust       . . y . . . . . . .
forecast submit       y . y y . . . . . .
forecast submit all   y y . . . . . . . .
view save             y y y y y y y y y .
view save other       y y . . . . . . . .
view drop             y y y y y y y y y .
view drop other       y . . . . . . . . .
tick                  y y y y y y y y y .
notices send          y y y y y y y y y .
db backup             y y y y y y y y y .
"""
"""Behind the letters: S signed, m needs a reason, `part` and `service` bars, `last` also who decided last,
`asked` also who was asked."""


class Verb:
    """One row: who may, and what is asked of them."""

    __slots__ = ("bars", "last", "may", "name", "needs_reason", "signed", "unowned")

    def __init__(self, name: str, cells: str, notes: tuple[str, ...]) -> None:
        self.name = name
        """As it is typed; `won`, `other`, `own`, `people`, `trusted`, `waive` behind it are cases of it."""
        self.may = frozenset(letter for letter, cell in zip(RELATIONS, cells, strict=True) if cell == YES)
        self.unowned = frozenset(letter for letter, cell in zip(RELATIONS, cells, strict=True) if cell == UNOWNED)
        """Who may besides where nobody owns the thing."""
        self.signed = "S" in notes
        """Decides, moves authority or replaces data: who does it proves who they are where a policy asks for that."""
        self.needs_reason = "m" in notes
        self.bars = frozenset(note for note in notes if note in (PART, NO_SERVICE))
        self.last = "last" in notes

    def allows(self, held: str, *, unowned: bool = False) -> bool:
        """Whether somebody with these relations to the thing may, the bars aside."""
        return any(letter in self.may or (unowned and letter in self.unowned) for letter in held)


@lru_cache
def verb(name: str) -> Verb:
    """The row of a verb. Raises `KeyError` where there is none: every verb has to have one."""
    width = TABLE.index("A M L")
    for line in TABLE.splitlines():
        if line[: width - 1].rstrip() == name:
            cells, notes = line[width - 1 : width + 18], line[width + 18 :]
            return Verb(name, "".join(cells.split()), tuple(notes.split()))
    raise KeyError(name)


def names() -> tuple[str, ...]:
    """Every verb, in the order of the table."""
    width = TABLE.index("A M L")
    return tuple(name for line in TABLE.splitlines()[2:] if (name := line[: width - 1].rstrip()))


def signed(name: str) -> bool:
    """Whether a verb is one to be proven where the policy asks for proof."""
    return verb(name).signed
