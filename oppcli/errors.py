"""Everything `opp` can refuse or fail with; each class carries its exit code, and the code table lives here.

A message is lower case, has no full stop, names the thing and says what is true. `hint` is a command that can be
pasted. `reasons` lists *all* causes of a refusal, never only the first.
"""

from oppcli.tuples import NamedTuple

EXIT_CODES: dict[int, str] = {
    0: 'done; also "nothing found", "nothing to do", "approval not required"',
    1: "unexpected error (log file named)",
    2: "usage: bad flag or value, a question that cannot be asked",
    3: "no such deal, request, user …",
    4: "not allowed: role, own request, not your seat, separation of duties",
    5: "conflict: already decided, wrong state, changed since, duplicate, ambiguous reference, undo blocked",
    6: "database missing, busy, unreachable, or needs `opp db upgrade`",
    7: "refused by a rule: a gate, or data missing for a submit",
    8: "policy or configuration is wrong",
    9: "partly done: some items of a batch failed (one result line each)",
    10: "only with --exit-code: the report has rows, or the thing is pending",
    11: "only with --exit-code: rejected",
    130: "interrupted with Ctrl-C; nothing was written",
    141: "the reader closed the pipe",
}


class Reason(NamedTuple):
    """One cause of a refusal: what is wrong, the state of it, and the command that mends it."""

    what: str
    """The field, approval or rule, e.g. ``discount`` or ``approval quote``."""
    detail: str = ""
    """What is true of it now, e.g. ``pending at chen since Mon 9 Mar 09:00``."""
    fix: str | None = None
    """A command that can be pasted, e.g. ``opp deal edit D-142 --set discount=…``."""
    slug: str = ""
    """By which programs know it, where they may want to; never renamed."""


class OppError(Exception):
    """The one base. Raised where the fault is known, printed in exactly one place (`cli.app`)."""

    code = 1
    kind = "error"

    attempt: tuple[str, str] | None = None
    """(noun, id) when a refused attempt is to be journalled, e.g. ("deal", "142")."""

    def __init__(
        self, message: str, *, hint: str | None = None, reasons: tuple[Reason, ...] = (), slug: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.reasons = reasons
        self.slug = slug
        """By which programs know it, where they may want to; never renamed."""


class HooksWanted(Exception):
    """What was about to be committed asks for hooks first; nothing was written. Caught by `cli.hooked` alone."""

    def __init__(self, calls: tuple[object, ...]) -> None:
        super().__init__(calls)
        self.calls = calls


class UsageError(OppError):
    """A flag or value that cannot be understood, or a question that cannot be asked without a terminal."""

    code = 2
    kind = "usage"


class NotFound(OppError):
    """The thing referred to does not exist."""

    code = 3
    kind = "not_found"


class NotAllowed(OppError):
    """The acting person may not do this; the message says who may."""

    code = 4
    kind = "not_allowed"


class Conflict(OppError):
    """The state of the thing forbids it: decided already, changed since, wrong state."""

    code = 5
    kind = "conflict"


class Exists(Conflict):
    """A thing with this name or external id exists already."""

    kind = "exists"


class Ambiguous(Conflict):
    """A reference matches several things; `reasons` are their names."""

    kind = "ambiguous"

    typed: str = ""
    """The reference, where one of the reasons may be taken for it."""

    @property
    def askable(self) -> bool:
        """Whether a question can settle it."""
        return bool(self.typed)

    def for_(self, typed: str) -> "Ambiguous":
        """The same, which says what was typed."""
        self.typed = typed
        return self


class Nearly(Ambiguous):
    """Nobody is called just so, some nearly: one of the `reasons` is meant, or somebody new."""


class Unchosen(UsageError):
    """One of several has to be named; `reasons` are their names."""

    param: str
    """The parameter of a command that names it."""
    askable = True


class Lacking(UsageError):
    """What has to be given for a new record is not; `reasons` are the fields."""

    askable = True


class StoreError(OppError):
    """The database cannot be used."""

    code = 6
    kind = "store"


class NoDatabase(StoreError):
    """There is no database at the place named."""

    kind = "no_database"


class Busy(StoreError):
    """Another writer held the lock longer than the wait."""

    kind = "busy"


class NeedsUpgrade(StoreError):
    """The database was written by an older or a newer version."""

    kind = "needs_upgrade"


class Refused(OppError):
    """A rule says no: a gate, missing data. `reasons` lists every cause."""

    code = 7
    kind = "refused"


class PolicyError(OppError):
    """The policy or the configuration is wrong; `reasons` lists every problem."""

    code = 8
    kind = "policy"


class PartlyDone(OppError):
    """Some items of a batch failed; each has its own line."""

    code = 9
    kind = "partly_done"


class Undelivered(OppError):
    """A channel did not take a notice. `down`: whatever it is given, it would not have."""

    code = 9
    kind = "undelivered"

    def __init__(self, message: str, *, down: bool = False) -> None:
        super().__init__(message)
        self.down = down
