"""What people keep to use again: a read with its flags under a name, and which column of a file is what."""

from oppcli.model import records
from oppcli.model.noun import noun


@noun
class View:
    """A read with its flags under a name, of one person or of all."""

    id: int = 0
    name: str
    owner: str
    shared: bool = False
    """Whether everybody may run it; it is changed by its owner and admins alone."""
    command: tuple[str, ...]
    """The words after `opp`."""
    every: str | None = None
    """When it is delivered, as typed; None where it is only run."""
    to: tuple[str, ...] = ()
    """Whom it is delivered to: logins, and `role:NAME` for whoever has the role then."""
    created_at: int = 0
    standing: str = records.LIVE
    """live; withdrawn once it was dropped."""
    version: int = 1


@noun
class Mapping:
    """A mapping that has imported a file, for the next file of the same system."""

    name: str
    """The system it is of."""
    text: str
    hash: str
    """SHA-256 of `text`, in hexadecimal digits."""
    saved_by: str
    saved_at: int = 0
    used_at: int | None = None
    """When it last imported a file."""
    standing: str = records.LIVE
    """live; withdrawn once it was dropped."""
    version: int = 1
