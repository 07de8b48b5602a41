"""Contracts: one per deal, its versions, and what was said of each of their clauses."""

from collections.abc import Collection

from oppcli.model import records
from oppcli.model.noun import noun

OPEN, OK, DEVIATES, MISSING = "open", "ok", "deviates", "missing"
CLAUSE_STATES = (OPEN, OK, DEVIATES, MISSING)
"""How a clause stands: not answered yet; as it should be; otherwise, with a reason; not in the text."""
IN_EFFECT, APPROVED, SIGNED, REPLACED = "in_effect", "approved", "signed", "replaced"
CONTRACT_STATES = (IN_EFFECT, APPROVED, SIGNED, REPLACED)
FILED = "contract"
"""What the file of a contract is as evidence, where the policy does not say."""
SCAN = "signed"
"""The same of what was signed."""


@noun
class Clause:
    """One thing to look at in a version, and what was said of it."""

    position: int
    name: str
    who: tuple[str, ...] = ()
    """Who answers it, as the policy said when the version was opened."""
    state: str = OPEN
    answered_by: str | None = None
    answered_at: int | None = None
    text: str | None = None
    """In what it deviates."""
    kept_from: int | None = None
    """The number of the version that the answer was first given to; None: it was given to this one."""


@noun
class ContractVersion:
    """A text that is negotiated, and what it says of money and time. Frozen once a request showed it, or signed."""

    number: int
    file: str
    """The name of the file."""
    sha256: str
    amount: int | None = None
    currency: str = "CNY"
    starts_on: str | None = None
    ends_on: str | None = None
    opened_at: int = 0
    opened_by: str = ""
    frozen_at: int | None = None
    hash: str = ""
    """SHA-256 of what it says, its file included; the answers to its clauses are no part of it."""
    signed_on: str | None = None
    signer: str | None = None
    """Who signed for the customer."""
    signed_at: int | None = None
    signed_by: str | None = None
    """Who took it down."""
    scan: str | None = None
    """SHA-256 of what was signed, beside that of the text."""
    clauses: tuple[Clause, ...] = ()

    def unanswered(self, apart: Collection[str | None] = ()) -> tuple[Clause, ...]:
        """The clauses without an answer, and those that somebody of `apart` answered: it does not count."""
        return tuple(each for each in self.clauses if each.state == OPEN or each.answered_by in apart)


@noun
class Contract:
    """What is agreed on a deal. It has the number of its deal; its last version is the one in effect."""

    id: int
    deal_id: int
    versions: tuple[ContractVersion, ...] = ()
    standing: str = records.LIVE
    version: int = 1

    @property
    def in_effect(self) -> ContractVersion | None:
        """The version that counts for approvals: the last."""
        return self.versions[-1] if self.versions else None

    @property
    def binding(self) -> ContractVersion | None:
        """The version that payments go by: the last that was signed, else the last there is."""
        return next((each for each in reversed(self.versions) if each.signed_on is not None), self.in_effect)
